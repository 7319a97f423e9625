// The digest of a policy in normal form (spec 02, section 3): the names of its members are contract, and so is what is left out.
import type { Crypto } from "../base/host.ts";
import { canonicalText, printed } from "../base/canonical.ts";
import type { Draft, DraftObject } from "../base/json_value.ts";
import type { Dataflow, Endpoint, FreezeWindow, Limit, Match, Policy, Rule, SandboxRule } from "./types.ts";

/** The digest of a policy, 64 hex digits. */
export function policyDigest(crypto: Crypto, policy: Policy): string {
  const json = policyJson(policy);
  return crypto.sha256Text(printed(json) ?? canonicalText(json));
}

// What counts only when it says something.
const some = <T extends Draft>(value: T): T | undefined =>
  value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0) ? undefined : value;

/**
 * What is digested. Members that are undefined are left out; all stand in canonical order (RFC 8785), here and below, so that nothing
 * has to be sorted and copied before it is printed.
 */
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

const ruleJson = (rule: Rule): DraftObject => ({
  AllowedAgentIDs: some(rule.allowed_agent_ids),
  AllowedAgentManifestPublishers: some(rule.allowed_agent_manifest_publishers),
  AllowedAgentManifestSources: some(rule.allowed_agent_manifest_sources),
  AllowedCredentialAccessTypes: some(rule.allowed_credential_access_types),
  AllowedCredentialIssuers: some(rule.allowed_credential_issuers),
  AllowedCredentialSources: some(rule.allowed_credential_sources),
  BlockStandingCredentials: some(rule.block_standing_credentials),
  BrokerReference: some(rule.broker_reference),
  BrokerScopes: some(rule.broker_scopes),
  Dataflow: rule.dataflow && dataflowJson(rule.dataflow),
  DeniedAgentIDs: some(rule.denied_agent_ids),
  DestructiveBudget: rule.destructive_budget && limitJson(rule.destructive_budget),
  Effect: rule.effect,
  Endpoint: rule.endpoint && endpointJson(rule.endpoint),
  FreezeWindow: rule.freeze_window && freezeWindowJson(rule.freeze_window),
  Match: matchJson(rule.match),
  MaxContextAgeSeconds: some(rule.max_context_age_seconds),
  MaxCredentialTTLSeconds: some(rule.max_credential_ttl_seconds),
  MinApprovals: some(rule.min_approvals),
  Name: rule.name,
  Priority: rule.priority,
  RateLimit: rule.rate_limit && limitJson(rule.rate_limit),
  ReasonCodes: rule.reason_codes,
  RequireAgentOwner: some(rule.require_agent_owner),
  RequireBrokerCredential: some(rule.require_broker_credential),
  RequireContextEvidence: some(rule.require_context_evidence),
  RequireDeclaredAgent: some(rule.require_declared_agent),
  RequireDistinctApprovers: some(rule.require_distinct_approvers),
  RequireJITCredential: some(rule.require_jit_credential),
  RequireUnexpiredAgent: some(rule.require_unexpired_agent),
  RequiredAgentLifecycleStates: some(rule.required_agent_lifecycle_states),
  RequiredAgentManifestDigest: some(rule.required_agent_manifest_digest),
  RequiredContextEvidenceMode: some(rule.required_context_evidence_mode),
  Sandbox: rule.sandbox && sandboxJson(rule.sandbox),
  Violations: rule.violations,
});

const matchJson = (match: Match): DraftObject => ({
  AllowedDelegateIdentities: some(match.allowed_delegate_identities),
  AllowedDelegatorIdentities: some(match.allowed_delegator_identities),
  ContextAutonomyLevels: some(match.context_autonomy_levels),
  ContextDataClasses: some(match.context_data_classes),
  ContextEndpointClasses: some(match.context_endpoint_classes),
  ContextToolNames: some(match.context_tool_names),
  DataClasses: some(match.data_classes),
  DelegationScopes: some(match.delegation_scopes),
  DestinationKinds: some(match.destination_kinds),
  DestinationOps: some(match.destination_operations),
  DestinationValues: some(match.destination_values),
  DiscoveryMethods: some(match.discovery_method),
  EndpointClasses: some(match.endpoint_classes),
  Identities: match.identities,
  MaxDelegationDepth: match.max_delegation_depth,
  ProvenanceSources: match.provenance_sources,
  RequireDelegation: some(match.require_delegation),
  RiskClasses: match.risk_classes,
  SkillPublishers: some(match.skill_publishers),
  SkillSources: some(match.skill_sources),
  TargetKinds: match.target_kinds,
  TargetValues: match.target_values,
  ToolAnnotations: hintsJson(match.tool_annotations),
  ToolNames: match.tool_names,
  WorkspacePrefixes: match.workspace_prefixes,
});

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
  Windows: freeze.windows.map(({ name, start, end }) => ({ End: end, Name: name, Start: start })),
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
