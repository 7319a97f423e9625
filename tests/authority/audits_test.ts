// The records of approvals and delegations (spec 03, sections 3.5 and 4.7), over whatever tokens were looked at.
import { approvalAudit } from "../../core/authority/approval_audit.ts";
import { delegationAudit } from "../../core/authority/delegation_audit.ts";
import { approvalIds, approversOf, delegationIds } from "../../core/authority/granted.ts";
import { writeShape } from "../../core/base/shape.ts";
import { ZERO_TIME } from "../../core/base/time.ts";
import { ApprovalAuditShape, type ApprovalEntry } from "../../core/schema/approval_audit.ts";
import { DelegationAuditShape, type DelegationEntry } from "../../core/schema/delegation_audit.ts";
import { assertEquals } from "../assert.ts";

const AUDITED = {
  created_at: "2026-03-14T09:30:00Z",
  producer_version: "1",
  trace_id: "t1",
  tool_name: "ledger.post",
  intent_digest: "a".repeat(64),
  policy_digest: "b".repeat(64),
};
const HEAD = { schema_version: "1.0.0", ...AUDITED };
const POLICY = { kind: "policy", id: AUDITED.policy_digest };
const TOOL = { kind: "tool", id: "ledger.post" };
const TRACE = { kind: "trace", id: "t1" };
const GOVERNED = { kind: "governed_by", from: TOOL, to: POLICY };
const BARE = {
  parent_ref: TRACE,
  entity_refs: [POLICY, TOOL, TRACE],
  policy_ref: { policy_digest: AUDITED.policy_digest },
  edges: [GOVERNED],
  parent_record_id: "t1",
  related_entity_ids: [AUDITED.policy_digest, "ledger.post", "t1"],
};

const approval = (token_id: string, approver_identity: string, valid: boolean, error_code = ""): ApprovalEntry => ({
  token_id,
  approver_identity,
  reason_code: "r",
  scope: ["tool:x"],
  expires_at: "2026-04-01T00:00:00Z",
  valid,
  error_code,
});

Deno.test("approval audit: nothing was looked at, exactly", () => {
  assertEquals(writeShape(ApprovalAuditShape, approvalAudit(AUDITED, 2, [])), {
    schema_id: "gait.gate.approval_audit_record",
    ...HEAD,
    required_approvals: 2,
    valid_approvals: 0,
    approved: false,
    relationship: BARE,
    entries: null,
  });
});

Deno.test("approval audit: a token counts once however many files carry it, and every file is listed in order", () => {
  const entries = [
    approval("t2", "bo", true),
    approval("t1", "ann", true),
    approval("t1", "ann", true),
    approval("t0", "cy", false, "approval_token_expired"),
  ];
  assertEquals(approvalIds(entries), ["t1", "t2"]);
  assertEquals(approversOf(entries), ["ann", "bo"]);
  const audit = approvalAudit(AUDITED, 3, entries);
  assertEquals([audit.valid_approvals, audit.approved, audit.approvers], [2, false, ["ann", "bo"]]);
  assertEquals(audit.entries?.map(({ token_id, valid }) => `${token_id} ${valid}`), [
    "t0 false",
    "t1 true",
    "t1 true",
    "t2 true",
  ]);
  assertEquals(audit.relationship?.entity_refs.filter(({ kind }) => kind === "agent").map(({ id }) => id), ["ann", "bo"]);
  assertEquals(approvalAudit(AUDITED, 2, entries).approved, true);
});

const hop = (token_id: string, from: string, to: string, valid: boolean): DelegationEntry => ({
  token_id,
  delegator_identity: from,
  delegate_identity: to,
  scope: [],
  expires_at: ZERO_TIME,
  valid,
  error_code: valid ? "" : "delegation_token_missing",
});

Deno.test("delegation audit: nothing was looked at, exactly", () => {
  assertEquals(writeShape(DelegationAuditShape, delegationAudit(AUDITED, "", [])), {
    schema_id: "gait.gate.delegation_audit_record",
    ...HEAD,
    delegation_required: true,
    valid_delegations: 0,
    delegated: false,
    relationship: BARE,
    entries: [],
  });
});

Deno.test("delegation audit: every entry, valid or not, names its two agents and the edge between them", () => {
  const entries = [hop("t1", "root", "lead", true), hop("", "lead", "leaf", false)];
  assertEquals(delegationIds(entries), ["t1"]);
  assertEquals(delegationAudit(AUDITED, "", [...entries, hop("t1", "root", "lead", true)]).valid_delegations, 1); // a second file of it
  const audit = delegationAudit(AUDITED, "", entries);
  assertEquals([audit.valid_delegations, audit.delegated, audit.delegation_ref], [1, true, ""]);
  assertEquals(audit.entries.map(({ delegator_identity }) => delegator_identity), ["lead", "root"]);
  assertEquals(audit.relationship?.edges.map(({ kind, from, to }) => `${kind} ${from.id} ${to.id}`), [
    "delegates_to lead leaf",
    "delegates_to root lead",
    `governed_by ledger.post ${AUDITED.policy_digest}`,
  ]);
  assertEquals(audit.relationship?.agent_chain.map(({ role, identity }) => `${role} ${identity}`), [
    "delegate lead",
    "delegate leaf",
    "delegator lead",
    "delegator root",
  ]);
});
