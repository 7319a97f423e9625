// Making the signed record of a decision (spec 03, section 2.2): its ids, its relationships, its signature.
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { writeShape } from "../base/shape.ts";
import { shapeText } from "../base/shape_text.ts";
import { signatureEnd } from "../base/signed_lines.ts";
import type { DigestSigner, Signature } from "../base/sign.ts";
import { toUtc, ZERO_TIME } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { SignatureShape } from "../schema/signature.ts";
import { type ShownTrace, type Trace, TRACE_ID, TraceShape } from "../schema/trace.ts";
import { type TraceParties, traceRelationship } from "./relationship.ts";

/** What a decision says about itself; the rest of its trace follows from it. */
export type TraceFacts = Omit<
  Trace,
  "schema_id" | "schema_version" | "trace_id" | "event_id" | "relationship" | "signature"
>;

const ID_LENGTH = 24;
// Copied, not cut out of the digest: an engine prints a text three times as slowly that it holds as a part of another one.
const idOf = (crypto: Crypto, text: string): string => {
  const digest = crypto.sha256Text(text);
  return [digest.slice(0, ID_LENGTH / 2), digest.slice(ID_LENGTH / 2, ID_LENGTH)].join("");
};

/** The id of a decision: the same policy, intent and final verdict have one id. */
export const traceId = (crypto: Crypto, { policy_digest, intent_digest, verdict }: Pick<
  ShownTrace,
  "policy_digest" | "intent_digest" | "verdict"
>): string => idOf(crypto, `${policy_digest}:${intent_digest}:${verdict}`);

/** The id of the moment in which it was decided, which is in its one spelling. */
const eventId = (crypto: Crypto, trace_id: string, observed_at: string): string => idOf(crypto, `${trace_id}:${observed_at}`);

/** A trace that is not yet signed. */
export type UnsignedTrace = Trace & { readonly signature: undefined };

/** The trace of a decision, not yet signed. */
export function buildTrace(crypto: Crypto, facts: TraceFacts, parties: TraceParties): UnsignedTrace {
  const trace_id = traceId(crypto, facts);
  const observed_at = toUtc(facts.observed_at) ?? ZERO_TIME;
  return {
    ...facts,
    observed_at,
    schema_id: TRACE_ID,
    schema_version: VERSION_1,
    trace_id,
    event_id: eventId(crypto, trace_id, observed_at),
    relationship: traceRelationship(trace_id, facts, parties),
    signature: undefined,
  };
}

/** A trace with its signature, and the digest that this stands over. */
export type SignedTrace = {
  readonly trace_id: string;
  readonly created_at: string;
  readonly signed_digest: string;
  /** The trace without its signature, and the canonical text of it that was digested. */
  readonly unsigned: UnsignedTrace;
  readonly text: string;
  readonly signature: Signature;
};

/** What of a trace is signed: its canonical text. */
export const traceText = (unsigned: UnsignedTrace): string => shapeText(TraceShape, unsigned);

/** Signs a trace. */
export async function signTrace(crypto: Crypto, unsigned: UnsignedTrace, sign: DigestSigner): Promise<SignedTrace> {
  const text = traceText(unsigned);
  const signed_digest = crypto.sha256Text(text);
  const signature = await sign(signed_digest);
  return { trace_id: unsigned.trace_id, created_at: unsigned.created_at, signed_digest, unsigned, text, signature };
}

/** The trace as a document. */
export const traceDocument = ({ unsigned, signature }: SignedTrace): JsonObject => ({
  ...writeShape(TraceShape, unsigned),
  signature: writeShape(SignatureShape, signature),
});

/** The trace as one line of text, with its line break; the text that was digested is not spelled a second time. */
export const traceLine = ({ text, signature }: Pick<SignedTrace, "text" | "signature">): string =>
  `${text.slice(0, -1)}${signatureEnd(signature)}`;
