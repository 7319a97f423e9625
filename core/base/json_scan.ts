// Finds the first flaw of a JSON text: RFC 8259 syntax, and what I-JSON (RFC 7493) forbids on top. It keeps a stack of its
// own, so depth cannot overflow the engine's, and reads each character once.
import type { FaultCode } from "./errors.ts";
import { found, quoted } from "./json_words.ts";
import { pointerStep } from "./pointer.ts";

/** What is wrong, at which UTF-16 unit, in words that follow the place; the pointer where a value or member is at fault. */
export type Flaw = { readonly code: FaultCode; readonly at: number; readonly words: string; readonly pointer?: string };

/** An array or object that is open: which unit closes it, the names so far (of an object), the member or item that is read. */
type Level = { readonly close: number; readonly names: Set<string> | undefined; name: string; index: number };

/** The first flaw in reading order, or undefined for a text that is one JSON value nested at most `maxDepth` levels deep. */
export const findFlaw = (text: string, maxDepth: number): Flaw | undefined => {
  const open: Level[] = [];
  let level: Level | undefined;
  let at = skipBlank(text, 0);
  for (;;) {
    // Here a value begins, or a container that has just been opened ends.
    const unit = text.charCodeAt(at);
    if (unit === BRACE || unit === BRACKET) {
      if (open.length === maxDepth) return flaw("json_too_deep", at, `expected at most ${maxDepth} levels of nesting`);
      level = { close: unit + 2, names: unit === BRACE ? new Set() : undefined, name: "", index: 0 };
      open.push(level);
      at = skipBlank(text, at + 1);
      if (text.charCodeAt(at) !== level.close) {
        const value = level.names === undefined ? at : memberName(text, at, level, level.names, open, ` or "}"`);
        if (typeof value !== "number") return value;
        at = value;
        continue;
      }
    } else {
      const end = scalarEnd(text, at, unit);
      if (typeof end !== "number") return end.code === "json_syntax" ? end : { ...end, ...pointer(open) };
      at = skipBlank(text, end);
    }
    // Here a value has ended: close what ends with it, and go on behind the next comma.
    while (level !== undefined && text.charCodeAt(at) === level.close) {
      open.pop();
      level = open.at(-1);
      at = skipBlank(text, at + 1);
    }
    if (level === undefined) return at === text.length ? undefined : expected(text, at, "the end of the text");
    if (text.charCodeAt(at) !== COMMA) return expected(text, at, `"," or "${String.fromCharCode(level.close)}"`);
    at = skipBlank(text, at + 1);
    level.index++;
    if (level.names !== undefined) {
      const value = memberName(text, at, level, level.names, open, "");
      if (typeof value !== "number") return value;
      at = value;
    }
  }
};

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const BRACKET = 0x5b; // "]" and "}" lie two further
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

const flaw = (code: FaultCode, at: number, words: string): Flaw => ({ code, at, words });

const expected = (text: string, at: number, wanted: string): Flaw =>
  flaw("json_syntax", at, `expected ${wanted}, found ${found(text, at)}`);

/** The index of the first unit from `from` on that is not white space of JSON. */
export const skipBlank = (text: string, from: number): number => {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
};

/** Whether a UTF-16 unit is white space of JSON. */
export const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;

/** Reads a member name and its colon; the index where the value begins. */
const memberName = (
  text: string,
  at: number,
  level: Level,
  names: Set<string>,
  open: readonly Level[],
  orElse: string,
): number | Flaw => {
  if (text.charCodeAt(at) !== QUOTE) return expected(text, at, `a member name in double quotes${orElse}`);
  const end = stringEnd(text, at);
  if (typeof end !== "number") return end;
  const raw = text.slice(at + 1, end - 1);
  level.name = raw.includes("\\") ? String(JSON.parse(`"${raw}"`)) : raw;
  if (names.has(level.name)) {
    const words = `expected each member name once, found ${quoted(level.name)} again`;
    return { ...flaw("json_duplicate_key", at, words), ...pointer(open) };
  }
  names.add(level.name);
  const colon = skipBlank(text, end);
  if (text.charCodeAt(colon) !== COLON) return expected(text, colon, `":" after a member name`);
  return skipBlank(text, colon + 1);
};

/** The index behind the text, number or word that begins at `at`. */
const scalarEnd = (text: string, at: number, unit: number): number | Flaw => {
  if (unit === QUOTE) return stringEnd(text, at);
  if (unit === MINUS || isDigit(unit)) return numberEnd(text, at);
  for (const word of WORDS) if (text.startsWith(word, at)) return at + word.length;
  return expected(text, at, "a value");
};

const WORDS = ["true", "false", "null"] as const;

// Everything but the quote, the backslash and control characters.
const PLAIN = /[ !#-[\]-\uffff]*/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
const LOW_HALF = /\\u[dD][c-fC-F][0-9a-fA-F]{2}/y;

const matchesAt = (pattern: RegExp, text: string, at: number): boolean => {
  pattern.lastIndex = at;
  return pattern.test(text);
};

const stringEnd = (text: string, from: number): number | Flaw => {
  let at = from + 1;
  for (;;) {
    matchesAt(PLAIN, text, at);
    at = PLAIN.lastIndex;
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    if (unit !== BACKSLASH) {
      const wanted = at === text.length ? `a closing quote` : "control characters in text to be escaped";
      return expected(text, at, wanted);
    }
    const end = escapeEnd(text, at);
    if (typeof end !== "number") return end;
    at = end;
  }
};

const escapeEnd = (text: string, at: number): number | Flaw => {
  const letter = text.charAt(at + 1);
  if (letter !== "u") {
    return letter !== "" && `"\\/bfnrt`.includes(letter)
      ? at + 2
      : expected(text, at + 1, `one of " \\ / b f n r t u after a backslash`);
  }
  if (!matchesAt(HEX4, text, at + 2)) return flaw("json_syntax", at, `expected four hexadecimal digits after \\u`);
  const half = Number.parseInt(text.slice(at + 2, at + 6), 16) & 0xfc00;
  if (half !== 0xd800 && half !== 0xdc00) return at + 6;
  if (half === 0xd800 && matchesAt(LOW_HALF, text, at + 6)) return at + 12;
  return flaw("json_lone_surrogate", at, `expected a whole surrogate pair, found ${text.slice(at, at + 6)} alone`);
};

const isDigit = (unit: number): boolean => unit >= ZERO && unit <= 0x39;

/** The index behind the digits from `at`, of which there must be one. */
const digitsEnd = (text: string, from: number, where: string): number | Flaw => {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at > from ? at : expected(text, at, `a digit ${where}`);
};

const numberEnd = (text: string, from: number): number | Flaw => {
  const first = text.charCodeAt(from) === MINUS ? from + 1 : from;
  let end = digitsEnd(text, first, `after "-"`);
  if (typeof end !== "number") return end;
  if (text.charCodeAt(first) === ZERO && end > first + 1) return expected(text, first + 1, "no digit after a leading 0");
  if (text.charCodeAt(end) === DOT) end = digitsEnd(text, end + 1, "after the decimal point");
  if (typeof end !== "number") return end;
  const letter = text.charCodeAt(end) | 0x20;
  if (letter === 0x65) {
    const sign = text.charCodeAt(end + 1);
    end = digitsEnd(text, sign === PLUS || sign === MINUS ? end + 2 : end + 1, "in the exponent");
    if (typeof end !== "number") return end;
  }
  // Without an exponent it takes 309 digits to leave the range.
  if ((letter === 0x65 || end - from > 300) && !Number.isFinite(Number(text.slice(from, end)))) {
    const words = `expected a number that a double can hold, found ${quoted(text.slice(from, end))}`;
    return flaw("json_number_range", from, words);
  }
  return end;
};

// A pointer (RFC 6901) that is longer tells nobody anything.
const MOST_POINTER = 1000;

const pointer = (open: readonly Level[]): { readonly pointer?: string } => {
  let text = "";
  for (const { names, name, index } of open) {
    text += pointerStep(names === undefined ? index : name);
    if (text.length > MOST_POINTER) return {};
  }
  return { pointer: text };
};
