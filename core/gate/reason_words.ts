// Reason codes in plain words (spec 02, appendix A): what `--why` prints and the page of reason codes lists. Codes that a policy made up
// have no words here.

const WORDS: Readonly<Record<string, string>> = {
  default_allow: "no rule matches, and the policy's default is allow",
  default_dry_run: "no rule matches, and the policy's default is dry_run",
  default_require_approval: "no rule matches, and the policy's default is require_approval",
  default_block: "no rule matches, and the policy's default is block",

  fail_closed_intent_invalid: "the call cannot be read, and calls of its risk class have to be",
  fail_closed_missing_targets: "calls of this risk class have to name their targets",
  fail_closed_missing_arg_provenance: "calls of this risk class have to say where their arguments came from",
  fail_closed_missing_endpoint_class: "a target of this risk class has no endpoint class but other",
  fail_closed_missing_delegation: "calls of this risk class have to name a delegation",
  fail_closed_endpoint_class_unknown: "a target's endpoint class is other, which says nothing",

  dataflow_tainted_destination: "tainted arguments flow to a target that leaves the machine",

  endpoint_path_denied: "a path is on the rule's denylist",
  endpoint_path_not_allowlisted: "a path is not on the rule's allowlist, or is spelled so that it cannot be told",
  endpoint_domain_denied: "a domain is on the rule's denylist",
  endpoint_domain_not_allowlisted: "a domain is not on the rule's allowlist, or is spelled so that it cannot be told",
  endpoint_egress_class_not_allowed: "the network is used in a way that the rule does not allow",
  endpoint_destructive_operation: "a target would be destroyed or something executed",
  endpoint_constraint_violation: "the targets do not fit the rule's endpoint section",

  context_evidence_missing: "the context has to be proved by an envelope, and is not",
  context_set_digest_missing: "there is no digest of the context set",
  context_evidence_mode_mismatch: "the context's evidence mode has to be required, and is not",
  context_freshness_exceeded: "the context is older than the rule lets it be, or of unknown age",

  agent_unknown: "the call does not say which agent makes it, or that agent is not allowed",
  agent_revoked: "the agent is denied or revoked",
  agent_owner_missing: "the agent's identity names no owner",
  agent_lifecycle_state_invalid: "the agent is not in every state that the rule wants",
  agent_expired: "the agent's identity has expired, or does not say when it does",
  agent_manifest_mismatch: "the agent's manifest, publisher or source is not one that the rule wants",

  credential_evidence_missing: "the call names no credential, or not all that the rule wants to know of it",
  credential_source_unknown: "the call does not say where its credential comes from",
  credential_access_type_unknown: "the call does not say how its credential gives access",
  credential_not_jit: "the credential was not made for this call",
  standing_credential_disallowed: "the credential stands for long, or does not say that it does not",
  credential_source_disallowed: "the credential's source is not one that the rule allows",
  credential_issuer_disallowed: "the credential's issuer is not one that the rule allows",
  credential_access_type_disallowed: "the credential's access type is not one that the rule allows",
  credential_ttl_exceeded: "the credential lives longer than the rule allows",
  credential_target_binding_mismatch: "the credential is bound to other targets",
  credential_run_binding_mismatch: "the credential is bound to another run",
  credential_job_binding_mismatch: "the credential is bound to another job",

  freeze_window_active_block: "a freeze window is open",
  freeze_window_active_require_approval: "a freeze window is open",
  freeze_window_invalid_timezone: "the time zone of the freeze window is not known",
  freeze_window_invalid_window: "a freeze window has no readable start and end",

  sandbox_metadata_missing: "the call says nothing of its sandbox",
  sandbox_evidence_missing: "there is no proof of the sandbox",
  sandbox_network_mode_missing: "the sandbox does not say what network it has",
  sandbox_network_mode_disallowed: "the sandbox has a network that the rule does not allow",
  sandbox_env_exposure_mode_missing: "the sandbox does not say what environment it sees",
  sandbox_env_exposure_mode_disallowed: "the sandbox sees an environment that the rule does not allow",
  sandbox_filesystem_isolation_missing: "the sandbox does not say what files it sees",
  sandbox_filesystem_isolation_disallowed: "the sandbox sees files that the rule does not allow",
  sandbox_user_mode_missing: "the sandbox does not say as which user it runs",
  sandbox_user_mode_disallowed: "the sandbox runs as a user that the rule does not allow",
  sandbox_timeout_missing: "the sandbox has no time limit",
  sandbox_timeout_exceeded: "the sandbox may run longer than the rule allows",
  sandbox_writable_path_disallowed: "the sandbox may write to a folder that the rule does not allow",
  sandbox_read_only_root_missing: "a folder that has to be read-only is not",

  plan_phase_non_destructive: "the call only plans, and what it plans destroys",
  destructive_apply_requires_approval: "a target would be destroyed or something executed",

  kill_switch_active: "an entry of the kill switch stops it",
  kill_switch_agent_id_active: "the kill switch stops this agent",
  kill_switch_identity_active: "the kill switch stops this identity",
  kill_switch_tool_name_active: "the kill switch stops this tool",
  kill_switch_environment_active: "the kill switch stops this environment",
  kill_switch_target_active: "the kill switch stops this target",
  kill_switch_path_active: "the kill switch stops this path",
  kill_switch_workspace_active: "the kill switch stops this workspace",
  kill_switch_state_unavailable: "the kill switch cannot be read",

  rate_limit_exceeded: "it was called too often in this window",
  destructive_budget_exceeded: "the budget for destroying is used up in this window",

  script_max_steps_exceeded: "the script has more steps than the policy allows",
  script_step_threshold_approval: "the script has so many steps that somebody has to approve it",
  script_mixed_risk_blocked: "the script has steps of different risk",
  approved_script_match: "an approved script allows it",

  delegation_token_missing: "a delegation token is needed, and none was given",
  delegation_chain_insufficient: "the delegation tokens do not cover the chain",
  delegation_granted: "the delegation is proved",
  delegation_expired: "the delegation that the call claims, or a hop of it, is over",
  delegation_not_yet_valid: "the delegation that the call claims, or a hop of it, has not begun",
  delegation_token_invalid: "a delegation token lacks something that it has to have",
  delegation_token_signature_missing: "a delegation token is not signed",
  delegation_token_signature_invalid: "a delegation token was changed, or the key that checks it is not its signer's",
  delegation_token_expired: "a delegation token is over",
  delegation_token_delegator_mismatch: "a delegation token is another delegator's",
  delegation_token_delegate_mismatch: "a delegation token is for another delegate",
  delegation_token_intent_mismatch: "a delegation token is for another call",
  delegation_token_policy_mismatch: "a delegation token is for another policy",
  delegation_token_scope_mismatch: "a delegation token has none of the scopes that the rule wants",
  delegation_token_chain_mismatch: "a delegation token serves no hop that is open",
  approval_token_missing: "an approval token is needed, and none was given",
  approval_chain_insufficient: "there are too few approvals",
  approval_distinct_approvers_required: "the approvals have to come from different people",
  approval_granted: "it was approved",
  approval_token_invalid: "an approval lacks something that it has to have",
  approval_token_signature_missing: "an approval is not signed",
  approval_token_signature_invalid: "an approval was changed, or the key that checks it is not its signer's",
  approval_token_intent_mismatch: "an approval is for another call",
  approval_token_policy_mismatch: "an approval is for another policy",
  approval_token_delegation_binding_mismatch: "an approval is for a call under another delegation",
  approval_token_expired: "an approval is over",
  approval_token_scope_mismatch: "an approval does not cover the tool, or not what the call destroys",
  approval_token_max_targets_exceeded: "the call has more targets than an approval allows",
  approval_token_max_ops_exceeded: "the call does more than an approval allows",
  approval_token_replayed: "an approval of single use was used before",
  broker_credential_required: "a broker has to issue the credential, and none is set up",
  broker_credential_missing: "the broker issued no credential",
  broker_credential_present: "the broker issued the credential",
  broker_credential_not_requested: "a simulation asks no broker",
  broker_request_digest_missing: "the broker does not say what it answers",
  broker_request_digest_mismatch: "the broker answers another question",
  broker_scope_mismatch: "the broker granted less than was asked for",
  broker_ttl_exceeded: "what the broker issued lives longer than the rule allows, or does not say how long",
  broker_credential_ref_mismatch: "the broker issued another credential than the call names",
  broker_subject_mismatch: "the broker issued for somebody else than the call names",
  broker_target_binding_mismatch: "what the broker issued is bound to other targets",
  broker_run_binding_mismatch: "what the broker issued is bound to another run",
  broker_job_binding_mismatch: "what the broker issued is bound to another job",

  simulate_mode_non_enforcing: "it was only simulated",
  simulated_block: "it would have been blocked",
  simulated_require_approval: "it would have needed approval",
};

const MISSING = "fail_closed_missing_";

/** What a reason code means, as the rest of a sentence; undefined for a code that is not gait's own. */
export const reasonWords = (code: string): string | undefined => {
  if (Object.hasOwn(WORDS, code)) return WORDS[code];
  return code.startsWith(MISSING) ? `calls of this risk class have to name ${code.slice(MISSING.length)}` : undefined;
};

/** All codes that have words, by name. */
export const REASONS: readonly (readonly [code: string, words: string])[] = Object.entries(WORDS);
