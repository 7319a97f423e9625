// The signature object that every signed document carries (spec 01, section 2.1).
import { filled, type Infer, object, strict, text } from "../base/shape.ts";
import { matching, notEmptyText } from "../base/shape_rules.ts";
import { digest } from "./digest.ts";

const DOC = "Ed25519 signature over the SHA-256 digest of a canonical document";

const members = () => ({
  alg: text("Always ed25519"),
  key_id: text("SHA-256 of the 32 raw bytes of the signer's public key, lowercase hex"),
  sig: text("The 64 bytes of the signature in standard base64 with padding"),
  signed_digest: filled(text("The digest that was signed, lowercase hex")),
});

export const SignatureShape = object(DOC, members);

/** The same, without room for other members. */
export const StrictSignatureShape = strict(DOC, members);

/** The same with every member, each in the only form that it can have: none of it can be changed and still hold. */
export const ExactSignatureShape = strict(DOC, () => {
  const { alg, key_id, sig, signed_digest } = members();
  return {
    alg: matching(alg, /^ed25519$/, '"ed25519"'),
    key_id: digest(key_id.doc),
    sig: notEmptyText(sig),
    signed_digest: digest(signed_digest.doc),
  };
});

/** A signature as read: absent members are empty text. */
export type SignatureRecord = Infer<typeof SignatureShape>;
