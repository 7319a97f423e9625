// Text rules of spec 01 (introduction), one spelling of each: trim, lower, sorted sets, byte order.
import { isKnownText } from "./unicode.ts";

// Unicode White_Space: not the set of String.prototype.trim, which takes U+FEFF and leaves U+0085.
const BLANK = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const isPlain = (unit: number): boolean => unit > 0x20 && unit < 0x7f;

/** Removes leading and trailing characters of the Unicode White_Space set, in time linear in the text. */
export const trim = (text: string): string => {
  let from = 0;
  let to = text.length;
  if (isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(to - 1))) return text; // nearly always
  while (from < to && BLANK.test(text.charAt(from))) from++;
  while (to > from && BLANK.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
};

const ASCII = /^[\0-\x7f]*$/;
const LOWER_ASCII = /^[\0-@[-\x7f]*$/;

/** Lowercases code point by code point: no final sigma, no locale, and no letter newer than the fixed version of Unicode. */
export const lower = (text: string): string => {
  if (LOWER_ASCII.test(text)) return text; // nearly always
  if (ASCII.test(text)) return text.toLowerCase();
  let out = "";
  for (const char of text) out += char === "\u0130" ? "i" : isKnownText(char) ? char.toLowerCase() : char;
  return out;
};

/** Orders text by the bytes of its UTF-8 form, which is the order of its code points. */
export const byBytes = (a: string, b: string): number => {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
};

// Surrogates stand for code points above all others, so they move behind U+E000..U+FFFF.
const rank = (unit: number): number => unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;

// Up to so many texts are put in order one by one, as nearly all sets are: what engines sort by takes longer to begin.
const FEW = 16;

/** Trims, drops empty texts and repeats, sorts by bytes. */
export const trimmedSet = (texts: readonly string[]): string[] =>
  texts.length <= FEW ? fewInOrder(texts) : [...new Set(texts.map(trim).filter((text) => text !== ""))].sort(byBytes);

function fewInOrder(texts: readonly string[]): string[] {
  const sorted: string[] = [];
  for (const given of texts) {
    const text = trim(given);
    if (text === "") continue;
    let at = 0;
    while (at < sorted.length && byBytes(sorted[at] ?? "", text) < 0) at++;
    if (sorted[at] !== text) sorted.splice(at, 0, text);
  }
  return sorted;
}

/** The same in lowercase. */
export const lowerSet = (texts: readonly string[]): string[] => trimmedSet(texts.map(lower));

/** 64 lowercase hexadecimal digits. */
export const isHex64 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
