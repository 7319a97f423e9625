// The policy that `policy init baseline-mediumrisk` writes.

/** Asks for approval unless a rule names the call: for agents that work on what matters, under somebody's eyes. */
export const MEDIUM = `# yaml-language-server: $schema=https://gait.dev/schemas/v1/gate/policy.schema.json
#
# Baseline for medium risk: what no rule names waits for approval.
# Rules are looked at by priority, lower numbers first. The first priority at which some rule matches decides, and of the rules that
# match there the strictest effect wins: block, require_approval, dry_run, allow.
schema_id: gait.gate.policy
schema_version: 1.0.0

# What happens to a call that no rule matches. Write "block" once your own rules name all that your agents may do.
default_verdict: require_approval

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

# One person has to approve every write: gait approve makes the token.
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
  min_approvals: 1

# Reading is free as long as the call says that little is at stake; other reads wait for approval like all else.
- name: allow-safe-tool-read
  priority: 30
  effect: allow
  match:
    tool_names:
    - tool.read
    risk_classes:
    - low
    - medium
  reason_codes:
  - safe_read_allowed
`;
