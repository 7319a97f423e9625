// What rules make of one call, or of all steps of a script: the part of a decision that is merged (spec 02, sections 5.2 and 8.1).
import { byBytes, trimmedSet } from "../base/text.ts";
import type { CompiledRule } from "./compile.ts";
import { wantsDelegation } from "./condition.ts";
import type { Decision, Demands, FreezeWindowDecision, SandboxDecision, Verdict } from "./types.ts";

/** What was decided, before the kill switch is asked. */
export type Outcome = Demands & {
  readonly verdict: Verdict;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  /** The rules taken, in the order of evaluation. */
  readonly taken: readonly CompiledRule[];
  readonly freeze_window: FreezeWindowDecision | undefined;
  readonly sandbox: SandboxDecision | undefined;
};

const first = <T>(all: readonly (T | undefined)[], order: (a: T, b: T) => number): T | undefined => {
  let best: T | undefined;
  for (const one of all) if (one !== undefined && (best === undefined || order(one, best) < 0)) best = one;
  return best;
};

const FREEZE_STATUS = ["invalid", "active", "inactive"] as const satisfies readonly FreezeWindowDecision["status"][];
const SANDBOX_STATUS = ["missing", "disallowed", "valid"] as const satisfies readonly SandboxDecision["status"][];

/** The freeze window that is told of several: invalid, active, inactive; then what blocks; then the name; then the earlier rule. */
export const freezeWindowOf = (all: readonly (FreezeWindowDecision | undefined)[]): FreezeWindowDecision | undefined =>
  first(all, (a, b) =>
    FREEZE_STATUS.indexOf(a.status) - FREEZE_STATUS.indexOf(b.status) || byBytes(a.effect, b.effect) ||
    byBytes(a.window_name, b.window_name));

/** The sandbox that is told of several: missing, disallowed, valid; then the digest of the proof; then the earlier rule. */
export const sandboxOf = (all: readonly (SandboxDecision | undefined)[]): SandboxDecision | undefined =>
  first(
    all,
    (a, b) =>
      SANDBOX_STATUS.indexOf(a.status) - SANDBOX_STATUS.indexOf(b.status) || byBytes(a.evidence_digest, b.evidence_digest),
  );

/** The names of the rules taken, in byte order, joined by commas. */
export const matchedRule = (taken: readonly CompiledRule[]): string =>
  taken.length === 1 ? taken[0]?.rule.name ?? "" : trimmedSet(taken.map((rule) => rule.rule.name)).join(",");

/** Whether a rule taken has a condition on the delegation, so that its times count (spec 03, section 4.6). */
export const delegationMatters = (taken: readonly CompiledRule[]): boolean =>
  taken.some(({ rule }) => wantsDelegation(rule.match));

/** The decision that an outcome is, as long as nothing else is known. */
export const decisionOf = (
  outcome: Outcome,
  script: Decision["script"],
  matched_rule = matchedRule(outcome.taken),
): Decision => ({
  verdict: outcome.verdict,
  reason_codes: outcome.reason_codes,
  violations: outcome.violations,
  matched_rule,
  matched_rules: outcome.taken.map((rule) => rule.summary),
  delegation_matters: delegationMatters(outcome.taken),
  required_approvals: outcome.required_approvals,
  distinct_approvers: outcome.distinct_approvers,
  broker: outcome.broker,
  delegation: outcome.delegation,
  rate_limit: outcome.rate_limit,
  destructive_budget: outcome.destructive_budget,
  freeze_window: outcome.freeze_window,
  sandbox: outcome.sandbox,
  kill_switch: undefined,
  script,
});
