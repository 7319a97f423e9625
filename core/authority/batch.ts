// Several approvals under one signature (docs/approvals.md). Each is an ordinary approval token whose digest is a leaf of a Merkle tree;
// the head of the tree, its size and root, is signed. A token with its proof stands alone: nothing of the others is needed to check it,
// and no proof fits another token.
import { canonicalText } from "../base/canonical.ts";
import { fromHex, hex } from "../base/bytes.ts";
import { digestOf } from "../base/digest.ts";
import { fitted } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import type { Json } from "../base/json.ts";
import { recordDigest } from "../base/record.ts";
import { fail, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { checkSignature, type DigestSigner, type VerifyKey } from "../base/sign.ts";
import { APPROVAL_TOKEN_ID, type ApprovalToken, ApprovalTokenShape } from "../schema/approval_token.ts";
import {
  BATCH_APPROVAL_ID,
  type BatchApproval,
  BatchApprovalShape,
  type BatchHead,
  BatchHeadShape,
  MOST_IN_BATCH,
} from "../schema/batch_approval.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type ApprovalFailure, type ApprovedCall, callFailure, isWholeApproval } from "./approval_token.ts";
import { isIncluded, merkleProof, merkleRoot, merkleTree } from "./merkle.ts";

const rawDigest = (digestHex: string): Uint8Array => fromHex(digestHex) ?? new Uint8Array();

const leafOf = (crypto: Crypto, token: ApprovalToken): Uint8Array => rawDigest(recordDigest(crypto, ApprovalTokenShape, token));

const headOf = (tree_size: number, root: string): BatchHead => ({
  schema_id: BATCH_APPROVAL_ID,
  schema_version: VERSION_1,
  tree_size,
  root,
});

const headDigest = (crypto: Crypto, head: BatchHead): string => digestOf(crypto, writeShape(BatchHeadShape, head));

/** Signs tokens that are not signed, at least one, by one signature; each comes back with its proof, in the same order. */
export async function signBatch(
  crypto: Crypto,
  tokens: readonly ApprovalToken[],
  sign: DigestSigner,
): Promise<readonly BatchApproval[]> {
  const tree = merkleTree(crypto, tokens.map((token) => leafOf(crypto, token)));
  const head = headOf(tokens.length, merkleRoot(crypto, tree));
  const signature = await sign(headDigest(crypto, head));
  return tokens.map(({ signature: _, ...token }, leaf_index) => ({
    ...head,
    token: { ...token, schema_id: APPROVAL_TOKEN_ID, schema_version: VERSION_1 },
    leaf_index,
    proof: merkleProof(tree, leaf_index).map(hex),
    signature,
  }));
}

/** The token of an approval, as others read it. */
export const batchedToken = ({ token }: BatchApproval): ApprovalToken => ({ ...token, signature: undefined });

/**
 * One approval of a batch in JSON that was read of these bytes. Fault `document_shape`, also for one that is not spelled as gait writes
 * it, so that nothing in it stands outside of the signature.
 */
export function batchOf(raw: Json, bytes: Uint8Array, what: string): Result<BatchApproval> {
  const at = { file: what };
  const read = fitted(BatchApprovalShape, raw, bytes, what, at);
  if (!read.ok || canonicalText(raw) === canonicalText(writeShape(BatchApprovalShape, read.value))) return read;
  return fail("document_shape", `Cannot read "${what}": a batched approval is not spelled as gait writes it`, at);
}

/** The first check that one approval of a batch fails for a call: those of `approvalFailure`, in its words. */
export async function batchFailure(
  crypto: Crypto,
  batch: BatchApproval,
  call: ApprovedCall,
  key: VerifyKey,
  now: string,
): Promise<ApprovalFailure | undefined> {
  const token = batchedToken(batch);
  if (!isWholeApproval(token) || batch.tree_size > MOST_IN_BATCH) return "approval_token_invalid";
  const signed = await isSigned(crypto, token, batch, key);
  return signed ? callFailure(token, call, now) : "approval_token_signature_invalid";
}

async function isSigned(crypto: Crypto, token: ApprovalToken, batch: BatchApproval, key: VerifyKey): Promise<boolean> {
  const { leaf_index: index, tree_size: size, root, proof, signature } = batch;
  const place = { index, size, root: rawDigest(root), proof: proof.map(rawDigest) };
  if (!isIncluded(crypto, leafOf(crypto, token), place)) return false;
  return await checkSignature(crypto, key, signature, headDigest(crypto, headOf(size, root))) === undefined;
}
