// Approval tokens (spec 03, section 3): minted for one exact call, and judged against the call that they are shown with.
import { readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import type { VerifyKey } from "../base/sign.ts";
import { isHex64, lowerSet } from "../base/text.ts";
import { APPROVAL_TOKEN_ID, type ApprovalToken, ApprovalTokenShape } from "../schema/approval_token.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { hasHeading, hasTimes, isDigestOrNone, isOver, signatureFailure, TOKEN_LIMIT, tokenId, utcSpelling } from "./token.ts";

/** What an approver decides; normalized. */
export type ApprovalTerms = Omit<ApprovalToken, "schema_id" | "schema_version" | "token_id" | "signature">;

/** The token for these terms, not yet signed. */
export function approvalToken(crypto: Crypto, terms: ApprovalTerms): ApprovalToken {
  const token_id = tokenId(crypto, [
    terms.intent_digest,
    terms.policy_digest,
    terms.approver_identity,
    terms.reason_code,
    terms.scope.join(","),
    String(terms.max_targets),
    String(terms.max_ops),
    utcSpelling(terms.expires_at),
  ]);
  return { ...terms, schema_id: APPROVAL_TOKEN_ID, schema_version: VERSION_1, token_id, signature: undefined };
}

/** A token as its signature covers it, and its scope as the file spells it. */
export type ShownApproval = { readonly token: ApprovalToken; readonly written_scope: readonly string[] };

/** Reads a token file. Faults of the JSON reader and `document_shape`. */
export function readApproval(bytes: Uint8Array, what: string): Result<ShownApproval> {
  const read = readDocument(ApprovalTokenShape, bytes, what, { file: what }, { maxBytes: TOKEN_LIMIT });
  return read.ok ? ok(shownApproval(read.value.value)) : read;
}

/** A token that was read, brought into the form that its signature covers. */
export const shownApproval = (read: ApprovalToken): ShownApproval => ({ token: normal(read), written_scope: read.scope });

// A blank header reads as the default, and the signature stands over that.
const normal = (token: ApprovalToken): ApprovalToken => ({
  ...token,
  scope: lowerSet(token.scope),
  schema_id: token.schema_id || APPROVAL_TOKEN_ID,
  schema_version: token.schema_version || VERSION_1,
});

/** The call that an approval is shown with. */
export type ApprovedCall = {
  readonly intent_digest: string;
  readonly policy_digest: string;
  /** Digest of the delegation of the call; empty when it has none. */
  readonly delegation_digest: string;
  /** All of them have to be in the scope of a token. */
  readonly required_scope: readonly string[];
  readonly targets: number;
  readonly operations: number;
};

/** Why a token does not approve a call. */
export type ApprovalFailure = `approval_token_${
  | "invalid"
  | "signature_missing"
  | "signature_invalid"
  | "intent_mismatch"
  | "policy_mismatch"
  | "delegation_binding_mismatch"
  | "expired"
  | "scope_mismatch"
  | "max_targets_exceeded"
  | "max_ops_exceeded"}`;

/** Whether a token has all that it needs. */
export const isWholeApproval = (token: ApprovalToken): boolean =>
  hasHeading(token, APPROVAL_TOKEN_ID) && hasTimes(token) && token.scope.length > 0 &&
  [token.token_id, token.approver_identity, token.reason_code].every((text) => text !== "") &&
  token.max_targets >= 0 && token.max_ops >= 0 && isHex64(token.intent_digest) && isHex64(token.policy_digest) &&
  isDigestOrNone(token.delegation_binding_digest);

/** The first check that a token fails for a call, or undefined when it approves it. `now` is the time of the wall clock. */
export async function approvalFailure(
  crypto: Crypto,
  token: ApprovalToken,
  call: ApprovedCall,
  key: VerifyKey,
  now: string,
): Promise<ApprovalFailure | undefined> {
  if (!isWholeApproval(token)) return "approval_token_invalid";
  const signature = await signatureFailure(crypto, ApprovalTokenShape, token, key);
  return signature === undefined ? callFailure(token, call, now) : `approval_token_${signature}`;
}

/** The first check that the terms of a token fail for a call; its signature is for others to check. */
export function callFailure(token: ApprovalToken, call: ApprovedCall, now: string): ApprovalFailure | undefined {
  if (token.intent_digest !== call.intent_digest) return "approval_token_intent_mismatch";
  if (token.policy_digest !== call.policy_digest) return "approval_token_policy_mismatch";
  if (call.delegation_digest !== "" && token.delegation_binding_digest !== call.delegation_digest) {
    return "approval_token_delegation_binding_mismatch";
  }
  if (isOver(token, now)) return "approval_token_expired";
  const { scope } = token;
  if (!scope.includes("*") && !call.required_scope.every((word) => scope.includes(word))) {
    return "approval_token_scope_mismatch";
  }
  if (token.max_targets !== 0 && call.targets > token.max_targets) return "approval_token_max_targets_exceeded";
  return token.max_ops !== 0 && call.operations > token.max_ops ? "approval_token_max_ops_exceeded" : undefined;
}
