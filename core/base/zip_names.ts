// What an entry of an archive may be called (decision 23): no name that leaves its folder, and no two that some reader or some
// file system takes for one. The writer and the reader share these rules.
import { fromUtf8, sameBytes, utf8 } from "./bytes.ts";
import { lazy } from "./lazy.ts";
import { lower, trim } from "./text.ts";
import { isKnownText, UNICODE } from "./unicode.ts";

/** The name that bytes spell; `valid` is false where they are not UTF-8, and `text` then serves messages alone. */
export function decodeName(raw: Uint8Array): { readonly text: string; readonly valid: boolean } {
  const text = fromUtf8(raw);
  return { text, valid: sameBytes(utf8(text), raw) };
}

const QUOTED = 120;

/** A name in double quotes for messages: controls escaped, cut where it is long. */
export const quoteName = (name: string): string => JSON.stringify(name.length > QUOTED ? `${name.slice(0, QUOTED)}…` : name);

/** The first name that is there twice, compared as spec 01, section 4.2 says: trimmed, with `\` read as `/`, letters exact. */
export function findDuplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    const key = trim(name).replaceAll("\\", "/");
    if (seen.has(key)) return name;
    seen.add(key);
  }
  return undefined;
}

// Windows drops dots and blanks at the end of a segment, so `.. ` climbs there and ` ` is no name at all.
const isHollow = (segment: string): boolean => trim(segment.replaceAll(".", "")) === "";

// The Stream-Safe Text Format of UAX 15: longer runs of marks take time in their square to normalize.
const PILED = lazy(() => new RegExp("\\p{M}{31}", "u"));
const ASCII = /^[\0-\x7f]*$/; // asked first, since a class of Unicode takes the engine half a millisecond to make

/** Why a name is refused, in words that follow "entry name", or undefined for a safe one. A folder's name ends in one slash. */
export function unsafeName(name: string): string | undefined {
  const bare = trim(name);
  if (bare === "") return "is empty";
  if (name.includes("\0")) return "holds a NUL";
  if (name.includes("\\")) return "holds a back slash";
  if (bare.startsWith("/")) return "is absolute";
  if (/^[A-Za-z]:/.test(bare)) return "starts with a drive letter";
  const segments = name.split("/");
  if (segments.length > 1 && segments.at(-1) === "") segments.pop();
  if (segments.some((segment) => trim(segment) === "..")) return "climbs out of its folder";
  if (segments.some(isHollow)) return "has a segment without a name";
  if (ASCII.test(name)) return undefined;
  if (!isKnownText(name)) return `holds a character that ${UNICODE} does not know`;
  if (PILED().test(name)) return "piles up more than 30 marks on one letter";
  return undefined;
}

// HFS+ passes over these, and nobody sees them.
const UNSEEN = lazy(() => new RegExp("\\p{Default_Ignorable_Code_Point}+", "gu"));

// A capital newer than the fixed version is none.
const upper = (text: string): string => {
  let out = "";
  for (const char of text) {
    const capital = char.toUpperCase();
    out += isKnownText(capital) ? capital : char;
  }
  return out;
};

const foldText = (text: string): string =>
  ASCII.test(text) ? text.toLowerCase() : lower(upper(text.normalize("NFKC").replace(UNSEEN(), ""))).normalize("NFKC");

/**
 * What makes twins of two names, all of whose characters are known: letter case (upper then lower, so that `ß` meets `SS`),
 * Unicode form (NFKC), characters that show nothing, and the dots and blanks at the end of a segment that Windows drops. `x` and
 * the folder `x/` are twins too.
 */
export const foldName = (name: string): string => {
  const segments = foldText(trim(name)).split("/").map(withoutTail);
  if (segments.at(-1) === "") segments.pop();
  return segments.join("/");
};

const withoutTail = (segment: string): string => {
  let end = segment.length;
  while (end > 0 && (segment[end - 1] === "." || segment[end - 1] === " ")) end--;
  return segment.slice(0, end);
};

/** The first pair of different names that some file system takes for one, in the order of the list. */
export function findTwins(names: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const name of names) {
    const key = foldName(name);
    const other = seen.get(key);
    if (other !== undefined) return [other, name];
    seen.set(key, name);
  }
  return undefined;
}
