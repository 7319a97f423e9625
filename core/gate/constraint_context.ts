// Evidence of the context (spec 02, section 6.4). What counts was proved by an envelope when the intent was prepared.
import type { Call } from "./call.ts";
import { blockedFor, type Finding, type Flaw } from "./finding.ts";
import type { Rule } from "./types.ts";

/** Finds what a rule misses in the evidence of the context. */
export function checkContext(rule: Rule, { context }: Call): Finding | undefined {
  const required = rule.require_context_evidence || rule.required_context_evidence_mode === "required";
  const most = rule.max_context_age_seconds;
  if (!required && most === 0) return undefined;
  const flaws: Flaw[] = [];
  if (context.context_set_digest === "") {
    flaws.push(["context_evidence_missing", "missing_context_evidence"]);
    flaws.push(["context_set_digest_missing", "missing_context_evidence"]);
  }
  if (required && context.context_evidence_mode !== "required") {
    flaws.push(["context_evidence_mode_mismatch", "context_evidence_mode_violation"]);
  }
  const age = context.auth_context?.["context_age_seconds"];
  if (most > 0 && !(typeof age === "number" && age <= most)) {
    flaws.push(["context_freshness_exceeded", "context_freshness_violation"]);
  }
  return blockedFor(flaws);
}
