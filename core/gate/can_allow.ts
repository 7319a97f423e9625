// Whether a policy can ever let calls of a tool through, or ask about them, from the name of the tool alone: what it can never allow need
// not be offered. A no is certain, a yes may be a doubt.
import { lower, trim } from "../base/text.ts";
import type { CompiledPolicy } from "./compile.ts";
import type { Condition } from "./condition.ts";
import { implies, impossible } from "./lint_logic.ts";

/** What a script is called, whose steps have names of their own. */
const SCRIPT = "script";

// How many rules are looked at that may keep another one from ever being the one that decides; behind that it is a doubt.
const MOST_BLOCKS = 256;

/** False only where every call of this name is blocked, whatever else it says and whatever the moment. */
export function canAllow({ policy, rules }: CompiledPolicy, tool_name: string): boolean {
  const name = lower(trim(tool_name));
  if (name === SCRIPT) return true;
  const named: Condition = { op: "in", field: "tool_names", values: [name] };
  const about = rules.filter(({ rule: { match: { tool_names } } }) => tool_names.length === 0 || tool_names.includes(name));
  const blocks = about.filter(({ rule }) => rule.effect === "block").slice(0, MOST_BLOCKS);
  // A rule that lets through or asks is the one that decides for some call, unless each of its calls goes to a block: of an earlier tier,
  // which is taken first, or of its own, where it is the stronger.
  const decides = about.some(({ rule, conditions }) => {
    if (rule.effect === "block") return false;
    const given = [named, ...conditions.filter(({ field }) => field !== "tool_names")];
    return impossible(given).length === 0 &&
      !blocks.some((block) => block.rule.priority <= rule.priority && implies(given, block.conditions));
  });
  if (decides) return true;
  return policy.default_verdict !== "block" && !about.some(({ conditions }) => implies([named], conditions));
}
