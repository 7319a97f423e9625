// What can be checked of a trace without a key (spec 01, sections 5.10 and 7.6).
import type { Crypto } from "../base/host.ts";
import { quoted } from "../base/json_words.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { isHex64, trim } from "../base/text.ts";
import { isZeroTime } from "../base/time.ts";
import { type ShownTrace, type Trace, TRACE_ID, VERDICTS } from "../schema/trace.ts";
import { type ReadTrace, traceDigest } from "./verify.ts";

const DIGESTS = ["args_digest", "intent_digest", "policy_digest"] as const;
const TEXTS = ["schema_version", "producer_version", "trace_id", "tool_name"] as const;

/** The trace, or which member keeps it from being one and what is wanted there. */
function whole(trace: ShownTrace): Trace | { readonly member: string; readonly wanted: string } {
  if (trace.schema_id !== TRACE_ID) return { member: "schema_id", wanted: `must be "${TRACE_ID}"` };
  if (isZeroTime(trace.created_at)) return { member: "created_at", wanted: "must be there" };
  const blank = TEXTS.find((name) => trim(trace[name]) === "");
  if (blank !== undefined) return { member: blank, wanted: "must not be blank" };
  const odd = DIGESTS.find((name) => !isHex64(trace[name]));
  if (odd !== undefined) return { member: odd, wanted: "must be 64 lowercase hexadecimal digits" };
  const verdict = VERDICTS.find((known) => known === trace.verdict);
  if (verdict !== undefined) return { ...trace, verdict };
  return { member: "verdict", wanted: `must be one of ${VERDICTS.join(", ")}, not ${quoted(trace.verdict)}` };
}

/** Checks that a trace has what a trace has to have. Fault `document_shape`. */
export function checkTraceShape(trace: ShownTrace, what: string): Result<Trace> {
  const found = whole(trace);
  if (!("member" in found)) return ok(found);
  const pointer = `/${found.member}`;
  return fail("document_shape", `Cannot use trace "${what}": member "${pointer}" ${found.wanted}`, { file: what, pointer });
}

/**
 * Checks a trace without a key; gives what its reader should be warned of. Faults: `document_shape` for one that lacks what a trace
 * has to have, `verification_failed` when the digest that was signed is not that of the trace.
 */
export function checkTrace(crypto: Crypto, { trace, uncovered }: ReadTrace, what: string): Result<readonly string[]> {
  const shape = checkTraceShape(trace, what);
  if (!shape.ok) return shape;
  if (trace.signature === undefined) return ok([`Trace "${what}" is not signed: nothing says who wrote it`]);
  if (trace.signature.signed_digest !== traceDigest(crypto, trace)) {
    const message = `Cannot use trace "${what}": it was changed, its digest is not the one that was signed`;
    return fail("verification_failed", message, { file: what, pointer: "/signature/signed_digest" });
  }
  return ok(uncovered.map((pointer) => `Trace "${what}" holds ${pointer}, which no signature covers`));
}
