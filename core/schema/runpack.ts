// The records of a runpack (spec 01, section 5).
import {
  filled,
  type Infer,
  integer,
  listOf,
  listOrNull,
  object,
  orZero,
  payload,
  present,
  text,
  time,
} from "../base/shape.ts";
import { heading } from "./heading.ts";
import { RelationshipShape } from "./relationship.ts";

export const RUN_ID = "gait.runpack.run";
export const INTENT_ID = "gait.runpack.intent";
export const RESULT_ID = "gait.runpack.result";
export const REFS_ID = "gait.runpack.refs";

export const TimelineEventShape = object("Something that happened during the run", () => ({
  event: text("What happened"),
  ts: time("When"),
  ref: filled(text("Id of the intent or record that it is about")),
  relationship: present(RelationshipShape),
}));

export const RunShape = object("The run itself", () => ({
  ...heading(RUN_ID),
  run_id: text("Id of the run"),
  env: orZero(
    object(
      "Where it ran",
      () => ({ os: text("Operating system"), arch: text("Processor"), runtime: text("Language runtime") }),
    ),
  ),
  timeline: listOrNull(TimelineEventShape, "What happened, in order; null when none was recorded"),
}));

export const IntentShape = object("One tool call that the agent meant to make", () => ({
  ...heading(INTENT_ID),
  run_id: text("Id of the run"),
  intent_id: text("Id of the call within the run"),
  tool_name: text("The tool"),
  args_digest: text("Digest of the arguments"),
  args: payload("The arguments; only in raw captures"),
}));

export const ResultShape = object("What a tool call gave back", () => ({
  ...heading(RESULT_ID),
  run_id: text("Id of the run"),
  intent_id: text("Id of the call that it answers"),
  status: text("ok, error or another word of the producer"),
  result_digest: text("Digest of the result"),
  result: payload("The result; only in raw captures"),
}));

/** The members of a receipt, which a context envelope holds under stricter rules. */
export const receiptMembers = () => ({
  ref_id: text("Id of the source within the run"),
  source_type: text("What kind of source"),
  source_locator: text("Where it was found"),
  query_digest: text("Digest of what was asked"),
  content_digest: text("Digest of what came back"),
  retrieved_at: time("When it was fetched"),
  redaction_mode: text("How much of it is kept"),
  immutability: text("unknown, mutable or immutable"),
  freshness_sla_seconds: filled(integer("How old it may be, in seconds")),
  sensitivity_label: filled(text("How sensitive it is")),
  retrieval_params: payload("How it was asked for"),
});

export const ReceiptShape = object("Proof of one piece of context that the agent saw", receiptMembers);

export const RefsShape = object("What the agent knew when it acted", () => ({
  ...heading(REFS_ID),
  run_id: text("Id of the run"),
  context_set_digest: filled(text("Digest of the whole set of context")),
  context_evidence_mode: filled(text("best_effort or required")),
  context_ref_count: filled(integer("How many pieces of context there were")),
  receipts: listOf(ReceiptShape, "One receipt for each piece"),
}));

export type TimelineEvent = Infer<typeof TimelineEventShape>;
export type Run = Infer<typeof RunShape>;
export type Intent = Infer<typeof IntentShape>;
export type ResultRecord = Infer<typeof ResultShape>;
export type Receipt = Infer<typeof ReceiptShape>;
export type Refs = Infer<typeof RefsShape>;

/** All that a runpack records, as typed documents. */
export type RunRecords = {
  readonly run: Run;
  readonly intents: readonly Intent[];
  readonly results: readonly ResultRecord[];
  readonly refs: Refs;
};
