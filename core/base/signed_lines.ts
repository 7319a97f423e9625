// Documents as lines with their signatures, many at a time: what a second thread can do as well, so bytes go in and bytes come out. It
// takes nothing of shapes, which are most of what such a thread would have to load.
import { concatBytes, hex, utf8 } from "./bytes.ts";
import type { Crypto, Sign } from "./host.ts";
import { type Signature, signatureOf, type SigningKey } from "./sign.ts";

/** What a line has in the place of the brace that ends the text of its document. The members are plain ASCII, in canonical order. */
export const signatureEnd = ({ alg, key_id, sig, signed_digest }: Signature): string =>
  `,"signature":${JSON.stringify({ alg, key_id, sig, signed_digest })}}\n`;

const LF = 0x0a;

/** Whether lines can be those of so many texts, by their length: a signature takes the same room in each. */
export function canBeOf(texts: Uint8Array, count: number, lines: Uint8Array, key: Pick<SigningKey, "keyId">): boolean {
  const end = signatureEnd(signatureOf(key, hex(new Uint8Array(32)), new Uint8Array(64)));
  const shared = "}\n".length; // a text ends so as well
  return lines.length === texts.length + count * (end.length - shared) && (count === 0 || lines.at(-1) === LF);
}

/** Signs documents: `texts` are their canonical texts, each with a line feed at its end; gives their lines. */
export async function signedLines(
  { sha256 }: Pick<Crypto, "sha256">,
  key: Pick<SigningKey, "keyId">,
  sign: Sign,
  texts: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < texts.length;) {
    const end = texts.indexOf(LF, from);
    const digest = sha256(texts.subarray(from, end));
    pieces.push(texts.subarray(from, end - 1), utf8(signatureEnd(signatureOf(key, hex(digest), await sign(digest)))));
    from = end + 1;
  }
  return concatBytes(pieces);
}
