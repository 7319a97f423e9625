// The digest of a policy in normal form (spec 02, section 3): the names of its members are contract, and so is what is left out.
import type { Crypto } from "../base/host.ts";
import { digestOf } from "../base/digest.ts";
import type { Draft, DraftObject } from "../base/json_value.ts";
import type { Dataflow, Endpoint, FreezeWindow, Limit, Match, Policy, Rule, SandboxRule } from "./types.ts";

/** The digest of a policy, 64 hex digits. */
export const policyDigest = (crypto: Crypto, policy: Policy): string => digestOf(crypto, policyJson(policy));

// What counts only when it says something.
const some = <T extends Draft>(value: T): T | undefined => {
  const empty = value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
  return empty ? undefined : value;
};

/** What is digested. Members that are undefined are left out. */
const policyJson = (
  { schema_id, schema_version, default_verdict, fail_closed, mcp_trust, scripts, rules }: Policy,
): DraftObject => ({
  DefaultVerdict: default_verdict,
  FailClosed: {
    Enabled: fail_closed.enabled,
    RequiredFields: fail_closed.required_fields,
    RequiredHighRiskFields: some(fail_closed.required_high_risk_fields),
    RiskClasses: fail_closed.risk_classes,
  },
  MCPTrust: mcp_trust && {
    Action: mcp_trust.action,
    Enabled: true,
    MaxAge: mcp_trust.max_age,
    MinScore: mcp_trust.min_score,
    PublisherAllowlist: mcp_trust.publisher_allowlist,
    RequireRegistry: mcp_trust.require_registry,
    RequiredRiskClasses: mcp_trust.required_risk_classes,
    SnapshotPath: mcp_trust.snapshot,
  },
  Rules: rules.map(ruleJson),
  SchemaID: schema_id,
  SchemaVersion: schema_version,
  Scripts: scriptsJson(scripts),
});

const scriptsJson = ({ max_steps, require_approval_above, block_mixed_risk }: Policy["scripts"]): DraftObject | undefined =>
  max_steps !== 0 || require_approval_above !== 0 || block_mixed_risk
    ? { BlockMixedRisk: block_mixed_risk, MaxSteps: max_steps, RequireApprovalAbove: require_approval_above }
    : undefined;

/** Members by the names under which they are digested. Tables: a rule holds few of all that it could, and most are never made. */
type Names<M extends string> = readonly (readonly [name: string, member: M])[];

/** The members that always count, and those that say something. */
const json = <M extends string>(
  from: Readonly<Record<M, Draft>>,
  always: Names<M>,
  sometimes: Names<M>,
): Record<string, Draft> => {
  const to: Record<string, Draft> = {};
  for (const [name, member] of always) to[name] = from[member];
  for (const [name, member] of sometimes) {
    const value = some(from[member]);
    if (value !== undefined) to[name] = value;
  }
  return to;
};

const RULE = [
  ["Effect", "effect"],
  ["Name", "name"],
  ["Priority", "priority"],
  ["ReasonCodes", "reason_codes"],
  ["Violations", "violations"],
] as const;

const RULE_MAY = [
  ["AllowedAgentIDs", "allowed_agent_ids"],
  ["AllowedAgentManifestPublishers", "allowed_agent_manifest_publishers"],
  ["AllowedAgentManifestSources", "allowed_agent_manifest_sources"],
  ["AllowedCredentialAccessTypes", "allowed_credential_access_types"],
  ["AllowedCredentialIssuers", "allowed_credential_issuers"],
  ["AllowedCredentialSources", "allowed_credential_sources"],
  ["BlockStandingCredentials", "block_standing_credentials"],
  ["BrokerReference", "broker_reference"],
  ["BrokerScopes", "broker_scopes"],
  ["DeniedAgentIDs", "denied_agent_ids"],
  ["MaxContextAgeSeconds", "max_context_age_seconds"],
  ["MaxCredentialTTLSeconds", "max_credential_ttl_seconds"],
  ["MinApprovals", "min_approvals"],
  ["RequireAgentOwner", "require_agent_owner"],
  ["RequireBrokerCredential", "require_broker_credential"],
  ["RequireContextEvidence", "require_context_evidence"],
  ["RequireDeclaredAgent", "require_declared_agent"],
  ["RequireDistinctApprovers", "require_distinct_approvers"],
  ["RequireJITCredential", "require_jit_credential"],
  ["RequireUnexpiredAgent", "require_unexpired_agent"],
  ["RequiredAgentLifecycleStates", "required_agent_lifecycle_states"],
  ["RequiredAgentManifestDigest", "required_agent_manifest_digest"],
  ["RequiredContextEvidenceMode", "required_context_evidence_mode"],
] as const;

const ruleJson = (rule: Rule): DraftObject => {
  const made = json(rule, RULE, RULE_MAY);
  made.Match = matchJson(rule.match);
  if (rule.dataflow) made.Dataflow = dataflowJson(rule.dataflow);
  if (rule.destructive_budget) made.DestructiveBudget = limitJson(rule.destructive_budget);
  if (rule.endpoint) made.Endpoint = endpointJson(rule.endpoint);
  if (rule.freeze_window) made.FreezeWindow = freezeWindowJson(rule.freeze_window);
  if (rule.rate_limit) made.RateLimit = limitJson(rule.rate_limit);
  if (rule.sandbox) made.Sandbox = sandboxJson(rule.sandbox);
  return made;
};

const MATCH = [
  ["Identities", "identities"],
  ["ProvenanceSources", "provenance_sources"],
  ["RiskClasses", "risk_classes"],
  ["TargetKinds", "target_kinds"],
  ["TargetValues", "target_values"],
  ["ToolNames", "tool_names"],
  ["WorkspacePrefixes", "workspace_prefixes"],
] as const;

const MATCH_MAY = [
  ["AllowedDelegateIdentities", "allowed_delegate_identities"],
  ["AllowedDelegatorIdentities", "allowed_delegator_identities"],
  ["ContextAutonomyLevels", "context_autonomy_levels"],
  ["ContextDataClasses", "context_data_classes"],
  ["ContextEndpointClasses", "context_endpoint_classes"],
  ["ContextToolNames", "context_tool_names"],
  ["DataClasses", "data_classes"],
  ["DelegationScopes", "delegation_scopes"],
  ["DestinationKinds", "destination_kinds"],
  ["DestinationOps", "destination_operations"],
  ["DestinationValues", "destination_values"],
  ["DiscoveryMethods", "discovery_method"],
  ["EndpointClasses", "endpoint_classes"],
  ["RequireDelegation", "require_delegation"],
  ["SkillPublishers", "skill_publishers"],
  ["SkillSources", "skill_sources"],
] as const;

const matchJson = (match: Match): DraftObject => {
  const made = json(match, MATCH, MATCH_MAY);
  if (match.max_delegation_depth !== undefined) made.MaxDelegationDepth = match.max_delegation_depth;
  const hints = hintsJson(match.tool_annotations);
  if (hints !== undefined) made.ToolAnnotations = hints;
  return made;
};

const hintsJson = (hints: Match["tool_annotations"]): DraftObject | undefined =>
  hints && Object.values(hints).some((hint) => hint !== undefined)
    ? {
      DestructiveHint: hints.destructiveHint,
      IdempotentHint: hints.idempotentHint,
      OpenWorldHint: hints.openWorldHint,
      ReadOnlyHint: hints.readOnlyHint,
    }
    : undefined;

const freezeWindowJson = (freeze: FreezeWindow): DraftObject => ({
  Effect: freeze.effect,
  Enabled: true,
  Environments: freeze.environments,
  Reason: freeze.reason,
  RiskClasses: freeze.risk_classes,
  Timezone: freeze.timezone,
  Windows: freeze.windows.map(({ name, start, end }) => ({ Name: name, Start: start, End: end })),
});

const orNull = (paths: readonly string[]): Draft => paths.length === 0 ? null : paths;

const sandboxJson = (sandbox: SandboxRule): DraftObject => ({
  AllowedEnvExposureModes: sandbox.allowed_env_exposure_modes,
  AllowedFilesystemIsolations: sandbox.allowed_filesystem_isolations,
  AllowedNetworkModes: sandbox.allowed_network_modes,
  AllowedUserModes: sandbox.allowed_user_modes,
  AllowedWritablePathPrefixes: orNull(sandbox.allowed_writable_path_prefixes),
  Enabled: true,
  MaxTimeoutSeconds: sandbox.max_timeout_seconds,
  RequiredReadOnlyRoots: orNull(sandbox.required_read_only_roots),
});

const limitJson = (limit: Limit): DraftObject => ({ Requests: limit.requests, Scope: limit.scope, Window: limit.window });

const dataflowJson = (flow: Dataflow): DraftObject => ({
  Action: flow.action,
  DestinationKinds: some(flow.destination_kinds),
  DestinationOperations: some(flow.destination_operations),
  DestinationValues: some(flow.destination_values),
  Enabled: true,
  ReasonCode: flow.reason_code,
  TaintedSources: flow.tainted_sources,
  Violation: flow.violation,
});

const endpointJson = (endpoint: Endpoint): DraftObject => ({
  Action: endpoint.action,
  DestructiveAction: endpoint.destructive_action,
  DomainAllowlist: endpoint.domain_allowlist,
  DomainDenylist: endpoint.domain_denylist,
  EgressClasses: endpoint.egress_classes,
  Enabled: true,
  PathAllowlist: endpoint.path_allowlist,
  PathDenylist: endpoint.path_denylist,
  ReasonCode: endpoint.reason_code,
  Violation: endpoint.violation,
});
