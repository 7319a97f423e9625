// The changes of a call that may matter to some rules: each is drawn from a condition or a demand of a rule, and is only a guess until
// it has been tried. Facts that are missing come first, then what would have to be another, and last what could be left out.
import type { JsonObject } from "../base/json.ts";
import { valueAt } from "../base/pointer.ts";
import type { CompiledPolicy, CompiledRule } from "./compile.ts";
import type { Intent, KillSwitch } from "./types.ts";
import { matching, matchingOther } from "./why_context.ts";
import { demandedBy, demandedByAll } from "./why_demands.ts";
import { any, drop, MOST_VALUES, type RequestEdit } from "./why_edit.ts";
import { another, namedBy } from "./why_named.ts";
import { touching, touchingOther, weightOf } from "./why_targets.ts";
import { touchedAt } from "./why_touched.ts";

/** Changes worth trying, and whether some were left out for their number. */
export type Levers = { readonly edits: readonly RequestEdit[]; readonly cut: boolean };

const hasLongList = ({ rule: { match, endpoint, ...rule } }: CompiledRule): boolean =>
  [match, endpoint ?? {}, rule].flatMap((part) => Object.values<unknown>(part))
    .some((value) => Array.isArray(value) && value.length > MOST_VALUES);

/**
 * Changes of a request worth trying, those for the first rule first, without repeats and without those that change nothing: for a script
 * those of the steps in `steps`, and leaving a step out.
 */
export function levers(
  compiled: CompiledPolicy,
  kill_switch: KillSwitch,
  rules: readonly CompiledRule[],
  request: JsonObject,
  intent: Intent,
  steps: readonly number[],
): Levers {
  const count = intent.script?.steps.length ?? 0;
  const places = (intent.script === undefined ? [""] : steps.map((i) => `/script/steps/${i}`)).map((at) =>
    touchedAt(request, at)
  );
  const named = namedBy(compiled, kill_switch);
  const weight = weightOf(named, rules, intent, compiled.policy.fail_closed.enabled);
  const all = [
    ...demandedByAll(compiled.policy, intent, touchedAt(request, "")),
    ...rules.flatMap((compiled) => [
      ...demandedBy(compiled.rule),
      ...places.flatMap((touched) => touching(compiled, touched)),
      ...matching(compiled.rule, intent),
    ]),
    ...matchingOther(named, intent, weight.destructive),
    ...places.flatMap((touched) => [
      any(`${touched.at}/tool_name`, another("another.tool", named.tool_names)),
      ...touchingOther(weight, touched),
    ]),
    ...(count < 2 ? [] : Array.from({ length: count }, (_, i) => drop(`/script/steps/${count - 1 - i}`))),
  ];
  const seen = new Set<string>();
  const edits = all.filter(({ pointer, to }) => {
    const text = JSON.stringify(to);
    return JSON.stringify(valueAt(request, pointer)) !== text && seen.size !== seen.add(`${pointer} ${text}`).size;
  });
  return { edits, cut: places.some(({ more }) => more) || rules.some(hasLongList) };
}
