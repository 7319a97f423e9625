// The types that the core is checked with know no host: what only some hosts have does not compile there.
import { assert, assertEquals } from "../assert.ts";

const CONFIG = new URL("../../scripts/core.deno.json", import.meta.url).pathname;

/** What the checker says about a text under the core's configuration, and whether it took it. */
async function check(text: string): Promise<{ readonly success: boolean; readonly said: string }> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/x.ts`, text);
    const args = ["check", "-q", "--no-lock", "--config", CONFIG, `${folder}/x.ts`];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } }).output();
    return { success, said: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("core types: what only some hosts have is unknown", async () => {
  const names = [
    "Deno",
    "process",
    "console",
    "fetch",
    "setTimeout",
    "crypto",
    "performance",
    "window",
    "Blob",
    "WebSocket",
    "Buffer",
  ];
  const { success, said } = await check(names.map((name, i) => `export const x${i} = ${name};\n`).join(""));
  assertEquals(success, false);
  for (const name of names) assert(said.includes(`Cannot find name '${name}'`), `${name} is known\n${said}`);
});

Deno.test("core types: what all hosts have is known", async () => {
  const { success, said } = await check(
    `export const text = new TextDecoder("utf-8", { fatal: true }).decode(new TextEncoder().encode(atob(btoa("x"))));\n`,
  );
  assert(success, said);
});
