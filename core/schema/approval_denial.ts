// A signed no to a call that waits for approval (docs/approvals.md).
import { given, type Infer, optional, strict, text, time } from "../base/shape.ts";
import { notEmptyText } from "../base/shape_rules.ts";
import { digest } from "./digest.ts";
import { fixedHead } from "./heading.ts";
import { ExactSignatureShape } from "./signature.ts";

export const APPROVAL_DENIAL_ID = "gait.gate.approval_denial";

export const ApprovalDenialShape = strict("The signed denial of one pending request", () => ({
  ...fixedHead(APPROVAL_DENIAL_ID),
  created_at: given(time("When it was denied")),
  producer_version: given(text("Version of the program that made it")),
  request_id: digest("Id of the request"),
  intent_digest: digest("Digest of the call"),
  policy_digest: digest("Digest of the policy"),
  approver_identity: notEmptyText(text("Who denies")),
  reason_code: notEmptyText(text("Why")),
  signature: optional(ExactSignatureShape),
}));

/** A denial. */
export type ApprovalDenial = Infer<typeof ApprovalDenialShape>;
