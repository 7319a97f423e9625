// A script that was approved in advance (spec 03, section 5.4 step 6): the approval stands for what the rules would say of its steps,
// and for nothing else. What blocks before the rules, and what the rules demand, stays.
import { PRE_APPROVED } from "../schema/approved_script.ts";
import { callOf } from "./call.ts";
import type { CompiledPolicy } from "./compile.ts";
import { demandsOf, demandsOfSteps, union } from "./demands.ts";
import { guarded } from "./evaluate.ts";
import { takenRules } from "./match.ts";
import { decisionOf, type Outcome } from "./outcome.ts";
import { highestRisk, riskOf } from "./risk.ts";
import { withinItsTimes } from "./rules.ts";
import { takenBy } from "./script.ts";
import type { Conditions, Decision, Intent, Policy, Rule, Step } from "./types.ts";

const REASONS = [PRE_APPROVED] as const;

/** What is decided of a script that was approved in advance, before limits, tokens, brokers and simulation. */
export function evaluatePreApproved(
  compiled: CompiledPolicy,
  intent: Intent,
  steps: readonly Step[],
  conditions: Conditions,
): Decision {
  const decision = guarded(compiled, intent, conditions, () => allowed(compiled, intent, steps, conditions));
  return { ...decision, reason_codes: union([decision.reason_codes, REASONS]) };
}

function allowed(
  compiled: CompiledPolicy,
  intent: Intent,
  steps: readonly Step[],
  { evaluation_time, inventory }: Conditions,
): Decision {
  // Whatever their effect: a rule that would block the step still says how often it may be tried.
  const found = steps.map((step) => {
    const taken = takenRules(compiled, callOf(intent, step, inventory?.get(step.tool_name)));
    return { taken, ...demandsOf(taken.map(({ rule }) => rule), "allow") };
  });
  const outcome: Outcome = {
    ...demandsOfSteps(found),
    verdict: "allow",
    reason_codes: REASONS,
    violations: [],
    taken: takenBy(found),
    freeze_window: undefined,
    sandbox: undefined,
  };
  const script: Decision["script"] = {
    composite_risk_class: highestRisk(steps.map((step) => riskOf(step.targets))),
    steps: steps.map(({ tool_name }, index) => ({
      index,
      tool_name,
      verdict: "allow",
      reason_codes: REASONS,
      violations: [],
      matched_rule: "",
    })),
  };
  const decision = decisionOf(withinItsTimes(outcome, intent.delegation, evaluation_time), script);
  return { ...decision, matched_rule: "" }; // no rule decided
}

const wantsEvidence = (rule: Rule): boolean =>
  rule.require_context_evidence || rule.required_context_evidence_mode === "required" || rule.max_context_age_seconds > 0;

/** Whether a policy wants evidence of the context anywhere: then no script is approved in advance under it. */
export const wantsContextEvidence = ({ fail_closed, rules }: Policy): boolean =>
  rules.some(wantsEvidence) || fail_closed.enabled && fail_closed.required_fields.includes("context_evidence");
