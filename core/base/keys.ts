// Key texts (spec 01, section 2.4): one line of standard base64. No message of this file holds any part of a key.
import { base64, concatBytes, fromBase64, sameBytes } from "./bytes.ts";
import type { Crypto } from "./host.ts";
import { fail, ok, type Result } from "./result.ts";
import { keyId, type SigningKey, type VerifyKey } from "./sign.ts";

/** The key pair of a private key text: 64 bytes, the seed and then its public key. Faults: key_format, key_halves_disagree. */
export const readPrivateKey = async (crypto: Crypto, text: string): Promise<Result<SigningKey>> => {
  const bytes = keyBytes("private", "64 bytes (a seed of 32, then its public key)", 64, text);
  if (!bytes.ok) return bytes;
  const key = await newKey(crypto, bytes.value.slice(0, 32));
  return sameBytes(key.publicKey, bytes.value.subarray(32)) ? ok(key) : fail(
    "key_halves_disagree",
    "Cannot read private key: its second half is not the public key of its first half",
  );
};

/** The public key of a public key text: 32 bytes. Fault: key_format. */
export const readPublicKey = (crypto: Crypto, text: string): Result<VerifyKey> => {
  const bytes = keyBytes("public", "32 bytes", 32, text);
  return bytes.ok ? ok({ publicKey: bytes.value, keyId: keyId(crypto, bytes.value) }) : bytes;
};

/** The key pair of a seed: 32 bytes that nobody can guess, handed in because the core has no randomness. */
export const newKey = async (crypto: Crypto, seed: Uint8Array): Promise<SigningKey> => {
  if (seed.length !== 32) throw new Error("newKey wants a seed of 32 bytes");
  const publicKey = await crypto.publicKey(seed);
  return { seed, publicKey, keyId: keyId(crypto, publicKey) };
};

/** What a private key file holds: base64 of seed and public key, and a line feed. */
export const privateKeyText = (key: SigningKey): string => `${base64(concatBytes([key.seed, key.publicKey]))}\n`;

/** What a public key file holds: base64 of the public key, and a line feed. */
export const publicKeyText = (key: VerifyKey): string => `${base64(key.publicKey)}\n`;

const keyBytes = (kind: "private" | "public", want: string, length: number, text: string): Result<Uint8Array> => {
  const refuse = (why: string) => fail("key_format", `Cannot read ${kind} key: ${why}`);
  const line = stripped(text);
  if (line === "") return refuse(`the text is empty, want ${want} in standard base64 with padding`);
  if (line.startsWith("-----BEGIN")) return refuse(`it is PEM, want ${want} in standard base64 with padding`);
  const bytes = fromBase64(line);
  if (bytes === undefined) return refuse(`it is not standard base64 with padding on one line, want ${want} in that form`);
  return bytes.length === length ? ok(bytes) : refuse(`it holds ${bytes.length} bytes, want ${want}`);
};

// Not `trim` of the text rules: a key line may stand among these four characters and no others.
const stripped = (text: string): string => {
  let from = 0;
  let to = text.length;
  while (from < to && " \t\r\n".includes(text.charAt(from))) from++;
  while (to > from && " \t\r\n".includes(text.charAt(to - 1))) to--;
  return text.slice(from, to);
};
