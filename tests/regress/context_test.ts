// Grader context_conformance: the rules of spec 06, section 4.5, each in its order, and what counts as drift.
import { compareRuns } from "../../core/flow/regress_compare.ts";
import { CONTEXT_CONFORMANCE } from "../../core/regress/grade_context.ts";
import { gradeOf } from "../../core/regress/graders.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { evidenceOf, graded, NOT_ASKED, QUOTE } from "./worlds.ts";

const receipt = {
  ref_id: "doc",
  source_type: "wiki",
  source_locator: "w/1",
  query_digest: "a".repeat(64),
  content_digest: "b".repeat(64),
  retrieved_at: "2026-03-01T07:00:00Z",
  redaction_mode: "hashes",
};
const refs = (change: JsonObject = {}, digest = "c".repeat(64), mode = "required") => ({
  refs: { context_evidence_mode: mode, context_set_digest: digest, receipts: [{ ...receipt, ...change }] },
});
const RECORDED = refs();
const LATER = refs({ retrieved_at: "2026-03-02T07:00:00Z" }, "d".repeat(64));
const OTHER = refs({ content_digest: "e".repeat(64) }, "d".repeat(64));
const SILENT = { refs: { receipts: [receipt] } };

Deno.test("regress context: the first rule that applies decides", async () => {
  const free = { context_conformance: "", expected_context_set_digest: "" };
  const held = { context_conformance: "required", expected_context_set_digest: "" };
  const rows: readonly (readonly [JsonObject, JsonObject, Partial<typeof NOT_ASKED> | object, string, string])[] = [
    // What init writes: required, with the digest.
    [RECORDED, {}, {}, "pass context_conformance_pass", "none"],
    [LATER, {}, {}, "fail context_runtime_drift_blocked", "runtime_only"],
    [LATER, { allow_context_runtime_drift: true }, {}, "pass context_conformance_pass", "runtime_only"],
    [LATER, {}, { allowRuntimeDrift: true }, "pass context_conformance_pass", "runtime_only"],
    [OTHER, {}, { allowRuntimeDrift: true }, "fail context_set_digest_mismatch", "semantic"],
    [SILENT, {}, {}, "fail context_set_digest_mismatch", "semantic"],
    // An expected digest alone holds, and is looked at even where nothing else is.
    [OTHER, { context_conformance: "none" }, {}, "fail context_set_digest_mismatch", "semantic"],
    [RECORDED, { ...free, expected_context_set_digest: "C".repeat(64) }, {}, "pass context_conformance_pass", "none"],
    [RECORDED, { ...free, expected_context_set_digest: "f".repeat(64) }, {}, "fail context_set_digest_mismatch", "semantic"],
    // Required without a digest.
    [OTHER, held, {}, "fail context_semantic_drift", "semantic"],
    [SILENT, held, {}, "fail context_evidence_missing", "missing"],
    [LATER, held, {}, "fail context_runtime_drift_blocked", "runtime_only"],
    // Nothing demands it: the class is told all the same.
    [OTHER, free, {}, "pass context_conformance_not_required", "semantic"],
    [SILENT, free, {}, "pass context_conformance_not_required", "semantic"],
    [LATER, { ...free, context_conformance: "none" }, {}, "pass context_conformance_not_required", "runtime_only"],
    [RECORDED, free, {}, "pass context_conformance_not_required", "none"],
    // The flag wins over none.
    [OTHER, { ...free, context_conformance: "none" }, { contextConformance: true }, "fail context_semantic_drift", "semantic"],
    [SILENT, free, { contextConformance: true }, "fail context_evidence_missing", "missing"],
  ];
  const recorded = await graded(RECORDED);
  for (const [now, change, asked, wanted, drift] of rows) {
    const evidence = await evidenceOf(recorded, { now: await graded(now), change, asked: { ...NOT_ASKED, ...asked } });
    const { status, reason_codes, context_conformance } = gradeOf(CONTEXT_CONFORMANCE, evidence);
    const row = [now, change, asked];
    assertEquals([...row, [status, ...reason_codes].join(" "), context_conformance], [...row, wanted, drift]);
  }
});

Deno.test("regress context: what the grader shows", async () => {
  const evidence = await evidenceOf(await graded(RECORDED), { now: await graded(LATER) });
  assertEquals(gradeOf(CONTEXT_CONFORMANCE, evidence).details, {
    candidate_runpack: "now.zip",
    context_changed: true,
    context_runtime_only: true,
    context_set_digest_candidate: "d".repeat(64),
    context_set_digest_fixture: "c".repeat(64),
    fixture: "fx",
    run_id: "quote",
  });
});

Deno.test("regress context: which run it is and who recorded it is no drift, spelling neither", async () => {
  const recorded = await graded(RECORDED);
  const later = { ...QUOTE.run, run_id: "later", created_at: "2027-01-01T00:00:00Z", producer_version: "x" };
  const spelled = refs({ retrieved_at: "2026-03-01T08:00:00+01:00", content_digest: ` ${"B".repeat(64)}` }, "C".repeat(64));
  const rows = [
    [{ run: later, ...RECORDED }, "none"],
    [{ run: later, ...LATER }, "runtime_only"],
    [spelled, "none"],
    [refs({ immutability: "unknown" }), "none"],
    [refs({ immutability: "mutable" }), "semantic"],
    [refs({ retrieved_at: "2026-03-02T07:00:00Z" }, "d".repeat(64), "best_effort"), "semantic"],
    [{ refs: { ...RECORDED.refs, context_ref_count: 2 } }, "semantic"],
    [refs({ ref_id: "doc2" }), "semantic"],
  ] as const;
  for (const [now, drift] of rows) {
    assertEquals([now, assertOk(await compareRuns(recorded, await graded(now))).drift], [now, drift]);
  }
});
