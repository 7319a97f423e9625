// What `gait run record` reads: a run with its records, before digests and defaults (spec 01, section 6).
import { type Infer, listOf, mapOf, object, orZero, payload, text } from "../base/shape.ts";
import { IntentShape, RefsShape, ResultShape, RunShape } from "./runpack.ts";

export const RecordInputShape = object("A run to be recorded", () => ({
  run: orZero(RunShape),
  intents: listOf(IntentShape, "The tool calls, in order"),
  results: listOf(ResultShape, "What they gave back, in order"),
  refs: orZero(RefsShape),
  capture_mode: text("reference or raw"),
  normalization: orZero(object("Payloads to take digests from and never store", () => ({
    intent_args: mapOf(payload("Arguments"), "Arguments by intent id"),
    result_payloads: mapOf(payload("A result"), "Results by intent id"),
  }))),
}));

export type RecordInput = Infer<typeof RecordInputShape>;
