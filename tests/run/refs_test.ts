// The normal form of refs and receipts (spec 01, section 5.4).
import { evidenceMode, normalizeRefs, retrievalTime } from "../../core/run/refs.ts";
import { readShape } from "../../core/base/shape.ts";
import type { Json } from "../../core/base/json.ts";
import { type Refs, RefsShape } from "../../core/schema/runpack.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

const refs = (json: Json): Refs => assertOk(readShape(RefsShape, json, "refs.json"));
const normal = (json: Json) => assertOk(normalizeRefs(refs(json)));

Deno.test("normalizeRefs: mode and set digest are trimmed and in small letters", () => {
  const { context_evidence_mode, context_set_digest } = normal({
    context_evidence_mode: "\u3000REQUIRED\n",
    context_set_digest: ` ${"Ab".repeat(32)}\t`,
  });
  assertEquals([context_evidence_mode, context_set_digest], ["required", "ab".repeat(32)]);
  assertEquals([normal({ context_evidence_mode: " " }).context_evidence_mode, normal({}).context_evidence_mode], ["", ""]);
});

Deno.test("normalizeRefs: what it refuses, and where that stands", () => {
  const refused: readonly (readonly [Json, string, string])[] = [
    [
      { context_evidence_mode: "best effort" },
      "/refs/context_evidence_mode",
      `must be best_effort or required, not "best effort"`,
    ],
    [{ context_set_digest: "a".repeat(63) }, "/refs/context_set_digest", "must be 64 hexadecimal digits"],
    [{ context_set_digest: "g".repeat(64) }, "/refs/context_set_digest", "must be 64 hexadecimal digits"],
    [{ context_ref_count: -1 }, "/refs/context_ref_count", "must not be negative"],
  ];
  for (const [json, pointer, words] of refused) {
    const fault = assertFault(normalizeRefs(refs(json)), "run_invalid");
    assertEquals([fault.at, fault.message], [{ pointer }, `Cannot use refs: member "${pointer.slice(6)}" ${words}`]);
  }
});

Deno.test("normalizeRefs: a count of zero becomes the number of receipts, a wrong one is kept", () => {
  const receipts = [{ ref_id: "a" }, { ref_id: "b" }];
  const counts = [{}, { context_ref_count: 0 }, { context_ref_count: 7 }].map((extra) => normal({ ...extra, receipts }));
  assertEquals(counts.map((found) => found.context_ref_count), [2, 2, 7]);
  assertEquals([normal({}).context_ref_count, normal({ context_ref_count: 7 }).context_ref_count], [0, 7]);
});

Deno.test("normalizeRefs: receipts are sorted by the bytes of ref_id, equal ones in the order given", () => {
  const receipts = [["\u{1F600}", 1], ["\uE000", 2], ["b", 3], ["B", 4], ["b", 5], ["", 6], ["a", 7], ["b", 8], [
    "a ",
    9,
  ]] as const;
  const sorted = normal({ receipts: receipts.map(([ref_id, freshness_sla_seconds]) => ({ ref_id, freshness_sla_seconds })) });
  assertEquals(sorted.receipts.map((receipt) => receipt.freshness_sla_seconds), [6, 4, 7, 9, 3, 5, 8, 2, 1]);
});

Deno.test("normalizeRefs: of a receipt, digests and immutability change their spelling, the rest is kept as given", () => {
  const given = {
    ref_id: " R ",
    source_type: " S ",
    source_locator: " L ",
    redaction_mode: " Raw ",
    sensitivity_label: " PII ",
    retrieval_params: { "__proto__x": [1] },
    freshness_sla_seconds: -5,
  };
  const { receipts: [found] } = normal({
    receipts: [{
      ...given,
      query_digest: "\u0085XY Z\u00a0",
      content_digest: " \u0130 ",
      immutability: " Frozen\u2028",
      retrieved_at: "2026-03-01T00:30:00.1000+01:00",
    }],
  });
  assertEquals(found, {
    ...given,
    query_digest: "xy z",
    content_digest: "i",
    immutability: "frozen",
    retrieved_at: "2026-02-28T23:30:00.1Z",
  });
});

Deno.test("normalizeRefs: a second time changes nothing", () => {
  const once = normal({
    context_evidence_mode: " Best_Effort ",
    context_set_digest: "A".repeat(64),
    receipts: [{ ref_id: "b", query_digest: "Q" }, { ref_id: "a", retrieved_at: "2026-01-01T00:00:00-05:00" }],
  });
  assertEquals(assertOk(normalizeRefs(once)), once);
});

Deno.test("retrievalTime: absent is 1980, the zero moment in any offset is absent", () => {
  assertEquals(retrievalTime("0001-01-01T00:00:00Z"), "1980-01-01T00:00:00Z");
  assertEquals(retrievalTime("0001-01-01T02:00:00+02:00"), "1980-01-01T00:00:00Z");
  assertEquals(retrievalTime("0001-01-01T00:00:00.000000001Z"), "0001-01-01T00:00:00.000000001Z");
  assertEquals(retrievalTime("2026-03-01T10:00:00.000000001+14:00"), "2026-02-28T20:00:00.000000001Z");
});

Deno.test("evidenceMode: three words in any letter case, and no others", () => {
  const modes = ["", "\t", "BEST_EFFORT", " Required ", "required!", "best-effort", "none", "\ufeffrequired", "requ\u0131red"];
  assertEquals(modes.map(evidenceMode), [
    "",
    "",
    "best_effort",
    "required",
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
