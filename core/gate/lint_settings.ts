// Lint: what stands in a rule beside its place among the others: settings that cannot matter, quirks of comparison (spec 02, section 11),
// and what profile oss-prod will say.
import { quoted } from "../base/json_words.ts";
import type { YamlSource } from "../base/yaml_tree.ts";
import { conditionsOf } from "./condition.ts";
import { inferDestructive } from "./inference.ts";
import { finding, type Found } from "./lint_codes.ts";
import { hiddenHint } from "./lint_hints.ts";
import { type Say, switches } from "./lint_switches.ts";
import type { Rule } from "./types.ts";

const listed = (words: readonly string[]): string => words.slice(0, 5).map((word) => quoted(word)).join(", ");

// --- Settings that cannot matter.

const approvals = (rule: Rule, say: Say): Found[] => {
  if (rule.effect !== "block") return [];
  const fields = [
    ...(rule.min_approvals > 0 ? ["min_approvals"] : rule.require_distinct_approvers ? ["require_distinct_approvers"] : []),
    ...(rule.require_broker_credential ? ["require_broker_credential"] : []),
  ];
  return fields.map((field) =>
    say("setting_without_effect", field, `A rule that blocks cannot be satisfied: ${field} has no effect`)
  );
};

const broker = (rule: Rule, say: Say): Found[] => {
  if (rule.require_broker_credential) return [];
  const fields = [
    ...(rule.broker_reference === "" ? [] : ["broker_reference"]),
    ...(rule.broker_scopes.length === 0 ? [] : ["broker_scopes"]),
  ];
  const message = (field: string): string => `${field} has no effect without require_broker_credential`;
  return fields.map((field) => say("setting_without_effect", field, message(field)));
};

// --- How things are compared.

const prefixes = ({ match }: Rule, say: Say): Found[] => {
  const open = match.workspace_prefixes.filter((prefix) => !prefix.endsWith("/") && !prefix.includes("*")); // a star is told by itself
  const [first] = open;
  if (first === undefined) return [];
  const message = `Prefix ${quoted(first)} holds for ${quoted(`${first}-other`)} too, since no folder ends it`;
  return [say("prefix_without_slash", "match/workspace_prefixes", message, first)];
};

const LITERAL = [
  "tool_names",
  "identities",
  "workspace_prefixes",
  "target_values",
  "destination_values",
  "data_classes",
  "destination_operations",
  "skill_publishers",
  "skill_sources",
  "allowed_delegator_identities",
  "allowed_delegate_identities",
  "delegation_scopes",
  "context_tool_names",
  "context_data_classes",
] as const satisfies readonly (keyof Rule["match"])[];

const stars = ({ match }: Rule, say: Say): Found[] =>
  LITERAL.flatMap((field) => {
    const text = match[field].find((text) => text.includes("*"));
    if (text === undefined) return [];
    const fits = field === "workspace_prefixes" ? "only where that star stands in the workspace" : "only that very text";
    return [say("star_as_text", `match/${field}`, `${quoted(text)} fits ${fits}: a star is no pattern in ${field}`, text)];
  });

const hints = ({ match }: Rule, say: Say): Found[] =>
  match.tool_names.flatMap((tool) => {
    const found = hiddenHint(tool);
    if (found === undefined) return [];
    const { kind, given, word } = found;
    const message = `Tool ${quoted(tool)} contains ${
      quoted(word)
    }: its targets of kind ${kind} that do not say more count as ${given}`;
    return [say("hint_inside_word", "match/tool_names", message, tool)];
  });

const USUAL: readonly string[] = ["low", "medium", "high", "critical"];

const risks = ({ match }: Rule, say: Say): Found[] => {
  const odd = match.risk_classes.filter((word) => !USUAL.includes(word));
  return odd.length === 0 ? [] : [
    say("risk_class_unusual", "match/risk_classes", `Risk class ${listed(odd)} is none of ${USUAL.join(", ")}`, odd[0]),
  ];
};

const lets = ({ effect }: Rule): boolean => effect === "allow" || effect === "dry_run";

const claims = (rule: Rule, say: Say): Found[] => {
  const { match } = rule;
  const fields =
    (["context_tool_names", "context_data_classes", "context_endpoint_classes", "context_autonomy_levels"] as const)
      .filter((field) => match[field].length > 0);
  const [first] = fields;
  return first === undefined || !lets(rule) ? [] : [
    say(
      "claims_trusted",
      `match/${first}`,
      `The rule's ${rule.effect} rests on ${first}, which callers may claim of tools that no inventory names`,
    ),
  ];
};

const DELEGATED = [
  "delegation_scopes",
  "allowed_delegator_identities",
  "allowed_delegate_identities",
  "max_delegation_depth",
] as const;

const unsigned = (rule: Rule, say: Say): Found[] => {
  const { match } = rule;
  const field = conditionsOf(match).map((one) => one.field).find((field) => DELEGATED.some((known) => known === field));
  return field === undefined || match.require_delegation || !lets(rule) ? [] : [
    say(
      "delegation_claimed",
      `match/${field}`,
      `The rule's ${rule.effect} rests on ${field}, which a call may just claim: only require_delegation asks for signed tokens`,
    ),
  ];
};

const DESTROYING = ["delete", "remove", "drop", "destroy", "truncate"];

/** Whether the name of a tool says that it destroys. */
export const soundsDestructive = (tool: string): boolean => DESTROYING.some((word) => tool.includes(word));

const destroying = (rule: Rule, say: Say): Found[] => {
  const tools = rule.match.tool_names.filter(soundsDestructive);
  const { endpoint_classes: classes, destination_operations: operations } = rule.match;
  const named = classes.length > 0 && classes.every((word) => inferDestructive(word, "")) ||
    operations.length > 0 && operations.every((word) => inferDestructive("", word)); // then the phase rule raises it
  const guarded = rule.effect !== "allow" || named || (rule.endpoint?.destructive_action ?? "") !== "";
  return guarded || tools.length === 0 ? [] : [
    say(
      "destructive_tool_allowed",
      "match/tool_names",
      `The rule allows ${listed(tools)}: a call that names no destructive target is let through`,
      tools[0],
    ),
  ];
};

// --- Profile oss-prod.

/** Whether oss-prod would want a broker credential of a rule if it named high risk, and it asks for none. */
const unbrokered = (rule: Rule): boolean => rule.effect !== "block" && !rule.require_broker_credential;

const refused = (rule: Rule, say: Say): Found[] =>
  unbrokered(rule) && rule.match.risk_classes.some((word) => word === "high" || word === "critical")
    ? [say("oss_prod_refused", "match/risk_classes", "The rule names high or critical risk and asks for no broker credential")]
    : [];

/** Rules that escape the broker demand of oss-prod: told once for all of them, at the first. */
export function escaping(rules: readonly Rule[]): readonly Found[] {
  const all = rules.filter((rule) => unbrokered(rule) && rule.match.risk_classes.length === 0);
  const [first] = [...all].sort((a, b) => a.index - b.index);
  if (first === undefined) return [];
  const more = all.length === 1 ? "" : `, nor ${all.length === 2 ? "does another one" : `do ${all.length - 1} others`}`;
  const message = `The rule names no risk class, so that oss-prod asks no broker credential of it${more}`;
  return [finding("oss_prod_escapes", first.name, `/rules/${first.index}`, message)];
}

/** What is to be said of one rule by itself. */
export function settings(rule: Rule, source: YamlSource): readonly Found[] {
  const say: Say = (code, field, message, word = "") =>
    finding(code, rule.name, `/rules/${rule.index}/${field}`, message, { word });
  const comma = rule.name.includes(",") ? [say("comma_in_name", "name", `The name ${quoted(rule.name)} holds a comma`)] : [];
  return [
    ...comma,
    ...approvals(rule, say),
    ...broker(rule, say),
    ...switches(rule, source, say),
    ...prefixes(rule, say),
    ...stars(rule, say),
    ...hints(rule, say),
    ...risks(rule, say),
    ...claims(rule, say),
    ...unsigned(rule, say),
    ...destroying(rule, say),
    ...refused(rule, say),
  ];
}
