// What a fixture can be made of: a runpack, the runpack of a run pack, and nothing else; a pack that does not hold is told as that.
import { sourceRunpack } from "../../core/flow/regress_source.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { entriesOf, runPack, runpack } from "../pack/packs.ts";
import { quote } from "../regress/worlds.ts";
import { zipOf } from "../run/packs.ts";

const source = (bytes: Uint8Array) => sourceRunpack(nodeHost, bytes, "q.zip");

Deno.test("regress source: a runpack as it is, and the runpack of a run pack", async () => {
  const bare = await runpack(quote());
  const { run, bytes } = assertOk(await source(bare));
  assertEquals([run.manifest.run_id, bytes], ["quote", bare]);
  const packed = assertOk(await source(await runPack(quote())));
  const inner = (await entriesOf(await runPack(quote()))).find(({ path }) => path === "source/runpack.zip");
  assertEquals([packed.run, packed.bytes], [run, inner?.bytes]);
});

Deno.test("regress source: a pack that does not hold, or is of another kind, makes no fixture", async () => {
  const entries = await entriesOf(await runPack(quote()));
  const other = await runpack(quote({ run: { run_id: "other" } }));
  const swapped = await writeZip(
    entries.map((entry) => entry.path === "source/runpack.zip" ? { ...entry, bytes: other } : entry),
  );
  assertEquals(assertFault(await source(swapped), "pack_tampered").exit, "usage");
  const rows = [
    [await zipOf({ "a.txt": "x" }), "manifest_missing"],
    [new Uint8Array([1, 2, 3]), "not_a_zip"],
    [await zipOf({ "pack_manifest.json": "{" }), "json_syntax"],
  ] as const;
  for (const [bytes, code] of rows) {
    const { exit, message } = assertFault(await source(bytes), code);
    assertEquals(exit, "usage");
    assert(message.includes("json") || message.includes('"q.zip"'), message);
  }
});
