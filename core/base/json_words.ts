// How a fault in a JSON text is told: the place in lines and columns, and what was found there. No word depends on the engine.

/** A place in a text: line and column from 1. Lines end with LF; columns count code points. */
export type LineColumn = { readonly line: number; readonly column: number };

/** The place of the UTF-16 unit `index` of a well-formed text whose first line has the number `firstLine`. */
export const placeOfUnit = (text: string, index: number, firstLine: number): LineColumn => {
  let line = firstLine;
  let start = 0;
  for (let end = text.indexOf("\n"); end !== -1 && end < index; end = text.indexOf("\n", start)) {
    line++;
    start = end + 1;
  }
  let column = 1;
  for (let i = start; i < index; i++) if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) column++; // the second half of a pair
  return { line, column };
};

/** The place of the byte `index`, where the bytes before it are UTF-8. */
export const placeOfByte = (bytes: Uint8Array, index: number, firstLine: number): LineColumn => {
  let line = firstLine;
  let column = 1;
  for (let i = 0; i < index; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x0a) {
      line++;
      column = 1;
    } else if ((byte & 0xc0) !== 0x80) column++;
  }
  return { line, column };
};

// Characters that would move the cursor, reverse the line or hide in it; C0 controls are escaped by JSON.stringify.
const HIDDEN =
  /[\u007f-\u009f\u00ad\u061c\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]|\udb40[\udc00-\udfff]/g;
const CONTROL = /[^\t\n\r -\uffff]/;

/** Whether a text holds a character that cannot be seen, or that changes how others are seen; line breaks and tabs are none. */
export const hasHidden = (text: string): boolean => text.search(HIDDEN) >= 0 || CONTROL.test(text);

/** The same text, those of its hidden characters spelled out that JSON leaves as they are. */
export const visible = (text: string): string =>
  text.replace(HIDDEN, (hidden) => hidden.split("").map((unit) => `\\u${hex4(unit.charCodeAt(0))}`).join(""));

/** Text of the input in double quotes, escaped as in JSON and safe to print, cut after `most` code points. */
export const quoted = (text: string, most = 60): string => {
  const chars = [...text.slice(0, 2 * most + 1)];
  const shown = chars.length > most ? `${chars.slice(0, most).join("")}...` : text;
  return visible(JSON.stringify(shown));
};

/** What stands at `index`: a printable ASCII character in quotes, another one by its number, or the end. */
export const found = (text: string, index: number): string => {
  const code = text.codePointAt(index);
  if (code === undefined) return "the end of the text";
  return code > 0x20 && code < 0x7f ? quoted(String.fromCharCode(code)) : `U+${hex4(code).toUpperCase()}`;
};

const hex4 = (code: number): string => code.toString(16).padStart(4, "0");
