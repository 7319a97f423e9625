// What `gate eval --explain --json` prints (spec 02, section 10): the decision of the policy with what it would have taken.
import { filled, type Infer, integer, listOf, object, oneOf, present, text, truth } from "../base/shape.ts";
import { heading } from "./heading.ts";
import { FreezeWindowShape, KillSwitchShape, SandboxShape, VERDICTS } from "./trace.ts";

export const POLICY_EXPLAIN_ID = "gait.gate.policy_explain";

const words = (doc: string) => filled(listOf(text("One of them"), doc));
const word = (doc: string) => filled(text(doc));
const whole = (doc: string) => filled(integer(doc));
const flag = (doc: string) => filled(truth(doc));

export const PolicyExplainShape = object("What a policy says of one call, and why", () => ({
  ok: truth("Whether a decision was made"),
  ...heading(POLICY_EXPLAIN_ID),
  verdict: oneOf(VERDICTS, "What the policy says, before limits, tokens, brokers and simulation"),
  matched_rule: word("Names of the rules that were taken, comma-separated"),
  matched_rules: filled(listOf(
    object("One rule", () => ({
      name: text("Its name"),
      priority: integer("Its priority"),
      effect: oneOf(VERDICTS, "Its effect, as the policy has it"),
    })),
    "The rules that were taken",
  )),
  reason_codes: words("Why"),
  violations: words("What was violated"),
  missing_fields: words("What the call lacks"),
  fail_closed_reason_codes: words("The reasons that fail_closed gave"),
  approval_required: flag("Whether it takes approval"),
  required_approvals: whole("How many approvals it takes"),
  valid_approvals: whole("How many there are"),
  require_broker_credential: flag("Whether a broker has to issue the credential"),
  broker_reference: word("What the broker is asked for"),
  broker_scopes: words("Scopes that the broker is asked for"),
  require_delegation: flag("Whether it takes a delegation"),
  required_delegation_scopes: words("Scopes that the delegation has to have"),
  credential_posture: object("The credential that the call names", () => ({
    present: truth("Whether it names one"),
    source: word("Where it comes from"),
    access_type: word("How it gives access"),
    issuer: word("Who issued it"),
    ttl_seconds: whole("How long it lives"),
    credential_ref: word("Which one"),
  })),
  context_evidence_status: word("verified, missing, present or not_required"),
  freeze_window: present(FreezeWindowShape),
  kill_switch: present(KillSwitchShape),
  sandbox: present(SandboxShape),
  proof_refs: object("What was written", () => ({
    trace_id: word("Id of the trace"),
    trace_path: word("The trace"),
    approval_audit_path: word("The record of approvals"),
    delegation_audit_path: word("The record of the delegation"),
    credential_evidence_path: word("The record of the credential"),
  })),
  final_verdict: word("What was decided in the end"),
  final_reason_codes: words("Why it was decided in the end"),
}));

export type PolicyExplain = Infer<typeof PolicyExplainShape>;
