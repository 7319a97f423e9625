// Tokens for tests, signed like real ones.
import { approvalToken, type ApprovedCall } from "../../core/authority/approval_token.ts";
import { type DelegatedHop, delegationToken } from "../../core/authority/delegation_token.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { sealRecord } from "../../core/base/record.ts";
import { digestSigner, type SigningKey } from "../../core/base/sign.ts";
import { type ApprovalToken, ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import { type DelegationToken, DelegationTokenShape } from "../../core/schema/delegation_token.ts";
import { nodeHost } from "../../host/node.ts";

export const { crypto } = nodeHost;

/** The moment of the tests. */
export const NOW = "2026-03-14T09:30:00Z";
export const KEY: SigningKey = await newKey(crypto, new Uint8Array(32).fill(1));
export const OTHER: SigningKey = await newKey(crypto, new Uint8Array(32).fill(2));

/** The call that the tokens of the tests are for. */
export const CALL: ApprovedCall = {
  intent_digest: "1".repeat(64),
  policy_digest: "2".repeat(64),
  delegation_digest: "",
  required_scope: ["tool:mail.send"],
  targets: 2,
  operations: 2,
};

export const HOP: DelegatedHop = {
  delegator: "lead",
  delegate: "leaf",
  scopes: ["egress"],
  intent_digest: CALL.intent_digest,
  policy_digest: CALL.policy_digest,
};

/** The JSON of an approval of `CALL`. */
export async function approvalJson(of: Partial<ApprovalToken> = {}, key = KEY): Promise<JsonObject> {
  const token = approvalToken(crypto, {
    created_at: "2026-03-14T09:00:00Z",
    producer_version: "1",
    approver_identity: "ann",
    reason_code: "change_7",
    intent_digest: CALL.intent_digest,
    policy_digest: CALL.policy_digest,
    delegation_binding_digest: "",
    scope: ["tool:mail.send"],
    max_targets: 2,
    max_ops: 2,
    expires_at: "2026-03-14T10:00:00.000000001Z",
    ...of,
  });
  return await sealRecord(crypto, ApprovalTokenShape, { ...token, ...of }, digestSigner(crypto, key));
}

/** The JSON of a delegation that proves `HOP`. */
export async function delegationJson(of: Partial<DelegationToken> = {}, key = KEY): Promise<JsonObject> {
  const token = delegationToken(crypto, {
    created_at: "2026-03-14T09:00:00Z",
    producer_version: "1",
    delegator_identity: "lead",
    delegate_identity: "leaf",
    scope: ["egress", "write"],
    scope_class: "net",
    intent_digest: "",
    policy_digest: "",
    expires_at: "2026-03-14T10:00:00Z",
    ...of,
  });
  return await sealRecord(crypto, DelegationTokenShape, { ...token, ...of }, digestSigner(crypto, key));
}

export const bytesOf = (json: JsonObject): Uint8Array => utf8(JSON.stringify(json));
