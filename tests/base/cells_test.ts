// Columns of a terminal: what is wide, what takes no room, and what is as any letter.
import { cellsOf } from "../../core/base/cells.ts";
import { assertEquals } from "../assert.ts";

Deno.test("cells: as terminals count them", () => {
  const rows: readonly (readonly [string, number])[] = [
    ["", 0],
    ["name: x", 7],
    ["bücher", 6],
    ["bu\u0308cher", 6], // the dots on their own
    ["\u0430\u0431\u03b1\u05d0\u0627", 5], // Cyrillic, Greek, Hebrew, Arabic
    ["日本語", 6],
    ["かなカナ", 8],
    ["か\u3099", 2],
    ["ｶﾅ", 2], // halfwidth
    ["ＡＢ、。", 8],
    ["한글", 4],
    ["\u1112\u1161\u11ab", 2], // one syllable, in parts
    ["\u{20000}\u{17000}\u{1b000}", 6],
    ["\u{1f600}\u2705\u{1f680}", 6],
    ["\u2764", 1], // a heart, as text
    ["\u2764\ufe0f", 1],
    ["\u{1f1e9}\u{1f1ea}", 2], // a flag is two letters
    ["é\u0301\u20dd…—√", 4],
    ["\u0e01\u0e34", 1], // Thai, with the vowel above
    ["\ufffd\ufffd", 2],
    ["a\u{e0041}\u2061b", 2], // tags and signs that are not seen
  ];
  for (const [text, cells] of rows) assertEquals(cellsOf(text), cells, JSON.stringify(text));
});
