// The audit records of a decision, as documents (spec 03, sections 3.5 and 4.7).
import { approvalAudit } from "../authority/approval_audit.ts";
import { delegationAudit } from "../authority/delegation_audit.ts";
import type { Audited } from "../authority/relationship.ts";
import type { JsonObject } from "../base/json.ts";
import { writeShape } from "../base/shape.ts";
import { ApprovalAuditShape } from "../schema/approval_audit.ts";
import { DelegationAuditShape } from "../schema/delegation_audit.ts";
import type { Decided } from "./gate_decided.ts";

/** The trace that an audit belongs to. */
export type AuditedTrace = { readonly trace_id: string; readonly created_at: string };

const audited = (
  { intent, digests, policy_digest }: Decided,
  { trace_id, created_at }: AuditedTrace,
  producer_version: string,
): Audited => ({
  created_at,
  producer_version,
  trace_id,
  tool_name: intent.tool_name,
  intent_digest: digests.intent_digest,
  policy_digest,
});

/** The record of the approvals. */
export const approvalAuditOf = (decided: Decided, trace: AuditedTrace, producer_version: string): JsonObject =>
  writeShape(
    ApprovalAuditShape,
    approvalAudit(
      audited(decided, trace, producer_version),
      decided.decision.required_approvals,
      decided.facts.approvals,
    ),
  );

/** The record of the delegation. */
export const delegationAuditOf = (decided: Decided, trace: AuditedTrace, producer_version: string): JsonObject =>
  writeShape(
    DelegationAuditShape,
    delegationAudit(
      audited(decided, trace, producer_version),
      decided.final.delegation_ref,
      decided.facts.delegation.entries,
    ),
  );
