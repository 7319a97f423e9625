// Normal form of the receipts of a run (spec 01, section 5.4): applied when a runpack is written and again when it is read.
import { fail, ok, type Result } from "../base/result.ts";
import { byBytes, isHex64, lower, trim } from "../base/text.ts";
import { isZeroTime, toUtc } from "../base/time.ts";
import type { Receipt, Refs } from "../schema/runpack.ts";

/** When a piece of context was fetched, where nobody said so. */
const UNKNOWN_FETCH = "1980-01-01T00:00:00Z";

/** The UTC text of a time of retrieval; an absent one is 1980-01-01. */
export const retrievalTime = (time: string): string => isZeroTime(time) ? UNKNOWN_FETCH : toUtc(time) ?? UNKNOWN_FETCH;

const receipt = (given: Receipt): Receipt => ({
  ...given,
  query_digest: lower(trim(given.query_digest)),
  content_digest: lower(trim(given.content_digest)),
  retrieved_at: retrievalTime(given.retrieved_at),
  immutability: lower(trim(given.immutability)) || "unknown",
});

/** The word for an evidence mode in its one spelling: trimmed, lowercase; undefined for a word that is none. */
export const evidenceMode = (given: string): "" | "best_effort" | "required" | undefined => {
  const mode = lower(trim(given));
  return mode === "" || mode === "best_effort" || mode === "required" ? mode : undefined;
};

/**
 * Brings refs, which stand at `pointer` of their document, into their normal form. Fault `run_invalid` for an unknown mode, a set
 * digest that is none, a negative count.
 */
export function normalizeRefs(refs: Refs, pointer = "/refs"): Result<Refs> {
  const refuse = (member: string, wanted: string): Result<never> =>
    fail("run_invalid", `Cannot use refs: member "${member}" ${wanted}`, { pointer: `${pointer}/${member}` });
  const mode = evidenceMode(refs.context_evidence_mode);
  if (mode === undefined) {
    return refuse("context_evidence_mode", `must be best_effort or required, not "${refs.context_evidence_mode}"`);
  }
  const digest = lower(trim(refs.context_set_digest));
  if (digest !== "" && !isHex64(digest)) return refuse("context_set_digest", "must be 64 hexadecimal digits");
  if (refs.context_ref_count < 0) return refuse("context_ref_count", "must not be negative");
  return ok({
    ...refs,
    context_set_digest: digest,
    context_evidence_mode: mode,
    context_ref_count: refs.context_ref_count === 0 ? refs.receipts.length : refs.context_ref_count,
    receipts: refs.receipts.map(receipt).sort((a, b) => byBytes(a.ref_id, b.ref_id)),
  });
}
