// Sets of characters, as ranges of code points; -1 stands for the end of a text.

/** Ranges, each with its ends. */
export type CharSet = readonly (readonly [from: number, to: number])[];

const LAST = 0x10ffff;

/** Every character. */
export const ALL: CharSet = [[0, LAST]];

/** The end of the text. */
export const END: CharSet = [[-1, -1]];

/** Whether some character is in both. */
export const meet = (a: CharSet, b: CharSet): boolean =>
  a.some(([from, to]) => b.some(([low, high]) => from <= high && low <= to));

/** All characters that are not in it. */
export function complement(set: CharSet): CharSet {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set.toSorted((a, b) => a[0] - b[0])) {
    if (from > next) rest.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= LAST) rest.push([next, LAST]);
  return rest;
}

const DIGIT: CharSet = [[0x30, 0x39]];
const WORD: CharSet = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const BREAK: CharSet = [[0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]];
const BLANK: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** What a dot matches. */
export const DOT: CharSet = complement(BREAK);

/** What a letter behind a backslash stands for, where it is a class. */
export const CLASSES: ReadonlyMap<string, CharSet> = new Map([
  ["d", DIGIT],
  ["D", complement(DIGIT)],
  ["w", WORD],
  ["W", complement(WORD)],
  ["s", BLANK],
  ["S", complement(BLANK)],
]);
