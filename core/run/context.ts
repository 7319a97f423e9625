// Context envelopes: reading one, checking its digest, and putting it in the place of a run's receipts (spec 01, section 5.5).
import { digestOf } from "../base/digest.ts";
import { placed, readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { by } from "../base/order.ts";
import { type Fault, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { isHex64, lower, trim } from "../base/text.ts";
import { type ContextEnvelope, ContextEnvelopeShape, type ContextRecord, ContextRecordShape } from "../schema/context.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type Refs } from "../schema/runpack.ts";
import { evidenceMode, retrievalTime } from "./refs.ts";

/** What an envelope says that it is. */
export const ENVELOPE_ID = "gait.context.envelope";

/** Most bytes of an envelope. */
export const ENVELOPE_LIMIT = 1_048_576;

/** What an envelope gives to a run or a decision: its records in normal form, in order, and their digest. */
export type ContextSet = {
  /** Names the envelope in faults. */
  readonly file: string;
  readonly digest: string;
  readonly records: readonly ContextRecord[];
  readonly evidence_mode: "best_effort" | "required";
  /** UTC. */
  readonly created_at: string;
};

/** Reads and checks an envelope. Fault `context_invalid`, or what the JSON and shape readers refuse. */
export function readContext(crypto: Crypto, bytes: Uint8Array, what: string): Result<ContextSet> {
  const read = readDocument(ContextEnvelopeShape, bytes, what, { file: what }, { maxBytes: ENVELOPE_LIMIT });
  if (!read.ok) return read;
  const envelope = read.value.value;
  const defect = headDefect(envelope);
  if (defect !== undefined) return refuse(bytes, what, `${defect.member} ${defect.words}`, `/${defect.member}`);
  const set = normalRecords(crypto, envelope.records);
  if ("words" in set) {
    const { index, member, words } = set;
    return refuse(bytes, what, `record ${index + 1}: ${member} ${words}`, `/records/${index}/${member}`);
  }
  const { records, digest } = set;
  const stated = lower(trim(envelope.context_set_digest));
  if (stated !== "" && stated !== digest) {
    return refuse(bytes, what, `context_set_digest must be the digest of the records, ${digest}`, "/context_set_digest");
  }
  return ok({
    file: what,
    digest,
    records,
    evidence_mode: evidenceMode(envelope.evidence_mode) || "best_effort",
    created_at: retrievalTime(envelope.created_at),
  });
}

/** The refs of a run with the context set in the place of what they said. */
export const withContext = (refs: Refs, context: ContextSet): Refs => ({
  ...refs,
  context_set_digest: context.digest,
  context_ref_count: context.records.length,
  receipts: context.records,
});

/** Records in normal form, in order, and their digest. */
export type NormalRecords = { readonly records: readonly ContextRecord[]; readonly digest: string };

/** Brings records into normal form, or says which member of which record has none. */
export function normalRecords(
  crypto: Crypto,
  given: readonly ContextRecord[],
): NormalRecords | { readonly index: number; readonly member: string; readonly words: string } {
  const records: ContextRecord[] = [];
  for (const [index, one] of given.entries()) {
    const record = normalRecord(one);
    if ("words" in record) return { index, ...record };
    records.push(record);
  }
  records.sort(byIdentity);
  return { records, digest: digestOf(crypto, records.map((record) => writeShape(ContextRecordShape, record))) };
}

/** A member and what it must be. */
type Defect = { readonly member: string; readonly words: string };

const headDefect = (envelope: ContextEnvelope): Defect | undefined => {
  const { schema_id, schema_version } = envelope;
  if (trim(schema_id) !== "" && schema_id !== ENVELOPE_ID) return { member: "schema_id", words: `must be "${ENVELOPE_ID}"` };
  if (trim(schema_version) !== "" && schema_version !== VERSION_1) {
    return { member: "schema_version", words: `must be "${VERSION_1}"` };
  }
  if (trim(envelope.context_set_id) === "") return { member: "context_set_id", words: "must not be blank" };
  if (evidenceMode(envelope.evidence_mode) === undefined) {
    return { member: "evidence_mode", words: "must be best_effort or required" };
  }
  return undefined;
};

const REQUIRED = ["ref_id", "source_type", "source_locator", "redaction_mode"] as const;
const DIGESTS = ["query_digest", "content_digest"] as const;
const IMMUTABILITY = ["unknown", "mutable", "immutable"];

/** A record in normal form, or the reason why it has none. */
const normalRecord = (given: ContextRecord): ContextRecord | Defect => {
  const record = {
    ...given,
    ref_id: trim(given.ref_id),
    source_type: trim(given.source_type),
    source_locator: trim(given.source_locator),
    redaction_mode: trim(given.redaction_mode),
    query_digest: lower(trim(given.query_digest)),
    content_digest: lower(trim(given.content_digest)),
    immutability: lower(trim(given.immutability)) || "unknown",
    retrieved_at: retrievalTime(given.retrieved_at),
  };
  for (const name of REQUIRED) if (record[name] === "") return { member: name, words: "must not be blank" };
  for (const name of DIGESTS) if (!isHex64(record[name])) return { member: name, words: "must be 64 hexadecimal digits" };
  if (!IMMUTABILITY.includes(record.immutability)) {
    return { member: "immutability", words: `must be one of ${IMMUTABILITY.join(", ")}` };
  }
  if (record.freshness_sla_seconds < 0) return { member: "freshness_sla_seconds", words: "must not be negative" };
  return record;
};

const byIdentity = by<ContextRecord>(
  (record) => record.ref_id,
  (record) => record.source_type,
  (record) => record.source_locator,
  (record) => record.content_digest,
);

const refuse = (bytes: Uint8Array, what: string, why: string, pointer: string): Result<never> => {
  const fault: Fault = {
    code: "context_invalid",
    message: `Cannot use context envelope "${what}": ${why}`,
    at: { file: what, pointer },
  };
  return { ok: false, fault: placed(fault, bytes) };
};
