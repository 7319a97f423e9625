// The text of traces: that of the document, whatever traces came before.
import fc from "fast-check";
import { canonicalText } from "../../core/base/canonical.ts";
import { writeShape } from "../../core/base/shape.ts";
import { VERSION_1 } from "../../core/schema/heading.ts";
import { TRACE_ID, TraceShape, VERDICTS } from "../../core/schema/trace.ts";
import { type TraceParties, traceRelationship } from "../../core/trace/relationship.ts";
import { type TraceFacts, type TraceText, traceTexts } from "../../core/trace/text.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";
import { PLAIN_FACTS } from "./facts.ts";

/** A trace, and what it is told by. */
type Told = {
  readonly trace_id: string;
  readonly facts: TraceFacts;
  readonly parties: TraceParties;
  readonly event_id: string;
};

/** The long way. */
const documentText = ({ trace_id, facts, parties, event_id }: Told): string =>
  canonicalText(writeShape(TraceShape, {
    ...facts,
    schema_id: TRACE_ID,
    schema_version: VERSION_1,
    trace_id,
    event_id,
    relationship: traceRelationship(trace_id, facts, parties),
    signature: undefined,
  }));

const quick = (text: TraceText, { trace_id, facts, parties, event_id }: Told): string | undefined =>
  text({ trace_id, facts, parties }, JSON.stringify(facts.args_digest), JSON.stringify(event_id));

const some = <T>(value: fc.Arbitrary<T>, usual: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 24, arbitrary: usual }, { weight: 1, arbitrary: value });

// Mostly few, so that traces share what they are named by; else names like what stands in the place of others, and like parts of keys.
const ODD = [
  "a\nb",
  "b\n",
  "",
  " ",
  " a ",
  "\u0001",
  '"',
  '"trace_id":"\u0001"',
  "é\u{1f600}",
  "c".repeat(9_000),
  "4f".repeat(12),
];
const name = some(fc.constantFrom(...ODD), fc.constantFrom("a", "b"));
const id = fc.constantFrom("4f".repeat(12), "00".repeat(12), "ff".repeat(12));
const digest = fc.constantFrom("d".repeat(64), "0".repeat(64), "\u0001");
const facts: fc.Arbitrary<TraceFacts> = fc.record({
  tool_name: name,
  created_at: fc.constantFrom("2026-03-04T05:06:07Z", "2026-03-04T05:06:08Z"),
  observed_at: fc.constantFrom("2026-03-04T05:06:07Z", "2026-03-04T05:06:08.12Z"),
  args_digest: digest,
  intent_digest: digest,
  policy_digest: some(fc.constant("C".repeat(64)), fc.constant("c".repeat(64))),
  latency_ms: fc.constantFrom(0, 1, 2, 0.5, 1e21),
  verdict: some(fc.constantFrom(...VERDICTS), fc.constant("allow")),
  agent_id: some(name, fc.constant("")),
  environment: some(name, fc.constant("prod")),
  credential_ttl_seconds: some(fc.nat(2), fc.constant(0)),
  script: some(fc.boolean(), fc.constant(false)),
  violations: some(fc.array(name), fc.array(name, { maxLength: 0 })),
  matched_rule_ids: some(fc.array(name), fc.array(name, { maxLength: 0 })),
  kill_switch: some(
    fc.constant({
      status: "active",
      reason_code: "",
      reason_codes: [],
      matched_entry_ids: [],
      evaluated_at: "2026-03-04T05:06:07Z",
    }),
    fc.constant(undefined),
  ),
}).map((drawn) => ({ ...PLAIN_FACTS, ...drawn }));

const parties: fc.Arbitrary<TraceParties> = fc.record({
  identity: name,
  session_id: name,
  delegation: some(
    fc.option(
      fc.record({
        requester_identity: name,
        chain: fc.array(fc.record({ delegator_identity: name, delegate_identity: name }), { maxLength: 2 }),
      }),
      { nil: undefined },
    ),
    fc.constant(undefined),
  ),
});

const told: fc.Arbitrary<Told> = fc.record({ trace_id: id, facts, parties, event_id: id });

property("the text of a trace is that of its document", fc.array(told, { minLength: 1, maxLength: 40 }), (traces) => {
  const text = traceTexts();
  for (const one of traces) {
    const spelled = quick(text, one);
    if (spelled !== undefined) assertEquals(spelled, documentText(one));
  }
});

const plain = (i: number): Told => ({
  trace_id: `${i % 11}`.repeat(12),
  facts: { ...PLAIN_FACTS, tool_name: `t${i % 300}`, violations: [], latency_ms: i % 3 },
  parties: { identity: `agent${i % 7}`, session_id: "s", delegation: undefined },
  event_id: `${i % 13}`.repeat(12),
});

Deno.test("texts of traces: all but the first few plain ones go the quick way, more tools than are kept in mind among them", () => {
  const text = traceTexts();
  for (let i = 0; i < 2_000; i++) {
    const spelled = quick(text, plain(i));
    assertEquals(spelled === undefined, i < 4);
    assert(spelled === undefined || spelled === documentText(plain(i)), `${i}`);
  }
});

Deno.test("texts of traces: a latency that is no number is left to the long way, which refuses it", () => {
  const text = traceTexts();
  for (let i = 0; i < 10; i++) void quick(text, plain(i));
  for (const latency_ms of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const { facts, ...rest } = plain(10);
    assertEquals(quick(text, { ...rest, facts: { ...facts, latency_ms } }), undefined);
  }
});

Deno.test("texts of traces: names that look like what stands for others, the same names in other places, and a delegation before", () => {
  const text = traceTexts();
  for (let i = 0; i < 4; i++) void quick(text, plain(i));
  const delegation = { requester_identity: "a", chain: [{ delegator_identity: "a", delegate_identity: "b" }] };
  const { facts, ...rest } = plain(4);
  const names = ["a", rest.trace_id, ...ODD];
  for (const session_id of ["s", "\u0001"]) {
    for (const tool_name of names) {
      for (const identity of names) {
        for (const by of [{ delegation }, { delegation: undefined }]) {
          const one = { ...rest, facts: { ...facts, tool_name }, parties: { identity, session_id, ...by } };
          const spelled = quick(text, one);
          assert(spelled === undefined || spelled === documentText(one), JSON.stringify([session_id, tool_name, identity]));
        }
      }
    }
  }
});
