// Decides one call (spec 02, section 5.1, steps 3 to 6). Total: whatever the values, there is a decision, and a doubt is a block.
// Verdicts come from the policy and from constraints that raise them; no line here or below says `allow`.
import type { Crypto } from "../base/host.ts";
import { callOf } from "./call.ts";
import type { CompiledPolicy } from "./compile.ts";
import { failClosed } from "./fail_closed.ts";
import { killSwitchUnavailable, withKillSwitch } from "./kill_switch.ts";
import { decisionOf } from "./outcome.ts";
import { applyRules } from "./rules.ts";
import { decideScript } from "./script.ts";
import type { Conditions, Decision, Intent } from "./types.ts";

/** What the policy says of a prepared intent, before limits, tokens, brokers and simulation. */
export const evaluate = (crypto: Crypto, compiled: CompiledPolicy, intent: Intent, conditions: Conditions): Decision =>
  guarded(compiled, intent, conditions, () => decide(crypto, compiled, intent, conditions));

/** What is decided where nothing blocks before the rules are asked; and whatever it is, an emergency stop blocks it. */
export function guarded(
  { policy }: CompiledPolicy,
  intent: Intent,
  conditions: Conditions,
  decide: () => Decision,
): Decision {
  if (conditions.kill_switch.status === "unavailable") return killSwitchUnavailable(conditions.evaluation_time);
  return withKillSwitch(failClosed(policy, intent) ?? decide(), intent, conditions);
}

const decide = (crypto: Crypto, compiled: CompiledPolicy, intent: Intent, conditions: Conditions): Decision =>
  intent.script === undefined
    ? decisionOf(applyRules(crypto, compiled, callOf(intent), conditions.evaluation_time), undefined)
    : decideScript(crypto, compiled, intent, intent.script.steps, conditions);
