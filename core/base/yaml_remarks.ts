// Where the comments of a YAML text belong once its nodes are written anew, each on its line: behind the line that ends before them, else
// above the line that follows, else below the collection whose indentation they share. No comment is lost, and the lines that come
// of it attract the same comments again, which makes formatting idempotent.
import type { Notes, Remark } from "./yaml_write.ts";

/** A comment of the text: where its `#` stands, and all that it says from there on. */
export type YamlComment = { readonly at: number; readonly text: string };

/** A line to be written, and what gathers around it. */
export type Line = { readonly above: Remark[]; readonly behind: string[]; gap: boolean };

/** A collection to be written, where it stands in the text, and what gathers below its last line. */
export type Block = {
  readonly from: number;
  readonly to: number;
  /** Written in brackets: then its column means nothing. */
  readonly flow: boolean;
  /** Column of its keys or dashes, from 0. */
  readonly column: number;
  /** The span that it is the value of. */
  readonly owner: Span | undefined;
  readonly below: Remark[];
};

/** A member or item of the text that becomes a line, alone or with others. */
export type Span = {
  readonly line: Line;
  /** The collection that it is in, and the one that it opens. */
  readonly block: Block;
  opens: Block | undefined;
  /** Where it begins, dash included; where what it says begins; where that ends. */
  readonly from: number;
  readonly at: number;
  readonly to: number;
};

/** A line with nothing around it yet. */
export const newLine = (): Line => ({ above: [], behind: [], gap: false });

/** What stands around a line, once all comments are placed: of several behind it the first stays there. */
export const notesOf = ({ above, behind, gap }: Line): Notes => ({
  above: [...above, ...behind.slice(1).map((text) => ({ text, gap: false }))],
  behind: behind[0] ?? "",
  gap,
});

/** The rows of a text. */
export class Rows {
  readonly #starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  /** The number of the row that a place is in, from 0. */
  of(at: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  start(row: number): number {
    return this.#starts[row] ?? this.text.length;
  }

  /** How far a place is from the start of its row. */
  column(at: number): number {
    return at - this.start(this.of(at));
  }

  /** Whether nothing but blanks stands before a place in its row. */
  isFirst(at: number): boolean {
    for (let i = at - 1; i >= 0 && this.text[i] !== "\n"; i--) if (this.text[i] !== " " && this.text[i] !== "\t") return false;
    return true;
  }

  /** Whether the row above that of a place is blank. */
  hasGap(at: number): boolean {
    const row = this.of(at);
    return row > 0 && this.text.slice(this.start(row - 1), this.start(row)).trim() === "";
  }
}

/**
 * Gives every comment its place: in the lines and blocks of `spans`, which are in the order of the text, or in what is returned where there
 * are none.
 */
export function placeComments(rows: Rows, comments: readonly YamlComment[], spans: readonly Span[]): readonly Remark[] {
  for (const { line, from } of spans) line.gap ||= rows.isFirst(from) && rows.hasGap(from);
  const loose: Remark[] = [];
  let passed = 0; // spans that begin before the comment
  for (const { at, text } of comments) {
    while (passed < spans.length && (spans[passed]?.at ?? 0) < at) passed++;
    const own = rows.isFirst(at);
    const behind = own ? undefined : before(rows, at, spans, passed)?.behind;
    if (behind !== undefined) behind.push(text);
    else (around(rows, at, spans, passed) ?? loose).push({ text, gap: takeGap(at, spans[passed]) || own && rows.hasGap(at) });
  }
  return loose;
}

// A comment between a dash and what follows goes above both, and so below the blank line that they have.
function takeGap(at: number, next: Span | undefined): boolean {
  if (next === undefined || next.from >= at) return false;
  const { gap } = next.line;
  next.line.gap = false;
  return gap;
}

// The line of the span that ends last before the comment and in its row, or of the outermost one that closes its brackets there
// too. Without any, the last one that begins in the row.
function before(rows: Rows, at: number, spans: readonly Span[], passed: number): Line | undefined {
  const start = rows.start(rows.of(at));
  const last = spans[passed - 1];
  let found = last !== undefined && last.at >= start ? last : undefined;
  for (let span = last; span !== undefined && closes(span); span = span.block.owner) {
    if (span.to <= at && span.to >= start) found = span;
  }
  return found?.line;
}

// Whether the end of a span is where its last sign stands: a scalar, or a collection in brackets.
const closes = ({ opens }: Span): boolean => opens === undefined || opens.flow;

// Where a comment goes that has a row of its own.
function around(rows: Rows, at: number, spans: readonly Span[], passed: number): Remark[] | undefined {
  const last = spans[passed - 1];
  const next = spans[passed];
  if (last === undefined || (next !== undefined && next.from < at)) return next?.line.above;
  const chain = blocksAt(last);
  const brackets = chain.find(({ flow, from, to }) => flow && from < at && at < to);
  if (brackets !== undefined) return next !== undefined && next.at < brackets.to ? next.line.above : brackets.below;
  if (last.opens === undefined && at < last.to) return last.line.above;
  const column = rows.column(at);
  const block = chain.find((candidate) => !candidate.flow && candidate.column <= column) ?? chain[chain.length - 1];
  return next !== undefined && isWithin(next, block) ? next.line.above : block?.below;
}

// The collections around what follows a span, innermost first.
function blocksAt(span: Span): readonly Block[] {
  const chain = span.opens === undefined ? [] : [span.opens];
  for (let block: Block | undefined = span.block; block !== undefined; block = block.owner?.block) chain.push(block);
  return chain;
}

function isWithin(span: Span, wanted: Block | undefined): boolean {
  for (let block: Block | undefined = span.block; block !== undefined; block = block.owner?.block) {
    if (block === wanted) return true;
  }
  return false;
}
