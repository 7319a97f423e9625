// A call record in normal form (spec 04, sections 3.4 and 8.1): its header checked, every record of it checked and brought into one
// spelling and order, and nothing promised in speech without its proof.
import { placed, readDocument } from "../base/document.ts";
import { quoted } from "../base/json_words.ts";
import { by, inOrder } from "../base/order.ts";
import { type Fault, ok, type Result } from "../base/result.ts";
import type { Misfit } from "../base/shape.ts";
import { byBytes, isHex64 } from "../base/text.ts";
import { toUtc } from "../base/time.ts";
import { CALL_RECORD_ID, type CallRecord, CallRecordShape, PRIVACY_MODES } from "../schema/call_record.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { CALL_EVENT_ID, type CallEvent, COMMITMENT_ID, type CommitmentIntent } from "../schema/voice.ts";
import { callDecisionDefect, callEventDefect, commitmentDefect, speakReceiptDefect } from "./call_record.ts";
import { missingEventType, speechDefect } from "./call_speech.ts";
import { firstBroken, isTime, isWord, notBlank } from "./rules.ts";

/** Longest call record that is read. */
export const CALL_RECORD_LIMIT = 100 * 2 ** 20;

// Of a record without a producer; the older implementation writes it so too.
const UNKNOWN_PRODUCER = "0.0.0-dev";

const headDefect = (record: CallRecord): Misfit | undefined =>
  firstBroken([
    ["/schema_id", ["", CALL_RECORD_ID].includes(record.schema_id), `must be "${CALL_RECORD_ID}"`],
    ["/schema_version", ["", VERSION_1].includes(record.schema_version), `must be "${VERSION_1}"`],
    isTime("/created_at", record.created_at),
    notBlank("/call_id", record.call_id),
    notBlank("/runpack_path", record.runpack_path),
    isWord("/privacy_mode", record.privacy_mode || PRIVACY_MODES[0], PRIVACY_MODES),
  ]);

/** The first misfit of a list's records, its pointer from the top of the document. */
function listDefect<T>(
  name: string,
  list: readonly T[],
  check: (one: T, id: string) => Misfit | undefined,
  id: string,
): Misfit | undefined {
  for (const [i, one] of list.entries()) {
    const misfit = check(one, id);
    if (misfit !== undefined) return { ...misfit, pointer: `/${name}/${i}${misfit.pointer}` };
  }
  return undefined;
}

const recordDefect = (record: CallRecord): Misfit | undefined => {
  const { call_id, events, commitments, gate_decisions, speak_receipts } = record;
  return headDefect(record) ?? listDefect("events", events, callEventDefect, call_id) ??
    listDefect("commitments", commitments, commitmentDefect, call_id) ??
    listDefect("gate_decisions", gate_decisions, callDecisionDefect, call_id) ??
    listDefect("speak_receipts", speak_receipts, speakReceiptDefect, call_id);
};

const inUtc = (time: string): string => toUtc(time) ?? time;

// Letter by letter, and none that would become two.
const upper = (text: string): string =>
  Array.from(text, (char) => char.toUpperCase().length === char.length ? char.toUpperCase() : char).join("");

const normalEvent = (event: CallEvent): CallEvent => ({
  ...event,
  schema_id: CALL_EVENT_ID,
  schema_version: VERSION_1,
  created_at: inUtc(event.created_at),
});

const normalCommitment = (commitment: CommitmentIntent): CommitmentIntent => ({
  ...commitment,
  schema_id: COMMITMENT_ID,
  schema_version: VERSION_1,
  created_at: inUtc(commitment.created_at),
  producer_version: commitment.producer_version || UNKNOWN_PRODUCER,
  currency: upper(commitment.currency),
  evidence_reference_digests: commitment.evidence_reference_digests.filter(isHex64),
});

type Placed = { readonly call_seq: number };

/** In the order of the call; of those at one place, by a text. */
const inCall = <T extends Placed>(list: readonly T[], text: (one: T) => string): readonly T[] =>
  list.toSorted((a, b) => a.call_seq - b.call_seq || byBytes(text(a), text(b)));

const classOf = ({ commitment_class }: { readonly commitment_class: string }): string => commitment_class;

/** A record whose members all hold, in its one spelling. */
const normal = (record: CallRecord): CallRecord => ({
  ...record,
  schema_id: CALL_RECORD_ID,
  schema_version: VERSION_1,
  created_at: inUtc(record.created_at),
  producer_version: record.producer_version || UNKNOWN_PRODUCER,
  privacy_mode: record.privacy_mode || PRIVACY_MODES[0],
  events: inCall(record.events.map(normalEvent), ({ event_type }) => event_type),
  commitments: inCall(record.commitments.map(normalCommitment), classOf),
  gate_decisions: inCall(record.gate_decisions, classOf),
  speak_receipts: inCall(record.speak_receipts.map((one) => ({ ...one, emitted_at: inUtc(one.emitted_at) })), classOf),
  reference_digests: inOrder(
    record.reference_digests.filter(({ ref_id, sha256 }) => ref_id !== "" && isHex64(sha256)),
    by(({ ref_id }) => ref_id, ({ sha256 }) => sha256),
  ),
});

/**
 * Reads a call record. Faults: those of documents, `call_record_invalid`, and `speech_refused` for a promise that was spoken although
 * the gate had last said block.
 */
export function readCallRecord(bytes: Uint8Array, what: string): Result<CallRecord> {
  const at = { file: what };
  const rules = { maxBytes: CALL_RECORD_LIMIT, kind: CALL_RECORD_ID };
  const read = readDocument(CallRecordShape, bytes, what, at, rules);
  if (!read.ok) return read;
  const misfit = recordDefect(read.value.value);
  if (misfit !== undefined) {
    const { pointer, wanted } = misfit;
    return { ok: false, fault: placed(invalid(what, `member "${pointer}" ${wanted}`, pointer), bytes, at) };
  }
  const record = normal(read.value.value);
  const { events, gate_decisions, speak_receipts } = record;
  const missing = missingEventType(events);
  if (missing !== undefined) return { ok: false, fault: invalid(what, `no event is of type ${quoted(missing)}`, "/events") };
  const speech = speechDefect(events, gate_decisions, speak_receipts);
  if (speech === undefined) return ok(record);
  const fault = invalid(what, speech.words, "/speak_receipts");
  return { ok: false, fault: speech.blocked ? { ...fault, code: "speech_refused" } : fault };
}

const invalid = (what: string, words: string, pointer: string): Fault => ({
  code: "call_record_invalid",
  message: `Cannot use call record "${what}": ${words}`,
  at: { file: what, pointer },
});
