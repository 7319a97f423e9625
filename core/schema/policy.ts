// A policy as people write it (spec 02, section 2): the one place where its fields are named. Texts and lists come out of the reader
// trimmed, in lowercase where the format says so, without repeats and sorted; what one field implies for another is done after.
import {
  count,
  decimal,
  filledSet,
  type Infer,
  integer,
  label,
  labelSet,
  listOf,
  optionalCount,
  optionalTruth,
  present,
  strict,
  term,
  termSet,
  text,
  truth,
} from "../base/shape.ts";
import {
  CREDENTIAL_ACCESS_TYPES,
  CREDENTIAL_SOURCES,
  DISCOVERY_METHODS,
  ENDPOINT_CLASSES,
  ENV_EXPOSURE_MODES,
  FILESYSTEM_ISOLATIONS,
  HIGH_RISK_FIELDS,
  LIMIT_SCOPES,
  LIMIT_WINDOWS,
  NETWORK_MODES,
  REQUIRED_FIELDS,
  USER_MODES,
} from "./gate_words.ts";
import { VERDICTS } from "./trace.ts";

export const POLICY_ID = "gait.gate.policy";
export const POLICY_VERSION = "1.0.0";

const RAISING = ["block", "require_approval"] as const;

export const ToolAnnotationsShape = strict("Hints that some target has to carry, exactly as given", () => ({
  readOnlyHint: optionalTruth("The tool only reads"),
  destructiveHint: optionalTruth("The tool may destroy"),
  idempotentHint: optionalTruth("Calling it twice does no more than calling it once"),
  openWorldHint: optionalTruth("The tool reaches beyond the machine"),
}));

export const MatchShape = strict("When a rule applies: every condition that is given has to hold", () => ({
  tool_name: term("One tool; the short form of tool_names"),
  tool_names: termSet("Names of tools"),
  risk_classes: termSet("Risk classes of the call"),
  target_kinds: termSet("Kinds of some target"),
  target_values: labelSet("Values of some target, letter case counts"),
  endpoint_class: termSet("The older name of endpoint_classes", ENDPOINT_CLASSES),
  endpoint_classes: termSet("Endpoint classes of some target", ENDPOINT_CLASSES),
  discovery_method: termSet("How some target was discovered", DISCOVERY_METHODS),
  tool_annotations: present(ToolAnnotationsShape),
  skill_publishers: termSet("Publishers of the skill"),
  skill_sources: termSet("Sources of the skill"),
  data_classes: termSet("Sensitivity of some target"),
  destination_kinds: termSet("Kinds of some target that data goes to"),
  destination_values: labelSet("Values of some target that data goes to, letter case counts"),
  destination_operations: termSet("Operations on some target"),
  provenance_sources: termSet("Sources of some argument"),
  identities: labelSet("Who calls, letter case counts"),
  workspace_prefixes: labelSet("How the workspace begins, letter by letter"),
  context_tool_names: termSet("Tools by the inventory"),
  context_data_classes: termSet("Data classes by the inventory"),
  context_endpoint_classes: termSet("Endpoint classes by the inventory"),
  context_autonomy_levels: termSet("Autonomy levels by the inventory"),
  require_delegation: truth("Only calls under a delegation; tokens are demanded"),
  allowed_delegator_identities: labelSet("Some link is delegated by one of these"),
  allowed_delegate_identities: labelSet("The requester or some link is one of these"),
  delegation_scopes: termSet("The delegation or some link has one of these scopes"),
  max_delegation_depth: optionalCount("Longest chain of delegation"),
}));

export const EndpointShape = strict("What the targets may be", () => ({
  enabled: truth("On without any list too"),
  path_allowlist: filledSet(labelSet("Paths that may be touched; /srv/** is all below /srv")),
  path_denylist: filledSet(labelSet("Paths that may not be touched")),
  domain_allowlist: filledSet(termSet("Domains that may be reached; *.example.org is all below it")),
  domain_denylist: filledSet(termSet("Domains that may not be reached")),
  egress_classes: filledSet(termSet(
    "Classes of network use that are allowed",
    ENDPOINT_CLASSES.filter((word) => word.startsWith("net.")),
  )),
  action: term("What a misfit leads to; block unless given", RAISING),
  destructive_action: term("What a destructive target leads to", RAISING),
  reason_code: label("Reason code added to every finding"),
  violation: label("Violation added to every finding"),
}));

export const DataflowShape = strict("What may happen to tainted arguments", () => ({
  enabled: truth("On without any list too"),
  tainted_sources: termSet("Sources that taint; external and tool_output unless given"),
  destination_kinds: termSet("Kinds of targets that data leaves to"),
  destination_values: labelSet("Values of targets that data leaves to"),
  destination_operations: termSet("Operations by which data leaves"),
  action: term("What it leads to; require_approval unless given", RAISING),
  reason_code: label("Reason code"),
  violation: label("Violation"),
}));

export const FreezeWindowPolicyShape = strict("When nothing may happen", () => ({
  enabled: truth("On"),
  timezone: label("IANA name of the time zone, such as Europe/Lisbon"),
  effect: term("What it leads to; block unless given", RAISING),
  reason: label("Why, for people"),
  environments: termSet("Environments that freeze; all unless given"),
  risk_classes: termSet("Risk classes that freeze; all unless given"),
  windows: listOf(
    strict("One window", () => ({
      name: label("Name; window-<n> unless given"),
      start: label("Local time it starts, such as 2026-12-24T18:00:00"),
      end: label("Local time it ends"),
    })),
    "The windows",
  ),
}));

export const SandboxPolicyShape = strict("What sandbox the call has to prove", () => ({
  enabled: truth("On without any list too"),
  allowed_network_modes: filledSet(termSet("Network modes", NETWORK_MODES)),
  allowed_env_exposure_modes: filledSet(termSet("What environment it may see", ENV_EXPOSURE_MODES)),
  allowed_filesystem_isolations: filledSet(termSet("What files it may see", FILESYSTEM_ISOLATIONS)),
  allowed_user_modes: filledSet(termSet("Which user it may run as", USER_MODES)),
  allowed_writable_path_prefixes: filledSet(labelSet("Folders that may be writable")),
  required_read_only_roots: filledSet(labelSet("Folders that have to be read-only")),
  max_timeout_seconds: count("Longest time limit"),
}));

const limit = (doc: string) =>
  present(strict(doc, () => ({
    requests: integer("How many are let through in one window"),
    // Checked only where the limit is on.
    window: { ...term("minute unless given"), words: LIMIT_WINDOWS },
    scope: { ...term("tool_identity unless given"), words: LIMIT_SCOPES },
  })));

export const RuleShape = strict("One rule", () => ({
  name: label("Its name"),
  priority: integer("Lower numbers are looked at first"),
  effect: term("What it decides", VERDICTS),
  action: term("The older name of effect", VERDICTS),
  match: present(MatchShape),
  endpoint: present(EndpointShape),
  reason_codes: labelSet("Reason codes"),
  violations: labelSet("Violations"),
  require_declared_agent: truth("The call has to say which agent makes it"),
  require_agent_owner: truth("The agent has to have an owner"),
  require_unexpired_agent: truth("The agent's identity has to last"),
  allowed_agent_ids: labelSet("Agents that may call"),
  denied_agent_ids: labelSet("Agents that may not call"),
  required_agent_manifest_digest: term("Digest of the agent's manifest"),
  allowed_agent_manifest_publishers: termSet("Who may have published the agent"),
  allowed_agent_manifest_sources: termSet("Where the agent may come from"),
  required_agent_lifecycle_states: termSet("States that the agent has to be in"),
  block_standing_credentials: truth("No credential that stands for long"),
  require_jit_credential: truth("Only credentials made for this call"),
  allowed_credential_sources: termSet("Where credentials may come from", CREDENTIAL_SOURCES),
  allowed_credential_issuers: labelSet("Who may have issued the credential"),
  allowed_credential_access_types: termSet("How the credential may give access", CREDENTIAL_ACCESS_TYPES),
  max_credential_ttl_seconds: count("How long the credential may live"),
  min_approvals: count("How many approvals it takes"),
  require_distinct_approvers: truth("By different people"),
  require_context_evidence: truth("The context has to be proved"),
  required_context_evidence_mode: term("Empty or required", ["required"]),
  max_context_age_seconds: count("How old the context may be"),
  require_broker_credential: truth("A broker has to issue the credential"),
  broker_reference: label("What the broker is asked for"),
  broker_scopes: termSet("Scopes that the broker is asked for"),
  freeze_window: present(FreezeWindowPolicyShape),
  sandbox: present(SandboxPolicyShape),
  rate_limit: limit("How often it may happen"),
  destructive_budget: limit("How often something may be destroyed"),
  dataflow: present(DataflowShape),
}));

export const PolicyShape = strict("What may happen, and what may not", () => ({
  schema_id: label(`Always ${POLICY_ID}; may be left out`),
  schema_version: label("Always 1.0.0; may be left out"),
  default_verdict: term("What happens where no rule matches; require_approval unless given", VERDICTS),
  default_action: term("The older name of default_verdict", VERDICTS),
  scripts: present(strict("Calls of several steps", () => ({
    max_steps: count("Most steps; 0 is the most that there can be"),
    require_approval_above: count("More steps than this need approval; 0 is never"),
    block_mixed_risk: truth("No steps of different risk in one script"),
  }))),
  fail_closed: present(strict("What blocks when it is missing", () => ({
    enabled: truth("On"),
    risk_classes: termSet("For these risk classes; critical and high unless given"),
    required_fields: termSet("What every call has to name", REQUIRED_FIELDS),
    required_high_risk_fields: termSet("What the context has to name", HIGH_RISK_FIELDS),
  }))),
  mcp_trust: present(strict("How far servers of tools are trusted; enforced at the MCP boundary", () => ({
    enabled: truth("On"),
    snapshot: label("File with what is known of the servers"),
    action: term("What lack of trust leads to; block unless given", RAISING),
    required_risk_classes: termSet("For these risk classes; critical and high unless given"),
    min_score: decimal("Least score, 0 to 1"),
    max_age: text("Oldest evidence, such as 90m"),
    publisher_allowlist: termSet("Publishers that are trusted"),
    require_registry: truth("The registry has to vouch for it"),
  }))),
  rules: listOf(RuleShape, "The rules"),
}));

/** A policy as written. */
export type WrittenPolicy = Infer<typeof PolicyShape>;

/** A rule as written. */
export type WrittenRule = Infer<typeof RuleShape>;
