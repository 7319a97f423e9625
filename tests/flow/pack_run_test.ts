// Run packs: what a payload says of a run, its context as an envelope, and the runpack zipped anew (spec 04, sections 3.1 and 3.2).
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import type { Json } from "../../core/base/json.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { writeZip, type ZipFile } from "../../core/base/zip_write.ts";
import { latestCheckpoint, runParts } from "../../core/flow/pack_run.ts";
import { heldFile } from "../../core/pack/build.ts";
import { CHAIN_ID } from "../../core/schema/session.ts";
import { readChain } from "../../core/run/chain.ts";
import { nodeHost } from "../../host/node.ts";
import { craftZip } from "../base/craft_zip.ts";
import { HOSTILE } from "../base/hostile_zips.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { entriesOf, runPack, runpack, textOf, WITH_CONTEXT } from "../pack/packs.ts";
import { object, resealed, sha, texts } from "../run/packs.ts";
import { SMALL } from "../run/runs.ts";

const take = (bytes: Uint8Array) => runParts(nodeHost, bytesSource(bytes), "rp.zip", "1.2.3");

const refsWith = async (refs: Readonly<Record<string, Json>>): Promise<Uint8Array> => {
  const files = await texts(await runpack(WITH_CONTEXT));
  return await resealed({ ...files, "refs.json": canonicalText({ ...object(files["refs.json"]), ...refs }) });
};

Deno.test("run pack: the payload of a run without context leaves out what says nothing", async () => {
  const files = await entriesOf(await runPack());
  const source = object((await texts(await runpack()))["manifest.json"]);
  assertEquals(object(textOf(files, "run_payload.json")), {
    capture_mode: "reference",
    context_evidence_mode: "best_effort",
    created_at: "2026-03-01T10:00:00Z",
    intents_count: 2,
    manifest_digest: source.manifest_digest,
    refs_count: 0,
    results_count: 1,
    run_id: "run_small",
    schema_id: "gait.pack.run",
    schema_version: "1.0.0",
  });
});

Deno.test("run pack: receipts are an envelope in normal form; the payload repeats only what the refs state", async () => {
  const files = await entriesOf(await runPack(WITH_CONTEXT));
  const envelope = object(textOf(files, "context_envelope.json"));
  const records = envelope.records ?? null;
  assertEquals(records, [
    {
      content_digest: "e".repeat(64),
      immutability: "unknown",
      query_digest: "d".repeat(64),
      redaction_mode: "reference",
      ref_id: "kb-1",
      retrieved_at: "2026-03-01T10:00:00Z",
      source_locator: "w/1",
      source_type: "wiki",
    },
    {
      content_digest: "c".repeat(64),
      immutability: "unknown",
      query_digest: "b".repeat(64),
      redaction_mode: "hashed",
      ref_id: "kb-2",
      retrieved_at: "1980-01-01T00:00:00Z",
      source_locator: "w/2",
      source_type: "wiki",
    },
  ]);
  const { records: _, ...head } = envelope;
  assertEquals(head, {
    context_set_digest: sha(canonicalText(records)),
    context_set_id: "run_small",
    created_at: "2026-03-01T10:00:00Z",
    evidence_mode: "best_effort",
    producer_version: "0.0.0-dev",
    schema_id: "gait.context.envelope",
    schema_version: "1.0.0",
  });
  const payload = object(textOf(files, "run_payload.json"));
  assertEquals([payload.context_privacy_mode, payload.context_ref_count, payload.refs_count], ["mixed", 2, 2]);
  assert(!("context_set_digest" in payload), "the run states none");
});

Deno.test("run pack: one redaction is named, a blank one is unknown", async () => {
  const [first] = JSON.parse(JSON.stringify(WITH_CONTEXT)).refs.receipts;
  for (const [modes, privacy] of [[["hashed", " hashed"], "hashed"], [["reference", "hashed"], "mixed"]] as const) {
    const receipts = modes.map((redaction_mode, i) => ({ ...first, ref_id: `r${i}`, redaction_mode }));
    const payload = object(textOf(await entriesOf(await runPack({ ...SMALL, refs: { receipts } })), "run_payload.json"));
    assertEquals(payload.context_privacy_mode, privacy);
  }
});

Deno.test("run pack: a stated set digest must be that of the receipts, and each receipt must fit an envelope", async () => {
  const envelope = object(textOf(await entriesOf(await runPack(WITH_CONTEXT)), "context_envelope.json"));
  assertOk(await take(await refsWith({ context_set_digest: envelope.context_set_digest ?? "" })));
  const other = assertFault(await take(await refsWith({ context_set_digest: "0".repeat(64) })), "context_invalid");
  assertEquals([other.at?.entry, other.at?.pointer], ["refs.json", "/context_set_digest"]);
  const files = await texts(await runpack(WITH_CONTEXT));
  const [receipt] = JSON.parse(files["refs.json"] ?? "").receipts;
  for (const change of [{ ref_id: " " }, { content_digest: "ab" }, { immutability: "frozen" }, { redaction_mode: "" }]) {
    const fault = assertFault(await take(await refsWith({ receipts: [{ ...receipt, ...change }] })), "context_invalid");
    assertEquals(fault.at?.pointer, `/receipts/0/${Object.keys(change)[0]}`);
  }
});

Deno.test("run pack: the order, compression and folders of the source do not change the pack", async () => {
  const bytes = await runpack();
  const files = await entriesOf(bytes);
  const stored = craftZip([
    { name: "d/", stored: true, central: { attributes: 0o040755 * 65_536 } },
    ...files.toReversed().map((file) => ({ name: file.path, content: file.bytes, stored: true })),
  ]);
  assertEquals(assertOk(await take(stored)).parts, assertOk(await take(bytes)).parts);
});

Deno.test("run pack: a file of the source that may be run may be run in the pack, and no other", async () => {
  const modes = [0o100644, 0o100755, 0o100654].map((mode) => mode * 65_536);
  const [plain, ours, theirs] = modes;
  const file = (name: string, attributes = 0, madeBy = 0x0314) => ({ name, content: name, central: { attributes, madeBy } });
  const stored = craftZip([
    ...(await entriesOf(await runpack())).map(({ path, bytes }) => ({ name: path, content: bytes })),
    ...[
      file("a.sh", ours),
      file("b.sh", theirs),
      file("c.txt", plain),
      file("of-dos", ours, 0x0014),
      file("of-macos", ours, 0x1314),
    ],
  ]);
  const held = await Promise.all(assertOk(await take(stored)).parts.files.map(heldFile));
  const inner = held.find(({ path }) => path === "source/runpack.zip")?.bytes ?? new Uint8Array();
  const { entries } = assertOk(await openZip(nodeHost, bytesSource(inner), "inner.zip"));
  assertEquals(entries.filter(({ executable }) => executable).map(({ path }) => path), ["a.sh", "b.sh", "of-macos"]);
  const view = new DataView(inner.buffer, inner.byteOffset, inner.byteLength);
  const rows = Array.from(inner.keys()).filter((at) => at + 46 <= inner.length && view.getUint32(at, true) === 0x02014b50);
  assertEquals([...new Set(rows.map((at) => view.getUint32(at + 38, true) >>> 16))].sort(), [0o100644, 0o100755]);
});

Deno.test("run pack: what the runpack's manifest does not name is packed and told", async () => {
  const bytes = await writeZip([...await entriesOf(await runpack()), { path: "notes.txt", bytes: utf8("x") }]);
  const { warnings, parts } = assertOk(await take(bytes));
  assertEquals([warnings.length, warnings[0]?.includes('"notes.txt"')], [1, true]);
  const held = await Promise.all(parts.files.map(heldFile));
  const inner = await entriesOf(held.find(({ path }) => path === "source/runpack.zip")?.bytes ?? new Uint8Array());
  assert(inner.some(({ path }) => path === "notes.txt"));
});

Deno.test("run pack: damage is unusable input, two entries of one name are a failed verification", async () => {
  const files = await entriesOf(await runpack());
  const broken = (change: readonly ZipFile[]) => writeZip(change);
  const tampered = await broken(files.map((file) => file.path === "run.json" ? { ...file, bytes: utf8("{}") } : file));
  const lacking = await broken(files.filter(({ path }) => path !== "refs.json"));
  for (const bytes of [tampered, lacking]) assertEquals(assertFault(await take(bytes), "pack_tampered").exit, "usage");
  for (const { what, zip, code } of HOSTILE) {
    const result = await take(zip);
    assert(!result.ok, what);
    const exit = result.fault.code === "zip_duplicate_entry" ? undefined : "usage";
    assertEquals([result.fault.code, result.fault.exit], [code, exit], what);
  }
});

Deno.test("run pack: a runpack whose pack could not verify is refused", async () => {
  const odd = await resealed(await texts(await runpack()), { capture_mode: "partial" });
  assertFault(await take(odd), "run_invalid");
  const padded = await resealed(await texts(await runpack()), { run_id: " run_small " });
  assertFault(await take(padded), "run_invalid");
});

Deno.test("run pack: of a session's chain the last checkpoint counts, when all links hold", () => {
  const point = (index: number, prev: string) => {
    const link = ["m", prev, index, index, index].join(":");
    return {
      checkpoint_index: index,
      runpack_path: `cp${index}.zip`,
      manifest_digest: "m",
      prev_checkpoint_digest: prev,
      sequence_start: index,
      sequence_end: index,
      checkpoint_digest: sha(link),
    };
  };
  const first = point(1, "");
  const chain = (checkpoints: Json) =>
    assertOk(readChain(utf8(JSON.stringify({ schema_id: CHAIN_ID, session_id: "s", run_id: "r", checkpoints })), "c.json"));
  const good = chain([first, point(2, first.checkpoint_digest)]);
  assertEquals(assertOk(latestCheckpoint(nodeHost.crypto, good, "c.json")).runpack_path, "cp2.zip");
  assertFault(latestCheckpoint(nodeHost.crypto, chain([first, point(2, "x")]), "c.json"), "verification_failed");
});
