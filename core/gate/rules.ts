// What the rules of a policy make of one call (spec 02, section 5.2): those taken, the strongest of their effects, and what the rules
// with that effect say and demand.
import type { Crypto } from "../base/host.ts";
import type { Delegation } from "../schema/intent.ts";
import type { Call } from "./call.ts";
import type { CompiledPolicy } from "./compile.ts";
import { delegationFlaws } from "./delegation_times.ts";
import { demandsOf, NO_DEMANDS, union } from "./demands.ts";
import { effectOf } from "./effect.ts";
import { takenRules } from "./match.ts";
import { delegationMatters, freezeWindowOf, type Outcome, sandboxOf } from "./outcome.ts";
import { atLeast } from "./verdict.ts";

/** No rule matches: the policy's default, whatever the call touches. */
const defaultOutcome = ({ policy: { default_verdict: verdict } }: CompiledPolicy): Outcome => ({
  ...NO_DEMANDS,
  verdict,
  reason_codes: [`default_${verdict}`],
  violations: [],
  taken: [],
  required_approvals: verdict === "require_approval" ? 1 : 0,
  freeze_window: undefined,
  sandbox: undefined,
});

/** A block where a rule that was taken relies on a delegation at a time at which it does not hold. */
export function withinItsTimes(outcome: Outcome, delegation: Delegation | undefined, now: string): Outcome {
  if (delegation === undefined || !delegationMatters(outcome.taken)) return outcome;
  const codes = delegationFlaws(delegation, now);
  return codes.length === 0 ? outcome : {
    ...outcome,
    verdict: "block",
    reason_codes: union([outcome.reason_codes, codes]),
    violations: union([outcome.violations, ["delegation_not_granted"]]),
  };
}

/** What the rules make of a call at a moment. */
export function applyRules(crypto: Crypto, compiled: CompiledPolicy, call: Call, now: string): Outcome {
  const taken = takenRules(compiled, call);
  const effects = taken.map((rule) => effectOf(crypto, rule, call, now));
  if (effects.length === 0) return defaultOutcome(compiled);
  const verdict = effects.map((effect) => effect.verdict).reduce(atLeast);
  const decisive = effects.filter((effect) => effect.verdict === verdict);
  const outcome = {
    ...demandsOf(decisive.map((effect) => effect.rule), verdict),
    verdict,
    reason_codes: union(decisive.map((effect) => effect.reason_codes)),
    violations: union(decisive.map((effect) => effect.violations)),
    taken,
    freeze_window: freezeWindowOf(decisive.map((effect) => effect.freeze_window)),
    sandbox: sandboxOf(decisive.map((effect) => effect.sandbox)),
  };
  return withinItsTimes(outcome, call.delegation, now);
}
