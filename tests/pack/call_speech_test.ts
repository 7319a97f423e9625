// Speech and its proof: what the search for the last decision finds is what going through all of them finds.
import fc from "fast-check";
import { speechDefect } from "../../core/pack/call_speech.ts";
import type { CallDecision, CallEvent, SpeakReceipt } from "../../core/schema/voice.ts";
import { assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

const place = {
  call_id: fc.constant("c"),
  call_seq: fc.integer({ min: 1, max: 6 }),
  turn_index: fc.nat(1),
  commitment_class: fc.constantFrom("refund", "quote"),
};
const none = fc.constant("");

const decisions: fc.Arbitrary<CallDecision[]> = fc.array(
  fc.record({
    ...place,
    verdict: fc.constantFrom("allow", "block", "dry_run"),
    reason_codes: fc.constant([]),
    intent_digest: none,
    policy_digest: none,
    approval_ref: none,
  }),
  { maxLength: 8 },
);

const receipt: fc.Arbitrary<SpeakReceipt> = fc.record({
  ...place,
  say_token_id: fc.constantFrom("t1", "t2"),
  spoken_digest: none,
  emitted_at: none,
});

// The rule as spec 04, section 3.4.2 tells it.
const told = (all: readonly CallDecision[], { turn_index, commitment_class, call_seq }: SpeakReceipt): string | undefined => {
  const meant = all.filter((one) =>
    one.turn_index === turn_index && one.commitment_class === commitment_class && one.call_seq <= call_seq
  );
  const highest = Math.max(...meant.map((one) => one.call_seq));
  return meant.find((one) => one.call_seq === highest)?.verdict;
};

property(
  "call: the last decision before a receipt decides, the first of those at one place",
  fc.tuple(decisions, receipt),
  ([all, one]) => {
    const verdict = told(all, one);
    const defect = speechDefect([], all, [one]);
    assertEquals([defect === undefined, defect?.blocked ?? false], [verdict === "allow", verdict === "block"]);
  },
);

const EVENT: CallEvent = {
  schema_id: "",
  schema_version: "",
  created_at: "",
  call_id: "c",
  call_seq: 3,
  turn_index: 1,
  event_type: "tts.emitted",
  commitment_class: "refund",
  intent_digest: "",
  policy_digest: "",
  say_token_id: "t1",
  payload_digest: "",
  attributes: undefined,
};

property("call: a promise is spoken under a token, and its receipt is of the same place, class and token", receipt, (one) => {
  const allow: CallDecision = {
    ...one,
    call_seq: 1,
    verdict: "allow",
    reason_codes: [],
    intent_digest: "",
    policy_digest: "",
    approval_ref: "",
  };
  const same = one.call_seq === 3 && one.turn_index === 1 && one.commitment_class === "refund" && one.say_token_id === "t1";
  assertEquals(speechDefect([EVENT], [allow], [one]) === undefined, same);
  assertEquals(speechDefect([{ ...EVENT, say_token_id: "" }], [allow], [one]) === undefined, false);
  assertEquals(speechDefect([{ ...EVENT, commitment_class: "", say_token_id: "" }], [allow], [one]), undefined);
  assertEquals(speechDefect([{ ...EVENT, event_type: "tts.request" }], [allow], [one]), undefined);
});
