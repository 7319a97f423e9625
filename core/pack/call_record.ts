// Rules of the records of a call (spec 04, sections 3.4, 3.4.1 and 8.1) that their shapes do not say.
import type { Misfit } from "../base/shape.ts";
import { quoted } from "../base/json_words.ts";
import { VERSION_1 } from "../schema/heading.ts";
import type { CallDecision, CallEvent, CommitmentIntent, SpeakReceipt } from "../schema/voice.ts";
import { CALL_EVENT_ID, COMMITMENT_ID } from "../schema/voice.ts";
import { digestOrNone, firstBroken, isDigest, isTime, notBlank, type Rule } from "./rules.ts";

const head = (record: { readonly schema_id: string; readonly schema_version: string }, id: string): readonly Rule[] => [
  ["/schema_id", ["", id].includes(record.schema_id), `must be "${id}"`],
  ["/schema_version", ["", VERSION_1].includes(record.schema_version), `must be "${VERSION_1}"`],
];

const place = (record: { readonly call_id: string; readonly call_seq: number }, callId: string): readonly Rule[] => [
  ["/call_id", record.call_id === callId, `must be ${quoted(callId)}, the id of the call`],
  ["/call_seq", record.call_seq >= 1, "must be 1 or more"],
];

/** What must hold of an event of the call with this id. */
export const callEventDefect = (event: CallEvent, callId: string): Misfit | undefined =>
  firstBroken([
    ...head(event, CALL_EVENT_ID),
    isTime("/created_at", event.created_at),
    ...place(event, callId),
    notBlank("/event_type", event.event_type),
    digestOrNone("/intent_digest", event.intent_digest),
    digestOrNone("/policy_digest", event.policy_digest),
    digestOrNone("/payload_digest", event.payload_digest),
  ]);

/** What must hold of a promise. */
export const commitmentDefect = (commitment: CommitmentIntent, callId: string): Misfit | undefined => {
  const { quote_min_cents: least, quote_max_cents: most, context } = commitment;
  return firstBroken([
    ...head(commitment, COMMITMENT_ID),
    isTime("/created_at", commitment.created_at),
    ...place(commitment, callId),
    notBlank("/commitment_class", commitment.commitment_class),
    digestOrNone("/utterance_digest", commitment.utterance_digest),
    notBlank("/context/identity", context.identity),
    notBlank("/context/workspace", context.workspace),
    notBlank("/context/risk_class", context.risk_class),
    ["/quote_min_cents", most === 0 || least <= most, `must not be above quote_max_cents, ${most}`],
  ]);
};

/** What must hold of a decision. */
export const callDecisionDefect = (decision: CallDecision, callId: string): Misfit | undefined =>
  firstBroken([
    ...place(decision, callId),
    notBlank("/commitment_class", decision.commitment_class),
    notBlank("/verdict", decision.verdict),
    digestOrNone("/intent_digest", decision.intent_digest),
    digestOrNone("/policy_digest", decision.policy_digest),
  ]);

/** What must hold of a receipt. */
export const speakReceiptDefect = (receipt: SpeakReceipt, callId: string): Misfit | undefined =>
  firstBroken([
    ...place(receipt, callId),
    notBlank("/commitment_class", receipt.commitment_class),
    notBlank("/say_token_id", receipt.say_token_id),
    isDigest("/spoken_digest", receipt.spoken_digest),
    isTime("/emitted_at", receipt.emitted_at),
  ]);
