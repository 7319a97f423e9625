// RFC 8785: the one spelling of a JSON value that digests and signatures are taken over. The only file that knows `canonicalize`.
import canonicalize from "canonicalize";
import { utf8 } from "./bytes.ts";
import { type Draft, type DraftObject, isJsonList, type Json } from "./json_value.ts";

/**
 * The canonical text of a JSON value. Members whose value is undefined are left out. Throws, as a bug of the caller's, on what is
 * not JSON: NaN, infinities, lone surrogates, cycles.
 */
export const canonicalText = (value: Draft): string => {
  const text = quickText(value) ?? canonicalize(value);
  if (text === undefined) throw new Error("canonicalText wants a JSON value");
  return text;
};

/** The UTF-8 bytes of the canonical text. */
export const canonicalBytes = (value: Json): Uint8Array<ArrayBuffer> => utf8(canonicalText(value));

/**
 * The quick path, three times as fast: JSON.stringify spells scalars as RFC 8785 does, and members in the order in which they
 * came, so a copy with sorted members is printed canonically. Undefined where that does not hold: names that engines put first
 * because they look like indexes, `__proto__`, numbers and texts that are not JSON.
 */
const quickText = (value: Draft): string | undefined => {
  const copy = canonicalCopy(value);
  return copy === undefined ? undefined : printed(copy);
};

/**
 * The text of a value whose members are in canonical order, their names none that engines put first (those that look like indexes), and
 * whose numbers are finite; undefined in doubt: a lone surrogate, or a text that spells one.
 */
export const printed = (copy: Draft): string | undefined => {
  const text = JSON.stringify(copy);
  return text.includes("\\ud") ? undefined : text;
};

/** The same value, its members in canonical order; undefined in doubt. */
export const canonicalCopy = (value: Draft): Json | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "object" || value === null) return value;
  return isJsonList(value) ? sortedItems(value) : sortedMembers(value);
};

const sortedItems = (values: readonly Draft[]): Json | undefined => {
  const copy: Json[] = [];
  for (const value of values) {
    const item = canonicalCopy(value);
    if (item === undefined) return undefined;
    copy.push(item);
  }
  return copy;
};

const sortedMembers = (values: DraftObject): Json | undefined => {
  const copy: Record<string, Json> = {};
  for (const name of Object.keys(values).sort()) {
    const value = values[name];
    if (value === undefined) continue;
    const first = name.charCodeAt(0);
    const member = first >= 0x30 && first <= 0x39 || name === "__proto__" ? undefined : canonicalCopy(value);
    if (member === undefined) return undefined;
    copy[name] = member;
  }
  return copy;
};
