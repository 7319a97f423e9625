// Text that came from outside, made harmless for a terminal: no artifact may move the cursor, set a title, forge a line or
// turn the reading direction.

const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const UNSAFE_IN_JSON = /[\u007f-\u009f\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** One line in which control characters, line breaks, lone surrogates and direction marks are spelled out (`\x1b`). */
export const safeLine = (text: string): string =>
  text.replace(UNSAFE, (char) => char === "\n" ? "\\n" : char === "\t" ? "\\t" : escape(char, "\\x"));

/** JSON text with the same characters as JSON escapes; it parses to the same value. */
export const safeJson = (json: string): string => json.replace(UNSAFE_IN_JSON, (char) => escape(char, ""));

const escape = (char: string, short: string): string => {
  const hex = char.charCodeAt(0).toString(16);
  return short !== "" && hex.length <= 2 ? `${short}${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
};
