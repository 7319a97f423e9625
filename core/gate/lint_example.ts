// Example calls that meet conditions: what lint shows of two rules that meet. Each is only a guess until it has been read as an intent and
// the rules have been asked; where none can be made, nothing is claimed.
import type { JsonObject } from "../base/json.ts";
import { quoted } from "../base/json_words.ts";
import type { Condition } from "./condition.ts";
import { withDemanded } from "./lint_demanded.ts";
import { cells, facetOf, isListing, type Listing, possible } from "./lint_logic.ts";
import type { Policy } from "./types.ts";

type Facet = ReturnType<typeof facetOf>;

/** A call as a request, and what of it was asked for, in words: `tool_names "x", risk_classes "low"`. */
export type Example = { readonly call: JsonObject; readonly words: string };

/** The conditions of two matches as one list; undefined when no call can meet both: where it has one text, what both list. */
export function both(a: readonly Condition[], b: readonly Condition[]): readonly Condition[] | undefined {
  const merged: Condition[] = [...a];
  for (const condition of b) {
    const at = condition.op === "in" ? merged.findIndex((other) => other.op === "in" && other.field === condition.field) : -1;
    const other = merged[at];
    if (other?.op !== "in" || condition.op !== "in") merged.push(condition);
    else {
      const values = other.values.filter((text) => condition.values.includes(text));
      if (values.length === 0) return undefined;
      merged[at] = { ...other, values };
    }
  }
  return merged;
}

const MEMBER_OF: Readonly<Partial<Record<Facet, string>>> = {
  target_kinds: "kind",
  target_values: "value",
  endpoint_classes: "endpoint_class",
  discovery_method: "discovery_method",
  data_classes: "sensitivity",
  destination_operations: "operation",
  readOnlyHint: "read_only_hint",
  destructiveHint: "destructive_hint",
  idempotentHint: "idempotent_hint",
  openWorldHint: "open_world_hint",
};

const first = ({ values: [text = ""] }: Listing): string => text;

// As few targets as will do: each condition goes to the first target that says nothing else of its facet.
function targetsOf(lists: readonly Listing[]): readonly JsonObject[] {
  const targets: JsonObject[] = [];
  for (const condition of lists) {
    const member = MEMBER_OF[facetOf(condition)] ?? "";
    const value = condition.field.endsWith("Hint") ? first(condition) === "true" : first(condition);
    const at = targets.findIndex((target) => target[member] === undefined || target[member] === value);
    if (at < 0) targets.push({ [member]: value });
    else targets[at] = { ...targets[at], [member]: value };
  }
  return targets.map((target) => ({ kind: "path", value: "/example", endpoint_class: "fs.read", ...target }));
}

// One chain in which everybody who has to delegate does, and everybody who has to be delegated to is.
function delegationOf(lists: readonly Listing[]): JsonObject {
  const of = (field: Condition["field"]): string[] => [
    ...new Set(lists.filter((condition) => condition.field === field).map(first)),
  ];
  const from = of("allowed_delegator_identities");
  const to = of("allowed_delegate_identities");
  const rest = to.filter((name) => !from.slice(1).includes(name));
  const [scope_class = "", ...scopes] = of("delegation_scopes");
  const people = [...from, ...rest, ...(from.length > 0 && rest.length === 0 ? ["example.delegate"] : [])];
  if (from.length === 0 && to.length > 1) people.unshift("example.delegator");
  while (people.length <= scopes.length) people.unshift(`example.delegator.${people.length}`);
  const chain = people.slice(1).map((delegate_identity, i) => ({
    delegator_identity: people[i] ?? "",
    delegate_identity,
    scope_class: scopes[i] ?? "",
  }));
  return { requester_identity: people.at(-1) ?? "example.requester", scope_class, chain };
}

const INVENTORY: Readonly<Partial<Record<Facet, string>>> = {
  context_tool_names: "wrkr.tool_name",
  context_data_classes: "wrkr.data_class",
  context_endpoint_classes: "wrkr.endpoint_class",
  context_autonomy_levels: "wrkr.autonomy_level",
};

// A request in which each list's first text holds.
function requestOf(conditions: readonly Condition[]): JsonObject & { readonly context: JsonObject } {
  const lists = conditions.filter(isListing);
  const text = (field: Condition["field"], otherwise: string): string => {
    const condition = lists.find((one) => one.field === field);
    return condition === undefined ? otherwise : first(condition);
  };
  const has = (...fields: readonly Condition["field"][]): boolean => conditions.some(({ field }) => fields.includes(field));
  const workspaces = lists.filter(({ op }) => op === "prefix").map(first).sort((a, b) => b.length - a.length);
  const known = lists.flatMap((condition) => {
    const name = INVENTORY[facetOf(condition)];
    return name === undefined ? [] : [[name, first(condition)] as const];
  });
  const skill = { source: text("skill_sources", "example"), publisher: text("skill_publishers", "example") };
  return {
    tool_name: text("tool_names", "example.tool"),
    targets: targetsOf(lists.filter(({ op }) => op === "some_target")),
    arg_provenance: lists.filter(({ op }) => op === "some_argument")
      .map((condition) => ({ arg_path: "example", source: first(condition) })),
    ...(has("skill_sources", "skill_publishers") ? { skill_provenance: { skill_name: "example", ...skill } } : {}),
    ...(has("require_delegation") ? { delegation: delegationOf(lists.filter(({ op }) => op === "some_link")) } : {}),
    context: {
      identity: text("identities", "example.identity"),
      workspace: workspaces[0] ?? "/example",
      risk_class: text("risk_classes", "low"),
      ...(known.length === 0 ? {} : { auth_context: Object.fromEntries(known) }),
    },
  };
}

const ANY_RISK: Condition = { op: "in", field: "risk_classes", values: ["low", "medium", "high", "critical", "other"] };

// So many of a list's texts, from its first to its last.
const sample = (texts: readonly string[], most: number): readonly string[] =>
  texts.length <= most
    ? texts
    : Array.from({ length: most }, (_, i) => texts[Math.floor(i * (texts.length - 1) / (most - 1))] ?? "");

/**
 * Example calls of conditions, each with other texts of the lists: at most `most`, from 2 on. They name what a policy demands of every
 * call.
 */
export function exampleCalls(
  conditions: readonly Condition[],
  { fail_closed }: Pick<Policy, "fail_closed">,
  most: number,
): readonly Example[] {
  const whole = conditions.some(({ field }) => field === "risk_classes") ? conditions : [...conditions, ANY_RISK];
  const fitting = whole.map((condition) =>
    isListing(condition) ? { ...condition, values: sample(possible(condition), most) } : condition
  );
  return cells(fitting, [fitting], most).map((cell) => ({
    call: withDemanded(requestOf(cell), fail_closed),
    words: wordsOf(cell),
  }));
}

const wordsOf = (conditions: readonly Condition[]): string =>
  [
    ...new Set(
      conditions.map((condition) => isListing(condition) ? `${condition.field} ${quoted(first(condition))}` : "a delegation"),
    ),
  ]
    .join(", ");
