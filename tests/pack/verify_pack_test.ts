// Verifying packs: the manifest, the entries, the proof records, the signatures, and what strict looks at that standard lets pass.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { writeZip, type ZipFile } from "../../core/base/zip_write.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { HOSTILE } from "../base/hostile_zips.ts";
import { craftZip } from "../base/craft_zip.ts";
import { object, sha } from "../run/packs.ts";
import {
  AUTHORIZATION,
  CALL,
  entriesOf,
  JOB,
  KEY,
  OTHER_KEY,
  repacked,
  runPack,
  runpack,
  STRICT,
  textOf,
  verify,
  WITH_CONTEXT,
  withMembers,
  withText,
} from "./packs.ts";

const RUN = await entriesOf(await runPack());
const SIGNED = await entriesOf(await runPack(WITH_CONTEXT, KEY));
const PROOF = "proof_records.jsonl";
const FOLDER = { name: "source/", stored: true, central: { attributes: 0o040755 * 65_536 } };
const without = (files: readonly ZipFile[], path: string): ZipFile[] => files.filter((file) => file.path !== path);

Deno.test("pack verify: what was built holds; signed also under strict", async () => {
  const plain = assertOk(await verify(await runPack()));
  assertEquals(plain, {
    ok: true,
    pack_id: plain.pack_id,
    pack_type: "run",
    source_ref: "run_small",
    files_checked: 3,
    missing_files: [],
    hash_mismatches: [],
    undeclared_files: [],
    proof_records_verified: 2,
    uncovered_files: [],
    signature_status: "missing",
    signature_errors: [],
    signatures_total: 0,
    signatures_valid: 0,
    sequences: [],
    sequence_errors: [],
  });
  const signed = await writeZip(SIGNED);
  const strict = assertOk(await verify(signed, STRICT));
  assertEquals([strict.ok, strict.signature_status, strict.signatures_valid], [true, "verified", 1]);
  assertEquals([assertOk(await verify(signed)).ok, assertOk(await verify(signed)).signature_status], [true, "skipped"]);
  const other = assertOk(await verify(signed, { key: OTHER_KEY }));
  assertEquals([other.ok, other.signature_status], [false, "failed"]);
  assertEquals(assertOk(await verify(signed, { requireSignature: true })).ok, false, "no key, no trust");
  assertEquals(assertOk(await verify(await runPack(), STRICT)).ok, false, "unsigned");
});

const ROW = { path: "run_payload.json", sha256: "a".repeat(64), type: "json" };

const MANIFESTS: readonly (readonly [change: Readonly<Record<string, Json | undefined>>, pointer: string])[] = [
  [{ schema_id: "gait.pack.other" }, "/schema_id"],
  [{ schema_version: "2.0.0" }, "/schema_version"],
  [{ created_at: "0001-01-01T00:00:00Z" }, "/created_at"],
  [{ created_at: undefined }, "/created_at"],
  [{ producer_version: " " }, "/producer_version"],
  [{ pack_type: "RUN" }, "/pack_type"],
  [{ source_ref: "" }, "/source_ref"],
  [{ contents: null }, "/contents"],
  [{ contents: undefined }, "/contents"],
  [{ contents: [{ ...ROW, path: "" }] }, "/contents/0/path"],
  [{ contents: [{ ...ROW, sha256: "ab" }] }, "/contents/0/sha256"],
  [{ contents: [{ ...ROW, type: "" }] }, "/contents/0/type"],
  [{ contents: [{ ...ROW, size: 1 }] }, "/contents/0/size"],
  [{ contents: [ROW, { ...ROW, path: "../x" }] }, "/contents/1/path"],
  [{ contents: [{ ...ROW, path: "/etc/passwd" }] }, "/contents/0/path"],
  [{ contents: [{ ...ROW, path: "C:/x" }] }, "/contents/0/path"],
  [{ contents: [{ ...ROW, path: "a\\b" }] }, "/contents/0/path"],
  [{ pack_id: "12" }, "/pack_id"],
  [{ pack_id: "0".repeat(64) }, "/pack_id"],
  [{ extra: 1 }, "/extra"],
  [{ signatures: [{ alg: "", key_id: "k", sig: "s" }] }, "/signatures/0/alg"],
  [{ signatures: [{ alg: "a", key_id: " ", sig: "s" }] }, "/signatures/0/key_id"],
  [{ signatures: [{ alg: "a", key_id: "k", sig: "" }] }, "/signatures/0/sig"],
  [{ signatures: [{ alg: "a", key_id: "k", sig: "s", signed_digest: "ab" }] }, "/signatures/0/signed_digest"],
  [{ signatures: [{ alg: "a", key_id: "k", sig: "s", extra: 1 }] }, "/signatures/0/extra"],
];

for (const [change, pointer] of MANIFESTS) {
  Deno.test(`pack verify: a manifest with ${JSON.stringify(change)} is refused at ${pointer}`, async () => {
    const result = await verify(await writeZip(withMembers(RUN, "pack_manifest.json", change)));
    assert(!result.ok && result.fault.exit === "verification");
    assertEquals([result.fault.at?.entry, result.fault.at?.pointer], ["pack_manifest.json", pointer], result.fault.message);
  });
}

Deno.test("pack verify: the form of a manifest is free, its values are not", async () => {
  for (const space of [0, 2]) assert(assertOk(await verify(await repacked(RUN, {}, undefined, space))).ok);
  // Each spelling of one time gives one id; an offset is kept as written.
  const manifest = object(textOf(RUN, "pack_manifest.json"));
  for (
    const [created_at, canonical] of [
      ["2031-01-01T00:00:00.500+00:00", "2031-01-01T00:00:00.5Z"],
      ["2031-01-01T00:00:00.000Z", "2031-01-01T00:00:00Z"],
      ["2031-01-01T00:00:00.123456789+02:00", "2031-01-01T00:00:00.123456789+02:00"],
    ] as const
  ) {
    const pack_id = sha(canonicalText({ ...manifest, created_at: canonical, pack_id: "" })).toUpperCase();
    const report = assertOk(await verify(await writeZip(withMembers(RUN, "pack_manifest.json", { created_at, pack_id }))));
    assertEquals([report.ok, report.pack_id], [true, pack_id]);
  }
  const twice = textOf(RUN, "pack_manifest.json").replace("{", '{"pack_type":"run",');
  const result = await verify(await writeZip(withText(RUN, "pack_manifest.json", twice)));
  assert(!result.ok && result.fault.code === "json_duplicate_key" && result.fault.exit === "verification");
});

Deno.test("pack verify: missing, changed and undeclared entries are listed, sorted; the contract is then not asked", async () => {
  const files = withText(withText(without(RUN, "source/runpack.zip"), "run_payload.json", "{}"), "z.txt", "z");
  const report = assertOk(await verify(await writeZip(withText(files, "a/b.txt", ""))));
  assertEquals([report.ok, report.missing_files, report.undeclared_files], [
    false,
    ["source/runpack.zip"],
    ["a/b.txt", "z.txt"],
  ]);
  const expected = sha(textOf(RUN, "run_payload.json"));
  assertEquals(report.hash_mismatches, [{ path: "run_payload.json", expected, actual: sha("{}") }]);
  const folder = craftZip([...RUN.map(({ path, bytes }) => ({ name: path, content: bytes })), FOLDER]);
  assertEquals([assertOk(await verify(folder)).ok, assertOk(await verify(folder)).undeclared_files], [false, ["source/"]]);
});

const PROOF_LINES = textOf(RUN, PROOF).split("\n");
const [FIRST = "", SECOND = ""] = PROOF_LINES;
const integrity = (line: string): JsonObject => object(JSON.stringify(object(line).integrity));
const bound = (line: string, change: JsonObject): string =>
  JSON.stringify({ ...object(line), integrity: { ...integrity(line), ...change } });
const rehashed = (line: string, change: Readonly<Record<string, Json>>, previous_record_hash = ""): string => {
  const { integrity: _, ...record } = { ...object(line), ...change };
  const record_hash = `sha256:${sha(canonicalText({ ...record, integrity: { previous_record_hash } }))}`;
  const before = previous_record_hash === "" ? {} : { previous_record_hash };
  return JSON.stringify({ ...record, integrity: { record_hash, ...before } });
};

const BAD_PROOF: readonly (readonly [what: string, lines: readonly string[]])[] = [
  ["an edited record", [FIRST.replace('"entry_permissions":420', '"entry_permissions":511'), SECOND]],
  ["records out of order", [SECOND, FIRST]],
  ["a chain that lost its beginning", [SECOND]],
  ["a record of another chain", [FIRST, bound(SECOND, { previous_record_hash: integrity(SECOND).record_hash ?? "" })]],
  ["a record that names none before it", [FIRST, rehashed(SECOND, {})]],
  ["a hash in capitals", [bound(FIRST, { record_hash: String(integrity(FIRST).record_hash).toUpperCase() })]],
  ["a signature of no kind", [bound(FIRST, { signature: "sig" })]],
  ["no event", [rehashed(FIRST, { event: null })]],
  ["no time", [rehashed(FIRST, { timestamp: "0001-01-01T00:00:00Z" })]],
  ["no version", [rehashed(FIRST, { record_version: " " })]],
  ["no source", [rehashed(FIRST, { source: "" })]],
  ["garbage", [FIRST, "{"]],
  ["a list", ["[]"]],
];

for (const [what, lines] of BAD_PROOF) {
  Deno.test(`pack verify: proof records with ${what} are refused`, async () => {
    const result = await verify(await repacked(withText(RUN, PROOF, lines.join("\n"))));
    assert(!result.ok && result.fault.exit === "verification" && result.fault.at?.entry === PROOF, "it was accepted");
    assert(
      !(await verify(
        await writeZip([...without(await entriesOf(await repacked(without(RUN, PROOF))), PROOF), {
          path: PROOF,
          bytes: utf8(lines.join("\n")),
        }]),
      )).ok,
      "also where nobody declared them",
    );
  });
}

Deno.test("pack verify: proof records may be left out, have blank lines, or stay short; strict wants them whole", async () => {
  const absent = await repacked(without(RUN, PROOF), {}, KEY);
  assert(assertOk(await verify(absent, STRICT)).ok, "they are optional");
  const blank = assertOk(await verify(await repacked(withText(RUN, PROOF, `\n${FIRST}\r\n  \n${SECOND}\n\n`))));
  assertEquals([blank.ok, blank.proof_records_verified], [true, 2]);
  for (
    const [text, uncovered] of [["", ["run_payload.json", "source/runpack.zip"]], [FIRST, ["source/runpack.zip"]]] as const
  ) {
    const short = await repacked(withText(RUN, PROOF, text), {}, KEY);
    const report = assertOk(await verify(short));
    assertEquals([report.ok, report.uncovered_files], [true, uncovered]);
    assertEquals(assertOk(await verify(short, { strict: true })).ok, false);
  }
  // A record about another content of the entry covers nothing.
  const event = object(JSON.stringify(object(FIRST).event));
  const other = rehashed(FIRST, { event: { ...event, entry_sha256: "0".repeat(64) } });
  const report = assertOk(await verify(await repacked(withText(RUN, PROOF, other), {}, KEY), { strict: true }));
  assertEquals([report.ok, report.uncovered_files], [false, ["run_payload.json", "source/runpack.zip"]]);
});

Deno.test("pack verify: a required signature is required of each proof record too", async () => {
  const lines = textOf(SIGNED, PROOF).split("\n");
  const with1 = (change: (line: string) => string): readonly ZipFile[] =>
    withText(SIGNED, PROOF, lines.map((line, i) => i === 1 ? change(line) : line).join("\n"));
  const cases: readonly (readonly [what: string, files: readonly ZipFile[]])[] = [
    ["unsigned", with1((line) => bound(line, { signature: "", signing_key_id: "" }))],
    ["without a key id", with1((line) => bound(line, { signing_key_id: "" }))],
    ["of another key", with1((line) => bound(line, { signing_key_id: OTHER_KEY.keyId }))],
    ["of another form", with1((line) => bound(line, { signature: "cosign:abc" }))],
    ["flipped", with1((line) => bound(line, { signature: integrity(lines[0] ?? "").signature ?? "" }))],
  ];
  for (const [what, files] of cases) {
    const bytes = await repacked(files, {}, KEY);
    assertEquals(assertOk(await verify(bytes, { key: KEY })).signature_status, "verified", what);
    const report = assertOk(await verify(bytes, { key: KEY, requireSignature: true }));
    assertEquals([report.ok, report.signature_status, report.signatures_valid], [false, "failed", 1], what);
    assert(report.signature_errors.some((error) => error.startsWith("proof record 2 of 3: ")), what);
  }
});

Deno.test("pack verify: strict holds the runpack in a pack against what the pack says of it", async () => {
  const wrong: readonly Readonly<Record<string, Json>>[] = [
    { intents_count: 3 },
    { refs_count: 1 },
    { manifest_digest: "0".repeat(64) },
    { capture_mode: "raw" },
    { created_at: "2026-03-01T10:00:01Z" },
    { context_evidence_mode: "required" },
    { context_ref_count: 9 },
  ];
  const bare = without(RUN, PROOF);
  for (const change of wrong) {
    const bytes = await repacked(withMembers(bare, "run_payload.json", change), {}, KEY);
    assert(assertOk(await verify(bytes)).ok, "standard does not look");
    const fault = assertFault(await verify(bytes, STRICT), "pack_invalid");
    assertEquals(fault.at?.pointer, `/${Object.keys(change)[0]}`);
  }
  // Members that a payload leaves out say nothing, and another offset is the same time.
  const lean = withMembers(bare, "run_payload.json", {
    context_evidence_mode: undefined,
    created_at: "2026-03-01T11:00:00+01:00",
  });
  assert(assertOk(await verify(await repacked(lean, {}, KEY), STRICT)).ok);
  const text = await repacked(withText(bare, "source/runpack.zip", "not a zip"), {}, KEY);
  assert(assertOk(await verify(text)).ok);
  assertFault(await verify(text, STRICT), "pack_invalid");
  const stray = await writeZip([...await entriesOf(await runpack()), { path: "notes.txt", bytes: utf8("x") }]);
  const strayed = await repacked(
    [...without(bare, "source/runpack.zip"), { path: "source/runpack.zip", bytes: stray }],
    {},
    KEY,
  );
  assertFault(await verify(strayed, STRICT), "pack_invalid");
});

Deno.test("pack verify: strict wants a call to name its run, and a decision its trace", async () => {
  assert(assertOk(await verify(await repacked(CALL, {}, KEY), STRICT)).ok);
  const other = await repacked(withMembers(CALL, "call_payload.json", { run_id: "run_other" }), {}, KEY);
  assertEquals(assertFault(await verify(other, STRICT), "pack_invalid").at?.pointer, "/run_id");
  assert(assertOk(await verify(await repacked(JOB, {}, KEY), STRICT)).ok);
  const renamed = await repacked(AUTHORIZATION, { source_ref: "t2" }, KEY);
  assert(assertOk(await verify(renamed)).ok);
  assertEquals(assertFault(await verify(renamed, STRICT), "pack_invalid").at?.pointer, "/trace_id");
});

Deno.test("pack verify: bare runpacks, what is no pack, and archives of the wrong kind", async () => {
  const bare = assertOk(await verify(await runpack()));
  assertEquals([bare.ok, bare.pack_type, bare.legacy_type, bare.source_ref], [true, "run", "runpack", "run_small"]);
  const strayed = await writeZip([...await entriesOf(await runpack()), { path: "notes.txt", bytes: utf8("x") }]);
  assertEquals([assertOk(await verify(strayed)).ok, assertOk(await verify(strayed, { strict: true })).ok], [true, false]);
  const usage = { not_a_zip: utf8("text"), manifest_missing: await writeZip([{ path: "a.txt", bytes: utf8("x") }]) } as const;
  assertEquals(assertFault(await verify(usage.not_a_zip), "not_a_zip").exit, "usage");
  assertEquals(assertFault(await verify(usage.manifest_missing), "manifest_missing").exit, "usage");
  const broken = await writeZip([{ path: "manifest.json", bytes: utf8("[") }]);
  assertEquals(assertFault(await verify(broken), "json_syntax").exit, undefined, "as gait verify has it");
});

Deno.test("pack verify: no hostile archive passes, with or without a manifest beside what is hostile", async () => {
  for (const { what, zip, code } of HOSTILE) {
    const result = await verify(zip);
    assert(!result.ok, what);
    // What only shows when content is read is not read in an archive without a manifest.
    if (result.fault.code === "manifest_missing") continue;
    assertEquals(result.fault.code, code, what);
    assertEquals(result.fault.exit, code === "not_a_zip" || code === "zip_entry_too_large" ? "usage" : "verification", what);
  }
  const parts = RUN.map(({ path, bytes }) => ({ name: path, content: bytes }));
  for (const name of ["../x", "/x", "a\\b", "c:x", "RUN_PAYLOAD.json", "pack_manifest.json"]) {
    const result = await verify(craftZip([...parts, { name, content: "x" }]));
    assert(!result.ok && result.fault.exit === "verification", name);
  }
});
