// A call record is brought into one spelling and order, whatever order and spelling its producer wrote; what does not hold is named by its
// place, and speech without proof is not packed.
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { readCallRecord } from "../../core/pack/call_normal.ts";
import { callBytes } from "./calls.ts";
import { CALL_LINES } from "./packs.ts";

const { events, commitment, decision, receipt } = CALL_LINES;
const at = (index: number, change: Readonly<Record<string, string | number>>) =>
  events.map((event, i) => i === index ? { ...event, ...change } : event);

Deno.test("call record: defaults, texts trimmed, times in UTC, lists in the order of the call", () => {
  const plain = assertOk(readCallRecord(callBytes(), "c.json"));
  assertEquals(
    [plain.schema_id, plain.schema_version, plain.created_at, plain.producer_version, plain.call_id, plain.privacy_mode],
    ["gait.voice.call_record", "1.0.0", "2031-06-10T14:00:00Z", "0.0.0-dev", "c1", "hash_only"],
  );
  const messy = callBytes({
    events: events.toReversed(),
    commitments: [{ ...commitment, currency: " eur ", evidence_reference_digests: ["A".repeat(64), "zz"] }],
    gate_decisions: [{ ...decision, verdict: " ALLOW ", reason_codes: ["b", " a ", "b", ""] }],
    reference_digests: [
      { ref_id: " p ", sha256: "B".repeat(64) },
      { ref_id: "p", sha256: "b".repeat(64) },
      { ref_id: "", sha256: "c".repeat(64) },
      { ref_id: "bad", sha256: "zz" },
    ],
  });
  const record = assertOk(readCallRecord(messy, "c.json"));
  assertEquals(record.events, plain.events);
  assertEquals(record.commitments.map((one) => [one.currency, one.evidence_reference_digests]), [["EUR", ["a".repeat(64)]]]);
  assertEquals(record.gate_decisions.map((one) => [one.verdict, one.reason_codes]), [["allow", ["a", "b"]]]);
  assertEquals(record.reference_digests, [{ ref_id: "p", sha256: "b".repeat(64) }]);
});

Deno.test("call record: what does not hold is named by its place in the file, before anything is sorted", () => {
  const cases: readonly (readonly [pointer: string, change: Parameters<typeof callBytes>[0]])[] = [
    ["/schema_id", { schema_id: "gait.voice.call" }],
    ["/schema_version", { schema_version: "2.0.0" }],
    ["/created_at", { created_at: undefined }],
    ["/call_id", { call_id: " " }],
    ["/runpack_path", { runpack_path: undefined }],
    ["/privacy_mode", { privacy_mode: "plain" }],
    ["/events/0/call_id", { events: at(0, { call_id: "c2" }) }],
    ["/events/6/call_seq", { events: at(6, { call_seq: 0 }) }],
    ["/events/1/event_type", { events: at(1, { event_type: " " }) }],
    ["/events/2/intent_digest", { events: at(2, { intent_digest: "abc" }) }],
    ["/commitments/0/context/identity", { commitments: [{ ...commitment, context: {} }] }],
    ["/commitments/0/quote_min_cents", { commitments: [{ ...commitment, quote_min_cents: 5, quote_max_cents: 4 }] }],
    ["/gate_decisions/1/call_seq", { gate_decisions: [decision, { ...decision, call_seq: 0 }] }],
    ["/speak_receipts/0/spoken_digest", { speak_receipts: [{ ...receipt, spoken_digest: "f" }] }],
    ["/speak_receipts/0/emitted_at", { speak_receipts: [{ ...receipt, emitted_at: "0001-01-01T00:00:00Z" }] }],
    ["/events", { events: events.slice(1) }],
  ];
  for (const [pointer, change] of cases) {
    const fault = assertFault(readCallRecord(callBytes(change), "c.json"), "call_record_invalid", pointer);
    assertEquals([fault.at?.pointer, fault.at?.file], [pointer, "c.json"]);
  }
  assertFault(readCallRecord(callBytes({ colour: "blue" }), "c.json"), "document_shape");
  assertFault(readCallRecord(callBytes({ events: at(0, { turn_index: -1 }) }), "c.json"), "document_shape");
  assertFault(readCallRecord(callBytes({ gate_decisions: [{ ...decision, verdict: "maybe" }] }), "c.json"), "document_shape");
});

Deno.test("call record: a promise without token, receipt or decision is refused; one spoken after a block is a fault of its own", () => {
  const unproven = [
    { events: at(4, { say_token_id: "" }) },
    { events: at(4, { say_token_id: "tok-2" }) },
    { speak_receipts: [] },
    { gate_decisions: [] },
    { gate_decisions: [{ ...decision, call_seq: 6 }] },
    { gate_decisions: [{ ...decision, verdict: "require_approval" }] },
  ];
  for (const change of unproven) assertFault(readCallRecord(callBytes(change), "c.json"), "call_record_invalid");
  const blocked = [decision, { ...decision, call_seq: 4, verdict: "block" }];
  assertFault(readCallRecord(callBytes({ gate_decisions: blocked }), "c.json"), "speech_refused");
  assertOk(
    readCallRecord(callBytes({ gate_decisions: [...blocked, { ...decision, call_seq: 5 }] }), "c.json"),
    "the last one counts",
  );
});
