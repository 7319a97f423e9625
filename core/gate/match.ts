// Which rules are taken for a call (spec 02, section 5.2): all that match at the first priority at which one matches, none after it.
import type { Call } from "./call.ts";
import type { CompiledPolicy, CompiledRule } from "./compile.ts";
import { holds } from "./condition.ts";
import { candidates } from "./rule_index.ts";

const matches = (rule: CompiledRule, call: Call): boolean => {
  for (const condition of rule.conditions) if (!holds(condition, call)) return false;
  return true;
};

/** The rules taken for a call, in the order of evaluation; empty when none matches. */
export function takenRules({ rules, index }: CompiledPolicy, call: Call): readonly CompiledRule[] {
  const lists = candidates(index, call);
  const cursors = lists.map(() => 0);
  const taken: CompiledRule[] = [];
  for (;;) {
    let place = Infinity;
    for (let i = 0; i < lists.length; i++) { // by place: this is asked for every call
      const next = lists[i]?.[cursors[i] ?? 0];
      if (next !== undefined && next < place) place = next;
    }
    const rule = rules[place];
    if (rule === undefined || (taken[0]?.rule.priority ?? rule.rule.priority) !== rule.rule.priority) return taken;
    for (let i = 0; i < lists.length; i++) {
      const at = cursors[i] ?? 0;
      if (lists[i]?.[at] === place) cursors[i] = at + 1;
    }
    if (matches(rule, call)) taken.push(rule);
  }
}
