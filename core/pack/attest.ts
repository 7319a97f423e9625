// A pack in the forms that tools of the software supply chain take: an in-toto statement about the pack's file, that statement signed in a
// DSSE envelope, and the envelope in a Sigstore bundle whose key is named by a hint, since no authority vouches for it.
import { canonicalBytes } from "../base/canonical.ts";
import { type DsseEnvelope, sealEnvelope } from "../base/dsse.ts";
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json_value.ts";
import { writeShape } from "../base/shape.ts";
import type { SigningKey } from "../base/sign.ts";
import { PACK_PREDICATE, type PackAttestation, PackAttestationShape } from "../schema/pack_export.ts";

const STATEMENT = "https://in-toto.io/Statement/v1";
const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** The file that a statement is about: its name without folders, and the SHA-256 of its bytes in hex. */
export type Subject = { readonly name: string; readonly sha256: string };

/** The statement about a pack. */
export const packStatement = ({ name, sha256 }: Subject, attestation: PackAttestation): JsonObject => ({
  _type: STATEMENT,
  subject: [{ name, digest: { sha256 } }],
  predicateType: PACK_PREDICATE,
  predicate: writeShape(PackAttestationShape, attestation),
});

/** A statement in an envelope. */
export const signedStatement = (crypto: Crypto, key: SigningKey, statement: JsonObject): Promise<DsseEnvelope> =>
  sealEnvelope(crypto, key, PAYLOAD_TYPE, canonicalBytes(statement));

/** An envelope in a bundle: whoever verifies it brings the public key that the hint names. */
export const sigstoreBundle = (envelope: DsseEnvelope, { keyId }: SigningKey): JsonObject => ({
  mediaType: BUNDLE,
  verificationMaterial: { publicKey: { hint: keyId }, tlogEntries: [] },
  dsseEnvelope: { ...envelope, signatures: envelope.signatures.map((signature) => ({ ...signature })) },
});
