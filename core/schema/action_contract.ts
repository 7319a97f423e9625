// The action contract itself (spec 03, section 9.1), version 3: what a scanner proposes that an agent may do. Its members are
// spelled as its publisher has them: absent and null differ, and nothing is normalized when it is read.
import { constant, given, type Infer, listOf, oneOf, optional, strict } from "../base/shape.ts";
import { atLeast, fixed, flag } from "../base/shape_rules.ts";
import { CONTRACT_VERSION, prefixedDigest, word, words } from "./action_contract_parts.ts";

const evidence_state = oneOf(["verified", "declared", "inferred", "unknown", "contradictory"], "How well it is known");
const freshness_state = oneOf(["fresh", "stale", "expired", "unknown"], "How recent that is");
const refs = {
  evidence_refs: optional(words("Where the evidence is")),
  reason_codes: optional(words("Why it is so")),
};
const known = { evidence_state, freshness_state, ...refs };

const READINESS = "blocked_by_contradiction";

const Transition = strict("A step from one stage to another", () => ({
  transition_id: word("Id of the step"),
  from_stage_id: word("Stage before"),
  to_stage_id: word("Stage after"),
  from_role: optional(word("Role before")),
  to_role: optional(word("Role after")),
  reason: optional(word("Why")),
}));

const TargetConstraint = strict(
  "A bound on what is acted upon",
  () => ({ key: word("What is bound"), value: word("To what") }),
);

const AuthorityRequirement = strict("Authority that has to be there", () => ({
  requirement_id: word("Id of the requirement"),
  kind: oneOf([
    "originating_intent",
    "requester_identity",
    "business_owner",
    "affected_system_owner",
    "permitted_agent_role",
    "policy_authority",
    "delegation_root",
    "credential_subject_constraint",
    "separation_of_duties",
  ], "What kind of authority"),
  required_constraint: word("What is required"),
  observed_value: optional(word("What was found")),
  ...known,
}));

const Precondition = strict("What has to hold before the action", () => ({
  requirement_id: word("Id of the requirement"),
  kind: oneOf([
    "validation_contract",
    "effect_contract",
    "required_check",
    "producer",
    "freshness",
    "environment",
    "target",
    "sandbox",
    "policy_digest",
    "credential_mode",
    "expected_effect",
    "forbidden_effect",
  ], "What kind of condition"),
  required_constraint: word("What is required"),
  observed_value: optional(word("What was found")),
  observed_result: optional(word("What came of it")),
  acceptable_producers: optional(words("Whose word counts")),
  max_age: optional(word("How old it may be")),
  ...known,
}));

const Confirmation = strict("Whether somebody confirms the action", () => ({
  mode: oneOf(["explicit_confirmation", "not_required"], "How"),
  required: flag("Whether it is required"),
  ...known,
}));

const Approval = strict("Who approves the action", () => ({
  required: flag("Whether it is required"),
  approver_roles: optional(words("Roles that may approve")),
  minimum_approvals: atLeast(0, "How many are needed"),
  separation_of_duties: optional(words("Roles that must not meet in one person")),
  scope_digest: prefixedDigest("Digest of what is approved"),
  validity_window: optional(word("How long an approval lasts")),
  reapproval_triggers: optional(words("What asks for a new one")),
  ...known,
}));

const Compensation = strict("How the action is taken back", () => ({
  required: flag("Whether it is required"),
  kind: oneOf(["documented_recovery", "rollback", "restore", "irreversible_escalation", "not_required"], "How"),
  procedure_ref: optional(word("Where the procedure is")),
  target: optional(word("On what")),
  execution_window: optional(word("Within what time")),
  verification_required: flag("Whether its success has to be verified"),
  acceptable_producers: optional(words("Whose word counts")),
  ...known,
}));

const LifecycleObservation = strict("What was seen of the contract so far", () => ({
  observation_id: word("Id of the observation"),
  kind: oneOf([
    "proposal_creation",
    "gait_activation_request",
    "gait_activation_receipt",
    "gait_rejection",
    "supersession",
    "gait_execution",
    "gait_effect",
    "axym_verification",
  ], "What was seen"),
  producer: word("By whom"),
  observed_at: optional(word("When")),
  action_contract_artifact_refs: optional(words("Artifacts that it is about")),
  proof_refs: optional(words("Where the proof is")),
  ...known,
}));

export const ActionContractShape = strict("What an agent may do, as a scanner proposes it", () => ({
  contract_id: word("Id of the contract: of its family, content and version"),
  contract_family_id: word("Id of all revisions of the contract"),
  contract_content_digest: prefixedDigest("Digest of what it says"),
  contract_version: constant(CONTRACT_VERSION, "Version of the contract's form"),
  contract_kind: constant("proposed_action_contract", "What it is"),
  composition_ref: word("The composition of tools that it is about"),
  resolution_key: optional(word("What tells it from others of the composition")),
  revision: atLeast(1, "Which revision of its family"),
  supersedes_ref: optional(word("The revision before")),
  lifecycle_observations: optional(listOf(LifecycleObservation, "What was seen of it so far")),
  allowed_transitions: optional(listOf(Transition, "Steps that are allowed")),
  prohibited_transitions: optional(listOf(Transition, "Steps that are not")),
  approval_required_transitions: optional(listOf(Transition, "Steps that need an approval")),
  target_constraints: optional(listOf(TargetConstraint, "Bounds on what is acted upon")),
  required_credential_mode: optional(oneOf(["ephemeral", "scoped", "standing_or_unknown"], "What credentials it takes")),
  maximum_delegation_depth: atLeast(0, "How far it may be delegated"),
  evidence_requirements: optional(words("Evidence that has to be kept")),
  acceptable_countersigners: optional(words("Who may countersign")),
  expected_outcome_class: optional(word("What is to come of it")),
  compensation_required: optional(flag("Whether it has to be possible to take it back")),
  expires_at: optional(word("When it is stale")),
  source_digests: optional(words("Digests of what it was made from")),
  authority_requirements: given(listOf(AuthorityRequirement, "Authority that has to be there")),
  authority_readiness_state: oneOf(["ready", "needs_evidence", READINESS], "Whether the authority is there"),
  preconditions: given(listOf(Precondition, "What has to hold before")),
  confirmation_requirement: Confirmation,
  approval_requirement: Approval,
  compensation_requirement: Compensation,
  report_only: fixed(true, "A proposal allows nothing by itself"),
  readiness_state: optional(oneOf(["ready_for_report_only", "needs_evidence", READINESS], "Whether it is ready")),
  reason_codes: optional(words("Why it is so")),
}));

/** An action contract. */
export type ActionContract = Infer<typeof ActionContractShape>;
