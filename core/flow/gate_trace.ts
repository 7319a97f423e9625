// What the signed trace of a decision says (spec 03, section 2), and the note beside it.
import type { Crypto } from "../base/host.ts";
import { trimmedSet } from "../base/text.ts";
import { argsDigest } from "../gate/intent_digest.ts";
import { TO_COME, type TraceFacts } from "../trace/build.ts";
import type { NoteFacts } from "../trace/note.ts";
import type { TraceParties } from "../trace/relationship.ts";
import type { Trace } from "../schema/trace.ts";
import { contextMembers, type Decided, scriptMembers } from "./gate_decided.ts";
import { widenings } from "./gate_widening.ts";

/** What a trace says about the moment and the program of the decision. */
export type Observation = {
  readonly observed_at: string;
  readonly producer_version: string;
  /** Empty where there is no command line. */
  readonly correlation_id: string;
  readonly latency_ms: number;
  /** What the caller names as approval; told where no approval was granted. */
  readonly approval_token_ref: string;
};

/** What a trace is made of. */
export type TraceMatter = { readonly facts: TraceFacts; readonly parties: TraceParties };

/** What the trace of a decision is made of. */
export const traceOf = (crypto: Crypto, decided: Decided, observation: Observation): TraceMatter =>
  matterOf(decided, observation, argsDigest(crypto, decided.intent));

/** The same with the digest of the arguments to come. */
export const openTraceOf = (decided: Decided, observation: Observation): TraceMatter => matterOf(decided, observation, TO_COME);

const matterOf = (decided: Decided, observation: Observation, args_digest: string): TraceMatter => ({
  facts: factsOf(decided, observation, args_digest),
  parties: partiesOf(decided),
});

const partiesOf = ({ intent: { context, delegation } }: Decided): TraceParties => ({
  identity: context.identity,
  session_id: context.session_id,
  delegation,
});

function factsOf(decided: Decided, observation: Observation, args_digest: string): TraceFacts {
  const { policy, intent, decision, final } = decided;
  const { context } = intent;
  const { broker } = decided.facts;
  const issued = broker.status === "issued" ? broker.credential : undefined;
  const evidence = contextMembers(decided);
  const script = scriptMembers(decided);
  // One name after the other: an engine takes long for an object that is spread into the middle of another one.
  return {
    created_at: decided.lookup.pre_approved ? observation.observed_at : intent.created_at,
    observed_at: observation.observed_at,
    producer_version: observation.producer_version,
    correlation_id: observation.correlation_id,
    tool_name: intent.tool_name,
    args_digest,
    intent_digest: decided.digests.intent_digest,
    policy_digest: decided.policy_digest,
    agent_id: context.agent_id,
    agent_identity: context.agent_identity,
    run_id: context.run_id,
    workflow_id: context.workflow_id,
    repo: context.repo,
    environment: context.environment,
    credential_ref: context.credential_ref,
    credential_source: context.credential_source,
    credential_access_type: context.credential_access_type,
    credential_issuer: context.credential_issuer,
    credential_subject: context.credential_subject,
    credential_owner: context.credential_owner,
    credential_target_binding: context.credential_target_binding,
    credential_run_binding: context.credential_run_binding,
    credential_job_binding: context.credential_job_binding,
    credential_ttl_seconds: context.credential_ttl_seconds,
    approval_ref: context.approval_ref,
    wrkr_inventory_ref: context.wrkr_inventory_ref,
    agent_action_bom_ref: context.agent_action_bom_ref,
    broker_credential_ref: issued?.credential_ref ?? "",
    broker_credential_source: issued?.source ?? "",
    broker_credential_access_type: issued?.access_type ?? "",
    broker_credential_issuer: issued?.issuer ?? "",
    broker_request_digest: issued?.request_digest ?? "",
    broker_target_binding: issued?.target_binding ?? "",
    broker_run_binding: issued?.run_binding ?? "",
    broker_job_binding: issued?.job_binding ?? "",
    policy_id: policy.schema_id,
    policy_version: policy.schema_version,
    matched_rule_ids: ruleIds(decided),
    verdict: final.verdict,
    context_set_digest: evidence.context_set_digest,
    context_evidence_mode: evidence.context_evidence_mode,
    context_ref_count: evidence.context_ref_count,
    context_source: evidence.context_source,
    script: script.script,
    step_count: script.step_count,
    script_hash: script.script_hash,
    composite_risk_class: script.composite_risk_class,
    step_verdicts: script.step_verdicts,
    pre_approved: decided.lookup.pre_approved,
    pattern_id: decided.lookup.pattern_id,
    registry_reason: decided.lookup.registry_reason,
    violations: final.violations,
    latency_ms: observation.latency_ms,
    approval_token_ref: final.approval_ref === "" ? observation.approval_token_ref : final.approval_ref,
    delegation_ref: delegationRef(decided),
    freeze_window: decision.freeze_window,
    sandbox: decision.sandbox,
    kill_switch: decision.kill_switch,
    mcp_trust: decided.mcp_trust,
    skill_provenance: intent.skill_provenance,
  };
}

// Of scripts only: the trace of a plain call has never named its rules, and its digest depends on that.
const ruleIds = ({ decision }: Decided): readonly string[] =>
  trimmedSet((decision.script?.steps ?? []).flatMap(({ matched_rule }) => matched_rule.split(",")));

function delegationRef({ intent: { delegation }, delegation_digest, final }: Decided): Trace["delegation_ref"] {
  if (delegation === undefined) return undefined;
  return {
    delegation_token_ref: final.delegation_ref === "" ? delegation.token_refs[0] ?? "" : final.delegation_ref,
    requester_identity: delegation.requester_identity,
    delegation_depth: delegation.chain.length,
    scope_class: delegation.scope_class,
    chain_digest: delegation_digest,
    reason_codes: final.reason_codes.filter((code) => code.startsWith("delegation_")),
  };
}

/** What the note beside a trace says. */
export const noteOf = (
  { final, facts }: Decided,
  { trace_id, created_at, signed_digest }: {
    readonly trace_id: string;
    readonly created_at: string;
    readonly signed_digest: string;
  },
  producer_version: string,
): NoteFacts => ({
  created_at,
  producer_version,
  trace_id,
  trace_digest: signed_digest,
  reason_codes: final.reason_codes,
  simulated: final.simulated !== undefined,
  simulated_verdict: final.simulated?.verdict ?? "",
  simulated_reason_codes: final.simulated?.reason_codes ?? [],
  warnings: widenings(facts.delegation.entries),
});
