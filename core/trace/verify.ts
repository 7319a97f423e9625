// Verifying the record of a decision (spec 03, section 2.5).
import { digestOf } from "../base/digest.ts";
import { readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { quoted } from "../base/json_words.ts";
import { ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { pointersBeside } from "../base/shape_beside.ts";
import { checkSignature, type VerifyKey } from "../base/sign.ts";
import { type ShownTrace, ShownTraceShape, TRACE_ID, VERDICTS } from "../schema/trace.ts";
import { traceId } from "./build.ts";

/** Longest trace that is read. */
export const TRACE_LIMIT = 10 * 2 ** 20;

/** What was found out about a trace. */
export type TraceReport = {
  readonly ok: boolean;
  readonly trace_id: string;
  readonly verdict: string;
  readonly signature_status: "verified" | "failed";
  /** The key id that the record names; only where its signature was checked to the end. */
  readonly key_id?: string;
  /** Why the signature could not be checked to the end, or why a record is none though its signature is good. */
  readonly error?: string;
};

/** A trace as read, and the pointers of what stands in it beside the known members: no signature covers that. */
export type ReadTrace = { readonly trace: ShownTrace; readonly uncovered: readonly string[] };

/** Reads a trace. Unknown members are dropped and named; a wrong type, a bad time or no verdict at all is a fault. */
export function readTrace(bytes: Uint8Array, what: string): Result<ReadTrace> {
  const read = readDocument(ShownTraceShape, bytes, what, { file: what }, { maxBytes: TRACE_LIMIT, kind: TRACE_ID });
  return read.ok ? ok({ trace: read.value.value, uncovered: pointersBeside(ShownTraceShape, read.value.raw) }) : read;
}

/** The digest that the signature of a trace stands over: the known members without `signature`. */
export const traceDigest = (crypto: Crypto, trace: ShownTrace): string =>
  digestOf(crypto, writeShape(ShownTraceShape, { ...trace, signature: undefined }));

/** Checks a trace against a key. */
export async function verifyTrace(crypto: Crypto, trace: ShownTrace, key: VerifyKey): Promise<TraceReport> {
  const { trace_id, verdict, signature } = trace;
  const failed = { ok: false, trace_id, verdict, signature_status: "failed" } as const;
  if (signature === undefined) return { ...failed, error: `Cannot verify trace "${trace_id}": it has no signature` };
  const defect = await checkSignature(crypto, key, signature, traceDigest(crypto, trace));
  if (defect === undefined) {
    const verified = { trace_id, verdict, signature_status: "verified", key_id: signature.key_id } as const;
    if (VERDICTS.some((known) => known === verdict)) return { ok: true, ...verified };
    const wanted = `its verdict must be one of ${VERDICTS.join(", ")}, not ${quoted(verdict)}`; // whoever signed it (decision 6)
    return { ok: false, ...verified, error: `Cannot use trace "${trace_id}": ${wanted}` };
  }
  if (defect.name === "ed25519_false") return { ...failed, key_id: signature.key_id };
  return { ...failed, error: `Cannot verify trace "${trace_id}": ${defect.message}` };
}

/**
 * What shows that a trace is not as gait signed it; undefined when nothing does. Where `key` is the one that it names, that checks its
 * signature; of other keys there is only the digest that they signed.
 */
export async function traceFlaw(
  crypto: Crypto,
  { trace, uncovered: [beside] }: ReadTrace,
  key: VerifyKey,
): Promise<string | undefined> {
  const { signature } = trace;
  if (signature === undefined) return "it has no signature";
  if (beside !== undefined) return `no signature covers its member ${quoted(beside)}`;
  const digest = traceDigest(crypto, trace);
  if (signature.signed_digest !== digest) return "its members are not those that were signed";
  if (trace.trace_id !== traceId(crypto, trace)) return "its id is not that of its policy, intent and verdict";
  if (signature.key_id !== key.keyId) return undefined;
  return (await checkSignature(crypto, key, signature, digest))?.message;
}
