// The signature object that every signed document carries (spec 01, section 2.1).
import { filled, type Infer, object, strict, text } from "../base/shape.ts";

const DOC = "Ed25519 signature over the SHA-256 digest of a canonical document";

const members = {
  alg: text("Always ed25519"),
  key_id: text("SHA-256 of the 32 raw bytes of the signer's public key, lowercase hex"),
  sig: text("The 64 bytes of the signature in standard base64 with padding"),
  signed_digest: filled(text("The digest that was signed, lowercase hex")),
};

export const SignatureShape = object(DOC, members);

/** The same, without room for other members. */
export const StrictSignatureShape = strict(DOC, members);

/** A signature as read: absent members are empty text. */
export type SignatureRecord = Infer<typeof SignatureShape>;
