// Documents as lines with their signatures, many at a time: what a second thread can do as well, so bytes go in and bytes come out. It
// takes nothing of shapes, which are most of what such a thread would have to load.
import { fromUtf8, hex, utf8 } from "./bytes.ts";
import type { Crypto } from "./host.ts";
import { closeDigests, closedLength } from "./open_digest.ts";
import { type DigestSigner, type Signature, signatureOf, type SigningKey } from "./sign.ts";

/**
 * What a line has in the place of the brace that ends the text of its document: the members of a signature that was made here, all
 * plain ASCII, in canonical order.
 */
export const signatureEnd = ({ alg, key_id, sig, signed_digest }: Signature): string =>
  `,"signature":{"alg":"${alg}","key_id":"${key_id}","sig":"${sig}","signed_digest":"${signed_digest}"}}\n`;

const LF = 0x0a;

/** Whether lines can be those of so many texts, by their length: a signature takes the same room in each. */
export function canBeOf(texts: Uint8Array, count: number, lines: Uint8Array, key: Pick<SigningKey, "keyId">): boolean {
  const end = signatureEnd(signatureOf(key, hex(new Uint8Array(32)), new Uint8Array(64)));
  const shared = "}\n".length; // a text ends so as well
  return lines.length === closedLength(texts) + count * (end.length - shared) && (count === 0 || lines.at(-1) === LF);
}

/**
 * Signs documents: `texts` are their canonical texts, each with a line feed at its end, in which digests may still be open; gives
 * their lines. They are cut and digested as
 * text, which takes half as long as to do it with bytes.
 */
export async function signedLines(
  crypto: Pick<Crypto, "sha256Text">,
  sign: DigestSigner,
  texts: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const all = fromUtf8(texts);
  let lines = "";
  for (let from = 0; from < all.length;) {
    const end = all.indexOf("\n", from);
    const text = closeDigests(crypto, all.slice(from, end));
    const coming = sign(crypto.sha256Text(text));
    lines += text.slice(0, -1) + signatureEnd(coming instanceof Promise ? await coming : coming);
    from = end + 1;
  }
  return utf8(lines);
}
