// Why a policy says what it says of one call (spec 02, section 10), as a document: the verdict before limits, tokens and simulation,
// and what was decided in the end.
import { trimmedSet } from "../base/text.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { POLICY_EXPLAIN_ID, type PolicyExplain } from "../schema/policy_explain.ts";
import { approvalIds } from "../authority/granted.ts";
import type { Decided } from "./gate_decided.ts";

/** What was written about a decision, by path; absent where nothing was. */
export type ProofRefs = Partial<PolicyExplain["proof_refs"]>;

const NONE: PolicyExplain["proof_refs"] = {
  trace_id: "",
  trace_path: "",
  approval_audit_path: "",
  delegation_audit_path: "",
  credential_evidence_path: "",
};

/** The document. */
export function explainDocument(decided: Decided, producer_version: string, proof: ProofRefs): PolicyExplain {
  const { intent, decision, facts, final } = decided;
  const { verdict, matched_rule, matched_rules, reason_codes, violations, broker, delegation } = decision;
  return {
    ok: true,
    schema_id: POLICY_EXPLAIN_ID,
    schema_version: VERSION_1,
    created_at: intent.created_at,
    producer_version,
    verdict,
    matched_rule,
    matched_rules,
    reason_codes,
    violations,
    missing_fields: missingFields(reason_codes),
    fail_closed_reason_codes: reason_codes.filter((code) => code.startsWith("fail_closed_")),
    approval_required: decision.required_approvals > 0,
    required_approvals: decision.required_approvals,
    valid_approvals: approvalIds(facts.approvals).length,
    require_broker_credential: broker.required,
    broker_reference: broker.reference,
    broker_scopes: broker.scopes,
    require_delegation: delegation.required,
    required_delegation_scopes: delegation.required ? delegation.scopes : [],
    credential_posture: posture(decided),
    context_evidence_status: evidenceStatus(decided),
    freeze_window: decision.freeze_window,
    kill_switch: decision.kill_switch,
    sandbox: decision.sandbox,
    proof_refs: { ...NONE, ...proof },
    final_verdict: final.verdict,
    final_reason_codes: final.reason_codes,
  };
}

const LACKING: ReadonlyMap<string, string> = new Map([
  ["credential_evidence_missing", "credential_evidence"],
  ["sandbox_metadata_missing", "sandbox"],
  ["sandbox_evidence_missing", "sandbox_evidence"],
  ["kill_switch_state_unavailable", "kill_switch_state"],
  ["broker_credential_missing", "broker_credential"],
]);
const LACKS = "fail_closed_missing_";

const missingFields = (codes: readonly string[]): readonly string[] =>
  trimmedSet(codes.map((code) => code.startsWith(LACKS) ? code.slice(LACKS.length) : LACKING.get(code) ?? ""));

const posture = ({ intent: { context } }: Decided): PolicyExplain["credential_posture"] => ({
  present: context.credential_ref !== "",
  source: context.credential_source,
  access_type: context.credential_access_type,
  issuer: context.credential_issuer,
  ttl_seconds: context.credential_ttl_seconds,
  credential_ref: context.credential_ref,
});

function evidenceStatus({ intent: { context }, decision }: Decided): string {
  if (decision.reason_codes.includes("context_evidence_missing")) return "missing";
  const digest = context.context_set_digest !== "";
  if (context.context_evidence_mode === "required") return digest ? "verified" : "missing";
  return digest || context.context_refs.length > 0 ? "present" : "not_required";
}
