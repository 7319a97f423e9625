// Asking the user of a client for an approval: whether that would be worth anything, and the token that an accept comes to. Such a token
// is one approval and names the tool alone: it never counts for two people, and not for what an approver's key has to open.
import { approvalToken } from "../authority/approval_token.ts";
import type { Crypto } from "../base/host.ts";
import { recordDigest } from "../base/record.ts";
import type { DigestSigner } from "../base/sign.ts";
import { lowerSet } from "../base/text.ts";
import type { Decision } from "../gate/types.ts";
import { type ApprovalToken, ApprovalTokenShape } from "../schema/approval_token.ts";
import type { Decided } from "./gate_decided.ts";
import { finish } from "./gate_finish.ts";
import type { Profile } from "./gate_profile.ts";
import { approvedCall, type BoundCall } from "./gate_tokens.ts";

/** Whether the user of a client could approve a call: one approval does, of a scope that anybody may grant, and not under oss-prod. */
export const userMayApprove = (call: BoundCall, { required_approvals }: Decision, profile: Profile): boolean =>
  profile !== "oss-prod" && required_approvals <= 1 && approvedCall(call).required_scope.length === 1;

const GRANTED = {
  token_id: "asked",
  approver_identity: "asked",
  reason_code: "",
  scope: [],
  expires_at: "",
  valid: true,
  error_code: "",
} as const;

/** Whether a call waits for nothing but an approval that the user of a client may give. */
export const userCanHelp = (decided: Decided, profile: Profile): boolean =>
  decided.final.verdict === "require_approval" && userMayApprove(decided, decided.decision, profile) &&
  finish(decided.decision, { ...decided.facts, approvals: [GRANTED] }).verdict === "allow";

/** Who approved, as the gate knows it, and when. */
export type UserAccept = {
  readonly approver_identity: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly producer_version: string;
};

/** Why such a token was given. */
export const ACCEPTED_BY_USER = "accepted_by_user";

/** The approval of exactly this call by the user of a client, which the gate signs itself. */
export async function userApproval(
  crypto: Crypto,
  call: BoundCall,
  accept: UserAccept,
  sign: DigestSigner,
): Promise<ApprovalToken> {
  const { intent_digest, policy_digest, delegation_digest, targets, operations } = approvedCall(call);
  const token = approvalToken(crypto, {
    ...accept,
    reason_code: ACCEPTED_BY_USER,
    intent_digest,
    policy_digest,
    delegation_binding_digest: delegation_digest,
    scope: lowerSet([`tool:${call.intent.tool_name}`]),
    max_targets: targets,
    max_ops: operations,
  });
  return { ...token, signature: await sign(recordDigest(crypto, ApprovalTokenShape, token)) };
}
