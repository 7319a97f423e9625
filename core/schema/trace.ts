// The record of one decision (spec 03, section 2.1). Its signature covers exactly the members named here: unknown ones do
// not take part, and times are always written.
import {
  decimal,
  filled,
  given,
  type Infer,
  integer,
  listOf,
  object,
  oneOf,
  present,
  text,
  time,
  truth,
} from "../base/shape.ts";
import { RelationshipShape } from "./relationship.ts";
import { SignatureShape } from "./signature.ts";

export const TRACE_ID = "gait.gate.trace";

/** The four verdicts, weakest first. */
export const VERDICTS = ["allow", "dry_run", "require_approval", "block"] as const;

const words = (doc: string) => filled(listOf(text("One of them"), doc));
const word = (doc: string) => filled(text(doc));
const whole = (doc: string) => filled(integer(doc));
const flag = (doc: string) => filled(truth(doc));

const AgentIdentityShape = object("Who the agent is, as its registry says", () => ({
  lifecycle_states: words("States of its life cycle"),
  owner: word("Who answers for it"),
  manifest_digest: word("Digest of its manifest"),
  publisher: word("Who published it"),
  source: word("Where that was learned"),
  issued_at: time("When the identity was issued"),
  approved_at: time("When it was approved"),
  expires_at: time("When it ends"),
  revoked: flag("Whether it was revoked"),
}));

export const StepVerdictShape = object("The verdict on one step of a script", () => ({
  index: integer("Position in the script, from 0"),
  tool_name: text("The tool"),
  verdict: text("The verdict"),
  reason_codes: words("Why"),
  violations: words("What was violated"),
  matched_rule: word("The rules that matched, comma-separated"),
}));

/** Its members, which an authorization bundle holds too. */
export const freezeWindowMembers = () => ({
  status: word("active, inactive or invalid"),
  effect: word("block or require_approval"),
  timezone: word("Time zone of the window"),
  evaluated_at: time("When it was looked at"),
  window_name: word("Name of the window"),
  window_start: time("When it starts"),
  window_end: time("When it ends"),
  reason: word("Why it exists"),
  reason_code: word("Reason code"),
});

export const FreezeWindowShape = object("The freeze window that was looked at", freezeWindowMembers);

/** Its members, which an authorization bundle holds too. */
export const sandboxMembers = () => ({
  status: word("valid, missing, invalid or disallowed"),
  network_mode: word("What network it has"),
  env_exposure_mode: word("What environment it sees"),
  timeout_seconds: whole("How long it may run"),
  filesystem_isolation: word("What files it sees"),
  user_mode: word("Which user it runs as"),
  evidence_ref: word("Where the proof is"),
  evidence_digest: word("Digest of the proof"),
  reason_codes: words("Why"),
});

export const SandboxShape = object("The sandbox that the call claims", sandboxMembers);

/** Its members, which an authorization bundle holds too. */
export const killSwitchMembers = () => ({
  status: word("active, inactive or unavailable"),
  reason_code: word("Reason code"),
  reason_codes: words("All reason codes"),
  matched_entry_ids: words("Entries that matched"),
  evaluated_at: time("When it was asked"),
});

export const KillSwitchShape = object("What the kill switch said", killSwitchMembers);

export const McpTrustShape = object("How far the server of the tool is trusted", () => ({
  server_id: word("Id of the server"),
  server_name: word("Name of the server"),
  publisher: word("Who published it"),
  source: word("Where that was learned"),
  status: word("trusted or why not"),
  decision_source: word("What decided"),
  score: filled(decimal("Trust score")),
  threshold: filled(decimal("Least score wanted")),
  max_age_seconds: whole("How old the evidence may be"),
  required: flag("Whether trust is demanded"),
  enforced: flag("Whether lack of it blocks"),
  registry_verified: flag("Whether the registry vouches for it"),
  publisher_allowed: flag("Whether its publisher is allowed"),
  reason_codes: words("Why"),
  updated_at: time("When the evidence was made"),
}));

export const DelegationRefShape = object("The delegation under which the call was made", () => ({
  delegation_token_ref: word("Ids of the tokens"),
  requester_identity: word("Who asks"),
  delegation_depth: whole("Number of hops"),
  scope_class: word("Class of its scope"),
  chain_digest: word("Digest of the delegation"),
  reason_codes: words("Why"),
}));

const SkillProvenanceShape = object("The skill that made the call", () => ({
  skill_name: text("Its name"),
  skill_version: word("Its version"),
  source: text("Where it came from"),
  publisher: text("Who published it"),
  digest: word("Its digest"),
  signature_key_id: word("Key that signed it"),
}));

const traceMembers = () => ({
  schema_id: text(`Always ${TRACE_ID}`),
  schema_version: text("Always 1.0.0"),
  created_at: time("When the intent was made"),
  observed_at: time("When it was decided"),
  producer_version: text("Version of the program that decided"),
  trace_id: text("Id of the decision: policy, intent and verdict"),
  event_id: word("Id of this event"),
  correlation_id: word("Correlation id of the command line"),
  tool_name: text("The tool"),
  args_digest: text("Digest of the arguments"),
  intent_digest: text("Digest of the normalized intent"),
  policy_digest: text("Digest of the normalized policy"),
  agent_id: word("Which agent"),
  agent_identity: present(AgentIdentityShape),
  run_id: word("Id of the run"),
  workflow_id: word("Id of the workflow"),
  repo: word("Repository"),
  environment: word("Environment"),
  credential_ref: word("Which credential"),
  credential_source: word("Where it comes from"),
  credential_access_type: word("What it gives access to"),
  credential_issuer: word("Who issued it"),
  credential_subject: word("Whom it names"),
  credential_owner: word("Who owns it"),
  credential_target_binding: word("Target that it is bound to"),
  credential_run_binding: word("Run that it is bound to"),
  credential_job_binding: word("Job that it is bound to"),
  credential_ttl_seconds: whole("How long it lives"),
  broker_credential_ref: word("Credential that the broker issued"),
  broker_credential_source: word("Which broker"),
  broker_credential_access_type: word("What it gives access to"),
  broker_credential_issuer: word("Who issued it"),
  broker_request_digest: word("Digest of what was asked of the broker"),
  broker_target_binding: word("Target that it is bound to"),
  broker_run_binding: word("Run that it is bound to"),
  broker_job_binding: word("Job that it is bound to"),
  approval_ref: word("Approval that the intent names"),
  wrkr_inventory_ref: word("Inventory that the intent names"),
  agent_action_bom_ref: word("Bill of actions that the intent names"),
  policy_id: word("Schema id of the policy"),
  policy_version: word("Schema version of the policy"),
  matched_rule_ids: words("Rules that matched; scripts only"),
  verdict: oneOf(VERDICTS, "What may happen"),
  context_set_digest: word("Digest of the context set"),
  context_evidence_mode: word("best_effort or required"),
  context_ref_count: whole("Number of pieces of context"),
  context_source: word("Where the context came from"),
  script: flag("Whether the call is a script"),
  step_count: whole("Number of its steps"),
  script_hash: word("Digest of its steps"),
  composite_risk_class: word("Risk of all steps together"),
  step_verdicts: filled(listOf(StepVerdictShape, "The verdict on each step")),
  pre_approved: flag("Whether an approved script allowed it"),
  pattern_id: word("Which approved script"),
  registry_reason: word("What the registry of approved scripts said"),
  violations: words("What was violated"),
  latency_ms: filled(decimal("How long the decision took, in milliseconds")),
  approval_token_ref: word("Approvals that were granted"),
  delegation_ref: present(DelegationRefShape),
  freeze_window: present(FreezeWindowShape),
  sandbox: present(SandboxShape),
  kill_switch: present(KillSwitchShape),
  mcp_trust: present(McpTrustShape),
  relationship: present(RelationshipShape),
  skill_provenance: present(SkillProvenanceShape),
  signature: present(SignatureShape),
});

export const TraceShape = object("The signed record of one decision about a tool call", traceMembers);

/** The same as it is shown to somebody who has not checked it: the verdict may be anything, and the signature tells whether it is so. */
export const ShownTraceShape = object("A record of a decision that somebody shows", () => ({
  ...traceMembers(),
  verdict: given(text("What may happen, by its own words")),
}));

export type Trace = Infer<typeof TraceShape>;
export type ShownTrace = Infer<typeof ShownTraceShape>;
export type McpTrust = Infer<typeof McpTrustShape>;

export const DECISION_NOTE_ID = "gait.gate.decision_note";

/** What stands beside a trace and cannot stand in it (spec 03, section 2.7). */
export const DecisionNoteShape = object("Facts about a decision that its signed trace has no room for", () => ({
  schema_id: text(`Always ${DECISION_NOTE_ID}`),
  schema_version: text("Always 1.0.0"),
  created_at: time("That of the trace"),
  producer_version: text("Version of the program that decided"),
  trace_id: text("Id of the trace"),
  trace_digest: text("The trace's signed_digest"),
  reason_codes: words("Why"),
  simulated: flag("Whether nothing was enforced"),
  simulated_verdict: word("What would have been decided"),
  simulated_reason_codes: words("Why it would have been"),
  warnings: words("What its reader should notice"),
}));

export type DecisionNote = Infer<typeof DecisionNoteShape>;
