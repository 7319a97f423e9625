// What a call pack says of its call (spec 04, section 3.4): the payload, and the manifest that travels with the call alone.
import { count, filled, type Infer, label, strict, term } from "../base/shape.ts";
import { heading } from "./heading.ts";
import { payloadHeading } from "./pack_heading.ts";

export const PACK_CALL_ID = "gait.pack.call";
export const CALLPACK_MANIFEST_ID = "gait.voice.callpack_manifest";

/** The entries of a call pack beside its runpack. */
export const CALL_PAYLOAD = "call_payload.json";
export const CALLPACK_MANIFEST = "callpack_manifest.json";
export const CALL_EVENTS = "call_events.jsonl";
export const CALL_COMMITMENTS = "commitments.jsonl";
export const CALL_DECISIONS = "gate_decisions.jsonl";
export const CALL_RECEIPTS = "speak_receipts.jsonl";
export const CALL_REFERENCES = "reference_digests.json";

const callMembers = {
  call_id: label("Id of the call"),
  privacy_mode: term("hash_only or dispute_encrypted"),
  event_count: count("How many events"),
  commitment_count: count("How many commitments"),
  decision_count: count("How many decisions"),
  speak_receipt_count: count("How many receipts of speech"),
  reference_digest_count: count("How many references"),
  environment_fingerprint: filled(label("Where the call ran")),
};

export const PackCallShape = strict("What a call pack says of its call", () => ({
  ...payloadHeading(PACK_CALL_ID, "When the call began"),
  ...callMembers,
  run_id: filled(label("Id of the run that the call belongs to")),
}));

export const CallpackManifestShape = strict("What a call pack says of its call, for those who know only calls", () => ({
  ...heading(CALLPACK_MANIFEST_ID),
  ...callMembers,
}));

export type PackCall = Infer<typeof PackCallShape>;
export type CallpackManifest = Infer<typeof CallpackManifestShape>;
