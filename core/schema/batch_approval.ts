// One of several approvals that share one signature (docs/approvals.md): an approval token without a signature of its own, and the proof
// that it is a leaf of the Merkle tree (RFC 6962) whose head was signed.
import { count, filled, given, type Infer, listOf, strict, text, time } from "../base/shape.ts";
import { atLeast, notEmptyList, notEmptyText } from "../base/shape_rules.ts";
import { APPROVAL_TOKEN_ID } from "./approval_token.ts";
import { digest } from "./digest.ts";
import { fixedHead } from "./heading.ts";
import { ExactSignatureShape } from "./signature.ts";

export const BATCH_APPROVAL_ID = "gait.gate.batch_approval";

/** Most approvals under one signature. */
export const MOST_IN_BATCH = 2 ** 20;

const header = fixedHead(BATCH_APPROVAL_ID);

const tree = {
  tree_size: atLeast(1, "How many approvals the tree has"),
  root: digest("Its root: RFC 6962 over the digests of the tokens"),
};

export const BatchedTokenShape = strict("An approval token without a signature; its digest is the leaf", () => ({
  ...fixedHead(APPROVAL_TOKEN_ID),
  created_at: given(time("When it was given")),
  producer_version: given(text("Version of the program that made it")),
  token_id: notEmptyText(text("Id of the token")),
  approver_identity: notEmptyText(text("Who approves")),
  reason_code: notEmptyText(text("Why")),
  intent_digest: digest("Digest of the call"),
  policy_digest: digest("Digest of the policy under which it asked"),
  delegation_binding_digest: filled(text("Digest of the delegation that the call is made under")),
  scope: notEmptyList(listOf(text("One of them"), "What it approves; one word names the request")),
  max_targets: filled(count("Most targets; 0 is no bound")),
  max_ops: filled(count("Most operations; 0 is no bound")),
  expires_at: given(time("When it ends")),
}));

export const BatchApprovalShape = strict("One approval of several that share one signature, with its proof", () => ({
  ...header,
  token: BatchedTokenShape,
  leaf_index: atLeast(0, "Which leaf of the tree it is, from 0"),
  ...tree,
  proof: given(listOf(digest("A node"), "The path from the leaf to the root: the nodes beside it, lowest first")),
  signature: ExactSignatureShape,
}));

/** What the one signature covers: its digest is signed. */
export const BatchHeadShape = strict("What the signature of a batch covers", () => ({ ...header, ...tree }));

/** One approval of a batch. */
export type BatchApproval = Infer<typeof BatchApprovalShape>;
export type BatchHead = Infer<typeof BatchHeadShape>;
