// The changes of a call that may meet what a rule demands of its context, and what a policy demands of calls of high risk.
import type { Json, JsonObject } from "../base/json.ts";
import { exampleFact } from "./demanded_facts.ts";
import type { Intent, Policy, Rule, SandboxRule } from "./types.ts";
import { any, drop, each, type RequestEdit, set } from "./why_edit.ts";
import type { Touched } from "./why_touched.ts";

const FAR = "9999-12-31T23:59:59Z";
const DIGEST = "0".repeat(64);
const STANDING = ["cloud_admin", "inherited", "standing", "static", "unknown"];

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

/** Changes of the context that a rule which was taken may miss. */
export const demandedBy = (
  rule: Rule,
): RequestEdit[] => [...agent(rule), ...credential(rule), ...sandbox(rule), ...frozen(rule)];

/** Facts that the policy wants of calls of some risk classes, whatever their rule. */
export const demandedByAll = ({ fail_closed }: Policy, { context }: Intent, { targets }: Touched): RequestEdit[] => {
  if (!fail_closed.enabled) return [];
  const facts: Readonly<Record<string, readonly RequestEdit[]>> = {
    targets: [any("/targets/-", { kind: "path", value: "/example", operation: "read" })],
    arg_provenance: [any("/arg_provenance/-", { arg_path: "$", source: "user" })],
    delegation: [any("/delegation", { requester_identity: context.identity })],
  };
  return [
    ...fail_closed.required_high_risk_fields.map((name) => any(`/context/${name}`, exampleFact(name))),
    ...fail_closed.required_fields.flatMap((name) => facts[name] ?? []),
    ...targets.map(({ at }) => any(`${at}/endpoint_class`, "fs.read")),
    any("/context/risk_class", "low"),
  ];
};
