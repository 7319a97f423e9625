// How many columns of a terminal a text takes: by what the engine knows of each character and by the blocks that Unicode keeps for wide
// ones, so that there is no table of widths to load and to keep up. Nothing but what people see may depend on it: engines differ in
// their version of Unicode.

/**
 * The columns of a text without control characters: two for what is wide (East Asian Width W and F, emoji), none for what stands on the
 * character before it or is not seen, one for all else. What joins several into one sign is not looked at: terminals differ there.
 */
export function cellsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  // Made only here: a class of Unicode takes the engine half a millisecond. Vowels and finals of Hangul stand in the cells of what
  // they follow.
  const none = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]/u;
  const emoji = /(?!\p{RI})\p{Emoji_Presentation}/u;
  const width = (char: string): number => none.test(char) ? 0 : isWide(char.codePointAt(0) ?? 0) || emoji.test(char) ? 2 : 1;
  return [...text].reduce((sum, char) => sum + width(char), 0);
}

// The blocks, from the first to the last that is wide.
const BLOCKS: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], // consonants of Hangul
  [0x2329, 0x232a],
  [0x2e80, 0x303e], // radicals, CJK punctuation
  [0x3041, 0x3247], // kana, bopomofo, letters of Hangul, strokes
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4cf], // ideographs, Yi
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3], // syllables of Hangul
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60], // fullwidth forms
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18fff], // Tangut, Khitan
  [0x1aff0, 0x1b2ff], // more kana, Nushu
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd], // more ideographs
];

const isWide = (code: number): boolean => BLOCKS.some(([first, last]) => first <= code && code <= last);
