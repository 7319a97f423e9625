// The contracts of the four kinds of packs, behind intact hashes: each kind holds, and one wrong place at a time is a failed
// verification that names the place.
import type { Json, JsonObject } from "../../core/base/json.ts";
import type { ZipFile } from "../../core/base/zip_write.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import {
  AUTHORIZATION,
  CALL,
  CALL_LINES,
  entriesOf,
  JOB,
  jsonLines,
  repacked,
  runPack,
  verify,
  withMembers,
  withText,
} from "./packs.ts";

const RUN = await entriesOf(await runPack());

const KINDS: Readonly<Record<string, readonly ZipFile[]>> = { run: RUN, job: JOB, call: CALL, authorization: AUTHORIZATION };

for (const [kind, files] of Object.entries(KINDS)) {
  Deno.test(`contract: a ${kind} pack that another made holds, whatever the form of its JSON`, async () => {
    for (const space of [0, 2]) {
      const report = assertOk(await verify(await repacked(files, {}, undefined, space)));
      assertEquals([report.ok, report.pack_type, report.signature_status], [true, kind, "missing"]);
    }
  });

  Deno.test(`contract: a ${kind} pack lacks none of its entries`, async () => {
    for (const { path } of files) {
      // Context and proof records are not asked for, evidence is by its link.
      if (["pack_manifest.json", "proof_records.jsonl"].includes(path)) continue;
      const result = await verify(await repacked(files.filter((file) => file.path !== path)));
      assert(!result.ok && result.fault.code === "pack_invalid" && result.fault.exit === "verification", path);
      assertEquals(result.fault.at, { file: "pack.zip", entry: path });
    }
  });
}

type Change = Readonly<Record<string, Json | undefined>>;

/** Each change of one document of a kind, and the member that the fault must name. */
const WRONG: readonly (readonly [kind: string, entry: string, change: Change, pointer: string])[] = [
  ["run", "run_payload.json", { schema_id: "gait.pack.job" }, "/schema_id"],
  ["run", "run_payload.json", { schema_version: "1.0.1" }, "/schema_version"],
  ["run", "run_payload.json", { created_at: undefined }, "/created_at"],
  ["run", "run_payload.json", { created_at: "yesterday" }, "/created_at"],
  ["run", "run_payload.json", { run_id: "run_other" }, "/run_id"],
  ["run", "run_payload.json", { capture_mode: "RAW" }, "/capture_mode"],
  ["run", "run_payload.json", { manifest_digest: "ab" }, "/manifest_digest"],
  ["run", "run_payload.json", { refs_count: -1 }, "/refs_count"],
  ["run", "run_payload.json", { intents_count: 1.5 }, "/intents_count"],
  ["run", "run_payload.json", { context_set_digest: "xyz" }, "/context_set_digest"],
  ["run", "run_payload.json", { context_evidence_mode: "maybe" }, "/context_evidence_mode"],
  ["run", "run_payload.json", { extra: 1 }, "/extra"],
  ["job", "job_payload.json", { job_id: "j2" }, "/job_id"],
  ["job", "job_payload.json", { status: "sleeping" }, "/status"],
  ["job", "job_payload.json", { stop_reason: " " }, "/stop_reason"],
  ["job", "job_payload.json", { status_reason_code: undefined }, "/status_reason_code"],
  ["job", "job_payload.json", { environment_fingerprint: "" }, "/environment_fingerprint"],
  ["job", "job_payload.json", { safety_invariant_hash: "" }, "/safety_invariant_hash"],
  ["job", "job_payload.json", { extra: 1 }, "/extra"],
  ["job", "job_state.json", { job_id: "j2" }, "/job_id"],
  ["job", "job_state.json", { owner: "me" }, "/owner"],
  ["job", "job_state.json", { stop_reason: "" }, "/stop_reason"],
  ["job", "job_state.json", { checkpoints: [] }, "/checkpoints"],
  ["job", "job_state.json", { approvals: [{ actor: "a" }] }, "/approvals"],
  ["job", "job_state.json", { status: "running" }, "/status"],
  ["job", "job_state.json", { environment_fingerprint: "envfp:y" }, "/environment_fingerprint"],
  ["job", "job_state.json", { status_reason_code: "other" }, "/status_reason_code"],
  ["call", "call_payload.json", { call_id: "c2" }, "/call_id"],
  ["call", "call_payload.json", { privacy_mode: "open" }, "/privacy_mode"],
  ["call", "callpack_manifest.json", { schema_id: "gait.pack.call" }, "/schema_id"],
  ["call", "callpack_manifest.json", { created_at: "2031-06-10T14:00:00.000000001Z" }, "/created_at"],
  ["call", "callpack_manifest.json", { privacy_mode: "dispute_encrypted" }, "/privacy_mode"],
  ["call", "callpack_manifest.json", { environment_fingerprint: "e" }, "/environment_fingerprint"],
  ["call", "callpack_manifest.json", { decision_count: 2 }, "/decision_count"],
  ["call", "callpack_manifest.json", { run_id: "r" }, "/run_id"],
  ["authorization", "authorization_bundle.json", { schema_id: "gait.gate.other" }, "/schema_id"],
  ["authorization", "authorization_bundle.json", { trace_id: " " }, "/trace_id"],
  ["authorization", "authorization_bundle.json", { policy_digest: "12" }, "/policy_digest"],
  ["authorization", "authorization_bundle.json", { extra: 1 }, "/extra"],
  ["authorization", "authorization_bundle.json", { kill_switch: { extra: 1 } }, "/kill_switch/extra"],
  ["authorization", "authorization_bundle.json", { trace_path: undefined, trace_digest: undefined }, "/trace_path"],
  ["authorization", "authorization_bundle.json", { trace_path: undefined }, "/trace_path"],
  ["authorization", "authorization_bundle.json", { trace_path: "../t.json" }, "/trace_path"],
  ["authorization", "authorization_bundle.json", { trace_digest: undefined }, "/trace_path"],
  ["authorization", "authorization_bundle.json", { trace_digest: "0".repeat(64) }, "/trace_digest"],
  ["authorization", "authorization_bundle.json", { outcome_status: "Allow" }, "/outcome_status"],
  ["authorization", "authorization_bundle.json", { outcome_path: undefined, outcome_digest: undefined }, "/outcome_path"],
];

for (const [kind, entry, change, pointer] of WRONG) {
  Deno.test(`contract: ${kind}: ${entry} with ${JSON.stringify(change)} is refused at ${pointer}`, async () => {
    const result = await verify(await repacked(withMembers(KINDS[kind] ?? [], entry, change)));
    assert(!result.ok && result.fault.exit === "verification");
    assertEquals([result.fault.at?.entry, result.fault.at?.pointer], [entry, pointer], result.fault.message);
  });
}

Deno.test("contract: counts of a run are not those of its source in standard, and other members of other offsets are good", async () => {
  const files = withMembers(RUN, "run_payload.json", { intents_count: 7, created_at: "2026-03-01T11:00:00+01:00" });
  assert(assertOk(await verify(await repacked(files))).ok);
});

Deno.test("contract: a job's log is that of the job, line by line, and may be empty", async () => {
  assert(assertOk(await verify(await repacked(withText(JOB, "job_events.jsonl", "")))).ok);
  for (const [line, pointer] of [['{"job_id":"j2"}', "/job_id"], ['{"job_id":"j1","odd":1}', "/odd"]] as const) {
    const text = `{"job_id":"j1"}\n${line}\n`;
    const result = await verify(await repacked(withText(JOB, "job_events.jsonl", text)));
    assert(!result.ok);
    assertEquals([result.fault.at?.line, result.fault.at?.pointer], [2, pointer]);
  }
});

const { events, commitment, decision, receipt } = CALL_LINES;
const eventsWith = (change: JsonObject, at = 0): JsonObject[] =>
  events.map((event, i) => i === at ? { ...event, ...change } : event);

const LINES: readonly (readonly [entry: string, lines: readonly Json[], what: string])[] = [
  ["call_events.jsonl", eventsWith({ call_id: "c2" }), "another call"],
  ["call_events.jsonl", eventsWith({ call_seq: 0 }), "position 0"],
  ["call_events.jsonl", eventsWith({ turn_index: -1 }), "a turn below 0"],
  ["call_events.jsonl", eventsWith({ commitment_class: "promise" }), "an unknown class"],
  ["call_events.jsonl", eventsWith({ payload_digest: "abc" }), "no digest"],
  ["call_events.jsonl", eventsWith({ event_type: "asr.partial" }), "a type that must occur and does not"],
  ["call_events.jsonl", eventsWith({ schema_id: "gait.voice.other" }), "another kind"],
  ["call_events.jsonl", eventsWith({ created_at: "0001-01-01T00:00:00Z" }), "no time"],
  ["call_events.jsonl", eventsWith({ say_token_id: "" }, 4), "speech without a token"],
  ["call_events.jsonl", eventsWith({ say_token_id: "tok-2" }, 4), "speech under another token"],
  ["call_events.jsonl", events.toReversed(), "the wrong order"],
  ["call_events.jsonl", events.slice(1), "an event less than counted"],
  ["commitments.jsonl", [], "a promise less than counted"],
  ["commitments.jsonl", [{ ...commitment, context: {} }], "a promise by nobody"],
  ["commitments.jsonl", [{ ...commitment, quote_min_cents: 3, quote_max_cents: 2 }], "amounts upside down"],
  ["commitments.jsonl", [{ ...commitment, refund_ceiling_cents: -1 }], "an amount below 0"],
  ["gate_decisions.jsonl", [{ ...decision, verdict: "perhaps" }], "an unknown verdict"],
  ["gate_decisions.jsonl", [{ ...decision, verdict: "require_approval" }], "no allow"],
  ["gate_decisions.jsonl", [{ ...decision, turn_index: 2 }], "an allow of another turn"],
  ["gate_decisions.jsonl", [{ ...decision, call_seq: 6 }], "an allow that comes too late"],
  ["speak_receipts.jsonl", [{ ...receipt, spoken_digest: "f" }], "speech without a digest"],
  ["speak_receipts.jsonl", [{ ...receipt, emitted_at: "0001-01-01T00:00:00Z" }], "speech at no time"],
];

for (const [entry, records, what] of LINES) {
  Deno.test(`contract: call: ${entry} with ${what} is refused`, async () => {
    const result = await verify(await repacked(withText(CALL, entry, jsonLines(...records))));
    assert(!result.ok && result.fault.exit === "verification", "it was accepted");
  });
}

Deno.test("contract: call: padding and case are no fault, a block before an allow is none, a block after it is", async () => {
  const padded = { ...decision, commitment_class: " Refund ", verdict: " ALLOW" };
  assert(assertOk(await verify(await repacked(withText(CALL, "gate_decisions.jsonl", jsonLines(padded))))).ok);
  const counted = (files: readonly ZipFile[]) =>
    withMembers(withMembers(files, "call_payload.json", { decision_count: 2 }), "callpack_manifest.json", {
      decision_count: 2,
    });
  const early = { ...decision, call_seq: 2, verdict: "block" };
  const late = { ...decision, call_seq: 4, verdict: "block" };
  const before = counted(withText(CALL, "gate_decisions.jsonl", jsonLines(early, decision)));
  assert(assertOk(await verify(await repacked(before))).ok);
  const after = counted(withText(CALL, "gate_decisions.jsonl", jsonLines(decision, late)));
  assert(!(await verify(await repacked(after))).ok, "a later block wins");
});

Deno.test("contract: authorization: JSON evidence by its canonical form, other files by their bytes", async () => {
  const spaced = withText(AUTHORIZATION, "evidence/ev/t.json", '{"verdict":"allow",\n"n":1}');
  assert(assertOk(await verify(await repacked(spaced))).ok, "another form of one value");
  const files = [["evidence/ev/t.json", '{"verdict":"block","n":1}'], ["evidence/note.txt", "done"]] as const;
  for (const [path, text] of files) {
    const result = await verify(await repacked(withText(AUTHORIZATION, path, text)));
    assert(!result.ok && result.fault.exit === "verification", path);
  }
});
