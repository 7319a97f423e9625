// Lint: pairs of rules that may meet, and calls on which they do. The rules themselves are asked; in a policy so large that this would
// take long, some pairs are left out, which is told.
import type { JsonObject } from "../base/json.ts";
import { callOf } from "./call.ts";
import type { CompiledPolicy, CompiledRule } from "./compile.ts";
import { type Condition, holds } from "./condition.ts";
import { failClosed } from "./fail_closed.ts";
import { intentOf } from "./intent_read.ts";
import { both, type Example, exampleCalls } from "./lint_example.ts";
import { candidates } from "./rule_index.ts";

/** Another rule for some calls of the one that is looked at. */
export type Pair = {
  readonly other: CompiledRule;
  /** A call that both match and that no rule of an earlier tier than the first one's takes; undefined when none was found. */
  meet(): Example | undefined;
};

/** A rule with those of others that may match one call with it, one after the other: not all where there are too many. */
export type Pairs = (seen: CompiledRule, others: readonly CompiledRule[]) => Iterable<Pair>;

/** For a rule, of those that may meet it. */
const MOST_MET = 32;
/** For the whole policy. */
const MOST_COMPARED = 2 ** 18;
const MOST_ASKED = 2 ** 12;
/** For two rules. */
const MOST_CALLS = 24;

/** Looks at pairs of rules; `left` says whether some were left out. */
export function pairsIn(compiled: CompiledPolicy): { readonly pairs: Pairs; left(): boolean } {
  let left = false;
  let compared = 0;
  let asked = 0;
  const room = (used: number, most: number): boolean => {
    if (used < most) return true;
    left = true;
    return false;
  };

  function meetOn(conditions: readonly Condition[], first: CompiledRule, second: CompiledRule): Example | undefined {
    return exampleCalls(conditions, compiled.policy, MOST_CALLS).find(({ call }) => {
      const matching = room(asked++, MOST_ASKED) ? matchingOf(compiled, call) : [];
      return matching.includes(first) && matching.includes(second) &&
        !matching.some(({ rule }) => rule.priority < first.rule.priority);
    });
  }

  function* pairs(seen: CompiledRule, others: readonly CompiledRule[]): Generator<Pair> {
    let met = 0;
    for (const other of others) {
      if (!room(compared++, MOST_COMPARED)) return;
      const conditions = both(seen.conditions, other.conditions);
      if (conditions === undefined) continue;
      if (!room(met++, MOST_MET)) return;
      yield { other, meet: () => meetOn(conditions, seen, other) };
    }
  }

  return { pairs, left: () => left };
}

// All rules whose match holds for a call, of whatever tier, by the very conditions that decide; none when it is no call or `fail_closed`
// stops it.
function matchingOf({ policy, rules, index }: CompiledPolicy, request: JsonObject): readonly CompiledRule[] {
  const intent = intentOf(request, "example");
  if (!intent.ok || failClosed(policy, intent.value) !== undefined) return [];
  const call = callOf(intent.value);
  const places = new Set(candidates(index, call).flat());
  return [...places].flatMap((place) => rules[place] ?? [])
    .filter(({ conditions }) => conditions.every((condition) => holds(condition, call)));
}
