// Where in a text the member stands that a JSON pointer names: readers of documents know a misfit by its pointer, people
// find it by line and column. The text has been read before, so its syntax is good.
import { fromUtf8 } from "./bytes.ts";
import { endOfString } from "./json.ts";
import { skipBlank } from "./json_scan.ts";
import { type LineColumn, placeOfUnit } from "./json_words.ts";
import { pointerSteps } from "./pointer.ts";

/**
 * Line and column (columns from 1, in code points) of the value at `pointer` (RFC 6901); of the nearest value around it that is
 * there. `firstLine` is the number of the first line.
 */
export function locate(bytes: Uint8Array, pointer: string, firstLine = 1): LineColumn {
  const text = fromUtf8(bytes);
  let at = skipBlank(text, 0);
  for (const name of pointerSteps(pointer)) {
    const next = text[at] === "[" ? item(text, at, Number(name)) : member(text, at, name);
    if (next === undefined) break;
    at = next;
  }
  return placeOfUnit(text, at, firstLine);
}

/** A member of an object or an item of a list: where it starts (with its name, if it has one), and where its value starts and ends. */
export type JsonChild = { readonly name: string; readonly start: number; readonly from: number; readonly to: number };

/** The members or items of the object or list that starts at `from`, in order; none for any other value. */
export function childrenAt(text: string, from: number): readonly JsonChild[] {
  const children: JsonChild[] = [];
  const object = text[from] === "{";
  if (!object && text[from] !== "[") return children;
  let at: number | undefined = skipBlank(text, from + 1);
  while (at !== undefined && text[at] !== "}" && text[at] !== "]") {
    const start = at;
    const end = object ? skipText(text, start) : start;
    const value = object ? skipBlank(text, skipBlank(text, end) + 1) : start;
    const to = value + text.slice(value, skipValue(text, value)).trimEnd().length;
    children.push({ name: object ? JSON.parse(text.slice(start, end)) : "", start, from: value, to });
    at = behindComma(text, to);
  }
  return children;
}

// Just behind the value that starts at `from`.
function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = skipText(text, at) - 1;
    else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    else if (depth === 0 && char === ",") return at;
    if (depth < 0) return at;
    if (depth === 0 && (char === '"' || char === "}" || char === "]")) return at + 1;
  }
  return text.length;
}

const skipText = (text: string, from: number): number => endOfString(text, from + 1) + 1;

// Where the next value starts behind a comma, or undefined at the end of the container.
const behindComma = (text: string, at: number): number | undefined => {
  const comma = skipBlank(text, at);
  return text[comma] === "," ? skipBlank(text, comma + 1) : undefined;
};

function item(text: string, from: number, index: number): number | undefined {
  let at: number | undefined = skipBlank(text, from + 1);
  if (text[at] === "]") return undefined;
  for (let i = 0; i < index && at !== undefined; i++) at = behindComma(text, skipValue(text, at));
  return at;
}

function member(text: string, from: number, name: string): number | undefined {
  if (text[from] !== "{") return undefined;
  let at: number | undefined = skipBlank(text, from + 1);
  while (at !== undefined && text[at] === '"') {
    const end = skipText(text, at);
    const value = skipBlank(text, skipBlank(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === name) return value;
    at = behindComma(text, skipValue(text, value));
  }
  return undefined;
}
