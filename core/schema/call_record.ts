// A call with all that was said in it, as `pack build --type call` reads it (spec 04, section 3.4). Reading one brings its texts into
// normal form; what else must hold of it stands in core/pack/call_normal.ts.
import { filled, type Infer, label, listOf, strict, term, time } from "../base/shape.ts";
import { VERSION_1 } from "./heading.ts";
import { CallDecisionShape, CallEventShape, CommitmentIntentShape, ReferenceDigestsShape, SpeakReceiptShape } from "./voice.ts";

export const CALL_RECORD_ID = "gait.voice.call_record";

/** How much of what was said a pack may hold. */
export const PRIVACY_MODES = ["hash_only", "dispute_encrypted"] as const;

export const CallRecordShape = strict("A call: what happened, what was promised, decided and spoken", () => ({
  schema_id: label(`${CALL_RECORD_ID}; blank means that`),
  schema_version: label(`${VERSION_1}; blank means that`),
  created_at: time("When the call began"),
  producer_version: label("Version of the program that wrote it"),
  call_id: label("Id of the call"),
  runpack_path: label("The runpack of the call's run, from the folder of this file"),
  privacy_mode: term("hash_only unless it says another"),
  environment_fingerprint: filled(label("Where the call ran")),
  events: listOf(CallEventShape, "What happened"),
  commitments: listOf(CommitmentIntentShape, "What the agent meant to promise"),
  gate_decisions: listOf(CallDecisionShape, "What the gate said to each promise"),
  speak_receipts: listOf(SpeakReceiptShape, "What was spoken"),
  reference_digests: ReferenceDigestsShape,
}));

export type CallRecord = Infer<typeof CallRecordShape>;
