// The contract of a call pack (spec 04, sections 3.4 and 4.1): both headers agree, the records are those they count, and nothing was
// promised in speech without its proof.
import { fail, ok, type Result } from "../base/result.ts";
import type { Misfit } from "../base/shape.ts";
import { quoted } from "../base/json_words.ts";
import { trim } from "../base/text.ts";
import { byTime } from "../base/time.ts";
import { type PackManifest, SOURCE_RUNPACK } from "../schema/pack.ts";
import {
  CALL_COMMITMENTS,
  CALL_DECISIONS,
  CALL_EVENTS,
  CALL_PAYLOAD,
  CALL_RECEIPTS,
  CALL_REFERENCES,
  CALLPACK_MANIFEST,
  CALLPACK_MANIFEST_ID,
  type CallpackManifest,
  CallpackManifestShape,
  PACK_CALL_ID,
  type PackCall,
  PackCallShape,
} from "../schema/pack_call.ts";
import {
  CallDecisionShape,
  type CallEvent,
  CallEventShape,
  CommitmentIntentShape,
  ReferenceDigestsShape,
  SpeakReceiptShape,
} from "../schema/voice.ts";
import { callDecisionDefect, callEventDefect, commitmentDefect, speakReceiptDefect } from "./call_record.ts";
import { missingEventType, speechDefect } from "./call_speech.ts";
import { misfitFault, missingEntry, type PackEntries, readChecked, readEntry, readLines } from "./entries.ts";
import { firstBroken, hasHead, isWord, notBlank, type Rule } from "./rules.ts";

const PRIVACY_MODES = ["", "hash_only", "dispute_encrypted"];
const COUNTS = ["event_count", "commitment_count", "decision_count", "speak_receipt_count", "reference_digest_count"] as const;

const payloadDefect = (payload: PackCall, id: string): Misfit | undefined =>
  firstBroken([
    ...hasHead(payload, PACK_CALL_ID),
    notBlank("/call_id", payload.call_id),
    ["/call_id", payload.call_id === id, `must be ${quoted(id)}, the source_ref of the pack`],
    isWord("/privacy_mode", payload.privacy_mode, PRIVACY_MODES),
  ]);

const privacyOf = ({ privacy_mode }: { readonly privacy_mode: string }): string => privacy_mode || "hash_only";

const manifestDefect = (manifest: CallpackManifest, payload: PackCall): Misfit | undefined =>
  firstBroken([
    ...hasHead(manifest, CALLPACK_MANIFEST_ID),
    ["/created_at", byTime(manifest.created_at, payload.created_at) === 0, "must be that of the payload"],
    ["/call_id", manifest.call_id === payload.call_id, "must be that of the payload"],
    ["/privacy_mode", privacyOf(manifest) === privacyOf(payload), "must be that of the payload"],
    [
      "/environment_fingerprint",
      manifest.environment_fingerprint === payload.environment_fingerprint,
      "must be that of the payload",
    ],
    ...COUNTS.map((
      name,
    ): Rule => [`/${name}`, manifest[name] === payload[name], `must be ${payload[name]}, as in the payload`]),
  ]);

/** Holds a call pack against its contract; the runpack in it is only looked for. */
export async function checkCallPack(entries: PackEntries, { source_ref }: PackManifest): Promise<Result<void>> {
  const id = trim(source_ref);
  const payload = await readChecked(entries, PackCallShape, CALL_PAYLOAD, (value) => payloadDefect(value, id));
  if (!payload.ok) return payload;
  const manifest = await readChecked(
    entries,
    CallpackManifestShape,
    CALLPACK_MANIFEST,
    (value) => manifestDefect(value, payload.value),
  );
  if (!manifest.ok) return manifest;
  let before = 0;
  const events = await readLines(entries, CallEventShape, CALL_EVENTS, (event) => {
    const misfit = callEventDefect(event, id) ??
      firstBroken([["/call_seq", event.call_seq >= before, `must not be below ${before}, that of the event before`]]);
    before = event.call_seq;
    return misfit;
  });
  if (!events.ok) return events;
  const commitments = await readLines(entries, CommitmentIntentShape, CALL_COMMITMENTS, (one) => commitmentDefect(one, id));
  if (!commitments.ok) return commitments;
  const decisions = await readLines(entries, CallDecisionShape, CALL_DECISIONS, (one) => callDecisionDefect(one, id));
  if (!decisions.ok) return decisions;
  const receipts = await readLines(entries, SpeakReceiptShape, CALL_RECEIPTS, (one) => speakReceiptDefect(one, id));
  if (!receipts.ok) return receipts;
  const references = await readEntry(entries, ReferenceDigestsShape, CALL_REFERENCES);
  if (!references.ok) return references;
  if (!entries.has(SOURCE_RUNPACK)) return missingEntry(entries, SOURCE_RUNPACK);
  const counted = firstBroken([
    countRule("event_count", payload.value, events.value.length),
    countRule("commitment_count", payload.value, commitments.value.length),
    countRule("decision_count", payload.value, decisions.value.length),
    countRule("speak_receipt_count", payload.value, receipts.value.length),
    countRule("reference_digest_count", payload.value, references.value.value.length),
  ]);
  if (counted !== undefined) return { ok: false, fault: misfitFault(entries, CALL_PAYLOAD, counted) };
  const speech = missingType(events.value) ?? speechDefect(events.value, decisions.value, receipts.value)?.words;
  return speech === undefined
    ? ok(undefined)
    : fail("pack_invalid", `Cannot use pack "${entries.what}": ${speech}`, { file: entries.what });
}

const countRule = (name: typeof COUNTS[number], payload: PackCall, found: number): Rule => [
  `/${name}`,
  payload[name] === found,
  `must be ${found}, the number of records`,
];

const missingType = (events: readonly CallEvent[]): string | undefined => {
  const type = missingEventType(events);
  return type === undefined ? undefined : `"${CALL_EVENTS}" holds no event of type "${type}"`;
};
