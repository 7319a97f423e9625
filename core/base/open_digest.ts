// Digests that stand in a text before they are made, so that whoever signs the text can make them: a second thread, say. Until then the
// text has in the place of their digits what they are to be digests of, between control characters: canonical text has those escaped,
// so nothing that somebody wrote is taken for one.
import type { Crypto } from "./host.ts";

const BEGIN = 1;
const AFTER_DIGITS = 0x3a; // a colon
const END = 2;
const [BEGIN_TEXT, END_TEXT] = [String.fromCharCode(BEGIN), String.fromCharCode(END)];

/** A digest to be made: the first `digits` hexadecimal digits of the SHA-256 of `source`, which is without control characters. */
export const openDigest = (source: string, digits: number): string => `${BEGIN_TEXT}${digits}:${source}${END_TEXT}`;

/** The text with all its digests made. */
export function closeDigests(crypto: Pick<Crypto, "sha256Text">, text: string): string {
  let closed = "";
  let from = 0;
  for (let begin = text.indexOf(BEGIN_TEXT); begin !== -1; begin = text.indexOf(BEGIN_TEXT, from)) {
    const source = text.indexOf(":", begin) + 1;
    const end = text.indexOf(END_TEXT, source);
    const digits = Number(text.slice(begin + 1, source - 1));
    closed += text.slice(from, begin) + crypto.sha256Text(text.slice(source, end)).slice(0, digits);
    from = end + 1;
  }
  return closed + text.slice(from);
}

/** How many bytes such texts come to once their digests are made; their own are UTF-8. */
export function closedLength(texts: Uint8Array): number {
  let length = texts.length;
  for (let begin = texts.indexOf(BEGIN), end = 0; begin !== -1; begin = texts.indexOf(BEGIN, end)) {
    let digits = 0;
    let at = begin + 1;
    for (let unit = texts[at] ?? 0; unit !== AFTER_DIGITS && at < texts.length; unit = texts[++at] ?? 0) {
      digits = 10 * digits + (unit & 15);
    }
    end = texts.indexOf(END, at) + 1;
    length += digits - (end - begin);
  }
  return length;
}
