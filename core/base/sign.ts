// Signature objects (spec 01, sections 2.1 to 2.3) and the one acceptance rule of Ed25519 on every backend.
import { base64, fromBase64, fromHex } from "./bytes.ts";
import { sha256Hex } from "./digest.ts";
import type { Crypto } from "./host.ts";
import { quoted } from "./json_words.ts";
import { type Soon, whenThere } from "./soon.ts";
import { byBytes, isHex64 } from "./text.ts";

/** A signature as documents carry it. Members that a document leaves out are `""` here. */
export type Signature = {
  /** Always `ed25519` in what gait writes. */
  readonly alg: string;
  /** Hex SHA-256 of the public key; may be `""` in what gait reads. */
  readonly key_id: string;
  /** Standard padded base64 of 64 bytes. */
  readonly sig: string;
  /** The digest whose 32 raw bytes were signed, in hex. */
  readonly signed_digest: string;
};

/** A public key of 32 bytes and its id. */
export type VerifyKey = { readonly publicKey: Uint8Array; readonly keyId: string };

/** A key pair: a seed of 32 bytes, the public key that belongs to it, its id. */
export type SigningKey = VerifyKey & { readonly seed: Uint8Array };

/** The id of a 32-byte public key: its SHA-256 in hex. */
export const keyId = (crypto: Crypto, publicKey: Uint8Array): string => sha256Hex(crypto, publicKey);

// The field prime, the group order, and the y of the points of small order: of order 4, 1, 2 and, the last two, 8.
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const ORDER_8 = 55188659117513257062467267217118295137698188065244968500265048394206261417927n;
const SMALL_ORDER = new Set([0n, 1n, P - 1n, ORDER_8, P - ORDER_8]);

// 32 bytes from `at`, read as a number, least byte first.
const number = (bytes: Uint8Array, at: number): bigint => {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 32);
  const word = (i: number) => view.getBigUint64(8 * i, true);
  return word(3) << 192n | word(2) << 128n | word(1) << 64n | word(0);
};

const canonicalPoint = (bytes: Uint8Array): boolean => {
  const y = BigInt.asUintN(255, number(bytes, 0));
  return y < P && !SMALL_ORDER.has(y);
};

/**
 * Refuses what backends disagree on: wrong lengths, S not below the group order, and keys or R whose y is not below the field
 * prime or is that of a small-order point. With such a key one signature would fit every message. After it, all cofactorless
 * verifiers give one answer.
 */
export const guard = (signature: Uint8Array, publicKey: Uint8Array): boolean =>
  signature.length === 64 && publicKey.length === 32 && number(signature, 32) < L &&
  canonicalPoint(publicKey) && canonicalPoint(signature);

/** Whether `signature` (64 bytes) is that of `message` under `publicKey` (32 bytes). Total: every doubt is false. */
export const verifyDetached = async (
  crypto: Crypto,
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> => {
  if (!guard(signature, publicKey)) return false;
  try {
    return await crypto.verify(publicKey, signature, message);
  } catch {
    // Backends differ on a key that is no point of the curve: some throw, some say false. It verifies nothing.
    return false;
  }
};

/** The signature object of a digest that was signed by a key. */
export const signatureOf = ({ keyId }: Pick<SigningKey, "keyId">, digestHex: string, sig: Uint8Array): Signature => ({
  alg: "ed25519",
  key_id: keyId,
  sig: base64(sig),
  signed_digest: digestHex,
});

/** Signs a digest (64 hex digits): the signature is over its 32 raw bytes. */
export const signDigest = async (crypto: Crypto, key: SigningKey, digestHex: string): Promise<Signature> =>
  signatureOf(key, digestHex, await crypto.sign(key.seed, rawDigest(digestHex)));

/** Signs digests (64 hex digits) by one key, one after the other. */
export type DigestSigner = (digestHex: string) => Soon<Signature>;

/** The same as `signDigest` for many digests: the key is made ready once. */
export const digestSigner = (crypto: Crypto, key: Pick<SigningKey, "seed" | "keyId">): DigestSigner => {
  const sign = crypto.signer(key.seed);
  return (digestHex) => whenThere(sign(rawDigest(digestHex)), (sig) => signatureOf(key, digestHex, sig));
};

const rawDigest = (digestHex: string): Uint8Array => {
  const bytes = isHex64(digestHex) ? fromHex(digestHex) : undefined;
  if (bytes === undefined) throw new Error("signDigest wants a digest of 64 lowercase hexadecimal digits");
  return bytes;
};

/** What is wrong with a signature, in the order of the checks. `ed25519_false` is the only one that needs the key's arithmetic. */
export type SignatureDefectName =
  | "signed_digest_missing"
  | "signed_digest_differs"
  | "signed_digest_malformed"
  | "alg_unknown"
  | "key_id_differs"
  | "sig_not_base64"
  | "sig_length"
  | "ed25519_false";

/** The first failed check of a signature: a stable name and a sentence. */
export type SignatureDefect = { readonly name: SignatureDefectName; readonly message: string };

const defect = (name: SignatureDefectName, message: string): SignatureDefect => ({ name, message });

/**
 * The first defect of a signature in the order of spec 01, section 2.2, or undefined when it is good. `digestHex` is the digest
 * that the caller has recomputed from the document (step 1).
 */
export const checkSignature = async (
  crypto: Crypto,
  key: VerifyKey,
  signature: Signature,
  digestHex: string,
): Promise<SignatureDefect | undefined> => {
  const { alg, key_id, sig, signed_digest } = signature;
  if (signed_digest === "") return defect("signed_digest_missing", "signed_digest is missing");
  if (signed_digest !== digestHex) {
    return defect("signed_digest_differs", `signed_digest is ${quoted(signed_digest, 64)}, the document has "${digestHex}"`);
  }
  const digest = fromHex(signed_digest);
  if (digest?.length !== 32) {
    return defect("signed_digest_malformed", `signed_digest is ${quoted(signed_digest)}, want 64 hexadecimal digits`);
  }
  if (alg !== "ed25519") return defect("alg_unknown", `alg is ${quoted(alg)}, want "ed25519"`);
  if (key_id !== "" && key_id !== key.keyId) {
    return defect("key_id_differs", `key_id is ${quoted(key_id, 64)}, the key in use is "${key.keyId}"`);
  }
  const bytes = fromBase64(sig);
  if (bytes === undefined) return defect("sig_not_base64", "sig is not standard base64 with padding");
  if (bytes.length !== 64) return defect("sig_length", `sig has ${bytes.length} bytes, want 64`);
  return await verifyDetached(crypto, key.publicKey, bytes, digest)
    ? undefined
    : defect("ed25519_false", `sig was not made over this digest by the key "${key.keyId}"`);
};

/** What is said about a document's list of signatures. Counts are of signatures; the writer leaves out zero and empty members. */
export type SignatureReport = {
  readonly signature_status: "missing" | "skipped" | "verified" | "failed";
  /** Sorted by bytes; one for each bad signature, or one saying why none was checked. */
  readonly signature_errors: readonly string[];
  readonly signatures_total: number;
  readonly signatures_valid: number;
};

/**
 * Checks each of a document's signatures against one key (spec 01, section 2.3): `verified` when at least one is good. Without a
 * key they are `skipped`; without signatures they are `missing`, which is an error when one is `required`.
 */
export const checkSignatures = async (
  crypto: Crypto,
  key: VerifyKey | undefined,
  signatures: readonly Signature[],
  digestHex: string,
  required: boolean,
): Promise<SignatureReport> => {
  const total = signatures.length;
  if (total === 0) return report("missing", required ? ["a signature is required, the document has none"] : [], 0, 0);
  if (key === undefined) return report("skipped", ["no public key was given, so no signature was checked"], total, 0);
  const errors: string[] = [];
  for (const [i, signature] of signatures.entries()) {
    const found = await checkSignature(crypto, key, signature, digestHex);
    if (found !== undefined) errors.push(`signature ${i + 1} of ${total}: ${found.message}`);
  }
  const valid = total - errors.length;
  return report(valid > 0 ? "verified" : "failed", errors.sort(byBytes), total, valid);
};

const report = (
  signature_status: SignatureReport["signature_status"],
  signature_errors: readonly string[],
  signatures_total: number,
  signatures_valid: number,
): SignatureReport => ({ signature_status, signature_errors, signatures_total, signatures_valid });
