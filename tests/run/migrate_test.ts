// Rewriting a runpack (spec 01, section 7.6): in today's form, unsigned, and no change where nothing would differ.
import { bytesSource } from "../../core/base/zip_read.ts";
import { newKey } from "../../core/base/keys.ts";
import { migrateRunpack, sameEntries } from "../../core/run/migrate.ts";
import { openRunpack } from "../../core/run/open.ts";
import type { Sealed } from "../../core/run/seal.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { craftZip } from "../base/craft_zip.ts";
import { object, resealed, texts } from "./packs.ts";
import { sealed, SMALL } from "./runs.ts";

const migrated = async (bytes: Uint8Array): Promise<Sealed> =>
  assertOk(await migrateRunpack(nodeHost.crypto, assertOk(await openRunpack(nodeHost, bytesSource(bytes), "old.zip"))));

const unchanged = async (bytes: Uint8Array): Promise<boolean> =>
  assertOk(await sameEntries(nodeHost, bytesSource(bytes), await migrated(bytes), "old.zip"));

Deno.test("migrate: what this version recorded stays as it is, also when it was packed otherwise", async () => {
  const { bytes } = await sealed(SMALL);
  assertEquals([await unchanged(bytes), (await migrated(bytes)).bytes], [true, bytes]);
  const repacked = craftZip(
    Object.entries(await texts(bytes)).reverse().map(([name, content]) => ({ name, content, stored: true })),
  );
  assertEquals(await unchanged(repacked), true);
});

Deno.test("migrate: signatures go, unknown members go, a blank capture mode becomes reference", async () => {
  const signed = await sealed(SMALL, {}, await newKey(nodeHost.crypto, new Uint8Array(32).fill(7)));
  const plain = await sealed(SMALL);
  assertEquals([await unchanged(signed.bytes), (await migrated(signed.bytes)).bytes], [false, plain.bytes]);
  const entries = await texts(plain.bytes);
  const extended = await resealed({ ...entries, "run.json": JSON.stringify({ ...object(entries["run.json"]), zzz: 1 }) });
  assertEquals([await unchanged(extended), (await migrated(extended)).bytes], [false, plain.bytes]);
  for (const capture_mode of ["", " "]) {
    const blank = await resealed(entries, { capture_mode });
    assertEquals([await unchanged(blank), (await migrated(blank)).manifest.capture_mode], [false, "reference"]);
  }
  const other = await resealed(entries, { capture_mode: "odd" });
  assertEquals((await migrated(other)).manifest.capture_mode, "odd");
});

Deno.test("migrate: an entry more or less, or other bytes, are a change", async () => {
  const { bytes } = await sealed(SMALL);
  const to = await migrated(bytes);
  const entries = await texts(bytes);
  const compare = async (files: Record<string, string>) =>
    assertOk(await sameEntries(nodeHost, bytesSource(await resealed(files)), to, "x.zip"));
  assertEquals(await compare({ ...entries, "x.txt": "x" }), false);
  const { "refs.json": refs = "", ...rest } = entries;
  assertEquals(await compare({ ...rest, "refs.jsox": refs }), false);
  assertEquals(await compare({ ...entries, "refs.json": `${refs.slice(0, -1)} ` }), false);
  assertFault(await sameEntries(nodeHost, bytesSource(new Uint8Array(9)), to, "x.zip"), "not_a_zip");
});
