// The context envelope: what a retrieval layer hands over about the context that an agent saw (spec 01, section 5.5).
import { type Infer, listOf, strict, text, time } from "../base/shape.ts";
import { receiptMembers } from "./runpack.ts";

export const ContextRecordShape = strict("One piece of context", receiptMembers);

export const ContextEnvelopeShape = strict("A set of context with its digest", () => ({
  schema_id: text("Always gait.context.envelope; may be left out"),
  schema_version: text("Always 1.0.0; may be left out"),
  created_at: time("When it was made"),
  producer_version: text("Version of the program that made it"),
  context_set_id: text("Id of the set"),
  context_set_digest: text("Digest of the records"),
  evidence_mode: text("best_effort or required"),
  records: listOf(ContextRecordShape, "The pieces of context"),
}));

export type ContextRecord = Infer<typeof ContextRecordShape>;
export type ContextEnvelope = Infer<typeof ContextEnvelopeShape>;
