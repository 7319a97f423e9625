// A signed approval of one exact call (spec 03, section 3.2). It comes out of the reader in the form that its signature covers.
import { filled, type Infer, integer, label, labelSet, object, present, term, text, time } from "../base/shape.ts";
import { SignatureShape } from "./signature.ts";

export const APPROVAL_TOKEN_ID = "gait.gate.approval_token";

export const ApprovalTokenShape = object("The signed approval of one exact call", () => ({
  schema_id: label(`Always ${APPROVAL_TOKEN_ID}`),
  schema_version: label("Always 1.0.0"),
  created_at: time("When it was given"),
  producer_version: text("Version of the program that made it"),
  token_id: label("Id of the token"),
  approver_identity: label("Who approves"),
  reason_code: label("Why"),
  intent_digest: term("Digest of the call"),
  policy_digest: term("Digest of the policy under which it asked"),
  delegation_binding_digest: filled(term("Digest of the delegation that the call is made under")),
  scope: labelSet("What it approves, in lowercase; * is all"),
  max_targets: filled(integer("Most targets; 0 is no bound")),
  max_ops: filled(integer("Most operations; 0 is no bound")),
  expires_at: time("When it ends"),
  signature: present(SignatureShape),
}));

/** An approval token. */
export type ApprovalToken = Infer<typeof ApprovalTokenShape>;
