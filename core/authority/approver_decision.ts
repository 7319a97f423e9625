// Decisions about a pending request, signed approvals and denials, and where the request stands by them.
import { fitted, schemaIdOf } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { recordDefect } from "../base/record.ts";
import { ok, type Result } from "../base/result.ts";
import type { VerifyKey } from "../base/sign.ts";
import { APPROVAL_DENIAL_ID, type ApprovalDenial, ApprovalDenialShape } from "../schema/approval_denial.ts";
import type { PendingGlance } from "../schema/pending_request.ts";
import { approvalToken, type ApprovedCall, callFailure } from "./approval_token.ts";
import { type AnyApproval, anyApprovalFailure, anyApprovalOf, readTokenJson } from "./shown_approval.ts";
import { requestWord, requestWords } from "./single_use.ts";
import { isOver } from "./token.ts";
import type { ApprovalToken } from "../schema/approval_token.ts";
import { lowerSet } from "../base/text.ts";
import { VERSION_1 } from "../schema/heading.ts";

/** One decision. */
export type ApproverDecision =
  | { readonly kind: "approval"; readonly approval: AnyApproval }
  | { readonly kind: "denial"; readonly denial: ApprovalDenial };

/** Reads the file of a decision. Faults of the JSON reader and `document_shape`. */
export function readDecision(bytes: Uint8Array, what: string): Result<ApproverDecision> {
  const raw = readTokenJson(bytes, what);
  if (!raw.ok) return raw;
  if (schemaIdOf(raw.value) !== APPROVAL_DENIAL_ID) {
    const approval = anyApprovalOf(raw.value, bytes, what);
    return approval.ok ? ok({ kind: "approval", approval: approval.value }) : approval;
  }
  const denial = fitted(ApprovalDenialShape, raw.value, bytes, what, { file: what });
  return denial.ok ? ok({ kind: "denial", denial: denial.value }) : denial;
}

/** Who decides, why and when. */
export type Deciding = {
  readonly created_at: string;
  readonly producer_version: string;
  readonly approver_identity: string;
  readonly reason_code: string;
};

/** What a request asks to be approved. */
export const callOf = (request: PendingGlance): ApprovedCall => ({
  intent_digest: request.intent_digest,
  policy_digest: request.policy_digest,
  delegation_digest: request.delegation_binding_digest,
  required_scope: request.required_scope,
  targets: request.target_count,
  operations: request.operation_count,
});

/** The token that approves exactly this request, once, not yet signed. */
export const tokenFor = (
  crypto: Crypto,
  id: string,
  request: PendingGlance,
  deciding: Deciding & { readonly expires_at: string },
): ApprovalToken =>
  approvalToken(crypto, {
    ...deciding,
    intent_digest: request.intent_digest,
    policy_digest: request.policy_digest,
    delegation_binding_digest: request.delegation_binding_digest,
    scope: lowerSet([...request.required_scope, requestWord(id)]),
    max_targets: request.target_count,
    max_ops: request.operation_count,
  });

/** The denial of a request, not yet signed. */
export const denialOf = (id: string, { intent_digest, policy_digest }: PendingGlance, deciding: Deciding): ApprovalDenial => ({
  ...deciding,
  schema_id: APPROVAL_DENIAL_ID,
  schema_version: VERSION_1,
  request_id: id,
  intent_digest,
  policy_digest,
  signature: undefined,
});

/** Where a request stands: it waits, was decided, nobody waits any more, or its files are not what they should be. */
export const REQUEST_STATES = ["pending", "approved", "denied", "expired", "damaged"] as const;

/** A request's standing. */
export type RequestStanding = {
  readonly state: typeof REQUEST_STATES[number];
  /** The approvals so far. */
  readonly approvals: readonly AnyApproval[];
  readonly denial: ApprovalDenial | undefined;
  /** What is damaged; empty otherwise. */
  readonly flaw: string;
};

/** Whether a decision is about this very request, whatever its signature. */
export const isAbout = (decision: ApproverDecision, id: string, request: PendingGlance): boolean => {
  if (decision.kind === "denial") {
    const { request_id, intent_digest, policy_digest } = decision.denial;
    return request_id === id && intent_digest === request.intent_digest && policy_digest === request.policy_digest;
  }
  const { token } = decision.approval;
  const [word, ...others] = requestWords(token.scope);
  return word === requestWord(id) && others.length === 0 && callFailure(token, callOf(request), token.created_at) === undefined;
};

/** Where a request stands by its decisions, whose signatures are for others to check. Doubt is never an approval. */
export function standing(
  id: string,
  request: PendingGlance,
  decisions: readonly Result<ApproverDecision>[],
  now: string,
): RequestStanding {
  const known = decisions.filter((one) => one.ok).map(({ value }) => value).filter((one) => isAbout(one, id, request));
  const approvals = known.flatMap((one) => one.kind === "approval" ? [one.approval] : []);
  const denial = known.flatMap((one) => one.kind === "denial" ? [one.denial] : [])[0];
  const flaw = flawOf(decisions, known.length);
  const state = denial !== undefined
    ? "denied"
    : flaw !== ""
    ? "damaged"
    : approvals.some(({ token }) => isOver(token, now))
    ? "expired"
    : approverCount(request, approvals) >= request.required_approvals
    ? "approved"
    : isOver(request, now)
    ? "expired"
    : "pending";
  return { state, approvals, denial, flaw };
}

const flawOf = (decisions: readonly Result<ApproverDecision>[], known: number): string => {
  const unread = decisions.find((one) => !one.ok);
  if (unread !== undefined && !unread.ok) return unread.fault.message;
  return known < decisions.length ? "one of its decisions is about another request" : "";
};

const approverCount = ({ distinct_approvers }: PendingGlance, approvals: readonly AnyApproval[]): number =>
  new Set(approvals.map(({ token }) => distinct_approvers ? token.approver_identity : token.token_id)).size;

/** Why a decision does not stand by its signature, or by the terms that it is signed for; undefined when it does. */
export async function decisionFailure(
  crypto: Crypto,
  decision: ApproverDecision,
  request: PendingGlance,
  key: VerifyKey,
  now: string,
): Promise<string | undefined> {
  switch (decision.kind) {
    case "approval":
      return await anyApprovalFailure(crypto, decision.approval, callOf(request), key, now);
    case "denial": {
      const defect = await recordDefect(crypto, ApprovalDenialShape, decision.denial, key);
      return defect === undefined ? undefined : defect === "missing" ? "denial_signature_missing" : "denial_signature_invalid";
    }
    default:
      return never(decision);
  }
}

const never = (decision: never): never => {
  throw new Error(`unknown kind of decision: ${JSON.stringify(decision)}`);
};
