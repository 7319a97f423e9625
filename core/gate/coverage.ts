// Which rules calls reach, and which of them decide: what a set of fixtures leaves untried.
import type { Crypto } from "../base/host.ts";
import { type Call, callOf } from "./call.ts";
import type { CompiledPolicy, CompiledRule } from "./compile.ts";
import { effectOf } from "./effect.ts";
import { failClosed } from "./fail_closed.ts";
import { takenRules } from "./match.ts";
import type { Intent, Rule } from "./types.ts";
import { strongest } from "./verdict.ts";

/** How many calls took a rule, and for how many of them (or for some step) its effect was what the rules came to. */
export type RuleCoverage = { readonly rule: Rule; readonly reached: number; readonly decided: number };

/** A call as it is decided (prepared), and when. */
export type Tried = { readonly intent: Intent; readonly evaluation_time: string };

// Rules of one tier decide together when their effects, raised by what is not met, are the strongest.
function decisive(crypto: Crypto, taken: readonly CompiledRule[], call: Call, now: string): readonly CompiledRule[] {
  const effects = taken.map((rule) => ({ rule, verdict: effectOf(crypto, rule, call, now).verdict }));
  const [one, ...others] = effects.map(({ verdict }) => verdict);
  if (one === undefined) return [];
  const verdict = strongest(one, ...others);
  return effects.filter((effect) => effect.verdict === verdict).map(({ rule }) => rule);
}

/** The rules in the order of the file. Calls that `fail_closed` blocks reach none. */
export function coverageOf(crypto: Crypto, policy: CompiledPolicy, tried: readonly Tried[]): readonly RuleCoverage[] {
  const reached = new Map<CompiledRule, number>();
  const decided = new Map<CompiledRule, number>();
  const count = (counts: Map<CompiledRule, number>, rules: ReadonlySet<CompiledRule>): void => {
    for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  };
  for (const { intent, evaluation_time } of tried) {
    if (failClosed(policy.policy, intent) !== undefined) continue;
    const calls = intent.script === undefined ? [callOf(intent)] : intent.script.steps.map((step) => callOf(intent, step));
    const taken = calls.map((call) => ({ call, rules: takenRules(policy, call) }));
    count(reached, new Set(taken.flatMap(({ rules }) => rules)));
    count(decided, new Set(taken.flatMap(({ call, rules }) => decisive(crypto, rules, call, evaluation_time))));
  }
  return policy.rules
    .map((rule) => ({ rule: rule.rule, reached: reached.get(rule) ?? 0, decided: decided.get(rule) ?? 0 }))
    .sort((a, b) => a.rule.index - b.rule.index);
}
