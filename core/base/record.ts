// Records that carry their own signature (spec 03, section 1.1): the digest stands over the known members without `signature`.
import { digestOf } from "./digest.ts";
import type { Crypto } from "./host.ts";
import type { JsonObject } from "./json.ts";
import { type Shape, writeShape } from "./shape.ts";
import { checkSignature, type DigestSigner, type Signature, type SignatureDefect, type VerifyKey } from "./sign.ts";

/** A record that may be signed. */
export type Signable = { readonly signature: Signature | undefined };

/** The digest that the signature of a record stands over, hex. */
export const recordDigest = <T extends Signable>(crypto: Crypto, shape: Shape<T>, record: T): string =>
  digestOf(crypto, writeShape(shape, { ...record, signature: undefined }));

/** The JSON form of a record, signed. */
export async function sealRecord<T extends Signable>(
  crypto: Crypto,
  shape: Shape<T>,
  record: T,
  sign: DigestSigner,
): Promise<JsonObject> {
  return writeShape(shape, { ...record, signature: await sign(recordDigest(crypto, shape, record)) });
}

/** What is wrong with the signature of a record: `missing`, a defect, or undefined when it is good. */
export async function recordDefect<T extends Signable>(
  crypto: Crypto,
  shape: Shape<T>,
  record: T,
  key: VerifyKey,
): Promise<"missing" | SignatureDefect | undefined> {
  if (record.signature === undefined) return "missing";
  return await checkSignature(crypto, key, record.signature, recordDigest(crypto, shape, record));
}
