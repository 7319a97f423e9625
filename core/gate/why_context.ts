// The changes of who calls, where and on whose behalf: those that meet what a rule looks at there, and those that are met by nothing
// that anybody names.
import { wantsDelegation } from "./condition.ts";
import { maybeBelow } from "./path_forms.ts";
import type { Intent, Match, Rule } from "./types.ts";
import { any, drop, each, type RequestEdit, set } from "./why_edit.ts";
import { another, type Named, unnamed } from "./why_named.ts";

const RISKS = ["low", "medium", "high"];
const FOLDERS = ["/elsewhere", "/another", "/0", "elsewhere", "another", "0"];

// --- What meets a rule.

const claims = (match: Match): Readonly<Record<string, readonly string[]>> => ({
  "wrkr.tool_name": match.context_tool_names,
  "wrkr.data_class": match.context_data_classes,
  "wrkr.endpoint_class": match.context_endpoint_classes,
  "wrkr.autonomy_level": match.context_autonomy_levels,
});

const delegation = ({ match }: Rule, { context }: Intent): RequestEdit[] => {
  const { allowed_delegator_identities: from, allowed_delegate_identities: to, delegation_scopes: scopes } = match;
  if (!wantsDelegation(match)) return [];
  const requester_identity = to[0] ?? context.identity;
  const [scope_class] = scopes;
  const chain = from[0] === undefined ? [] : [{ delegator_identity: from[0], delegate_identity: requester_identity }];
  return [
    any("/delegation", { requester_identity, ...(scope_class === undefined ? {} : { scope_class }), chain }),
    ...each("/delegation/scope_class", scopes),
  ];
};

/** Changes of the context, the skill and the delegation after which a call may meet a rule. */
export const matching = (rule: Rule, intent: Intent): RequestEdit[] => {
  const { match } = rule;
  const [source = "registry"] = match.skill_sources;
  const [publisher = "publisher"] = match.skill_publishers;
  const skill = match.skill_sources.length > 0 || match.skill_publishers.length > 0;
  return [
    ...each("/context/risk_class", match.risk_classes),
    ...each("/context/identity", match.identities),
    ...each("/context/workspace", match.workspace_prefixes),
    ...Object.entries(claims(match)).flatMap(([name, values]) => [
      ...each(`/context/auth_context/${name}`, values),
      ...values.length > 0 ? [drop(`/context/auth_context/${name}`)] : [],
    ]),
    ...(skill ? [any("/skill_provenance", { skill_name: "skill", source, publisher })] : []),
    ...each("/skill_provenance/source", match.skill_sources),
    ...each("/skill_provenance/publisher", match.skill_publishers),
    ...delegation(rule, intent),
  ];
};

// --- What nobody names, and what could be left out.

const OPTIONAL = ["agent_id", "environment", "agent_identity", "sandbox", "auth_context"] as const;

const elsewhere = ({ workspaces, stopped }: Named): readonly RequestEdit[] =>
  workspaces.length + stopped.workspaces.length === 0
    ? []
    : FOLDERS.filter((name) => !workspaces.some((start) => name.startsWith(start)) && !maybeBelow(name, stopped.workspaces))
      .slice(0, 1).map((name) => any("/context/workspace", name));

const otherSkill = ({ skill_sources, skill_publishers }: Named): readonly RequestEdit[] => [
  drop("/skill_provenance"),
  any("/skill_provenance/source", another("another-source", skill_sources)),
  any("/skill_provenance/publisher", another("another-publisher", skill_publishers)),
];

/** Changes of the context, the skill and the delegation to something that nobody names, and what of them could be left out. */
export const matchingOther = (
  named: Named,
  { context, delegation, skill_provenance }: Intent,
  destructive: boolean,
): RequestEdit[] => [
  ...delegation === undefined ? [] : [drop("/delegation")],
  ...delegation !== undefined && named.delegated
    ? [drop("/delegation/chain/0"), drop("/delegation/chain"), drop("/delegation/scope_class")]
    : [],
  ...skill_provenance === undefined ? [] : otherSkill(named),
  ...OPTIONAL.map((name) => drop(`/context/${name}`)),
  ...destructive ? [set("/context/phase", context.phase === "plan" ? "apply" : "plan")] : [],
  ...named.identities.has(context.identity) ? [any("/context/identity", another("somebody-else", named.identities))] : [],
  ...named.risk_classes.has(context.risk_class)
    ? [...unnamed(RISKS, named.risk_classes), another("another-risk", named.risk_classes)].slice(0, 1)
      .map((name) => any("/context/risk_class", name))
    : [],
  ...elsewhere(named),
];
