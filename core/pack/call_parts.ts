// What goes into the pack of a call (spec 04, section 3.4): its payload, the manifest that travels with the call alone, its records as
// lines, and the runpack of its run as it is.
import { utf8 } from "../base/bytes.ts";
import { canonicalBytes, canonicalText } from "../base/canonical.ts";
import type { Json } from "../base/json_value.ts";
import { type Shape, writeShape } from "../base/shape.ts";
import type { ZipFile } from "../base/zip_write.ts";
import type { CallRecord } from "../schema/call_record.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { SOURCE_RUNPACK } from "../schema/pack.ts";
import {
  CALL_COMMITMENTS,
  CALL_DECISIONS,
  CALL_EVENTS,
  CALL_PAYLOAD,
  CALL_RECEIPTS,
  CALL_REFERENCES,
  CALLPACK_MANIFEST,
  CALLPACK_MANIFEST_ID,
  CallpackManifestShape,
  PACK_CALL_ID,
  PackCallShape,
} from "../schema/pack_call.ts";
import { CallDecisionShape, CallEventShape, CommitmentIntentShape, SpeakReceiptShape } from "../schema/voice.ts";

/** Records as canonical lines, each ended by LF. */
export const recordLines = <T>(shape: Shape<T>, records: readonly T[]): Uint8Array =>
  utf8(records.map((record) => `${canonicalText(writeShape(shape, record))}\n`).join(""));

/** The entries of a call's pack; `record` is in normal form, `runId` the run of `runpack`. */
export function callFiles(record: CallRecord, runId: string, runpack: Uint8Array): readonly ZipFile[] {
  const { created_at, producer_version, call_id, privacy_mode, environment_fingerprint } = record;
  const { events, commitments, gate_decisions, speak_receipts, reference_digests } = record;
  const head = { schema_version: VERSION_1, created_at };
  const said = {
    call_id,
    privacy_mode,
    event_count: events.length,
    commitment_count: commitments.length,
    decision_count: gate_decisions.length,
    speak_receipt_count: speak_receipts.length,
    reference_digest_count: reference_digests.length,
    environment_fingerprint,
  };
  const payload = { schema_id: PACK_CALL_ID, ...head, ...said, run_id: runId };
  const manifest = { schema_id: CALLPACK_MANIFEST_ID, ...head, producer_version, ...said };
  const references: Json = reference_digests.length === 0 ? null : reference_digests;
  return [
    { path: CALL_PAYLOAD, bytes: canonicalBytes(writeShape(PackCallShape, payload)) },
    { path: CALLPACK_MANIFEST, bytes: canonicalBytes(writeShape(CallpackManifestShape, manifest)) },
    { path: CALL_EVENTS, bytes: recordLines(CallEventShape, events) },
    { path: CALL_COMMITMENTS, bytes: recordLines(CommitmentIntentShape, commitments) },
    { path: CALL_DECISIONS, bytes: recordLines(CallDecisionShape, gate_decisions) },
    { path: CALL_RECEIPTS, bytes: recordLines(SpeakReceiptShape, speak_receipts) },
    { path: CALL_REFERENCES, bytes: canonicalBytes(references) },
    { path: SOURCE_RUNPACK, bytes: runpack },
  ];
}
