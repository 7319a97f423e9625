// Making the signed record of a decision (spec 03, section 2.2): its ids, its relationships, its signature.
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { writeShape } from "../base/shape.ts";
import { shapeText } from "../base/shape_text.ts";
import { openDigest } from "../base/open_digest.ts";
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
const DIGEST_LENGTH = 64;
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

/** What the id of the moment is made of in which it was decided, which is in its one spelling. */
const eventText = (trace_id: string, observed_at: string): string => `${trace_id}:${observed_at}`;

/** A trace that is not yet signed. */
export type UnsignedTrace = Trace & { readonly signature: undefined };

/** The trace of a decision, not yet signed. */
export const buildTrace = (crypto: Crypto, facts: TraceFacts, parties: TraceParties): UnsignedTrace =>
  build(crypto, facts, parties, (text) => idOf(crypto, text));

function build(crypto: Crypto, facts: TraceFacts, parties: TraceParties, eventId: (text: string) => string): UnsignedTrace {
  const trace_id = traceId(crypto, facts);
  const observed_at = toUtc(facts.observed_at) ?? ZERO_TIME;
  return {
    ...facts,
    observed_at,
    schema_id: TRACE_ID,
    schema_version: VERSION_1,
    trace_id,
    event_id: eventId(eventText(trace_id, observed_at)),
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

/** Stands for a digest in a trace that is still to be made. */
export const TO_COME = "\u0001";
const IN_TEXT = JSON.stringify(TO_COME);

/** The same as `buildTrace` with the event's id to come; `args_digest` of the facts may be so too. */
export const buildOpenTrace = (crypto: Crypto, facts: TraceFacts, parties: TraceParties): UnsignedTrace =>
  build(crypto, facts, parties, () => TO_COME);

/**
 * The text of such a trace, both its digests open (`open_digest.ts`); `args` is the canonical text of the arguments. Nobody's words
 * have a quote as it is, so what is found here is the members.
 */
export function openTraceText(unsigned: UnsignedTrace, args: string): string {
  const text = traceText(unsigned);
  const [toArgs, toEvent] = [`"args_digest":${IN_TEXT}`, `"event_id":${IN_TEXT}`];
  const first = text.indexOf(toArgs) + toArgs.length;
  const second = text.indexOf(toEvent, first) + toEvent.length;
  const event = openDigest(eventText(unsigned.trace_id, unsigned.observed_at), ID_LENGTH);
  const before = text.slice(0, first - IN_TEXT.length);
  const between = text.slice(first, second - IN_TEXT.length);
  return `${before}"${openDigest(args, DIGEST_LENGTH)}"${between}"${event}"${text.slice(second)}`;
}

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
