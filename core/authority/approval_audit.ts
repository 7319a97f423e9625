// The record of the approvals of one decision (spec 03, section 3.5), made of the tokens that were looked at.
import { by } from "../base/order.ts";
import { APPROVAL_AUDIT_ID, type ApprovalAudit, type ApprovalEntry } from "../schema/approval_audit.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { approvalIds, approversOf } from "./granted.ts";
import { type Audited, auditRelationship } from "./relationship.ts";

const ORDER = by<ApprovalEntry>(
  ({ token_id }) => token_id,
  ({ approver_identity }) => approver_identity,
  ({ reason_code }) => reason_code,
  ({ expires_at }) => expires_at,
  ({ scope }) => scope.join(","),
);

/** The record; `entries` are all tokens that were looked at, in any order. */
export function approvalAudit(audited: Audited, required: number, entries: readonly ApprovalEntry[]): ApprovalAudit {
  const approvers = approversOf(entries);
  const count = approvalIds(entries).length;
  return {
    ...audited,
    schema_id: APPROVAL_AUDIT_ID,
    schema_version: VERSION_1,
    required_approvals: required,
    valid_approvals: count,
    approved: count >= required,
    approvers,
    relationship: auditRelationship(audited, approvers, []),
    entries: entries.length === 0 ? null : [...entries].sort(ORDER),
  };
}
