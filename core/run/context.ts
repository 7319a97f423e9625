// Context envelopes: reading one, checking its digest, and putting it in the place of a run's receipts (spec 01, section 5.5).
import { digestOf } from "../base/digest.ts";
import { placed, readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { type Fault, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { byBytes, isHex64, lower, trim } from "../base/text.ts";
import { type ContextEnvelope, ContextEnvelopeShape, type ContextRecord, ContextRecordShape } from "../schema/context.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type Refs } from "../schema/runpack.ts";
import { evidenceMode, retrievalTime } from "./refs.ts";

const ENVELOPE_ID = "gait.context.envelope";

/** Most bytes of an envelope. */
export const ENVELOPE_LIMIT = 1_048_576;

/** What an envelope gives to a run: its records in normal form, in order, and their digest; `file` names it in faults. */
export type ContextSet = { readonly file: string; readonly digest: string; readonly records: readonly ContextRecord[] };

/** Reads and checks an envelope. Fault `context_invalid`, or what the JSON and shape readers refuse. */
export function readContext(crypto: Crypto, bytes: Uint8Array, what: string): Result<ContextSet> {
  const read = readDocument(ContextEnvelopeShape, bytes, what, { file: what }, { maxBytes: ENVELOPE_LIMIT });
  if (!read.ok) return read;
  const envelope = read.value.value;
  const defect = headDefect(envelope);
  if (defect !== undefined) return refuse(bytes, what, `${defect.member} ${defect.words}`, `/${defect.member}`);
  const records: ContextRecord[] = [];
  for (const [index, given] of envelope.records.entries()) {
    const record = normalRecord(given);
    if ("words" in record) {
      const { member, words } = record;
      return refuse(bytes, what, `record ${index + 1}: ${member} ${words}`, `/records/${index}/${member}`);
    }
    records.push(record);
  }
  records.sort(byIdentity);
  const digest = digestOf(crypto, records.map((record) => writeShape(ContextRecordShape, record)));
  const stated = lower(trim(envelope.context_set_digest));
  if (stated !== "" && stated !== digest) {
    return refuse(bytes, what, `context_set_digest must be the digest of the records, ${digest}`, "/context_set_digest");
  }
  return ok({ file: what, digest, records });
}

/** The refs of a run with the context set in the place of what they said. */
export const withContext = (refs: Refs, context: ContextSet): Refs => ({
  ...refs,
  context_set_digest: context.digest,
  context_ref_count: context.records.length,
  receipts: context.records,
});

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

const ORDER = ["ref_id", "source_type", "source_locator", "content_digest"] as const;

const byIdentity = (a: ContextRecord, b: ContextRecord): number => {
  for (const name of ORDER) {
    const order = byBytes(a[name], b[name]);
    if (order !== 0) return order;
  }
  return 0;
};

const refuse = (bytes: Uint8Array, what: string, why: string, pointer: string): Result<never> => {
  const fault: Fault = {
    code: "context_invalid",
    message: `Cannot use context envelope "${what}": ${why}`,
    at: { file: what, pointer },
  };
  return { ok: false, fault: placed(fault, bytes) };
};
