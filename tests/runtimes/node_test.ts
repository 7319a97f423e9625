// The core and host/node.ts give the same answers under Node as under Deno: the same tests, bundled and run there.
import { ROOT } from "../../scripts/tools/run.ts";
import { assert } from "../assert.ts";
import { skipped } from "../shared.ts";
import { bundle, nodeVersion, run } from "./programs.ts";

Deno.test("node: signatures, keys, letters and inflating pass their tests under Node", async () => {
  if (await nodeVersion() === undefined) return skipped("Node", "there is no node on PATH");
  await Deno.mkdir(`${ROOT}.cache`, { recursive: true });
  // As deep as tests/, because the tests look for shared data from where they stand.
  const script = `${ROOT}.cache/node-${crypto.randomUUID()}.mjs`;
  try {
    await bundle("tests/runtimes/node_entry.ts", "node", script);
    const { code, out, err } = await run("node", ["--no-warnings", script]);
    const [, passed] = /^(\d+) passed, 0 failed$/m.exec(out) ?? [];
    assert(code === 0 && Number(passed) > 60, `${out}${err}`);
  } finally {
    await Deno.remove(script);
  }
});
