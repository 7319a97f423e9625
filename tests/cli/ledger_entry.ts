// An approval of single use that was looked at and counts.
import { requestWord } from "../../core/authority/single_use.ts";
import type { ApprovalEntry } from "../../core/schema/approval_audit.ts";

/** That of the request of a number. */
export const entryOf = (number: number): ApprovalEntry => ({
  token_id: `t${number}`,
  approver_identity: "ann",
  reason_code: "r",
  scope: ["tool:x", requestWord(String(number).padStart(64, "0"))],
  expires_at: "2026-03-14T10:00:00Z",
  valid: true,
  error_code: "",
});
