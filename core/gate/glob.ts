// Globs of policies: `*` any run of characters, `?` one character, `[a-z]` and `[^a-z]` one of a class, `\` takes the next character
// as it is. What they match is what Go's path.Match says, where a class may match a separator and `*` and `?` may not. Nothing here
// backtracks over more than the last `*`, and the work is bounded by the length of the text: what takes more is a doubt.

type Range = { readonly low: number; readonly high: number };

/** What stands for one character: that character, any but the separator, one of a class. */
type Term =
  | { readonly kind: "char"; readonly code: number }
  | { readonly kind: "any" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly Range[] };

/** A run of terms, after a `*` or not. */
type Chunk = { readonly star: boolean; readonly terms: readonly Term[] };

/** A pattern made ready. */
export type Glob = readonly Chunk[];

const code = (char: string): number => char.codePointAt(0) ?? 0;

/** A character of a class at `at` and where the next begins; undefined where none may stand. */
const classChar = (chars: readonly string[], at: number): { readonly code: number; readonly next: number } | undefined => {
  const char = chars[at];
  if (char === undefined || char === "-" || char === "]") return undefined;
  if (char !== "\\") return { code: code(char), next: at + 1 };
  const escaped = chars[at + 1];
  return escaped === undefined ? undefined : { code: code(escaped), next: at + 2 };
};

/** The class whose `[` stands before `at`, and where what follows it begins; undefined when it is malformed. */
function readClass(chars: readonly string[], at: number): { readonly term: Term; readonly next: number } | undefined {
  const negated = chars[at] === "^";
  const ranges: Range[] = [];
  let next = negated ? at + 1 : at;
  while (chars[next] !== "]" || ranges.length === 0) {
    const low = classChar(chars, next);
    if (low === undefined) return undefined;
    const high = chars[low.next] === "-" ? classChar(chars, low.next + 1) : low;
    if (high === undefined) return undefined;
    ranges.push({ low: low.code, high: high.code });
    next = high.next;
  }
  return { term: { kind: "class", negated, ranges }, next: next + 1 };
}

/** Whether a text has characters that mean something in a glob. */
export const hasWildcard = (text: string): boolean => /[*?[\\]/.test(text);

/** Makes a pattern ready; undefined when it is malformed. */
export function readGlob(pattern: string): Glob | undefined {
  const chars = Array.from(pattern);
  const chunks: { star: boolean; terms: Term[] }[] = [{ star: false, terms: [] }];
  for (let at = 0; at < chars.length;) {
    const char = chars[at++] ?? "";
    const last = chunks[chunks.length - 1];
    if (char === "*") {
      if (last === undefined || !last.star || last.terms.length > 0) chunks.push({ star: true, terms: [] });
    } else if (char === "?") {
      last?.terms.push({ kind: "any" });
    } else if (char === "[") {
      const read = readClass(chars, at);
      if (read === undefined) return undefined;
      last?.terms.push(read.term);
      at = read.next;
    } else {
      const taken = char === "\\" ? chars[at++] : char;
      if (taken === undefined) return undefined;
      last?.terms.push({ kind: "char", code: code(taken) });
    }
  }
  return chunks;
}

/** Whether a term stands for a character; `separator` is that of paths, -1 where there is none. */
export const fitsTerm = (term: Term, point: number, separator: number): boolean => {
  switch (term.kind) {
    case "char":
      return term.code === point;
    case "any":
      return point !== separator;
    case "class":
      return term.ranges.some(({ low, high }) => low <= point && point <= high) !== term.negated;
    default:
      return term satisfies never;
  }
};

/** The longest pattern that a policy may have, in UTF-16 code units. */
export const MOST_PATTERN_UNITS = 4096;

// How many terms are tried for each code unit of a text; a short text counts as SHORT. What has at most so many terms behind each `*`
// is never in doubt, and with one short text neither is the longest pattern.
const MOST_TRIES = 16;
const SHORT = 16_384;

/** How much may still be done; below 0 nobody can tell. */
type Work = { left: number };

const costOf = (term: Term): number => term.kind === "class" ? 1 + term.ranges.length : 1;

const widthOf = (point: number): number => point > 0xffff ? 2 : 1;

/** Where the text after a run of terms goes on, the run beginning at `at`; -1 when it does not fit there. */
const after = (terms: readonly Term[], text: string, at: number, separator: number, work: Work): number => {
  if (terms.length > text.length - at) return -1;
  let next = at;
  for (const term of terms) {
    work.left -= costOf(term);
    const point = text.codePointAt(next);
    if (point === undefined || !fitsTerm(term, point, separator)) return -1;
    next += widthOf(point);
  }
  return next;
};

/**
 * Whether a whole text fits a glob. `*` and `?` do not match `separator`, one character; "" when there is none. With `below`, the
 * text may go on behind a separator: the glob is that of a folder. The answer is `inDoubt` where telling takes more work than the length
 * of the text allows: a list that allows says false there, and one that denies true.
 */
export function matchesGlob(glob: Glob, text: string, separator: string, inDoubt: boolean, below = false): boolean {
  const border = separator === "" ? -1 : code(separator);
  const ends = (at: number): boolean => at === text.length || (below && text.codePointAt(at) === border);
  const work = { left: MOST_TRIES * (text.length + SHORT) };
  let at = 0;
  for (const [i, { star, terms }] of glob.entries()) {
    const last = i === glob.length - 1;
    let next = after(terms, text, at, border, work);
    while (next === -1 || (last && !ends(next))) {
      const point = text.codePointAt(at);
      if (!star || point === undefined || point === border) return false;
      at += widthOf(point);
      if (work.left < 0) return inDoubt;
      next = after(terms, text, at, border, work);
    }
    at = next;
  }
  return ends(at);
}
