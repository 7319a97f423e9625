// Evidence packs: recorded ones verify, changed ones do not, and strict also looks at what standard lets pass.
import { fromBase64, utf8 } from "../../core/base/bytes.ts";
import { readPublicKey } from "../../core/base/keys.ts";
import type { Result } from "../../core/base/result.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { writeZip, type ZipFile } from "../../core/base/zip_write.ts";
import { type EvidenceReport, type EvidenceTrust, verifyEvidencePack } from "../../core/pack/verify.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { shared } from "../shared.ts";

const PLAIN: EvidenceTrust = { key: undefined, requireSignature: false, strict: false };

const verify = (bytes: Uint8Array, trust: Partial<EvidenceTrust> = {}): Promise<Result<EvidenceReport>> =>
  verifyEvidencePack(nodeHost, bytesSource(bytes), "ev.zip", { ...PLAIN, ...trust });

async function contents(bytes: Uint8Array): Promise<ZipFile[]> {
  const archive = assertOk(await openZip(nodeHost, bytesSource(bytes), "ev.zip"));
  const files: ZipFile[] = [];
  for (const entry of archive.entries) files.push({ path: entry.path, bytes: assertOk(await archive.read(entry)) });
  return files;
}

const path = shared("conformance/artifacts/chain-ok.json");
const { files } = path === undefined ? { files: undefined } : JSON.parse(await Deno.readTextFile(path));
const pack = files === undefined ? undefined : fromBase64(files["ev.zip"].base64);

const onRecorded = (name: string, test: (bytes: Uint8Array, files: readonly ZipFile[]) => Promise<void>): void =>
  Deno.test(`evidence pack: ${name}`, async () => {
    if (pack !== undefined) await test(pack, await contents(pack));
  });

onRecorded("a recorded one verifies, with its key also under strict", async (bytes) => {
  const key = assertOk(readPublicKey(nodeHost.crypto, files["a.pub"]));
  const plain = assertOk(await verify(bytes));
  assertEquals([plain.ok, plain.signature_status, plain.files_checked, plain.pack_id], [
    true,
    "skipped",
    4,
    "pack_4e1bc5cbcc1eb57d",
  ]);
  const strict = assertOk(await verify(bytes, { key, requireSignature: true, strict: true }));
  assertEquals([strict.ok, strict.signature_status, strict.signatures_valid], [true, "verified", 1]);
  const other = assertOk(readPublicKey(nodeHost.crypto, files["b.pub"]));
  assertEquals(assertOk(await verify(bytes, { key: other })).ok, false);
  assertEquals(assertOk(await verify(bytes, { requireSignature: true })).ok, false);
});

onRecorded("a changed, a missing and an added entry are told", async (_, all) => {
  const changed = all.map((file) => file.path === "control_index.json" ? { ...file, bytes: utf8("[]") } : file);
  const report = assertOk(await verify(await writeZip(changed)));
  assertEquals([report.ok, report.hash_mismatches.map((row) => row.path)], [false, ["control_index.json"]]);
  const missing = assertOk(await verify(await writeZip(all.filter((file) => file.path !== "control_index.json"))));
  assertEquals([missing.ok, missing.missing_files], [false, ["control_index.json"]]);
  const added = await writeZip([...all, { path: "notes.txt", bytes: utf8("x") }]);
  assertEquals([assertOk(await verify(added)).ok, assertOk(await verify(added)).undeclared_files], [true, ["notes.txt"]]);
  assertEquals(assertOk(await verify(added, { strict: true })).ok, false);
});

onRecorded("its id is that of its contents, which strict demands", async (_, all) => {
  const renamed = all.map((file) =>
    file.path !== "pack_manifest.json" ? file : {
      ...file,
      bytes: utf8(new TextDecoder().decode(file.bytes).replace("pack_4e1bc5cbcc1eb57d", "pack_0000000000000000")),
    }
  );
  const bytes = await writeZip(renamed);
  assertEquals(assertOk(await verify(bytes)).ok, true);
  const strict = assertOk(await verify(bytes, { strict: true }));
  assertEquals([strict.ok, strict.hash_mismatches.map((row) => row.actual)], [false, ["pack_4e1bc5cbcc1eb57d"]]);
});

Deno.test("evidence pack: an archive of another kind is a fault", async () => {
  const zip = (manifest: string) => writeZip([{ path: "pack_manifest.json", bytes: utf8(manifest) }]);
  assertFault(await verify(utf8("not a zip")), "not_a_zip");
  assertFault(await verify(await writeZip([{ path: "manifest.json", bytes: utf8("{}") }])), "manifest_missing");
  assertFault(await verify(await zip("{}")), "document_shape");
  assertFault(await verify(await zip(`{"schema_id":"gait.pack.manifest","pack_id":"p","contents":[]}`)), "document_shape");
  assertFault(await verify(await zip(`{"schema_id":"x","pack_id":"p","run_id":"r"}`), { strict: true }), "document_shape");
  assertEquals(assertOk(await verify(await zip(`{"schema_id":"x","pack_id":"p","run_id":"r"}`))).ok, true);
  assertFault(await verify(await zip("[")), "json_syntax");
});
