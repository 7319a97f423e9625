// What `gate eval --json` prints about a decision (spec 02, section 1.1). Empty members are left out when it is printed.
import { approvalIds, delegationIds } from "../authority/granted.ts";
import type { JsonObject } from "../base/json.ts";
import { writeShape } from "../base/shape.ts";
import { FreezeWindowShape, KillSwitchShape, SandboxShape, StepVerdictShape } from "../schema/trace.ts";
import { contextMembers, type Decided, scriptMembers } from "./gate_decided.ts";
import type { ProofRefs } from "./gate_explain.ts";
import { type LimitOutcome, wouldHaveBlocked } from "./gate_finish.ts";

/** How the decision came about, beside what was decided. */
export type ResultSetting = {
  readonly profile: string;
  readonly proof: ProofRefs;
  readonly warnings: readonly string[];
  /** What the caller calls the approval, where none was granted. */
  readonly approval_token_ref?: string;
};

/** The members of the result. */
export type GateResult = ReturnType<typeof gateResult>;

/** Makes the result. */
export function gateResult(decided: Decided, { profile, proof, warnings, approval_token_ref = "" }: ResultSetting) {
  const { decision, facts, final, intent } = decided;
  const { freeze_window, sandbox, kill_switch } = decision;
  const { step_verdicts, ...script } = scriptMembers(decided);
  const { simulated } = final;
  return {
    ok: true,
    profile,
    verdict: final.verdict,
    reason_codes: final.reason_codes,
    violations: final.violations,
    matched_rule: decision.matched_rule,
    policy_digest: decided.policy_digest,
    intent_digest: decided.digests.intent_digest,
    phase: intent.context.phase,
    approval_ref: final.approval_ref || approval_token_ref,
    required_approvals: decision.required_approvals,
    valid_approvals: approvalIds(facts.approvals).length,
    delegation_required: decision.delegation.required,
    delegation_ref: final.delegation_ref,
    valid_delegations: delegationIds(facts.delegation.entries).length,
    ...proof,
    ...contextMembers(decided),
    ...script,
    step_verdicts: step_verdicts.map((step) => writeShape(StepVerdictShape, step)),
    ...decided.lookup,
    freeze_window: freeze_window === undefined ? undefined : writeShape(FreezeWindowShape, freeze_window),
    sandbox: sandbox === undefined ? undefined : writeShape(SandboxShape, sandbox),
    kill_switch: kill_switch === undefined ? undefined : writeShape(KillSwitchShape, kill_switch),
    ...limitMembers("rate_limit", facts.rate_limit),
    ...limitMembers("destructive_budget", facts.destructive_budget),
    ...brokerMembers(decided),
    simulate_mode: simulated !== undefined,
    would_have_blocked: wouldHaveBlocked(final),
    simulated_verdict: simulated?.verdict ?? "",
    simulated_reason_codes: simulated?.reason_codes ?? [],
    warnings,
  } as const;
}

const limitMembers = (name: string, outcome: LimitOutcome | undefined): JsonObject =>
  outcome === undefined ? {} : {
    [`${name}_scope`]: outcome.scope,
    [`${name}_key`]: outcome.key,
    [`${name}_used`]: outcome.used,
    [`${name}_remaining`]: outcome.remaining,
  };

function brokerMembers({ facts: { broker } }: Decided) {
  const issued = broker.status === "issued" ? broker.credential : undefined;
  return {
    credential_issuer: issued?.issuer ?? "",
    credential_source: issued?.source ?? "",
    credential_access_type: issued?.access_type ?? "",
    credential_ref: issued?.credential_ref ?? "",
    credential_ttl_seconds: issued?.ttl_seconds ?? 0,
  };
}
