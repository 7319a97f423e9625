// Scripts (spec 02, section 8.1): each step is decided as a call of its own, the strongest verdict counts, what the steps say and
// demand is merged, and the policy's section `scripts` is held against the whole.
import type { Crypto } from "../base/host.ts";
import { trimmedSet } from "../base/text.ts";
import { callOf } from "./call.ts";
import type { CompiledPolicy } from "./compile.ts";
import { demandsOfSteps, union } from "./demands.ts";
import { invalidIntent } from "./fail_closed.ts";
import type { Finding } from "./finding.ts";
import { decisionOf, freezeWindowOf, matchedRule, type Outcome, sandboxOf } from "./outcome.ts";
import { highestRisk, riskOf } from "./risk.ts";
import { applyRules } from "./rules.ts";
import type { Conditions, Decision, Intent, Policy, RiskClass, Step } from "./types.ts";
import { atLeast } from "./verdict.ts";

const MOST_STEPS = 64;

/** What the whole script does not meet. */
function findings({ scripts }: Policy, steps: number, risks: readonly RiskClass[]): readonly Finding[] {
  const found: Finding[] = [];
  if (steps > (scripts.max_steps === 0 ? MOST_STEPS : scripts.max_steps)) {
    const codes = ["script_max_steps_exceeded"];
    found.push({ at_least: "block", reason_codes: codes, violations: codes });
  }
  if (scripts.require_approval_above > 0 && steps > scripts.require_approval_above) {
    found.push({ at_least: "require_approval", reason_codes: ["script_step_threshold_approval"], violations: [] });
  }
  if (scripts.block_mixed_risk && new Set(risks).size > 1) {
    found.push({ at_least: "block", reason_codes: ["script_mixed_risk_blocked"], violations: ["script_mixed_risk"] });
  }
  return found;
}

/** The rules taken for the steps, each once, in the order of evaluation. */
export const takenBy = (steps: readonly Pick<Outcome, "taken">[]): Outcome["taken"] => {
  const places = new Map(steps.flatMap((step) => step.taken).map((rule) => [rule.place, rule]));
  return [...places.values()].sort((a, b) => a.place - b.place);
};

/** What the rules make of a script at a moment. One without steps is no intent. */
export function decideScript(
  crypto: Crypto,
  compiled: CompiledPolicy,
  intent: Intent,
  steps: readonly Step[],
  { evaluation_time, inventory }: Conditions,
): Decision {
  if (steps.length === 0) return invalidIntent();
  const outcomes = steps.map((step) =>
    applyRules(crypto, compiled, callOf(intent, step, inventory?.get(step.tool_name)), evaluation_time)
  );
  const risks = steps.map((step) => riskOf(step.targets));
  const found = findings(compiled.policy, steps.length, risks);
  const demands = demandsOfSteps(outcomes);
  const asks = found.some((finding) => finding.at_least === "require_approval");
  const verdicts = [...outcomes.map((outcome) => outcome.verdict), ...found.map((finding) => finding.at_least)];
  const merged: Outcome = {
    ...demands,
    required_approvals: asks ? Math.max(demands.required_approvals, 1) : demands.required_approvals,
    verdict: verdicts.reduce(atLeast),
    reason_codes: union([...outcomes, ...found].map((one) => one.reason_codes)),
    violations: union([...outcomes, ...found].map((one) => one.violations)),
    taken: takenBy(outcomes),
    freeze_window: freezeWindowOf(outcomes.map((outcome) => outcome.freeze_window)),
    sandbox: sandboxOf(outcomes.map((outcome) => outcome.sandbox)),
  };
  const verdictsOfSteps = outcomes.map(({ verdict, reason_codes, violations, taken }, index) => ({
    index,
    tool_name: steps[index]?.tool_name ?? "",
    verdict,
    reason_codes,
    violations,
    matched_rule: matchedRule(taken),
  }));
  // What the steps say, each once: a name that stands in several of them is repeated (spec 03, quirk 25).
  const matched = trimmedSet(verdictsOfSteps.map(({ matched_rule }) => matched_rule)).join(",");
  return decisionOf(merged, { composite_risk_class: highestRisk(risks), steps: verdictsOfSteps }, matched);
}
