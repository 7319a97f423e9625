// YAML as gait writes it: block style, two spaces, list dashes not indented under their key, text quoted only where plain text would
// read as something else. A tree goes in, with or without comments; what it means is the caller's.
import { scalarDecimal, scalarTruth } from "./yaml_scalar.ts";
import { isNothing } from "./yaml_tree.ts";

/** A comment on a line of its own, from its `#`; `gap` asks for a blank line above it. */
export type Remark = { readonly text: string; readonly gap: boolean };

/** What stands around one line. */
export type Notes = {
  /** Lines above it. */
  readonly above: readonly Remark[];
  /** Comment behind it, from its `#`; empty without one. */
  readonly behind: string;
  /** Whether a blank line is asked for above it, below its remarks. */
  readonly gap: boolean;
};

/** A line with nothing around it. */
export const BARE: Notes = { above: [], behind: "", gap: false };

/** One line, or several that a line opens. */
export type YamlEntry = { readonly key: string; readonly value: YamlTree; readonly notes: Notes };
export type YamlItem = { readonly value: YamlTree; readonly notes: Notes };

/** What is to be written. A scalar stands as it is to be read: `plainOrQuoted` quotes texts. `below` are remarks behind the last line. */
export type YamlTree =
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "map"; readonly entries: readonly YamlEntry[]; readonly below: readonly Remark[] }
  | { readonly kind: "list"; readonly items: readonly YamlItem[]; readonly below: readonly Remark[] };

/** One document with its last line break, behind the remarks `above`; nothing at all is an empty text. */
export function writeYaml(tree: YamlTree | undefined, above: readonly Remark[] = []): string {
  const page = new Page();
  page.remarks(above, 0);
  if (tree !== undefined) writeRoot(tree, page);
  return page.text();
}

function writeRoot(tree: YamlTree, page: Page): void {
  const inline = inlineOf(tree);
  if (inline === undefined) return writeBlock(tree, 0, page);
  page.line(inline, 0, BARE);
  if (tree.kind !== "scalar") page.remarks(tree.below, 0);
}

function writeBlock(tree: YamlTree, indent: number, page: Page): void {
  if (tree.kind === "scalar") return;
  if (tree.kind === "map") writeEntries(tree.entries, indent, "", BARE, page);
  else for (const { value, notes } of tree.items) writeItem(value, notes, indent, page);
  page.remarks(tree.below, indent);
}

function writeItem(value: YamlTree, notes: Notes, indent: number, page: Page): void {
  const inline = inlineOf(value);
  if (inline !== undefined) {
    page.line(`- ${inline}`, indent, value.kind === "scalar" ? notes : under(notes, value.below));
  } else if (value.kind === "map") {
    writeEntries(value.entries, indent + 2, "- ", notes, page);
    page.remarks(value.below, indent + 2);
  } else {
    page.line("-", indent, notes);
    writeBlock(value, indent + 2, page);
  }
}

// The first entry may share its line with the dash of an item, and then also what stands around it.
function writeEntries(entries: readonly YamlEntry[], indent: number, dash: string, outer: Notes, page: Page): void {
  entries.forEach(({ key, value, notes }, index) => {
    const first = index === 0;
    const lead = first ? dash : "";
    const inline = inlineOf(value);
    const around = first ? joined(outer, notes) : notes;
    const below = inline !== undefined && value.kind !== "scalar" ? value.below : [];
    page.line(`${lead}${key}:${inline === undefined ? "" : ` ${inline}`}`, indent - lead.length, under(around, below));
    if (inline !== undefined) return;
    page.fresh = true;
    writeBlock(value, value.kind === "list" ? indent : indent + 2, page);
  });
}

// What fits behind a key. Remarks inside an empty collection have no place of their own: they stand above its line.
const inlineOf = (tree: YamlTree): string | undefined => {
  if (tree.kind === "scalar") return tree.text;
  if (tree.kind === "map") return tree.entries.length === 0 ? "{}" : undefined;
  return tree.items.length === 0 ? "[]" : undefined;
};

const under = (notes: Notes, below: readonly Remark[]): Notes =>
  below.length === 0 ? notes : { ...notes, above: [...notes.above, ...below] };

const joined = (a: Notes, b: Notes): Notes => {
  if (a === BARE) return b;
  const left = a.behind !== "" && b.behind !== "" ? [{ text: b.behind, gap: false }] : [];
  return {
    above: [...a.above, ...b.above, ...left],
    behind: a.behind === "" ? b.behind : a.behind,
    gap: a.gap || b.gap,
  };
};

// The lines so far. No blank line comes first in the file or under the line that opens a collection.
class Page {
  fresh = true;
  readonly #lines: string[] = [];

  line(text: string, indent: number, { above, behind, gap }: Notes): void {
    this.remarks(above, indent);
    this.#add(`${text}${behind === "" ? "" : ` ${behind}`}`, indent, gap);
  }

  remarks(all: readonly Remark[], indent: number): void {
    for (const { text, gap } of all) this.#add(text, indent, gap);
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #add(text: string, indent: number, gap: boolean): void {
    if (gap && !this.fresh) this.#lines.push("");
    this.#lines.push(`${" ".repeat(indent)}${text}`);
    this.fresh = false;
  }
}

/** A text as a scalar: plain if it then reads as this text and as nothing else, in double quotes otherwise. */
export const plainOrQuoted = (text: string): string => isPlain(text) ? text : quote(text);

// What begins something else, what ends a plain scalar, and the characters that can be seen: none that turns the reading
// direction, which a terminal would not be shown.
const FRONT = /^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?:\s|$)|---|\.\.\.)/;
const INSIDE = /:(?:\s|$)|\s#|^\s|\s$/;
const VISIBLE =
  /^[ -~\xa0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;

function isPlain(text: string): boolean {
  const spelling = { style: "plain", text } as const;
  return !FRONT.test(text) && !INSIDE.test(text) && VISIBLE.test(text) && !isNothing(text) &&
    scalarDecimal(spelling) === undefined && scalarTruth(spelling) === undefined;
}

// As JSON has it, which YAML takes; what JSON leaves visible and YAML does not allow, too.
const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
