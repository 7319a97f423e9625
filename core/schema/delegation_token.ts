// A signed delegation from one agent to another (spec 03, section 4.2). It comes out of the reader in the form that its signature covers.
import { filled, type Infer, label, object, present, term, termSet, text, time } from "../base/shape.ts";
import { SignatureShape } from "./signature.ts";

export const DELEGATION_TOKEN_ID = "gait.gate.delegation_token";

export const DelegationTokenShape = object("The signed delegation of a scope from one agent to another", () => ({
  schema_id: label(`Always ${DELEGATION_TOKEN_ID}`),
  schema_version: label("Always 1.0.0"),
  created_at: time("When it was given"),
  producer_version: text("Version of the program that made it"),
  token_id: label("Id of the token"),
  delegator_identity: label("Who delegates"),
  delegate_identity: label("To whom"),
  scope: termSet("What is delegated; * is all"),
  scope_class: filled(term("Class of the scope")),
  intent_digest: filled(term("Digest of the one call that it is for")),
  policy_digest: filled(term("Digest of the one policy that it is for")),
  expires_at: time("When it ends"),
  signature: present(SignatureShape),
}));

/** A delegation token. */
export type DelegationToken = Infer<typeof DelegationTokenShape>;
