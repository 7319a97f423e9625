// A quick reader of YAML that is written as most people write it: block mappings and lists, brackets on one line, scalars on one line,
// or JSON. Whatever is not clearly that it leaves to the whole reader (`yaml.ts`), every fault too, so that there is one opinion of what
// a text says; the two are held against each other by a property. It starts ten times as fast, and the package needs not be loaded.
import type { ScalarStyle, YamlList, YamlMapping, YamlMember, YamlNode, YamlScalar, YamlSource } from "./yaml_tree.ts";

/**
 * The tree of a text in which nothing is unusual; undefined where the whole reader has to look. The text is
 * without a byte order mark and holds no characters that cannot be printed.
 */
export function readPlainYaml(text: string): YamlSource | undefined {
  try {
    const root = new Plain(text).root();
    return { text, root };
  } catch (thrown) {
    if (thrown === UNUSUAL) return undefined;
    throw thrown;
  }
}

// Thrown and caught in this file alone. No Error: to note where that was made, the engine would read the whole program again.
const UNUSUAL = { words: "not plain YAML" };

const MAX_DEPTH = 32;
const MAX_NODES = 50_000;

// One line with something on it: where its text starts and ends, without indentation, comment and blanks.
type Line = { readonly at: number; readonly indent: number; readonly end: number };

const KEY = /([A-Za-z_][A-Za-z0-9_]{0,99}):(?=[ \n]|$)/y;
const DASH = /- +(?=[^ ])/y;
const SINGLE = /'((?:[^'\n]|'')*)'/y;
const DOUBLE = /"((?:[^"\\\n]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"/y;

// Text that begins with a letter, digit or one of a few signs, and ends before what could be an indicator.
const BLOCK_TEXT = /(?:[A-Za-z0-9_./$^~]|-[0-9])[^:#\n]*(?:(?::|(?<! )#)(?=[^ \n:#])[^:#\n]*)*/y;
const FLOW_TEXT = /(?:[A-Za-z0-9_./$^~]|-[0-9])[A-Za-z0-9_./$^~+=@*-]*(?:(?: |:)(?=[A-Za-z0-9_./])[A-Za-z0-9_./$^~+=@*-]+)*/y;
const FLOW_KEY = /([A-Za-z_][A-Za-z0-9_]{0,99})(?=: )/y;

class Plain {
  private lines: readonly Line[] = [];
  private next = 0;
  private nodes = 0;
  private lineFrom = 0;
  private lineTo = 0;

  constructor(private readonly text: string) {}

  root(): YamlMapping | undefined {
    const { text } = this;
    if (hasUnusual(text)) throw UNUSUAL;
    const start = this.skip(0, true);
    if (text[start] === "{") {
      const root = this.flow(start, true, 0);
      if (this.skip(root.to, true) !== text.length || root.kind !== "mapping") throw UNUSUAL;
      return root;
    }
    this.lines = linesOf(text);
    const [first] = this.lines;
    if (first === undefined) return undefined;
    const root = this.block(first.indent, 0);
    if (root.kind !== "mapping" || this.next < this.lines.length) throw UNUSUAL; // lines that fit no indentation are left over
    return root;
  }

  // Where the blanks end; `json` lets them go over several lines.
  private skip(at: number, json: boolean): number {
    const { text } = this;
    let end = at;
    while (text[end] === " " || (json && text[end] === "\n")) end++;
    return end;
  }

  // No pattern looks behind the end of a line; and to look at a long text the engine first makes machine code of a pattern, which takes
  // longer than to look at the lines of most policies.
  private match(pattern: RegExp, at: number): RegExpExecArray | undefined {
    if (at < this.lineFrom || at >= this.lineTo) {
      const feed = this.text.indexOf("\n", at);
      this.lineFrom = at;
      this.lineTo = feed === -1 ? this.text.length : feed + 1;
    }
    pattern.lastIndex = 0;
    return pattern.exec(this.text.slice(at, this.lineTo)) ?? undefined;
  }

  private count(): void {
    if (++this.nodes > MAX_NODES) throw UNUSUAL;
  }

  // Nodes are written out in full: members that follow a spread are set one by one by the engine's slow way.
  private scalar(from: number, to: number, style: ScalarStyle, text: string): YamlScalar {
    this.count();
    return { kind: "scalar", from, to, anchor: "", alias: "", style, text };
  }

  private mappingOf(from: number, to: number, flow: boolean, members: readonly YamlMember[]): YamlMapping {
    this.count();
    return { kind: "mapping", from, to, anchor: "", alias: "", flow, members };
  }

  private listOf(from: number, to: number, flow: boolean, items: readonly YamlNode[]): YamlList {
    this.count();
    return { kind: "list", from, to, anchor: "", alias: "", flow, items };
  }

  private block(indent: number, depth: number): YamlNode {
    if (depth > MAX_DEPTH) throw UNUSUAL;
    const line = this.lines[this.next];
    if (line === undefined || line.indent !== indent) throw UNUSUAL;
    return this.text[line.at] === "-" ? this.list(indent, depth) : this.mapping(line, indent, depth);
  }

  private mapping(start: Line, indent: number, depth: number): YamlMapping {
    const members: YamlMember[] = [];
    let line: Line | undefined = start;
    while (line !== undefined && line.indent === indent) {
      const key = this.match(KEY, line.at);
      const name = key?.[1];
      if (name === undefined || line.at + name.length >= line.end) throw UNUSUAL;
      const at = this.scalar(line.at, line.at + name.length, "plain", name);
      add(members, { key: at, value: this.value(line, at.to + 1, indent, depth), merged: false });
      line = this.lines[this.next];
    }
    return this.mappingOf(start.at, endOf(members), false, members);
  }

  // What stands behind a colon, or below it.
  private value(line: Line, colon: number, indent: number, depth: number): YamlNode {
    this.next++;
    if (colon < line.end) return this.inline(this.skip(colon, false), line.end);
    const below = this.lines[this.next];
    const dashed = below !== undefined && below.indent === indent && this.text[below.at] === "-";
    if (below === undefined || (below.indent <= indent && !dashed)) throw UNUSUAL;
    return this.block(below.indent, depth + 1);
  }

  private list(indent: number, depth: number): YamlNode {
    const items: YamlNode[] = [];
    const from = this.lines[this.next]?.at ?? 0;
    for (let line = this.lines[this.next]; line !== undefined && line.indent === indent; line = this.lines[this.next]) {
      const dash = this.match(DASH, line.at);
      if (dash === undefined) {
        if (this.text[line.at] === "-") throw UNUSUAL;
        break; // the next key of the mapping that this list belongs to
      }
      items.push(this.item(line, dash[0].length, depth));
    }
    const last = items[items.length - 1];
    return this.listOf(from, last?.to ?? from, false, items);
  }

  // An item that begins on the line of its dash: a mapping, whose keys stand where its first one does, or a value.
  private item({ at, indent, end }: Line, dash: number, depth: number): YamlNode {
    const start = { at: at + dash, indent: indent + dash, end };
    if (this.match(KEY, start.at) !== undefined) return this.mapping(start, start.indent, depth + 1);
    this.next++;
    return this.inline(start.at, end);
  }

  // A value that ends with its line.
  private inline(at: number, end: number): YamlNode {
    const node = this.flow(at, false, 0);
    if (node.to !== end) throw UNUSUAL;
    return node;
  }

  // A value, which ends at its `to`; `json` lets it go over several lines. Depth 0 is not inside of brackets.
  private flow(at: number, json: boolean, depth: number): YamlNode {
    if (depth > MAX_DEPTH) throw UNUSUAL;
    const open = this.text[at];
    if (open === "{" || open === "[") return this.brackets(at, json, depth);
    const quoted = this.quoted(at);
    if (quoted !== undefined) return quoted;
    const plain = this.match(depth === 0 ? BLOCK_TEXT : FLOW_TEXT, at);
    if (plain === undefined) throw UNUSUAL;
    const to = behindText(this.text, at, at + plain[0].length);
    return this.scalar(at, to, "plain", this.text.slice(at, to));
  }

  private quoted(at: number): YamlScalar | undefined {
    const mark = this.text[at];
    if (mark === "'") {
      const single = this.match(SINGLE, at);
      if (single?.[1] === undefined) return undefined;
      return this.scalar(at, at + single[0].length, "single", single[1].replaceAll("''", "'"));
    }
    const double = mark === '"' ? this.match(DOUBLE, at) : undefined;
    if (double === undefined) return undefined;
    const text: string = JSON.parse(double[0]);
    if (!text.isWellFormed()) throw UNUSUAL;
    return this.scalar(at, at + double[0].length, "double", text);
  }

  private brackets(from: number, json: boolean, depth: number): YamlNode {
    const close = this.text[from] === "{" ? "}" : "]";
    const items: YamlNode[] = [];
    const members: YamlMember[] = [];
    let at = this.skip(from + 1, json);
    while (this.text[at] !== close) {
      if (close === "}") at = this.member(members, at, json, depth);
      else {
        const item = this.flow(at, json, depth + 1);
        items.push(item);
        at = item.to;
      }
      at = this.skip(at, json);
      if (this.text[at] === close) break;
      if (this.text[at] !== ",") throw UNUSUAL;
      at = this.skip(at + 1, json);
      if (this.text[at] === close) throw UNUSUAL;
    }
    return close === "}" ? this.mappingOf(from, at + 1, true, members) : this.listOf(from, at + 1, true, items);
  }

  private member(members: YamlMember[], at: number, json: boolean, depth: number): number {
    const name = this.match(FLOW_KEY, at)?.[1];
    const key = name === undefined ? this.quoted(at) : this.scalar(at, at + name.length, "plain", name);
    if (key === undefined || key.to - at > 100 || this.text[key.to] !== ":") throw UNUSUAL;
    const value = this.flow(this.skip(key.to + 1, json), json, depth + 1);
    add(members, { key, value, merged: false });
    return value.to;
  }
}

const NEVER_PLAIN = ["\t", "\r", "\n---", "\n...", "\n%"];

const hasUnusual = (text: string): boolean =>
  /^(?:---|\.\.\.|%)/.test(text.slice(0, 3)) || NEVER_PLAIN.some((sign) => text.includes(sign));

function add(members: YamlMember[], member: YamlMember): void {
  const { text } = member.key;
  if (members.length > 100 || members.some(({ key }) => key.text === text)) throw UNUSUAL;
  members.push(member);
}

// Where a stretch of text ends without the blanks behind it.
function behindText(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && text[end - 1] === " ") end--;
  return end;
}

const endOf = (members: readonly YamlMember[]): number => members[members.length - 1]?.value.to ?? 0;

// Lines that hold more than blanks and comments. A number sign behind a blank may stand inside of quotes: then the line is cut too short,
// and its value does not end where the line does.
function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < text.length;) {
    const feed = text.indexOf("\n", at);
    const stop = feed === -1 ? text.length : feed;
    let from = at;
    while (from < stop && text[from] === " ") from++;
    const comment = text[from] === "#" ? 0 : text.slice(from, stop).indexOf(" #");
    const end = behindText(text, from, comment === -1 ? stop : from + comment);
    if (end > from) lines.push({ at: from, indent: from - at, end });
    at = stop + 1;
  }
  return lines;
}
