// The one JSON reader: strict I-JSON (RFC 7493), so that no two readers see two documents under one signature. Places and
// words of its faults are its own, the same on every engine.
import { fromUtf8, hex, markLength } from "./bytes.ts";
import type { FaultCode } from "./errors.ts";
import { valueOf } from "./json_parse.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "./json_value.ts";
import { findFlaw, isBlank } from "./json_scan.ts";
import { type LineColumn, placeOfByte, placeOfUnit } from "./json_words.ts";
import { fail, ok, type Result } from "./result.ts";

export type { Json, JsonObject } from "./json_value.ts";

/** What a reader bears. */
export type JsonRules = {
  /**
   * Lone surrogates and invalid UTF-8: refused (the default), or each read as U+FFFD, as spec 01, section 1.1 rule 5 has it for
   * artifacts, or only the escapes of lone surrogates read so. Names are compared after that.
   */
  readonly text?: "refuse" | "replace" | "replace_escapes";
  /** Most bytes in all; 100 MiB unless told, and never over 256 MiB, since engines cannot hold longer texts. */
  readonly maxBytes?: number;
  /** Most levels of nesting; 512 unless told. */
  readonly maxDepth?: number;
  /** The number of the first line, in faults; 1 unless told. */
  readonly firstLine?: number;
};

/** What a reader of JSON lines bears: 10 MiB a line unless told. */
export type LineRules = JsonRules & { readonly maxLineBytes?: number };

/** Most bytes of a line, unless told. */
export const MAX_LINE_BYTES = 10 * 2 ** 20;

const MAX_BYTES = 100 * 2 ** 20;
const MAX_DEPTH = 512;

/**
 * Reads bytes as one JSON value. `what` is quoted in the message of a fault; every fault has line and column (columns count
 * code points). Refused: bytes that are not UTF-8, a byte order mark, bad syntax, trailing data, repeated member names, lone
 * surrogates, numbers beyond a double, too much depth or size. A number too small for a double is read as zero.
 */
export function readJson(bytes: Uint8Array, what: string, rules: JsonRules = {}): Result<Json> {
  const { maxBytes = MAX_BYTES, maxDepth = MAX_DEPTH, firstLine = 1 } = rules;
  if (bytes.length > maxBytes) return tooLarge(bytes, what, maxBytes, firstLine, "bytes");
  if (markLength(bytes) > 0) {
    return refuse(what, "text_encoding", { line: firstLine, column: 1 }, "expected no byte order mark");
  }
  let text = fromUtf8(bytes);
  if (rules.text !== "replace" && text.includes("\ufffd")) {
    const at = invalidByte(bytes, text);
    const words = `expected UTF-8, found byte 0x${hex(bytes.subarray(at, at + 1))}`;
    if (at < bytes.length) return refuse(what, "text_encoding", placeOfByte(bytes, at, firstLine), words);
  }
  if (rules.text !== undefined && rules.text !== "refuse") text = replaceLone(text);
  const early = parsed(text, maxDepth);
  if (early !== undefined) return ok(early);
  const flaw = findFlaw(text, maxDepth);
  if (flaw !== undefined) return refuse(what, flaw.code, placeOfUnit(text, flaw.at, firstLine), flaw.words, flaw.pointer);
  return ok(valueOf(text)); // a throw would be a bug: the scanner has passed it
}

/** Reads bytes as one JSON object, refusing what `readJson` does; another value is a `document_shape` fault. */
export function readJsonObject(bytes: Uint8Array, what: string, rules: JsonRules = {}): Result<JsonObject> {
  const read = readJson(bytes, what, rules);
  if (!read.ok) return read;
  const { value } = read;
  if (isJsonObject(value)) return ok(value);
  const place = placeOfByte(bytes, firstSolid(bytes), rules.firstLine ?? 1);
  return refuse(what, "document_shape", place, `expected an object, found ${kindOf(value)}`);
}

/**
 * Reads JSON lines: one object a line, each ended by LF, which the last may lack. Blank lines are skipped; CR before LF is white
 * space. A line over `maxLineBytes` (10 MiB unless told) is a `json_too_large` fault. Faults count lines through the whole
 * input. Takes time linear in the input and decodes one line at a time.
 */
export function readJsonLines(bytes: Uint8Array, what: string, rules: LineRules = {}): Result<readonly JsonObject[]> {
  const { maxBytes = MAX_BYTES } = rules;
  let firstLine = rules.firstLine ?? 1;
  if (bytes.length > maxBytes) return tooLarge(bytes, what, maxBytes, firstLine, "bytes");
  const objects: JsonObject[] = [];
  for (let from = 0; from < bytes.length; firstLine++) {
    const feed = bytes.indexOf(LF, from);
    const line = bytes.subarray(from, feed === -1 ? bytes.length : feed);
    from += line.length + 1;
    const read = readJsonLine(line, what, { ...rules, firstLine });
    if (!read.ok) return read;
    if (read.value !== undefined) objects.push(read.value);
  }
  return ok(objects);
}

/** Reads one of JSON lines, without its LF, by the same rules; `firstLine` is its number. A blank line gives undefined. */
export function readJsonLine(line: Uint8Array, what: string, rules: LineRules = {}): Result<JsonObject | undefined> {
  const { maxLineBytes = MAX_LINE_BYTES, firstLine = 1 } = rules;
  if (line.length > maxLineBytes) return tooLarge(line, what, maxLineBytes, firstLine, "bytes a line");
  return firstSolid(line) === line.length ? ok(undefined) : readJsonObject(line, what, rules);
}

const LF = 0x0a;

const refuse = (what: string, code: FaultCode, place: LineColumn, words: string, pointer?: string): Result<never> =>
  fail(
    code,
    `Cannot read "${what}": line ${place.line}, column ${place.column}: ${words}`,
    pointer === undefined ? place : { ...place, pointer },
  );

const tooLarge = (bytes: Uint8Array, what: string, most: number, firstLine: number, unit: string): Result<never> =>
  refuse(what, "json_too_large", placeOfByte(bytes, most, firstLine), `expected at most ${most} ${unit}`);

/** The index of the first byte that begins no UTF-8 sequence: where the decoder put a U+FFFD that was not there. */
export const invalidByte = (bytes: Uint8Array, decoded: string): number => {
  let at = 0;
  for (const char of decoded) {
    if (char === "\ufffd" && !(bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd)) break;
    const code = char.codePointAt(0) ?? 0;
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return at;
};

// A backslash begins an escape wherever JSON allows one. The pair comes first, so what is left of \ud8.. and \udc.. is alone.
const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2})|[^])/g;

/** Writes `\ufffd` for the escape of each lone surrogate: as long as the other, so that places stay. */
const replaceLone = (text: string): string =>
  /\\u[dD]/.test(text)
    ? text.replace(ESCAPE, (whole, lone: string | undefined) => lone === undefined ? whole : "\\ufffd")
    : text;

/**
 * The fast path: the value of a text that is beyond doubt, or undefined. What the engine can read has good syntax. A name that came
 * twice is there once in the value, so as many members as names are names that came once; a number beyond a double is infinite in it.
 * Where a backslash is in the text, names and surrogates are in doubt, and only a text that is exactly what JSON.stringify prints for
 * its value is not; a lone surrogate could pass, hence `\ud`. Undefined also when the engine cannot read the text or is better not
 * asked.
 */
const parsed = (text: string, maxDepth: number): Json | undefined => {
  const escapes = text.includes("\\");
  if (text.includes("\\ud") || escapes && text.includes("\n") || deeperThan(text, Math.min(maxDepth, MAX_DEPTH))) {
    return undefined;
  }
  try {
    const value: Json = JSON.parse(text);
    return (escapes ? JSON.stringify(value) === text : membersIn(value) === namesIn(text)) ? value : undefined;
  } catch {
    return undefined; // the scanner says what is wrong, and where
  }
};

/** How many members the objects of a value have; NaN when a number in it is infinite. */
const membersIn = (value: Json): number => {
  if (typeof value === "number") return Number.isFinite(value) ? 0 : Number.NaN;
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (isJsonList(value)) {
    for (const item of value) count += membersIn(item);
    return count;
  }
  for (const name of Object.keys(value)) count += 1 + membersIn(value[name] ?? null);
  return count;
};

/**
 * How many names of members are in a JSON text without a backslash: colons with a quote before them. A text that begins with a colon
 * looks like one too, and so it may be more than there are, never fewer.
 */
const namesIn = (text: string): number => {
  let count = 0;
  for (let colon = text.indexOf(":"); colon !== -1; colon = text.indexOf(":", colon + 1)) {
    let at = colon - 1;
    while (isBlank(text.charCodeAt(at))) at--;
    if (text.charCodeAt(at) === 0x22) count++;
  }
  return count;
};

/** Whether brackets nest deeper than `most`: JSON.stringify must not run out of stack. Exact for JSON; else it does not matter. */
const deeperThan = (text: string, most: number): boolean => {
  if (text.length <= 2 * most) return false; // each level takes two brackets
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) at = endOfString(text, at + 1);
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > most) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return false;
};

/** Where the quote is that ends the string whose text begins at `from`: the first with an even number of backslashes before it. */
export const endOfString = (text: string, from: number): number => {
  for (let end = text.indexOf(`"`, from); end !== -1; end = text.indexOf(`"`, end + 1)) {
    let before = end;
    while (before > from && text.charCodeAt(before - 1) === 0x5c) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
};

/** The index of the first byte that is not white space of JSON. */
const firstSolid = (bytes: Uint8Array): number => {
  let at = 0;
  for (const byte of bytes) {
    if (byte !== 0x20 && byte !== LF && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
};

const kindOf = (value: Exclude<Json, JsonObject>): string => {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return "true or false";
    case "number":
      return "a number";
    case "string":
      return "text";
    case "object":
      return "a list";
  }
};
