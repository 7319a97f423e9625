// Making the signed record of a decision (spec 03, section 2.2): its ids, its text, its signature.
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { writeShape } from "../base/shape.ts";
import { shapeText } from "../base/shape_text.ts";
import { openDigest } from "../base/open_digest.ts";
import { signatureEnd } from "../base/signed_lines.ts";
import type { DigestSigner, Signature } from "../base/sign.ts";
import { toUtc, ZERO_TIME } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type ShownTrace, type Trace, TRACE_ID, TraceShape } from "../schema/trace.ts";
import type { Relationship } from "../schema/relationship.ts";
import { type TraceParties, traceRelationship } from "./relationship.ts";
import { type TraceFacts, traceTexts, type UnsignedTrace } from "./text.ts";

export type { TraceFacts, UnsignedTrace } from "./text.ts";

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

/** The trace of a decision, not yet signed. */
export function buildTrace(crypto: Crypto, given: TraceFacts, parties: TraceParties): UnsignedTrace {
  const observed_at = toUtc(given.observed_at) ?? ZERO_TIME;
  const facts = observed_at === given.observed_at ? given : { ...given, observed_at };
  return { trace_id: traceId(crypto, facts), facts, parties };
}

/** The id of the moment in which it was decided. */
const eventId = (crypto: Crypto, { trace_id, facts }: UnsignedTrace): string =>
  idOf(crypto, eventText(trace_id, facts.observed_at));

/** Where a trace stands among policy, tool and agents. */
export const relationshipOf = ({ trace_id, facts, parties }: UnsignedTrace): Relationship | undefined =>
  traceRelationship(trace_id, facts, parties);

const membersOf = (unsigned: UnsignedTrace, event_id: string, signature?: Signature): Trace => ({
  ...unsigned.facts,
  schema_id: TRACE_ID,
  schema_version: VERSION_1,
  trace_id: unsigned.trace_id,
  event_id,
  relationship: relationshipOf(unsigned),
  signature,
});

const textOf = traceTexts();

const spelled = (unsigned: UnsignedTrace, event_id: string): string =>
  textOf(unsigned, JSON.stringify(unsigned.facts.args_digest), JSON.stringify(event_id)) ??
    shapeText(TraceShape, membersOf(unsigned, event_id));

/** What of a trace is signed: its canonical text. */
export const traceText = (crypto: Crypto, unsigned: UnsignedTrace): string => spelled(unsigned, eventId(crypto, unsigned));

/** Stands for the digest of the arguments in facts that are told by `openTraceText`. */
export const TO_COME = "";

/** The same, of whose facts the digest of the arguments is to come: both that and the event's id may be open (`open_digest.ts`) in it. */
export function openTraceText(crypto: Crypto, unsigned: UnsignedTrace, args: string): string {
  const { trace_id, facts, parties } = unsigned;
  const event = openDigest(eventText(trace_id, facts.observed_at), ID_LENGTH);
  return textOf(unsigned, `"${openDigest(args, DIGEST_LENGTH)}"`, `"${event}"`) ??
    traceText(crypto, { trace_id, facts: { ...facts, args_digest: crypto.sha256Text(args) }, parties });
}

/** A trace with its signature, and the digest that this stands over. */
export type SignedTrace = {
  readonly trace_id: string;
  readonly created_at: string;
  readonly signed_digest: string;
  /** What was signed, and the canonical text of it that was digested. */
  readonly unsigned: UnsignedTrace;
  readonly event_id: string;
  readonly text: string;
  readonly signature: Signature;
};

/** Signs a trace. */
export async function signTrace(crypto: Crypto, unsigned: UnsignedTrace, sign: DigestSigner): Promise<SignedTrace> {
  const { trace_id, facts: { created_at } } = unsigned;
  const event_id = eventId(crypto, unsigned);
  const text = spelled(unsigned, event_id);
  const signed_digest = crypto.sha256Text(text);
  const signature = await sign(signed_digest);
  return { trace_id, created_at, signed_digest, unsigned, event_id, text, signature };
}

/** The trace as a document. */
export const traceDocument = ({ unsigned, event_id, signature }: SignedTrace): JsonObject =>
  writeShape(TraceShape, membersOf(unsigned, event_id, signature));

/** The trace as one line of text, with its line break; the text that was digested is not spelled a second time. */
export const traceLine = ({ text, signature }: Pick<SignedTrace, "text" | "signature">): string =>
  `${text.slice(0, -1)}${signatureEnd(signature)}`;
