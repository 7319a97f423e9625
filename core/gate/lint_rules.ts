// The rules of a policy as lint compares them: each with few others, found by what their conditions list, so that large policies stay
// cheap to look at.
import type { CompiledPolicy, CompiledRule } from "./compile.ts";
import type { Condition } from "./condition.ts";
import { cells, facetOf, implies, isAny, isListing, type Listing, possible } from "./lint_logic.ts";
import type { Policy } from "./types.ts";

/** The rules of a policy, in the order of evaluation. None of the lists holds the rule itself. */
export type Rules = {
  readonly all: readonly CompiledRule[];
  /** Rules that may hold for a call for which this one holds, as far as tools go. */
  meeting(seen: CompiledRule): readonly CompiledRule[];
  /** Rules that may hold for all calls of some kind for which this one holds: each lists a text that this one lists too. */
  wider(seen: CompiledRule): readonly CompiledRule[];
};

// Rules by a text; those that it does not tell apart are in `rest`.
type Filed = { readonly by: ReadonlyMap<string, readonly CompiledRule[]>; readonly rest: readonly CompiledRule[] };

function file(all: readonly CompiledRule[], keysOf: (rule: CompiledRule) => readonly string[] | undefined): Filed {
  const by = new Map<string, CompiledRule[]>();
  const rest: CompiledRule[] = [];
  for (const rule of all) {
    const keys = keysOf(rule);
    if (keys === undefined) rest.push(rule);
    for (const key of keys ?? []) {
      const known = by.get(key);
      if (known === undefined) by.set(key, [rule]);
      else known.push(rule);
    }
  }
  return { by, rest };
}

const found = ({ by, rest }: Filed, keys: readonly string[], seen: CompiledRule): readonly CompiledRule[] =>
  [...new Set([...rest, ...keys.flatMap((key) => by.get(key) ?? [])])]
    .filter((other) => other !== seen)
    .sort((a, b) => a.place - b.place);

const keysOf = (condition: Listing): readonly string[] => possible(condition).map((text) => `${facetOf(condition)}\0${text}`);

/** Looks at each rule once. */
export function rulesOf({ rules: all }: CompiledPolicy): Rules {
  const tools = ({ rule: { match } }: CompiledRule): readonly string[] | undefined =>
    match.tool_names.length === 0 ? undefined : match.tool_names;
  const byTool = file(all, tools);
  const telling = ({ conditions }: CompiledRule): readonly Listing[] =>
    conditions.filter(isListing).filter((condition) => condition.op !== "prefix" && !isAny(condition));
  const uses = new Map<string, number>();
  for (const key of all.flatMap((rule) => telling(rule).flatMap(keysOf))) uses.set(key, (uses.get(key) ?? 0) + 1);
  const load = (keys: readonly string[]): number => keys.reduce((most, key) => Math.max(most, uses.get(key) ?? 0), 0);
  const byText = file(all, (rule) => {
    const [first, ...others] = telling(rule).map(keysOf);
    return first === undefined ? undefined : others.reduce((best, keys) => load(keys) < load(best) ? keys : best, first);
  });
  return {
    all,
    meeting: (seen) => {
      const own = tools(seen);
      return own === undefined ? all.filter((other) => other !== seen) : found(byTool, own, seen);
    },
    wider: (seen) => found(byText, seen.conditions.filter(isListing).flatMap(keysOf), seen),
  };
}

/**
 * Rules of `others` that together match every call that `seen` matches, each needed for some of them; undefined when that is not known.
 * A rule that takes all is named alone.
 */
export function coveredBy(seen: CompiledRule, others: readonly CompiledRule[]): readonly CompiledRule[] | undefined {
  const alone = others.find((other) => implies(seen.conditions, other.conditions));
  if (alone !== undefined) return [alone];
  const split = cells(seen.conditions, others.map(({ conditions }) => conditions));
  if (split.length < 2) return undefined;
  const found = new Set<CompiledRule>();
  for (const cell of split) {
    const other = others.find(({ conditions }) => implies(cell, conditions));
    if (other === undefined) return undefined;
    found.add(other);
  }
  return [...found];
}

/** Whether `fail_closed` blocks every call that the rule matches: its class can only be other, at a risk for which that is refused. */
export function refusedFirst({ conditions }: CompiledRule, { fail_closed }: Policy): boolean {
  if (!fail_closed.enabled) return false;
  const only = (field: Condition["field"], fits: (text: string) => boolean): boolean =>
    conditions.some((condition) => isListing(condition) && condition.field === field && possible(condition).every(fits));
  return only("endpoint_classes", (text) => text === "other") &&
    only("risk_classes", (text) => fail_closed.risk_classes.includes(text));
}
