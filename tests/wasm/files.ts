// What the entries for runtimes with files must do with paths.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { utf8 } from "../../core/base/bytes.ts";
import { assertEquals } from "../assert.ts";
import { object } from "../run/packs.ts";
import { sealed, SMALL } from "../run/runs.ts";

type Call = (request: string, artifacts: readonly (Uint8Array | string)[]) => Promise<string>;

/** Fails unless paths answer as the bytes behind them, and paths to nothing are refused by name. */
export async function assertFiles(call: Call): Promise<void> {
  const folder = await mkdtemp(`${tmpdir()}/gait-wasm-`);
  try {
    const intents = Array.from(
      { length: 3000 },
      (_, i) => ({ intent_id: `i${i}`, tool_name: "t", args: { i, x: `${i * 7919}` } }),
    );
    const [small, large] = [await sealed(SMALL), await sealed({ ...SMALL, intents }, { captureMode: "raw" })];
    const path = (name: string) => `${folder}/${name}`;
    await writeFile(path("small.zip"), small.bytes);
    await writeFile(path("large.zip"), large.bytes);
    await writeFile(path("empty"), new Uint8Array());
    const pairs = [["small.zip", small.bytes], ["large.zip", large.bytes], ["empty", new Uint8Array()]] as const;
    for (const operation of ["verify", "inspect", "digest"]) {
      const request = JSON.stringify({ operation });
      for (const [name, bytes] of pairs) assertEquals(await call(request, [path(name)]), await call(request, [bytes]), name);
    }
    const diff = '{"operation":"diff"}';
    const found = await call(diff, [path("small.zip"), large.bytes]);
    assertEquals(found, await call(diff, [small.bytes, path("large.zip")]));
    // The manifest, every call, and the one result.
    assertEquals(object(found).changes_total, 1 + 3000 + 1);
    const refused = async (name: string) => {
      const { ok, fault, file } = object(await call(diff, [path("small.zip"), path(name)]));
      return [ok, fault, file];
    };
    assertEquals(await refused("nothing"), [false, "file_missing", path("nothing")]);
    assertEquals(await refused("."), [false, "file_unreadable", path(".")]);
    await writeFile(path("small.zip"), utf8("{}"));
    assertEquals(object(await call('{"operation":"digest"}', [path("small.zip")])).ok, true);
  } finally {
    await rm(folder, { recursive: true });
  }
}
