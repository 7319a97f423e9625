// The closed lists of words of policies and intents (spec 02): each is spelled here and nowhere else.

/** What a call may touch. */
export const TARGET_KINDS = ["path", "url", "host", "repo", "bucket", "table", "queue", "topic", "other"] as const;

/** What a call does to what it touches. */
export const ENDPOINT_CLASSES = [
  "fs.read",
  "fs.write",
  "fs.delete",
  "proc.exec",
  "net.http",
  "net.dns",
  "ui.click",
  "ui.type",
  "ui.navigate",
  "other",
] as const;

/** How the agent came to know of a tool. */
export const DISCOVERY_METHODS = ["webmcp", "dynamic_mcp", "a2a", "mcp", "static_mcp", "manual", "unknown"] as const;

/** Where an argument came from. */
export const PROVENANCE_SOURCES = ["user", "tool_output", "external", "system"] as const;

/** The sources of the arguments that are tainted unless a rule says otherwise. */
export const TAINTED_SOURCES = ["external", "tool_output"] as const;

/** Where a credential came from. */
export const CREDENTIAL_SOURCES = [
  "aws_iam_user",
  "aws_sts",
  "azure_federated",
  "command",
  "env",
  "gcp_sts",
  "github_oidc",
  "github_pat",
  "kubernetes_service_account",
  "stub",
  "unknown",
  "vault_dynamic",
] as const;

/** How a credential gives access. */
export const CREDENTIAL_ACCESS_TYPES = ["cloud_admin", "inherited", "jit", "standing", "static", "unknown"] as const;

/** What a sandbox may say of itself. */
export const NETWORK_MODES = ["disabled", "egress_allowlist", "full"] as const;
export const ENV_EXPOSURE_MODES = ["allowlist", "full", "none"] as const;
export const FILESYSTEM_ISOLATIONS = ["container", "none", "workspace"] as const;
export const USER_MODES = ["default", "root", "unprivileged"] as const;

/** What `fail_closed` may demand of every call of its risk classes. */
export const REQUIRED_FIELDS = ["targets", "arg_provenance", "endpoint_class", "delegation", "context_evidence"] as const;

/** What `fail_closed` may demand of the context. */
export const HIGH_RISK_FIELDS = [
  "agent_id",
  "agent_identity",
  "run_id",
  "workflow_id",
  "repo",
  "environment",
  "credential_ref",
  "credential_source",
  "credential_access_type",
  "credential_issuer",
  "credential_ttl_seconds",
  "approval_ref",
  "wrkr_inventory_ref",
  "agent_action_bom_ref",
] as const;

/** Windows and scopes of limits, the default first. */
export const LIMIT_WINDOWS = ["minute", "hour"] as const;
export const LIMIT_SCOPES = ["tool_identity", "tool", "identity"] as const;

/** How sure the evidence of a context has to be. */
export const EVIDENCE_MODES = ["best_effort", "required"] as const;

/** Whether a call only plans or acts; absent is `apply`. */
export const PHASES = ["plan", "apply"] as const;

/** How strict a decision is, the default first. */
export const PROFILES = ["standard", "oss-prod"] as const;

/** How strict a decision is. */
export type Profile = typeof PROFILES[number];
