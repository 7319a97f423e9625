// The record of which approvals a decision asked for and which tokens were looked at (spec 03, section 3.5). It is not signed.
import { filled, type Infer, integer, listOf, listOrNull, object, present, text, time, truth } from "../base/shape.ts";
import { heading } from "./heading.ts";
import { RelationshipShape } from "./relationship.ts";

export const APPROVAL_AUDIT_ID = "gait.gate.approval_audit_record";

const word = (doc: string) => filled(text(doc));

export const ApprovalEntryShape = object("One approval token that was looked at", () => ({
  token_id: word("Its id"),
  approver_identity: word("Who approved"),
  reason_code: word("Why it was approved"),
  scope: filled(listOf(text("One of them"), "What its file says that it approves")),
  expires_at: time("When it ends"),
  valid: truth("Whether it counts"),
  error_code: word("Why it does not count"),
}));

export const ApprovalAuditShape = object("Which approvals a decision asked for and which it got", () => ({
  ...heading(APPROVAL_AUDIT_ID),
  trace_id: text("Id of the decision"),
  tool_name: text("The tool"),
  intent_digest: text("Digest of the normalized intent"),
  policy_digest: text("Digest of the normalized policy"),
  required_approvals: integer("How many were asked for"),
  valid_approvals: integer("How many counted"),
  approved: truth("Whether enough counted; different approvers may be asked for on top"),
  approvers: filled(listOf(text("One of them"), "Whose approvals counted")),
  relationship: present(RelationshipShape),
  entries: listOrNull(ApprovalEntryShape, "The tokens; null when none was looked at"),
}));

export type ApprovalEntry = Infer<typeof ApprovalEntryShape>;
export type ApprovalAudit = Infer<typeof ApprovalAuditShape>;
