// What happens in a call (spec 04, sections 3.4 and 8.1), record by record. Reading one brings it into normal form: texts trimmed,
// words and digests in lowercase, lists sorted.
import {
  count,
  filled,
  type Infer,
  label,
  labelSet,
  listOf,
  orZero,
  payload,
  strict,
  term,
  termSet,
  time,
  truth,
} from "../base/shape.ts";
import { VERDICTS } from "./trace.ts";

export const CALL_EVENT_ID = "gait.voice.call_event";
export const COMMITMENT_ID = "gait.voice.commitment_intent";

/** What can be promised in a call. */
export const COMMITMENT_CLASSES = ["refund", "quote", "eligibility", "schedule", "cancel", "account_change"] as const;

/** Where in the call a record belongs. */
const place = {
  call_id: label("Id of the call"),
  call_seq: count("Position in the call, from 1"),
  turn_index: count("The turn, from 0"),
};

const digest = (doc: string) => filled(term(doc));

export const CallEventShape = strict("One thing that happened in a call", () => ({
  schema_id: label(`Always ${CALL_EVENT_ID}`),
  schema_version: label("Always 1.0.0"),
  created_at: time("When"),
  ...place,
  event_type: label("What happened"),
  commitment_class: filled(term("What was promised", COMMITMENT_CLASSES)),
  intent_digest: digest("Digest of the call to the gate"),
  policy_digest: digest("Digest of the policy"),
  say_token_id: filled(label("The token under which it was said")),
  payload_digest: digest("Digest of what was said or done"),
  attributes: payload("What else is known of it"),
}));

export const CommitmentIntentShape = strict("What an agent means to promise", () => ({
  schema_id: label(`Always ${COMMITMENT_ID}`),
  schema_version: label("Always 1.0.0"),
  created_at: time("When"),
  producer_version: label("Version of the program that wrote it"),
  ...place,
  commitment_class: term("What kind of promise", COMMITMENT_CLASSES),
  utterance_digest: digest("Digest of the words"),
  currency: filled(label("Currency of the amounts")),
  quote_min_cents: filled(count("Least amount of a quote")),
  quote_max_cents: filled(count("Greatest amount of a quote")),
  refund_ceiling_cents: filled(count("Most that is refunded")),
  approval_required: filled(truth("Whether somebody has to approve")),
  approval_artifact_refs: filled(labelSet("Approvals that were given")),
  evidence_reference_digests: filled(termSet("Digests of what the promise rests on")),
  context: orZero(strict("Who promises, where", () => ({
    identity: label("Who promises"),
    workspace: label("Where"),
    risk_class: term("How much is at stake"),
    session_id: filled(label("The session")),
    request_id: filled(label("The request")),
    environment_fingerprint: filled(label("Where it runs")),
  }))),
}));

export const CallDecisionShape = strict("What the gate said to one promise", () => ({
  ...place,
  commitment_class: term("What kind of promise", COMMITMENT_CLASSES),
  verdict: term("The verdict", VERDICTS),
  reason_codes: filled(labelSet("Why")),
  intent_digest: digest("Digest of the call to the gate"),
  policy_digest: digest("Digest of the policy"),
  approval_ref: filled(label("The approval that it rests on")),
}));

export const SpeakReceiptShape = strict("That a promise was spoken", () => ({
  ...place,
  commitment_class: term("What kind of promise", COMMITMENT_CLASSES),
  say_token_id: label("The token under which it was said"),
  spoken_digest: term("Digest of the words"),
  emitted_at: time("When"),
}));

const ReferenceDigestShape = strict("What a call refers to", () => ({
  ref_id: label("Its id"),
  sha256: term("Its digest"),
}));

export const ReferenceDigestsShape = listOf(ReferenceDigestShape, "What the call refers to, sorted by id");

export type CallEvent = Infer<typeof CallEventShape>;
export type CommitmentIntent = Infer<typeof CommitmentIntentShape>;
export type CallDecision = Infer<typeof CallDecisionShape>;
export type SpeakReceipt = Infer<typeof SpeakReceiptShape>;
