// The digest of a policy in normal form (spec 02, section 3): the names of its members are contract, and so is what is left out.
import type { Crypto } from "../base/host.ts";
import { digestOf } from "../base/digest.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { Dataflow, Endpoint, FreezeWindow, Limit, Match, Policy, Rule, SandboxRule } from "./types.ts";

/** The digest of a policy, 64 hex digits. */
export const policyDigest = (crypto: Crypto, policy: Policy): string => digestOf(crypto, policyJson(policy));

type Members = Readonly<Record<string, Json | undefined>>;

// Members that count only when they say something.
function set(members: Members): JsonObject {
  const out: Record<string, Json> = {};
  for (const [name, value] of Object.entries(members)) {
    const empty = value === undefined || value === "" || value === 0 || value === false ||
      (Array.isArray(value) && value.length === 0);
    if (!empty) out[name] = value;
  }
  return out;
}

// Members that count when they are given, whatever they say.
function given(members: Members): JsonObject {
  const out: Record<string, Json> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) out[name] = value;
  return out;
}

/** What is digested. */
function policyJson(
  { schema_id, schema_version, default_verdict, fail_closed, mcp_trust, scripts, rules }: Policy,
): JsonObject {
  const runs = scripts.max_steps !== 0 || scripts.require_approval_above !== 0 || scripts.block_mixed_risk;
  return given({
    SchemaID: schema_id,
    SchemaVersion: schema_version,
    DefaultVerdict: default_verdict,
    FailClosed: {
      Enabled: fail_closed.enabled,
      RiskClasses: fail_closed.risk_classes,
      RequiredFields: fail_closed.required_fields,
      ...set({ RequiredHighRiskFields: fail_closed.required_high_risk_fields }),
    },
    Rules: rules.map(ruleJson),
    Scripts: !runs ? undefined : {
      MaxSteps: scripts.max_steps,
      RequireApprovalAbove: scripts.require_approval_above,
      BlockMixedRisk: scripts.block_mixed_risk,
    },
    MCPTrust: mcp_trust === undefined ? undefined : {
      Enabled: true,
      SnapshotPath: mcp_trust.snapshot,
      Action: mcp_trust.action,
      RequiredRiskClasses: mcp_trust.required_risk_classes,
      MinScore: mcp_trust.min_score,
      MaxAge: mcp_trust.max_age,
      PublisherAllowlist: mcp_trust.publisher_allowlist,
      RequireRegistry: mcp_trust.require_registry,
    },
  });
}

const ruleJson = (rule: Rule): JsonObject => ({
  Name: rule.name,
  Priority: rule.priority,
  Effect: rule.effect,
  Match: matchJson(rule.match),
  ReasonCodes: rule.reason_codes,
  Violations: rule.violations,
  ...set({
    MinApprovals: rule.min_approvals,
    RequireDeclaredAgent: rule.require_declared_agent,
    AllowedAgentIDs: rule.allowed_agent_ids,
    DeniedAgentIDs: rule.denied_agent_ids,
    RequiredAgentManifestDigest: rule.required_agent_manifest_digest,
    AllowedAgentManifestPublishers: rule.allowed_agent_manifest_publishers,
    AllowedAgentManifestSources: rule.allowed_agent_manifest_sources,
    RequiredAgentLifecycleStates: rule.required_agent_lifecycle_states,
    RequireAgentOwner: rule.require_agent_owner,
    RequireUnexpiredAgent: rule.require_unexpired_agent,
    BlockStandingCredentials: rule.block_standing_credentials,
    AllowedCredentialSources: rule.allowed_credential_sources,
    AllowedCredentialIssuers: rule.allowed_credential_issuers,
    AllowedCredentialAccessTypes: rule.allowed_credential_access_types,
    MaxCredentialTTLSeconds: rule.max_credential_ttl_seconds,
    RequireJITCredential: rule.require_jit_credential,
    RequireDistinctApprovers: rule.require_distinct_approvers,
    RequireContextEvidence: rule.require_context_evidence,
    RequiredContextEvidenceMode: rule.required_context_evidence_mode,
    MaxContextAgeSeconds: rule.max_context_age_seconds,
    RequireBrokerCredential: rule.require_broker_credential,
    BrokerReference: rule.broker_reference,
    BrokerScopes: rule.broker_scopes,
    FreezeWindow: freezeWindowJson(rule.freeze_window),
    Sandbox: sandboxJson(rule.sandbox),
    RateLimit: limitJson(rule.rate_limit),
    DestructiveBudget: limitJson(rule.destructive_budget),
    Dataflow: dataflowJson(rule.dataflow),
    Endpoint: endpointJson(rule.endpoint),
  }),
});

function matchJson(match: Match): JsonObject {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = match.tool_annotations ?? {};
  const hints = given({
    ReadOnlyHint: readOnlyHint,
    DestructiveHint: destructiveHint,
    IdempotentHint: idempotentHint,
    OpenWorldHint: openWorldHint,
  });
  return {
    ToolNames: match.tool_names,
    RiskClasses: match.risk_classes,
    TargetKinds: match.target_kinds,
    TargetValues: match.target_values,
    ProvenanceSources: match.provenance_sources,
    Identities: match.identities,
    WorkspacePrefixes: match.workspace_prefixes,
    ...set({
      EndpointClasses: match.endpoint_classes,
      DiscoveryMethods: match.discovery_method,
      SkillPublishers: match.skill_publishers,
      SkillSources: match.skill_sources,
      DataClasses: match.data_classes,
      DestinationKinds: match.destination_kinds,
      DestinationValues: match.destination_values,
      DestinationOps: match.destination_operations,
      ContextToolNames: match.context_tool_names,
      ContextDataClasses: match.context_data_classes,
      ContextEndpointClasses: match.context_endpoint_classes,
      ContextAutonomyLevels: match.context_autonomy_levels,
      AllowedDelegatorIdentities: match.allowed_delegator_identities,
      AllowedDelegateIdentities: match.allowed_delegate_identities,
      DelegationScopes: match.delegation_scopes,
      RequireDelegation: match.require_delegation,
    }),
    ...given({
      MaxDelegationDepth: match.max_delegation_depth,
      ToolAnnotations: Object.keys(hints).length === 0 ? undefined : hints,
    }),
  };
}

const freezeWindowJson = (freeze: FreezeWindow | undefined): JsonObject | undefined =>
  freeze && {
    Enabled: true,
    Timezone: freeze.timezone,
    Effect: freeze.effect,
    Reason: freeze.reason,
    Environments: freeze.environments,
    RiskClasses: freeze.risk_classes,
    Windows: freeze.windows.map(({ name, start, end }) => ({ Name: name, Start: start, End: end })),
  };

const orNull = (paths: readonly string[]): Json => paths.length === 0 ? null : paths;

const sandboxJson = (sandbox: SandboxRule | undefined): JsonObject | undefined =>
  sandbox && {
    Enabled: true,
    AllowedNetworkModes: sandbox.allowed_network_modes,
    AllowedWritablePathPrefixes: orNull(sandbox.allowed_writable_path_prefixes),
    RequiredReadOnlyRoots: orNull(sandbox.required_read_only_roots),
    AllowedEnvExposureModes: sandbox.allowed_env_exposure_modes,
    MaxTimeoutSeconds: sandbox.max_timeout_seconds,
    AllowedFilesystemIsolations: sandbox.allowed_filesystem_isolations,
    AllowedUserModes: sandbox.allowed_user_modes,
  };

const limitJson = (limit: Limit | undefined): JsonObject | undefined =>
  limit && { Requests: limit.requests, Window: limit.window, Scope: limit.scope };

const dataflowJson = (flow: Dataflow | undefined): JsonObject | undefined =>
  flow && {
    Enabled: true,
    TaintedSources: flow.tainted_sources,
    Action: flow.action,
    ReasonCode: flow.reason_code,
    Violation: flow.violation,
    ...set({
      DestinationKinds: flow.destination_kinds,
      DestinationValues: flow.destination_values,
      DestinationOperations: flow.destination_operations,
    }),
  };

const endpointJson = (endpoint: Endpoint | undefined): JsonObject | undefined =>
  endpoint && {
    Enabled: true,
    PathAllowlist: endpoint.path_allowlist,
    PathDenylist: endpoint.path_denylist,
    DomainAllowlist: endpoint.domain_allowlist,
    DomainDenylist: endpoint.domain_denylist,
    EgressClasses: endpoint.egress_classes,
    Action: endpoint.action,
    DestructiveAction: endpoint.destructive_action,
    ReasonCode: endpoint.reason_code,
    Violation: endpoint.violation,
  };
