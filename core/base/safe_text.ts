// Text that came from outside, made harmless for a terminal: no artifact may move the cursor, set a title, forge a line or
// turn the reading direction.

// What is left alone is spelled out, since a class of Unicode takes the engine half a millisecond to make. Left out of it: Cc, Cs, Zl
// and Zp, Bidi_Control.
const UNSAFE = /[^ -~\u00a0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\u{10ffff}]/gu;
const UNSAFE_IN_JSON = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** One line in which control characters, line breaks, lone surrogates and direction marks are spelled out (`\x1b`). */
export const safeLine = (text: string): string =>
  text.replace(UNSAFE, (char) => char === "\n" ? "\\n" : char === "\t" ? "\\t" : escape(char, "\\x"));

/** JSON text with the same characters as JSON escapes; it parses to the same value. */
export const safeJson = (json: string): string => json.replace(UNSAFE_IN_JSON, (char) => escape(char, ""));

const escape = (char: string, short: string): string => {
  const hex = char.charCodeAt(0).toString(16);
  return short !== "" && hex.length <= 2 ? `${short}${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
};
