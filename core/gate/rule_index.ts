// Finds the rules that can match a call without looking at the others: each rule is filed under the texts of its rarest condition.
import type { Call } from "./call.ts";
import type { Condition } from "./condition.ts";

type Field = Exclude<Condition["field"], "max_delegation_depth">;

/** Places of rules in the order of evaluation, ascending. */
type Places = readonly number[];

/** Where rules are filed. Each rule is in `filed`, under every text of one of its conditions, or in `rest`. */
export type RuleIndex = {
  readonly filed: readonly { readonly field: Field; readonly places: ReadonlyMap<string, Places> }[];
  /** Lengths of the texts under `workspace_prefixes`. */
  readonly prefix_lengths: readonly number[];
  /** Rules without a condition to file them under. */
  readonly rest: Places;
};

/** A field and the texts of which a call has one when the condition holds. */
type Key = { readonly field: Field; readonly texts: readonly string[] };

const keyOf = (condition: Condition): Key | undefined => {
  switch (condition.op) {
    case "chain_depth":
      return undefined; // it comes with `delegated`
    case "delegated":
      return { field: condition.field, texts: [""] };
    case "in":
    case "prefix":
    case "some_target":
    case "some_argument":
    case "some_link":
      return { field: condition.field, texts: condition.values };
    default:
      return condition satisfies never;
  }
};

const entry = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
};

/** Files rules, given by their conditions in the order of evaluation. */
export function indexRules(rules: readonly (readonly Condition[])[]): RuleIndex {
  const keys = rules.map((conditions) => conditions.flatMap((condition) => keyOf(condition) ?? []));
  const common = new Map<Field, Map<string, number>>();
  for (const { field, texts } of keys.flat()) {
    const counts = entry(common, field, () => new Map<string, number>());
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  /** In how many rules the commonest text of a key is. */
  const load = ({ field, texts }: Key): number =>
    texts.reduce((most, text) => Math.max(most, common.get(field)?.get(text) ?? 0), 0);
  const filed = new Map<Field, Map<string, number[]>>();
  const rest: number[] = [];
  for (const [place, own] of keys.entries()) {
    const [first, ...others] = own;
    if (first === undefined) {
      rest.push(place);
      continue;
    }
    const rarest = others.reduce((best, key) => load(key) < load(best) ? key : best, first);
    const texts = entry(filed, rarest.field, () => new Map<string, number[]>());
    for (const text of new Set(rarest.texts)) entry(texts, text, () => []).push(place);
  }
  const lengths = new Set(Array.from(filed.get("workspace_prefixes")?.keys() ?? [], (text) => text.length));
  return {
    filed: [...filed].map(([field, places]) => ({ field, places })),
    prefix_lengths: [...lengths].sort((a, b) => a - b),
    rest,
  };
}

const NO_TEXTS: readonly string[] = [];
const DELEGATED: readonly string[] = [""];

/** The texts of a call under which rules may be filed. */
function textsOf(field: Field, call: Call, { prefix_lengths }: RuleIndex): readonly string[] {
  switch (field) {
    case "workspace_prefixes":
      return prefix_lengths.filter((length) => length <= call.workspace.length).map((length) =>
        call.workspace.slice(0, length)
      );
    case "require_delegation":
      return call.depth === undefined ? NO_TEXTS : DELEGATED;
    case "tool_names":
    case "risk_classes":
    case "identities":
    case "skill_publishers":
    case "skill_sources":
    case "context_tool_names":
    case "context_data_classes":
    case "context_endpoint_classes":
    case "context_autonomy_levels": {
      const text = call.one[field];
      return text === undefined ? NO_TEXTS : [text];
    }
    default:
      return call.some[field];
  }
}

const MANY = 16;

/** Lists of places that together hold every rule that can match a call, each in the order of evaluation. */
export function candidates(index: RuleIndex, call: Call): readonly Places[] {
  const lists: Places[] = index.rest.length === 0 ? [] : [index.rest];
  for (const { field, places } of index.filed) {
    for (const text of textsOf(field, call, index)) {
      const found = places.get(text);
      if (found !== undefined) lists.push(found);
    }
  }
  return lists.length <= MANY ? lists : [[...new Set(lists.flat())].sort((a, b) => a - b)];
}
