// The line of a text that a fault is about, with what is meant underlined: shown to people beside line and column.
import { cellsOf } from "./cells.ts";
import { type LineColumn, placeOfUnit } from "./json_words.ts";

/** A place in a text together with the line that it is in. */
export type Framed = LineColumn & { readonly end_column: number; readonly frame: string };

const WIDTH = 100;
const BEFORE = 40;

// What is left alone. All else could move a cursor, hide, or change the reading direction, and takes one column like the caret below it.
const UNSAFE = /[^ -~\xa1-\xac\xae-\u061b\u061d-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ufefe\uff00-\uffff]/g;

const safe = (text: string): string => text.replace(UNSAFE, (char) => char === "\t" ? " " : "\ufffd");

/**
 * The place of the units `from` to `to` of a well-formed text: line and columns (code points, from 1; the end is behind the last one
 * that is meant, on the same line), and a frame of two lines: the line, cut to a width, and carets below what is meant, by the columns
 * that a terminal gives what stands before it.
 */
export function framed(text: string, from: number, to: number): Framed {
  const { line, column } = placeOfUnit(text, from, 1);
  const start = from === 0 ? 0 : text.lastIndexOf("\n", from - 1) + 1;
  const feed = text.indexOf("\n", from);
  const stop = feed === -1 ? text.length : text[feed - 1] === "\r" && feed > from ? feed - 1 : feed;
  const before = [...safe(text.slice(start, from))];
  const meant = [...safe(text.slice(from, Math.max(from, Math.min(to, stop))))];
  const after = [...safe(text.slice(from, stop).slice(0, 2 * WIDTH + meant.length * 2))].slice(meant.length);
  const cut = before.length > BEFORE && before.length + meant.length + after.length > WIDTH;
  const left = cut ? [..."...", ...before.slice(-BEFORE)] : before;
  const whole = [...left, ...meant, ...after];
  const row = whole.length > WIDTH ? [...whole.slice(0, WIDTH), "..."] : whole;
  const cells = (chars: readonly string[]): number => cellsOf(chars.join(""));
  const carets = "^".repeat(Math.max(1, cells(meant.slice(0, WIDTH - left.length))));
  return {
    line,
    column,
    end_column: column + Math.max(1, meant.length),
    frame: `${row.join("")}\n${" ".repeat(cells(left))}${carets}`,
  };
}
