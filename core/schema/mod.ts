// All wire documents by name: what the generator writes JSON Schemas and pages for.
import type { AnyShape } from "../base/shape.ts";
import { ActionContractShape } from "./action_contract.ts";
import { ActivatedContractShape } from "./action_contract_activated.ts";
import { ProposalShape, SelectionManifestShape } from "./action_contract_proposal.ts";
import { ConsumerReceiptShape } from "./action_contract_receipt.ts";
import { ApprovalAuditShape } from "./approval_audit.ts";
import { ApprovalDenialShape } from "./approval_denial.ts";
import { ApprovalLedgerShape } from "./approval_ledger.ts";
import { ApprovedScriptShape, ApprovedScriptsShape } from "./approved_script.ts";
import { AuthorizationBundleShape, PackAuthorizationShape } from "./authorization_bundle.ts";
import { ApprovalTokenShape } from "./approval_token.ts";
import { BrokerCredentialShape } from "./broker_credential.ts";
import { BatchApprovalShape } from "./batch_approval.ts";
import { EvaluateRequestShape } from "./evaluate_request.ts";
import { CallRecordShape } from "./call_record.ts";
import { CaptureReceiptShape } from "./capture_receipt.ts";
import { ContextEnvelopeShape, ContextRecordShape } from "./context.ts";
import { DelegationAuditShape } from "./delegation_audit.ts";
import { HeldCallShape } from "./held_call.ts";
import { IntentRequestShape } from "./intent.ts";
import { PendingRequestShape } from "./pending_request.ts";
import { PolicyExplainShape } from "./policy_explain.ts";
import { PolicyFixtureShape } from "./policy_fixture.ts";
import { BoundaryLogShape, BoundaryOtelShape } from "./boundary_export.ts";
import { JobEventShape, JobPendingShape, JobStateShape } from "./job.ts";
import { KillSwitchJournalShape, KillSwitchStateShape } from "./kill_switch.ts";
import { RateLimitLockShape, RateLimitStateShape } from "./rate_limit.ts";
import { DelegationTokenShape } from "./delegation_token.ts";
import { RecordInputShape } from "./record_input.ts";
import { ReduceReportShape } from "./reduce_report.ts";
import { RegressFixtureShape, RegressResultShape, RegressSuiteShape } from "./regress.ts";
import { RegressPlaybackShape } from "./regress_playback.ts";
import { RelationshipShape } from "./relationship.ts";
import { EvidenceManifestShape } from "./guard.ts";
import { HookBypassShape, HookRecordShape } from "./hook.ts";
import { ManifestShape } from "./manifest.ts";
import { McpLockShape } from "./mcp_lock.ts";
import { McpRequestStateShape } from "./mcp_request_state.ts";
import { PackManifestShape } from "./pack.ts";
import { CallpackManifestShape, PackCallShape } from "./pack_call.ts";
import { PackDiffShape } from "./pack_diff.ts";
import { PackAttestationShape, PackExportShape } from "./pack_export.ts";
import { PackJobShape } from "./pack_job.ts";
import { ProofRecordShape } from "./pack_proof.ts";
import { PackRunShape } from "./pack_run.ts";
import { PackSequencesShape } from "./pack_sequence.ts";
import { ResultRulesShape } from "./result_rules.ts";
import { IntentShape, RefsShape, ResultShape, RunShape } from "./runpack.ts";
import {
  JournalRecordShape,
  SessionChainShape,
  SessionCheckpointShape,
  SessionEventShape,
  SessionHeaderShape,
  SessionLockShape,
  SessionStateShape,
} from "./session.ts";
import { ServeHeaderShape, ServeRecordShape } from "./serve_journal.ts";
import { SignatureShape } from "./signature.ts";
import { ToolCallShape } from "./tool_call.ts";
import { DecisionNoteShape, TraceShape } from "./trace.ts";
import { TrustSnapshotShape } from "./trust_snapshot.ts";
import { WrapHeaderShape, WrapRecordShape } from "./wrap_session.ts";
import { CallDecisionShape, CallEventShape, CommitmentIntentShape, SpeakReceiptShape } from "./voice.ts";

/** Each document: its name is the path of its schema below `schemas/v1/`. */
export const DOCUMENTS: Readonly<Record<string, AnyShape>> = {
  "action-contract/activated-action-contract-artifact": ActivatedContractShape,
  "action-contract/consumer-receipt": ConsumerReceiptShape,
  "action-contract/proposed-action-contract-artifact": ProposalShape,
  "action-contract/proposed-action-contract-v3": ActionContractShape,
  "action-contract/selection-manifest": SelectionManifestShape,
  "capture/receipt": CaptureReceiptShape,
  "common/relationship_envelope": RelationshipShape,
  "common/signature": SignatureShape,
  "context/envelope": ContextEnvelopeShape,
  "context/reference_record": ContextRecordShape,
  "gate/approval_audit_record": ApprovalAuditShape,
  "gate/approval_token": ApprovalTokenShape,
  "gate/approval_denial": ApprovalDenialShape,
  "gate/approval_ledger": ApprovalLedgerShape,
  "gate/approved_script_entry": ApprovedScriptShape,
  "gate/approved_script_registry": ApprovedScriptsShape,
  "gate/authorization_bundle": AuthorizationBundleShape,
  "gate/broker_credential_record": BrokerCredentialShape,
  "gate/batch_approval": BatchApprovalShape,
  "gate/decision_note": DecisionNoteShape,
  "gate/delegation_audit_record": DelegationAuditShape,
  "gate/delegation_token": DelegationTokenShape,
  "gate/intent_request": IntentRequestShape,
  "gate/kill_switch_journal": KillSwitchJournalShape,
  "gate/kill_switch_state": KillSwitchStateShape,
  "gate/pending_request": PendingRequestShape,
  "gate/policy_explain": PolicyExplainShape,
  "gate/policy_fixture": PolicyFixtureShape,
  "gate/rate_limit_lock": RateLimitLockShape,
  "gate/rate_limit_state": RateLimitStateShape,
  "gate/trace_record": TraceShape,
  "guard/pack_manifest": EvidenceManifestShape,
  "hook/bypass": HookBypassShape,
  "hook/record": HookRecordShape,
  "job/event": JobEventShape,
  "job/pending_mutation": JobPendingShape,
  "job/runtime": JobStateShape,
  "mcp/boundary_log": BoundaryLogShape,
  "mcp/boundary_otel": BoundaryOtelShape,
  "mcp/evaluate_request": EvaluateRequestShape,
  "mcp/held_call": HeldCallShape,
  "mcp/lock": McpLockShape,
  "mcp/result_rules": ResultRulesShape,
  "mcp/serve_journal": ServeHeaderShape,
  "mcp/serve_journal_record": ServeRecordShape,
  "mcp/tool_call": ToolCallShape,
  "mcp/trust_snapshot": TrustSnapshotShape,
  "mcp/request_state": McpRequestStateShape,
  "mcp/wrap_session": WrapHeaderShape,
  "mcp/wrap_session_record": WrapRecordShape,
  "pack/authorization": PackAuthorizationShape,
  "pack/attestation": PackAttestationShape,
  "pack/call": PackCallShape,
  "pack/diff": PackDiffShape,
  "pack/export": PackExportShape,
  "pack/job": PackJobShape,
  "pack/manifest": PackManifestShape,
  "pack/proof_record": ProofRecordShape,
  "pack/run": PackRunShape,
  "pack/sequences": PackSequencesShape,
  "regress/config": RegressSuiteShape,
  "regress/fixture": RegressFixtureShape,
  "regress/playback": RegressPlaybackShape,
  "regress/regress_result": RegressResultShape,
  "runpack/intent": IntentShape,
  "runpack/manifest": ManifestShape,
  "runpack/record_input": RecordInputShape,
  "runpack/reduce_report": ReduceReportShape,
  "runpack/refs": RefsShape,
  "runpack/result": ResultShape,
  "runpack/run": RunShape,
  "runpack/session_chain": SessionChainShape,
  "runpack/session_checkpoint": SessionCheckpointShape,
  "runpack/session_event": SessionEventShape,
  "runpack/session_journal": SessionHeaderShape,
  "runpack/session_journal_record": JournalRecordShape,
  "runpack/session_lock": SessionLockShape,
  "runpack/session_state": SessionStateShape,
  "voice/call_decision": CallDecisionShape,
  "voice/call_event": CallEventShape,
  "voice/call_record": CallRecordShape,
  "voice/callpack_manifest": CallpackManifestShape,
  "voice/commitment_intent": CommitmentIntentShape,
  "voice/speak_receipt": SpeakReceiptShape,
};
