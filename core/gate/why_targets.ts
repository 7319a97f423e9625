// The changes of what one call, or one step of a script, touches: those that meet what a rule looks at there, and those that are met
// by nothing that anybody names.
import type { Json } from "../base/json.ts";
import { ENDPOINT_CLASSES, PROVENANCE_SOURCES, TARGET_KINDS } from "../schema/gate_words.ts";
import type { CompiledRule } from "./compile.ts";
import { inferDestructive, operationFor } from "./inference.ts";
import type { Intent, Match, Rule } from "./types.ts";
import { any, drop, each, MOST_VALUES, type RequestEdit, set } from "./why_edit.ts";
import { type Named, unnamed } from "./why_named.ts";
import type { Touched, TouchedTarget } from "./why_touched.ts";
import { valueBeside, valuesWithin } from "./why_values.ts";

// --- What meets a rule.

const hintsOf = ({ tool_annotations: hints }: Match) => ({
  read_only_hint: hints?.readOnlyHint,
  destructive_hint: hints?.destructiveHint,
  idempotent_hint: hints?.idempotentHint,
  open_world_hint: hints?.openWorldHint,
});

const given = (members: Readonly<Record<string, Json | undefined>>): readonly (readonly [string, Json])[] =>
  Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined);

// Where a target does not say its class, the operation from which it would be inferred comes first.
const classed = ({ at, kind, classed }: TouchedTarget, name: string): RequestEdit[] => {
  const operation = classed ? undefined : operationFor(kind, name);
  return [...operation === undefined ? [] : [any(`${at}/operation`, operation)], set(`${at}/endpoint_class`, name)];
};

// A target that there is already, changed in one member.
const changed = ({ match, endpoint }: Rule, target: TouchedTarget): RequestEdit[] => {
  const { at } = target;
  const classes = [...match.endpoint_classes, ...endpoint?.egress_classes ?? []];
  // Either answer: a rule that was taken may have to be kept out.
  const hints = given(hintsOf(match)).map(([name]) => name);
  return [
    ...each(`${at}/value`, [...match.target_values, ...match.destination_values]),
    ...each(`${at}/operation`, match.destination_operations),
    ...classes.slice(0, MOST_VALUES).flatMap((name) => classed(target, name)),
    ...each(`${at}/sensitivity`, match.data_classes),
    ...each(`${at}/discovery_method`, match.discovery_method),
    ...hints.flatMap((name) => [set(`${at}/${name}`, true), drop(`${at}/${name}`)]),
  ];
};

// One more target that meets every condition of the rule about targets.
const added = ({ match }: Rule, at: string): RequestEdit[] => {
  const kinds = [...match.target_kinds, ...match.destination_kinds];
  const values = [...match.target_values, ...match.destination_values];
  const facts = given({
    operation: match.destination_operations[0],
    sensitivity: match.data_classes[0],
    endpoint_class: match.endpoint_classes[0],
    discovery_method: match.discovery_method[0],
    ...hintsOf(match),
  });
  if (kinds.length === 0 && values.length === 0 && facts.length === 0) return [];
  const [kind = "other"] = kinds;
  const [value = "example"] = values;
  return [{ ...set(`${at}/targets/-`, { kind, value, ...Object.fromEntries(facts) }), example: values.length === 0 }];
};

/** Changes of what a call touches after which it may meet a rule, or what the rule demands of its targets. */
export const touching = ({ rule, endpoint }: CompiledRule, { at, targets, provenance }: Touched): RequestEdit[] => {
  const { match } = rule;
  return [
    ...endpoint === undefined ? [] : targets.flatMap((target) => valuesWithin(endpoint, target)),
    ...each(`${at}/tool_name`, match.tool_names),
    ...targets.flatMap((target) => changed(rule, target)),
    ...provenance.flatMap((entry) => each(`${entry}/source`, match.provenance_sources)),
    ...match.provenance_sources.slice(0, MOST_VALUES).map((source) => any(`${at}/arg_provenance/-`, { arg_path: "$", source })),
    ...added(rule, at),
    ...targets.flatMap((target) => each(`${target.at}/kind`, [...match.target_kinds, ...match.destination_kinds])),
  ];
};

// --- What nobody names.

const READS = ["read", "get", "list", "open"];
const METHODS = ["manual", "mcp", "static_mcp", "dynamic_mcp", "a2a", "webmcp", "unknown"];
const KINDS = [...TARGET_KINDS].reverse();
const SOURCES = ["user", ...PROVENANCE_SOURCES];

// A class that a target of this kind may have and that does not destroy.
const classesFor = (kind: string): readonly string[] => [
  ...kind === "url" || kind === "host" ? ["net.http", "net.dns"] : [],
  ...ENDPOINT_CLASSES.filter((name) => !inferDestructive(name, "")),
];

/** What a call's verdict may hang on beside what rules name. */
export type Weight = {
  readonly named: Named;
  /** Rules that may be taken after the change. */
  readonly rules: readonly CompiledRule[];
  /** Some target destroys. */
  readonly destructive: boolean;
  /** Classes count for all calls of some risk. */
  readonly fail_closed: boolean;
};

/** The same, of a call and the rules that are tried for it. */
export const weightOf = (
  named: Named,
  rules: readonly CompiledRule[],
  { targets, script }: Intent,
  fail_closed: boolean,
): Weight => ({
  named,
  rules,
  destructive: [targets, ...(script?.steps ?? []).map((step) => step.targets)].flat().some((target) => target.destructive),
  fail_closed,
});

const otherwise = ({ named, rules, destructive, fail_closed }: Weight, target: TouchedTarget): RequestEdit[] => {
  const { at, kind } = target;
  const byClass = named.classes.size > 0 || destructive || fail_closed;
  return [
    ...destructive ? [drop(`${at}/destructive`), drop(`${at}/destructive_hint`)] : [],
    ...byClass || named.operations.size > 0 ? unnamed(READS, named.operations).map((word) => any(`${at}/operation`, word)) : [],
    ...byClass ? unnamed(classesFor(kind), named.classes).map((name) => any(`${at}/endpoint_class`, name)) : [],
    ...named.sensitivities.has(target.sensitivity) ? [drop(`${at}/sensitivity`)] : [],
    ...named.methods.has(target.discovery_method)
      ? unnamed(METHODS, named.methods).map((name) => any(`${at}/discovery_method`, name))
      : [],
    ...named.domains ? [drop(`${at}/endpoint_domain`)] : [],
    ...valueBeside(named, rules.flatMap(({ endpoint }) => endpoint ?? []), target),
    ...named.kinds.has(kind) ? unnamed(KINDS, named.kinds).map((name) => any(`${at}/kind`, name)) : [],
  ];
};

/** Changes of what a call touches to something that nobody names, and what of it could be left out. */
export const touchingOther = (weight: Weight, { at, targets, provenance }: Touched): RequestEdit[] => {
  const { sources } = weight.named;
  return [
    ...targets.flatMap((target) => otherwise(weight, target)),
    // Last first, so that of two the second still means what it meant.
    ...targets.toReversed().map((target) => drop(target.at)),
    ...sources.size === 0
      ? []
      : provenance.flatMap((entry) => unnamed(SOURCES, sources).map((name) => any(`${entry}/source`, name))),
    ...provenance.toReversed().map(drop),
    ...targets.length > 1 ? [drop(`${at}/targets`)] : [],
    ...provenance.length > 1 ? [drop(`${at}/arg_provenance`)] : [],
  ];
};
