// Ed25519 and SHA-256 in plain JavaScript, for runtimes that offer neither, or not synchronously. The only file that knows
// @noble. Verification is written out here because noble's own multiplies by the cofactor and so accepts more than the others.
import { getPublicKey, hashes, Point, sign } from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, hex, sameBytes, utf8 } from "./bytes.ts";
import type { Crypto, Hasher } from "./host.ts";

// noble looks SHA-512 up in a slot that any module could fill anew, and whoever fills it learns the nonce and with it the
// key. Filled once, the slot is frozen; the test makes a second evaluation of this file harmless.
if (hashes.sha512 !== sha512) hashes.sha512 = sha512;
Object.freeze(hashes);

/** SHA-256 of all of `bytes`: 32 bytes. */
export const pureSha256 = (bytes: Uint8Array): Uint8Array => sha256(bytes);

/** A SHA-256 to be fed in pieces. */
export const pureHasher = (): Hasher => {
  const state = sha256.create();
  return { update: (bytes) => void state.update(bytes), digest: () => state.digest() };
};

/** The 32-byte public key of a 32-byte seed. Throws on another length: a bug of the caller's. */
export const purePublicKey = (seed: Uint8Array): Uint8Array => getPublicKey(seed);

/** The 64-byte signature of `message` by a 32-byte seed (RFC 8032, 5.1.6). Throws on another length of the seed. */
export const pureSign = (seed: Uint8Array, message: Uint8Array): Uint8Array => sign(message, seed);

/**
 * Whether `S*B - k*A` has exactly the bytes of R: no cofactor, as OpenSSL, BoringSSL and WebCrypto do it. False for wrong
 * lengths and for keys that are no point. It accepts small-order keys like those: go through `verifyDetached` of `sign.ts`.
 */
export const pureVerify = (publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean => {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const order = Point.CURVE().n;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const a = pointOf(publicKey);
  if (a === undefined || s >= order) return false;
  const k = littleEndian(sha512(concatBytes([r, publicKey, message]))) % order;
  return sameBytes(Point.BASE.multiply(s, false).add(a.negate().multiply(k, false)).toBytes(), r);
};

/** All of the above as the capability that the core asks of a runtime. */
export const pureCrypto: Crypto = {
  sha256: pureSha256,
  sha256Text: (text) => hex(pureSha256(utf8(text))),
  hasher: pureHasher,
  sign: pureSign,
  signer: (seed) => (message) => pureSign(seed, message),
  publicKey: purePublicKey,
  verify: pureVerify,
};

// noble throws on bytes that are no point of the curve; here that is an answer.
const pointOf = (bytes: Uint8Array): Point | undefined => {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
};

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes.slice().reverse())}`);
