// An approval as a file shows it: a token with a signature of its own, or one of a batch. Whoever reads approvals reads both.
import { fitted, schemaIdOf } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { type Json, readJson } from "../base/json.ts";
import { located, ok, type Result } from "../base/result.ts";
import type { VerifyKey } from "../base/sign.ts";
import { ApprovalTokenShape } from "../schema/approval_token.ts";
import { BATCH_APPROVAL_ID, type BatchApproval } from "../schema/batch_approval.ts";
import {
  type ApprovalFailure,
  approvalFailure,
  type ApprovedCall,
  type ShownApproval,
  shownApproval,
} from "./approval_token.ts";
import { batchedToken, batchFailure, batchOf } from "./batch.ts";
import { TOKEN_LIMIT } from "./token.ts";

/** A token, its scope as the file spells it, and the batch that it is of, if it is of one. */
export type AnyApproval = ShownApproval & { readonly batch: BatchApproval | undefined };

/** The JSON of a token file. Faults of `readJson`. */
export function readTokenJson(bytes: Uint8Array, what: string): Result<Json> {
  const raw = readJson(bytes, what, { text: "replace", maxBytes: TOKEN_LIMIT });
  return raw.ok ? raw : { ok: false, fault: located(raw.fault, { file: what }) };
}

/** The approval in JSON that was read of these bytes. Fault `document_shape`. */
export function anyApprovalOf(raw: Json, bytes: Uint8Array, what: string): Result<AnyApproval> {
  if (schemaIdOf(raw) !== BATCH_APPROVAL_ID) {
    const token = fitted(ApprovalTokenShape, raw, bytes, what, { file: what });
    return token.ok ? ok({ ...shownApproval(token.value), batch: undefined }) : token;
  }
  const batch = batchOf(raw, bytes, what);
  return batch.ok
    ? ok({ token: batchedToken(batch.value), written_scope: batch.value.token.scope, batch: batch.value })
    : batch;
}

/** Reads the file of an approval. Faults of the JSON reader and `document_shape`. */
export function readAnyApproval(bytes: Uint8Array, what: string): Result<AnyApproval> {
  const raw = readTokenJson(bytes, what);
  return raw.ok ? anyApprovalOf(raw.value, bytes, what) : raw;
}

/** The first check that an approval fails for a call, or undefined when it approves it. */
export const anyApprovalFailure = (
  crypto: Crypto,
  { token, batch }: Pick<AnyApproval, "token" | "batch">,
  call: ApprovedCall,
  key: VerifyKey,
  now: string,
): Promise<ApprovalFailure | undefined> =>
  batch === undefined ? approvalFailure(crypto, token, call, key, now) : batchFailure(crypto, batch, call, key, now);
