// The changes of a call that may matter to some rules: each is drawn from a condition or a demand of a rule, and is only a guess until
// it has been tried. Facts that are missing come first, then what would have to be another, and last what could be left out.
import { valueAt } from "../base/pointer.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { lower, trim } from "../base/text.ts";
import type { Intent, Policy, Rule, SandboxRule } from "./types.ts";
import type { RequestEdit } from "./why_edit.ts";

const FAR = "9999-12-31T23:59:59Z";
const DIGEST = "0".repeat(64);
const STANDING = ["cloud_admin", "inherited", "standing", "static", "unknown"];
const MOST_VALUES = 16;
const MOST_TOUCHED = 64;

const set = (pointer: string, to: Json): RequestEdit => ({ pointer, to, example: false });
const any = (pointer: string, to: Json): RequestEdit => ({ pointer, to, example: true });
const drop = (pointer: string): RequestEdit => ({ pointer, to: undefined, example: false });
const each = (pointer: string, values: readonly string[]): RequestEdit[] =>
  values.slice(0, MOST_VALUES).map((to) => set(pointer, to));

// --- What a rule demands of the context.

const agent = (rule: Rule): RequestEdit[] => {
  const { allowed_agent_ids, required_agent_lifecycle_states: states, required_agent_manifest_digest: digest } = rule;
  const [publisher] = rule.allowed_agent_manifest_publishers;
  const [source] = rule.allowed_agent_manifest_sources;
  const identity: Record<string, Json> = {
    ...(rule.require_agent_owner ? { owner: "owner" } : {}),
    ...(rule.require_unexpired_agent ? { expires_at: FAR } : {}),
    ...(states.length === 0 ? {} : { lifecycle_states: states }),
    ...(digest === "" ? {} : { manifest_digest: digest }),
    ...(publisher === undefined ? {} : { publisher }),
    ...(source === undefined ? {} : { source }),
  };
  const wanted = rule.require_declared_agent || Object.keys(identity).length > 0;
  return [
    ...each("/context/agent_id", allowed_agent_ids),
    ...(rule.require_declared_agent || rule.denied_agent_ids.length > 0 ? [any("/context/agent_id", "another-agent")] : []),
    ...Object.entries(identity).map(([name, to]) => ({ ...set(`/context/agent_identity/${name}`, to), example: false })),
    ...(wanted ? [any("/context/agent_identity", identity)] : []),
    drop("/context/agent_identity/revoked"),
  ];
};

const credential = (rule: Rule): RequestEdit[] => {
  const { allowed_credential_access_types: types, allowed_credential_sources: sources } = rule;
  const type = types.find((type) => !STANDING.includes(type)) ?? types[0] ?? "jit";
  const [source = "vault_dynamic"] = sources;
  const ttl = rule.max_credential_ttl_seconds;
  const on = rule.require_jit_credential || rule.block_standing_credentials || types.length > 0 || sources.length > 0 ||
    rule.allowed_credential_issuers.length > 0 || ttl > 0;
  if (!on) return [];
  return [
    any("/context/credential_ref", "credential-1"),
    { ...set("/context/credential_source", source), example: sources.length === 0 },
    { ...set("/context/credential_access_type", rule.require_jit_credential ? "jit" : type), example: types.length === 0 },
    ...each("/context/credential_issuer", rule.allowed_credential_issuers),
    ...(ttl > 0 ? [set("/context/credential_ttl_seconds", ttl)] : []),
    drop("/context/credential_target_binding"),
    drop("/context/credential_run_binding"),
    drop("/context/credential_job_binding"),
  ];
};

const sandboxOf = (rule: SandboxRule): JsonObject => ({
  network_mode: rule.allowed_network_modes[0] ?? "disabled",
  env_exposure_mode: rule.allowed_env_exposure_modes[0] ?? "none",
  filesystem_isolation: rule.allowed_filesystem_isolations[0] ?? "container",
  user_mode: rule.allowed_user_modes[0] ?? "unprivileged",
  timeout_seconds: rule.max_timeout_seconds > 0 ? rule.max_timeout_seconds : 60,
  evidence_ref: "proof:1",
  evidence_digest: DIGEST,
  ...(rule.required_read_only_roots.length === 0 ? {} : { read_only_roots: rule.required_read_only_roots }),
});

const sandbox = ({ sandbox: rule }: Rule): RequestEdit[] => {
  if (rule === undefined) return [];
  const whole = sandboxOf(rule);
  return [
    ...Object.entries(whole).map(([name, to]) => ({
      ...set(`/context/sandbox/${name}`, to),
      example: name.startsWith("evidence"),
    })),
    drop("/context/sandbox/writable_paths"),
    any("/context/sandbox", whole),
  ];
};

const frozen = ({ freeze_window: rule }: Rule): RequestEdit[] =>
  rule === undefined || rule.environments.length === 0 ? [] : [any("/context/environment", "another-environment")];

// --- What a rule looks at in the targets and arguments of one call, or of one step of a script.

const plain = (patterns: readonly string[]): string[] =>
  patterns.map((pattern) => pattern.replace(/\/\*\*$/, "")).filter((pattern) => !/[*?[\\]/.test(pattern));

const endpoint = ({ endpoint: rule }: Rule, { at, kinds }: Touched): RequestEdit[] => {
  if (rule === undefined) return [];
  return kinds.flatMap((kind, i) => {
    const value = `${at}/targets/${i}/value`;
    if (kind === "path") return each(value, plain(rule.path_allowlist));
    if (kind === "host") return each(value, plain(rule.domain_allowlist));
    return kind === "url" ? each(value, plain(rule.domain_allowlist).map((domain) => `https://${domain}/`)) : [];
  });
};

/** What a request says of one call, or of one step of its script, in the request's own order: how many, and of which kinds. */
type Touched = {
  readonly at: string;
  readonly kinds: readonly string[];
  readonly provenance: number;
  /** There are more targets or arguments than are tried. */
  readonly more: boolean;
};

const touchedAt = (request: Json, at: string): Touched => {
  const targets = listAt(request, `${at}/targets`);
  const sources = listAt(request, `${at}/arg_provenance`);
  return {
    at,
    more: Math.max(targets.length, sources.length) > MOST_TOUCHED,
    kinds: targets.slice(0, MOST_TOUCHED).map((_, i) => lower(trim(String(valueAt(request, `${at}/targets/${i}/kind`))))),
    provenance: Math.min(sources.length, MOST_TOUCHED),
  };
};

const listAt = (request: Json, pointer: string): readonly unknown[] => {
  const list = valueAt(request, pointer);
  return Array.isArray(list) ? list : [];
};

// One more target that meets every condition of the rule about targets.
const target = ({ match }: Rule, at: string): RequestEdit[] => {
  const kinds = [...match.target_kinds, ...match.destination_kinds];
  const values = [...match.target_values, ...match.destination_values];
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = match.tool_annotations ?? {};
  const facts: Record<string, Json | undefined> = {
    operation: match.destination_operations[0],
    sensitivity: match.data_classes[0],
    endpoint_class: match.endpoint_classes[0],
    discovery_method: match.discovery_method[0],
    read_only_hint: readOnlyHint,
    destructive_hint: destructiveHint,
    idempotent_hint: idempotentHint,
    open_world_hint: openWorldHint,
  };
  const given = Object.entries(facts).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  if (kinds.length === 0 && values.length === 0 && given.length === 0) return [];
  const [kind = "other"] = kinds;
  const [value = "example"] = values;
  return [{ ...set(`${at}/targets/-`, { kind, value, ...Object.fromEntries(given) }), example: values.length === 0 }];
};

const touching = (rule: Rule, touched: Touched): RequestEdit[] => {
  const { at } = touched;
  const { match } = rule;
  return [
    ...endpoint(rule, touched),
    ...each(`${at}/tool_name`, match.tool_names),
    ...match.provenance_sources.slice(0, MOST_VALUES).map((source) => any(`${at}/arg_provenance/-`, { arg_path: "$", source })),
    ...target(rule, at),
  ];
};

const withoutTouched = ({ at, kinds, provenance }: Touched): RequestEdit[] => {
  const sources = Array.from({ length: provenance }, (_, i) => set(`${at}/arg_provenance/${i}/source`, "user"));
  return [
    ...kinds.map((_, i) => any(`${at}/targets/${i}/operation`, "read")),
    // Last first, so that of two the second still means what it meant.
    ...kinds.map((_, i) => drop(`${at}/targets/${kinds.length - 1 - i}`)),
    ...sources,
    ...(kinds.length > 1 ? [drop(`${at}/targets`)] : []),
    ...(provenance > 1 ? [drop(`${at}/arg_provenance`)] : []),
  ];
};

// --- What a rule matches beside that.

const delegation = ({ match }: Rule, { context }: Intent): RequestEdit[] => {
  const { allowed_delegator_identities: from, allowed_delegate_identities: to, delegation_scopes: scopes } = match;
  const wanted = match.require_delegation || match.max_delegation_depth !== undefined || from.length > 0 || to.length > 0 ||
    scopes.length > 0;
  if (!wanted) return [];
  const requester_identity = to[0] ?? context.identity;
  const [scope_class] = scopes;
  const chain = from[0] === undefined ? [] : [{ delegator_identity: from[0], delegate_identity: requester_identity }];
  return [
    any("/delegation", { requester_identity, ...(scope_class === undefined ? {} : { scope_class }), chain }),
    ...each("/delegation/scope_class", scopes),
  ];
};

const matching = (rule: Rule, intent: Intent): RequestEdit[] => {
  const { match } = rule;
  const known = {
    "wrkr.tool_name": match.context_tool_names,
    "wrkr.data_class": match.context_data_classes,
    "wrkr.endpoint_class": match.context_endpoint_classes,
    "wrkr.autonomy_level": match.context_autonomy_levels,
  };
  const [source = "registry"] = match.skill_sources;
  const [publisher = "publisher"] = match.skill_publishers;
  const skill = match.skill_sources.length > 0 || match.skill_publishers.length > 0;
  return [
    ...each("/context/risk_class", match.risk_classes),
    ...each("/context/identity", match.identities),
    ...each("/context/workspace", match.workspace_prefixes),
    ...Object.entries(known).flatMap(([name, values]) => each(`/context/auth_context/${name}`, values)),
    ...(skill ? [any("/skill_provenance", { skill_name: "skill", source, publisher })] : []),
    ...each("/skill_provenance/source", match.skill_sources),
    ...each("/skill_provenance/publisher", match.skill_publishers),
    ...delegation(rule, intent),
  ];
};

// --- What the policy demands of calls of high risk, whatever their rule.

const EXAMPLES: Readonly<Record<string, Json>> = {
  agent_identity: {},
  credential_source: "vault_dynamic",
  credential_access_type: "jit",
  credential_ttl_seconds: 60,
};

const demanded = ({ fail_closed }: Policy, { context }: Intent, { kinds }: Touched): RequestEdit[] => {
  if (!fail_closed.enabled) return [];
  const facts: Readonly<Record<string, readonly RequestEdit[]>> = {
    targets: [any("/targets/-", { kind: "path", value: "/example", operation: "read" })],
    arg_provenance: [any("/arg_provenance/-", { arg_path: "$", source: "user" })],
    delegation: [any("/delegation", { requester_identity: context.identity })],
  };
  return [
    ...fail_closed.required_high_risk_fields.map((name) => any(`/context/${name}`, EXAMPLES[name] ?? `example-${name}`)),
    ...fail_closed.required_fields.flatMap((name) => facts[name] ?? []),
    ...kinds.map((_, i) => any(`/targets/${i}/endpoint_class`, "fs.read")),
    any("/context/risk_class", "low"),
  ];
};

// --- What could be left out.

const OPTIONAL = ["agent_id", "environment", "agent_identity", "sandbox", "auth_context"] as const;

const leaving = (intent: Intent): RequestEdit[] => [
  ...(intent.delegation === undefined ? [] : [drop("/delegation")]),
  ...(intent.skill_provenance === undefined ? [] : [drop("/skill_provenance")]),
  ...OPTIONAL.map((name) => drop(`/context/${name}`)),
  set("/context/phase", intent.context.phase === "plan" ? "apply" : "plan"),
  any("/context/identity", "somebody-else"),
  any("/context/risk_class", "low"),
];

/** Changes worth trying, and whether some were left out for their number. */
export type Levers = { readonly edits: readonly RequestEdit[]; readonly cut: boolean };

const hasLongList = ({ match, endpoint, ...rule }: Rule): boolean =>
  [match, endpoint ?? {}, rule].flatMap((part) => Object.values<unknown>(part))
    .some((value) => Array.isArray(value) && value.length > MOST_VALUES);

/**
 * Changes of a request worth trying, those for the first rule first, without repeats and without those that change nothing: for a script
 * those of the steps in `steps`, and leaving a step out.
 */
export function levers(
  policy: Policy,
  rules: readonly Rule[],
  request: JsonObject,
  intent: Intent,
  steps: readonly number[],
): Levers {
  const count = intent.script?.steps.length ?? 0;
  const places = (intent.script === undefined ? [""] : steps.map((i) => `/script/steps/${i}`)).map((at) =>
    touchedAt(request, at)
  );
  const all = [
    ...demanded(policy, intent, touchedAt(request, "")),
    ...rules.flatMap((rule) => [
      ...agent(rule),
      ...credential(rule),
      ...sandbox(rule),
      ...frozen(rule),
      ...places.flatMap((touched) => touching(rule, touched)),
      ...matching(rule, intent),
    ]),
    ...leaving(intent),
    ...places.flatMap((touched) => [any(`${touched.at}/tool_name`, "another.tool"), ...withoutTouched(touched)]),
    ...(count < 2 ? [] : Array.from({ length: count }, (_, i) => drop(`/script/steps/${count - 1 - i}`))),
  ];
  const seen = new Set<string>();
  const edits = all.filter(({ pointer, to }) => {
    const text = JSON.stringify(to);
    return JSON.stringify(valueAt(request, pointer)) !== text && seen.size !== seen.add(`${pointer} ${text}`).size;
  });
  return { edits, cut: places.some(({ more }) => more) || rules.some(hasLongList) };
}
