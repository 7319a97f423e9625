// The signature object that every signed document carries (spec 01, section 2.1).
import { filled, type Infer, object, text } from "../base/shape.ts";

export const SignatureShape = object("Ed25519 signature over the SHA-256 digest of a canonical document", {
  alg: text("Always ed25519"),
  key_id: text("SHA-256 of the 32 raw bytes of the signer's public key, lowercase hex"),
  sig: text("The 64 bytes of the signature in standard base64 with padding"),
  signed_digest: filled(text("The digest that was signed, lowercase hex")),
});

/** A signature as read: absent members are empty text. */
export type SignatureRecord = Infer<typeof SignatureShape>;
