// A context envelope as a decision needs it (spec 02, section 6.4): read and verified as for a run, with its age at the moment that
// is decided for.
import type { Crypto } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { trimmedSet } from "../base/text.ts";
import { byTime, secondsBetween } from "../base/time.ts";
import type { BoundContext } from "../gate/prepare.ts";
import { type ContextSet, readContext } from "../run/context.ts";

/** Reads an envelope for a decision at `evaluationTime`. Faults of `readContext`. */
export function readBoundContext(
  crypto: Crypto,
  bytes: Uint8Array,
  what: string,
  evaluationTime: string,
): Result<BoundContext> {
  const read = readContext(crypto, bytes, what);
  return read.ok ? ok(boundContext(read.value, evaluationTime)) : read;
}

/** What a set of context says at a moment. It is as old as its oldest record, or as itself when it has none. */
export function boundContext(context: ContextSet, evaluationTime: string): BoundContext {
  const [oldest = context.created_at] = context.records.map((record) => record.retrieved_at).sort(byTime);
  return {
    context_set_digest: context.digest,
    context_evidence_mode: context.evidence_mode,
    context_refs: trimmedSet(context.records.map((record) => record.ref_id)),
    context_age_seconds: Math.max(0, secondsBetween(oldest, evaluationTime)),
  };
}
