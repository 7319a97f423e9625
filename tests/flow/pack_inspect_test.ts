// Inspecting packs: everything that parses is shown, nothing is verified (spec 04, section 5).
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import type { Result } from "../../core/base/result.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { inspectPack, type PackInspection } from "../../core/flow/pack_inspect.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { HOSTILE } from "../base/hostile_zips.ts";
import {
  AUTHORIZATION,
  CALL,
  entriesOf,
  JOB,
  repacked,
  runPack,
  runpack,
  textOf,
  WITH_CONTEXT,
  withMembers,
  withText,
} from "../pack/packs.ts";
import { object } from "../run/packs.ts";

const inspect = (bytes: Uint8Array): Promise<Result<PackInspection>> => inspectPack(nodeHost, bytesSource(bytes), "pack.zip");

const shown = async (bytes: Uint8Array): Promise<Readonly<Record<string, JsonObject>>> =>
  assertOk(await inspect(bytes)).documents;

const LINEAGE = {
  timeline_events: 0,
  receipt_count: 0,
  intent_results: [
    { intent_id: "i1", tool_name: "mail.send", status: "ok" },
    { intent_id: "i2", tool_name: "file.read" },
  ],
};

Deno.test("pack inspect: a run pack, and the bare runpack of the same run", async () => {
  const bytes = await runPack();
  const files = await entriesOf(bytes);
  const payload = object(textOf(files, "run_payload.json"));
  const manifest = object(textOf(files, "pack_manifest.json"));
  const { pack_id, pack_type, source_ref, legacy_type, documents } = assertOk(await inspect(bytes));
  assertEquals([pack_id, pack_type, source_ref, legacy_type], [manifest.pack_id, "run", "run_small", undefined]);
  assertEquals(Object.keys(documents), ["manifest", "run_payload", "run_lineage"]);
  assertEquals(object(JSON.stringify(documents.manifest)), manifestInOrder(manifest, documents.manifest));
  assertEquals(documents.run_lineage, LINEAGE);
  const bare = assertOk(await inspect(await runpack()));
  assertEquals([bare.pack_id, bare.pack_type, bare.source_ref, bare.legacy_type], [
    payload.manifest_digest,
    "run",
    "run_small",
    "runpack",
  ]);
  assertEquals(Object.keys(bare.documents), ["run_payload", "run_lineage"]);
  assertEquals(bare.documents.run_lineage, LINEAGE);
  assertEquals((await shown(await runPack(WITH_CONTEXT))).run_lineage?.receipt_count, 2);
});

// The same members in the order in which the other has them: what is compared is what is said.
const manifestInOrder = (wanted: JsonObject, like: JsonObject | undefined): JsonObject =>
  Object.fromEntries(Object.keys(like ?? {}).map((name) => [name, wanted[name] ?? null]));

Deno.test("pack inspect: rows of a run are one an id, sorted; of several the last counts", async () => {
  const records = (ids: readonly string[], more: (i: number) => JsonObject) =>
    ids.map((intent_id, i) => ({ intent_id, ...more(i) }));
  const { run_lineage } = await shown(
    await runPack({
      run: { run_id: "run_many", created_at: "2026-03-01T10:00:00Z", timeline: [{ event: "e", ts: "2026-03-01T10:00:00Z" }] },
      intents: records(["b", "a", "b"], (i) => ({ tool_name: `t${i}`, args: {} })),
      results: records(["c", "b", "b"], (i) => ({ status: `s${i}`, result: {} })),
    }),
  );
  assertEquals(run_lineage, {
    timeline_events: 1,
    receipt_count: 0,
    intent_results: [
      { intent_id: "a", tool_name: "t1" },
      { intent_id: "b", tool_name: "t2", status: "s2" },
      { intent_id: "c", status: "s0" },
    ],
  });
});

Deno.test("pack inspect: jobs, calls and decisions", async () => {
  const job = await shown(await repacked(JOB));
  assertEquals(job.job_lineage, {
    event_count: 2,
    last_event_type: "paused",
    checkpoint_refs: [
      { checkpoint_id: "cp_0001", type: "progress", reason_code: "checkpoint_progress" },
      { checkpoint_id: "cp_0002", type: "plan", reason_code: "" },
    ],
  });
  assertEquals(job.job_payload?.checkpoint_count, 2);
  const empty = await shown(await repacked(withText(JOB, "job_events.jsonl", "")));
  assertEquals([empty.job_lineage?.event_count, empty.job_lineage?.last_event_type], [0, undefined]);
  const call = await shown(await repacked(CALL));
  assertEquals(Object.keys(call), ["manifest", "call_payload"]);
  const decision = await shown(await repacked(AUTHORIZATION));
  assertEquals(
    [decision.authorization_payload?.linked_evidence_count, decision.authorization_payload?.required_evidence_count],
    [
      2,
      2,
    ],
  );
  assertEquals(decision.authorization_bundle?.trace_path, "ev/t.json");
});

Deno.test("pack inspect: what is wrong is shown all the same, what does not parse is left out", async () => {
  const files = await entriesOf(await runPack());
  const changed = withMembers(files, "run_payload.json", { intents_count: 99, schema_id: "other" });
  assertEquals((await shown(await writeZip(changed))).run_payload?.intents_count, 99, "no digest is looked at");
  const broken = await shown(await writeZip(withText(withText(files, "run_payload.json", "{"), "source/runpack.zip", "zip")));
  assertEquals(Object.keys(broken), ["manifest"]);
  const unread = await shown(await repacked(withMembers(JOB, "job_state.json", { owner: "me" })));
  assertEquals(Object.keys(unread), ["manifest", "job_payload"]);
  const renamed = assertOk(
    await inspect(await writeZip(withMembers(files, "pack_manifest.json", { pack_id: "0".repeat(64) }))),
  );
  assertEquals(renamed.pack_id, "0".repeat(64));
});

Deno.test("pack inspect: what is no pack is unusable input, two entries of one name are a failed verification", async () => {
  const files = await entriesOf(await runPack());
  const odd = await writeZip(withMembers(files, "pack_manifest.json", { pack_type: "x" }));
  assertEquals(assertFault(await inspect(odd), "document_shape").exit, "usage");
  const evidence = await writeZip([{ path: "pack_manifest.json", bytes: utf8('{"schema_id":"gait.guard.pack_manifest"}') }]);
  assertEquals(assertFault(await inspect(evidence), "document_kind").exit, "usage");
  assertEquals(assertFault(await inspect(await writeZip([{ path: "x", bytes: utf8("x") }])), "manifest_missing").exit, "usage");
  for (const { what, zip } of HOSTILE) {
    const result = await inspect(zip);
    if (result.ok) throw new Error(what);
    assertEquals(result.fault.exit, result.fault.code === "zip_duplicate_entry" ? undefined : "usage", what);
  }
});
