// Decisions for tests: what a policy says of a call, without a policy.
import { ZERO_TIME } from "../../core/base/time.ts";
import { type Facts, type LimitOutcome, NO_FACTS } from "../../core/flow/gate_finish.ts";
import type { Decision } from "../../core/gate/types.ts";
import type { ApprovalEntry } from "../../core/schema/approval_audit.ts";
import type { DelegationEntry } from "../../core/schema/delegation_audit.ts";

/** A decision that asks for nothing beside its verdict. */
export const decision = (of: Partial<Decision> = {}): Decision => ({
  verdict: "allow",
  reason_codes: ["ok"],
  violations: [],
  matched_rule: "r",
  matched_rules: [{ name: "r", priority: 0, effect: "allow" }],
  delegation_matters: false,
  freeze_window: undefined,
  sandbox: undefined,
  kill_switch: undefined,
  script: undefined,
  required_approvals: of.verdict === "require_approval" ? 1 : 0,
  distinct_approvers: false,
  broker: { required: false, reference: "", scopes: [] },
  delegation: { required: false, scopes: [] },
  rate_limit: undefined,
  destructive_budget: undefined,
  ...of,
});

/** What is known beside it. */
export const facts = (of: Partial<Facts>): Facts => ({ ...NO_FACTS, ...of });

/** A limit that was counted against. */
export const counted = (exceeded: boolean): LimitOutcome => ({
  scope: "tool",
  key: "t",
  used: 1,
  remaining: exceeded ? 0 : 1,
  exceeded,
});

/** An approval token; without code it counts. */
export const approval = (token_id: string, approver_identity: string, error_code = ""): ApprovalEntry => ({
  token_id,
  approver_identity,
  reason_code: "r",
  scope: [],
  expires_at: ZERO_TIME,
  valid: error_code === "",
  error_code,
});

/** A delegation token; without code it counts. */
export const hop = (token_id: string, error_code = ""): DelegationEntry => ({
  token_id,
  delegator_identity: "a",
  delegate_identity: "b",
  scope: [],
  expires_at: ZERO_TIME,
  valid: error_code === "",
  error_code,
});

/** The facts of some delegation tokens. */
export const delegated = (hops: number, ...entries: readonly DelegationEntry[]): Facts =>
  facts({ delegation: { untimely: [], hops, entries } });
