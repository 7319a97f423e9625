// The policy that `policy init baseline-highrisk` writes.

/** Blocks unless a rule names the call: for agents that can do harm which nobody can undo. */
export const HIGH = `# yaml-language-server: $schema=https://gait.dev/schemas/v1/gate/policy.schema.json
#
# Baseline for high risk: what no rule names is blocked.
# Rules are looked at by priority, lower numbers first. The first priority at which some rule matches decides, and of the rules that
# match there the strictest effect wins: block, require_approval, dry_run, allow.
schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block

# A call of these risk classes that does not say what it touches and where its arguments came from is blocked before any rule.
fail_closed:
  enabled: true
  risk_classes:
  - critical
  required_fields:
  - arg_provenance
  - targets

rules:
# Names of tools are compared in lowercase. Put the names of your own tools into these lists.
- name: block-destructive-tool-delete
  priority: 10
  effect: block
  match:
    tool_names:
    - tool.delete
  reason_codes:
  - destructive_tool_blocked
  violations:
  - destructive_operation

# Egress is a write to a host, a url or a bucket. Nothing that came from outside or out of a tool may leave that way.
- name: block-tainted-egress-write
  priority: 12
  effect: block
  match:
    tool_names:
    - tool.write
    target_kinds:
    - bucket
    - host
    - url
    provenance_sources:
    - external
    - tool_output
  reason_codes:
  - blocked_tainted_egress
  violations:
  - tainted_data_exfiltration

# Egress of high risk is for a specialist to whom the lead has delegated it, with a credential that was made for this one call.
- name: allow-delegated-egress-write
  priority: 15
  effect: allow
  match:
    tool_names:
    - tool.write
    risk_classes:
    - critical
    - high
    target_kinds:
    - bucket
    - host
    - url
    require_delegation: true
    allowed_delegator_identities:
    - agent.lead
    allowed_delegate_identities:
    - agent.specialist
    delegation_scopes:
    - write
    max_delegation_depth: 2
  reason_codes:
  - delegated_egress_write_allowed
  block_standing_credentials: true
  require_jit_credential: true
  allowed_credential_sources:
  - aws_sts
  - github_oidc
  - vault_dynamic
  allowed_credential_issuers:
  - sts.amazonaws.com
  - token.actions.githubusercontent.com
  - vault
  max_credential_ttl_seconds: 900
  require_broker_credential: true
  broker_reference: highrisk-egress
  broker_scopes:
  - write

# All other egress.
- name: block-undelegated-egress-write
  priority: 16
  effect: block
  match:
    tool_names:
    - tool.write
    target_kinds:
    - bucket
    - host
    - url
  reason_codes:
  - delegation_required_for_egress_write
  violations:
  - missing_or_invalid_delegation

# Whatever the tool: what says of itself that it destroys needs approval, and happens three times an hour at most.
- name: destructive-budget-guard
  priority: 18
  effect: require_approval
  match:
    risk_classes:
    - critical
    - high
    tool_annotations:
      destructiveHint: true
  endpoint:
    action: require_approval
    destructive_action: require_approval
    reason_code: destructive_operation_requires_approval
    violation: destructive_operation
  reason_codes:
  - destructive_budget_guard
  violations:
  - destructive_operation
  require_broker_credential: true
  destructive_budget:
    requests: 3
    window: hour
    scope: identity

# Two different people have to approve, and a broker has to issue the credential.
- name: require-approval-tool-write
  priority: 20
  effect: require_approval
  match:
    tool_names:
    - tool.write
  reason_codes:
  - approval_required_for_write
  violations:
  - approval_required
  block_standing_credentials: true
  require_jit_credential: true
  allowed_credential_sources:
  - aws_sts
  - github_oidc
  - vault_dynamic
  allowed_credential_issuers:
  - sts.amazonaws.com
  - token.actions.githubusercontent.com
  - vault
  max_credential_ttl_seconds: 900
  min_approvals: 2
  require_distinct_approvers: true
  require_broker_credential: true
  broker_reference: highrisk-egress
  broker_scopes:
  - write

- name: require-approval-tool-deploy
  priority: 20
  effect: require_approval
  match:
    tool_names:
    - tool.deploy
  reason_codes:
  - approval_required_for_deploy
  violations:
  - approval_required
  block_standing_credentials: true
  require_jit_credential: true
  allowed_credential_sources:
  - aws_sts
  - github_oidc
  - vault_dynamic
  allowed_credential_issuers:
  - sts.amazonaws.com
  - token.actions.githubusercontent.com
  - vault
  max_credential_ttl_seconds: 900
  min_approvals: 2
  require_distinct_approvers: true
  require_broker_credential: true
  broker_reference: highrisk-deploy
  broker_scopes:
  - deploy

- name: allow-safe-tool-read
  priority: 30
  effect: allow
  match:
    tool_names:
    - tool.read
    risk_classes:
    - low
  reason_codes:
  - safe_read_allowed
`;
