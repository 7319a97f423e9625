// The one reader of YAML that decides something (policies): strict, linear in the text, every fault with its place. The only file
// that knows `yaml`, which gives structure, places and comments; what a scalar means is not its business (`yaml_scalar.ts`).
import { type Alias, Composer, CST, type Document, isAlias, isMap, isScalar, isSeq, Lexer, type Node, Parser } from "yaml";
import type { FaultCode } from "./errors.ts";
import { quoted } from "./json_words.ts";
import { ok, type Result } from "./result.ts";
import { readPlainYaml } from "./yaml_plain.ts";
import { flawAt, yamlText } from "./yaml_text.ts";
import {
  isNull,
  type ScalarStyle,
  type YamlMapping,
  type YamlMember,
  type YamlNode,
  type YamlScalar,
  type YamlSource,
} from "./yaml_tree.ts";
import type { YamlComment } from "./yaml_remarks.ts";
import { errorWords } from "./yaml_words.ts";

const MAX_DEPTH = 64;
const MAX_ALIASES = 100;
const MAX_NODES = 250_000;

/**
 * Reads bytes as one YAML 1.2 document whose root is a mapping; nothing but blanks and comments is a document without a root. `what`
 * names it in faults, each with line and column. Refused: more than 1 MiB, 64 levels of nesting, 100 aliases resolved (those inside of
 * what an alias stands for count again) or 250,000 keys and values after that; bytes that are not UTF-8, control characters; bad
 * syntax, a second document, directives other than `%YAML 1.2`, tags other than `!!str`, `!!map` and `!!seq`; a key that is no scalar
 * or stands twice in its mapping, merge keys (`<<`) included, of which a mapping may have one.
 */
export function readYaml(bytes: Uint8Array, what: string): Result<YamlSource> {
  const text = yamlText(bytes, what);
  if (!text.ok) return text;
  const plain = readPlainYaml(text.value);
  return plain === undefined ? readWholeYaml(text.value, what) : ok(plain);
}

/** The same for a text of `yamlText`, without a look whether the quick reader can take it. */
export function readWholeYaml(text: string, what: string): Result<YamlSource> {
  try {
    return ok({ text, root: new Tree(unasked(() => compose(text))).root() });
  } catch (thrown) {
    if (!(thrown instanceof Flaw)) throw thrown;
    return flawAt(thrown.code, text, thrown.from, thrown.to, what, thrown.words);
  }
}

// Thrown and caught in this file alone: the way out of the callbacks of a package, at the first flaw.
class Flaw extends Error {
  constructor(readonly code: FaultCode, readonly from: number, readonly to: number, readonly words: string) {
    super(words);
  }
}

type Parsed = Document.Parsed;

// The build of the package for Node and Deno asks the environment, at every token, whether to print what it reads. To be asked takes a
// permission that gait gives up, to answer would put the file into the output: while it works there is no environment.
function unasked<T>(work: () => T): T {
  const process: unknown = Reflect.get(globalThis, "process");
  const env: unknown = typeof process === "object" && process !== null ? Reflect.get(process, "env") : undefined;
  if (typeof process !== "object" || process === null || !Reflect.set(process, "env", {})) return work();
  try {
    return work();
  } finally {
    Reflect.set(process, "env", env);
  }
}

const syntax = (from: number, to: number, words: string): Flaw => new Flaw("yaml_syntax", from, to, words);

// The steps of `parseDocument`, driven by hand so that depth and number of documents are known before anything is made of them. The
// composer goes on after an error and keeps them all, with a stack each; its private handler is replaced by one that stops.
function compose(text: string): Parsed {
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, prettyErrors: false, strict: true });
  let first: Flaw | undefined;
  let unclosed: readonly [number, number] | undefined;
  Reflect.set(composer, "onError", (source: unknown, code: string, message: string): never => {
    const [from, to] = message.startsWith("Missing closing") && unclosed !== undefined ? unclosed : rangeOf(source);
    throw first ??= syntax(from, to, errorWords(code, message)); // what the composer catches and reports again is known already
  });
  const parser = new Parser();
  let documents = 0;
  const take = (tokens: ReturnType<Parser["end"]>): void => {
    for (const token of tokens) {
      if (token.type === "error") throw syntax(token.offset, token.offset + 1, errorWords("UNEXPECTED_TOKEN", token.message));
      if (token.type === "document" && ++documents > 1) {
        throw syntax(token.offset, token.offset + 3, "expected one document, found a second one");
      }
      if (token.type === "directive" && !/^%YAML[ \t]+1\.2[ \t]*$/.test(token.source)) {
        throw syntax(token.offset, token.offset + token.source.length, "expected no directive but %YAML 1.2");
      }
      for (const _ of composer.next(token)) throw new Error("one document gave two");
    }
  };
  for (const lexeme of new Lexer().lex(text)) {
    if (unclosed === undefined && /^(?:"(?:[^]*[^"])?|'(?:[^]*[^'])?)$/.test(lexeme)) {
      unclosed = [parser.offset, parser.offset + 1];
    }
    take(parser.next(lexeme));
    const depth = parser.stack.length - 1; // the first is the document, the last may be a scalar
    if (depth > MAX_DEPTH && (depth > MAX_DEPTH + 1 || CST.isCollection(parser.stack[depth]))) {
      throw new Flaw("yaml_too_large", parser.offset, parser.offset + 1, `expected at most ${MAX_DEPTH} levels of nesting`);
    }
  }
  take(parser.end());
  const [document] = composer.end(true, text.length);
  if (document === undefined) throw new Error("no document");
  return document;
}

// A place as the composer gives it: a number, two or three of them, or a token.
function rangeOf(source: unknown): readonly [number, number] {
  if (typeof source === "number") return [source, source + 1];
  if (Array.isArray(source)) return [Number(source[0]), Number(source[1])];
  if (typeof source !== "object" || source === null) return [0, 1];
  const from = Number(Reflect.get(source, "offset"));
  const own: unknown = Reflect.get(source, "source");
  return [from, from + (typeof own === "string" ? own.length : 1)];
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

const TAGS = { scalar: "tag:yaml.org,2002:str", mapping: "tag:yaml.org,2002:map", list: "tag:yaml.org,2002:seq" } as const;

/** What an anchor names, and what resolving it costs. Without a node it is not closed yet. */
type Anchored = { readonly node?: YamlNode; readonly aliases: number; readonly nodes: number };

// Makes our tree of that of the package. Recursion is as deep as the text nests, which is known to be little; what an alias stands for
// is shared and only counted again.
class Tree {
  private readonly anchors = new Map<string, Anchored>();
  private aliases = 0;
  private nodes = 0;

  constructor(private readonly document: Parsed) {}

  root(): YamlMapping | undefined {
    const { contents } = this.document;
    if (contents === null || (isScalar(contents) && contents.source === "" && contents.type === "PLAIN" && !contents.tag)) {
      return undefined;
    }
    const root = this.node(contents);
    if (root.kind === "mapping") return root;
    throw syntax(root.from, root.to, `expected a mapping of fields, found ${root.kind === "list" ? "a list" : describe(root)}`);
  }

  private node(node: Node): YamlNode {
    if (isAlias(node)) return this.alias(node);
    const [from, to] = spanOf(node);
    if (++this.nodes > MAX_NODES) throw tooMany(from, to);
    const before = { aliases: this.aliases, nodes: this.nodes };
    const anchor = node.anchor ?? "";
    if (anchor !== "") this.anchors.set(anchor, { aliases: 0, nodes: 0 });
    const made = this.made(node, from, to, anchor);
    if (node.tag !== undefined && node.tag !== TAGS[made.kind]) {
      throw syntax(from, to, `expected no tag, found ${quoted(node.tag)}`);
    }
    if (anchor !== "") {
      this.anchors.set(anchor, { node: made, aliases: this.aliases - before.aliases, nodes: this.nodes - before.nodes + 1 });
    }
    return made;
  }

  private made(node: Exclude<Node, Alias>, from: number, to: number, anchor: string): YamlNode {
    const common = { from, to, anchor, alias: "" };
    if (isSeq(node)) {
      const items: YamlNode[] = [];
      for (const item of node.items) items.push(this.node(item as Node));
      const flow = node.flow === true;
      return { kind: "list", ...common, to: flow ? to : items[items.length - 1]?.to ?? to, flow, items };
    }
    if (isMap(node)) {
      const members = this.members(node.items);
      const flow = node.flow === true;
      return { kind: "mapping", ...common, to: flow ? to : members[members.length - 1]?.value.to ?? to, flow, members };
    }
    const text = node.source ?? "";
    if (!text.isWellFormed()) throw syntax(from, to, "expected whole characters, found half of a surrogate pair");
    const style = STYLES[node.type ?? ""] ?? "plain";
    return { kind: "scalar", ...common, style: style === "plain" && node.tag !== undefined ? "double" : style, text };
  }

  private members(pairs: readonly { readonly key: unknown; readonly value: unknown }[]): readonly YamlMember[] {
    const members: YamlMember[] = [];
    const names = new Set<string>();
    let merges = 0;
    const add = (member: YamlMember, at: YamlNode): void => {
      const name = member.key.text;
      if (names.has(name)) {
        throw new Flaw("yaml_duplicate_key", at.from, at.to, `key ${quoted(name)} stands twice in this mapping`);
      }
      names.add(name);
      members.push(member);
    };
    for (const pair of pairs) {
      const key = this.node(pair.key as Node);
      if (key.kind !== "scalar") throw syntax(key.from, key.to, "expected a key of plain text, found a collection");
      const value = pair.value === null ? nothingBehind(key) : this.node(pair.value as Node);
      if (key.text !== "<<" || key.style !== "plain") add({ key, value, merged: false }, key);
      else {
        if (++merges > 1) throw new Flaw("yaml_duplicate_key", key.from, key.to, 'key "<<" stands twice in this mapping');
        for (const base of value.kind === "list" ? value.items : [value]) {
          if (base.kind !== "mapping") throw syntax(base.from, base.to, 'expected a mapping to merge with "<<"');
          for (const member of base.members) {
            add(base.alias === "" ? { ...member, merged: true } : broughtBy(base, member), key);
          }
        }
      }
    }
    return members;
  }

  private alias(node: Alias): YamlNode {
    const [from, to] = spanOf(node);
    const anchored = this.anchors.get(node.source);
    if (anchored === undefined) throw syntax(from, to, `alias ${quoted(`*${node.source}`)} has no anchor before it`);
    if (anchored.node === undefined) {
      throw syntax(from, to, `alias ${quoted(`*${node.source}`)} stands inside of what it names`);
    }
    this.aliases += 1 + anchored.aliases;
    this.nodes += anchored.nodes;
    if (this.aliases > MAX_ALIASES) {
      throw new Flaw("yaml_too_large", from, to, `expected at most ${MAX_ALIASES} aliases to be resolved in a file`);
    }
    if (this.nodes > MAX_NODES) throw tooMany(from, to);
    return { ...anchored.node, from, to, anchor: "", alias: node.source };
  }
}

const broughtBy = ({ from, to, alias }: YamlMapping, { key, value }: YamlMember): YamlMember => {
  const at = { from, to, anchor: "", alias };
  return { key: { ...key, ...at }, value: { ...value, ...at }, merged: true };
};

const tooMany = (from: number, to: number): Flaw =>
  new Flaw("yaml_too_large", from, to, `expected at most ${MAX_NODES} keys and values, those behind aliases counted again`);

const spanOf = ({ range }: Node): readonly [number, number] => [range?.[0] ?? 0, range?.[1] ?? 0];

// The value of a key that has none.
const nothingBehind = ({ to }: YamlScalar): YamlScalar => ({
  kind: "scalar",
  style: "plain",
  text: "",
  from: to,
  to,
  anchor: "",
  alias: "",
});

const describe = (scalar: YamlScalar): string => isNull(scalar) ? "null" : "text";

// Signs of the lexer that stand for nothing in the text: the start of a document, the end of brackets, a scalar that follows.
const SIGNS: ReadonlySet<string> = new Set(["\x02", "\x18", "\x1f"]);

/** All comments of a text that was read, in its order, each from its `#` to the end of its line. */
export function yamlComments({ text }: YamlSource): readonly YamlComment[] {
  const comments: YamlComment[] = [];
  let at = 0;
  let before = "";
  for (const lexeme of new Lexer().lex(text)) {
    const sign = before !== "\x1f" && SIGNS.has(lexeme);
    if (before !== "\x1f" && lexeme.startsWith("#")) comments.push({ at, text: lexeme.trimEnd() });
    if (!sign) at += lexeme.length;
    before = lexeme;
  }
  return comments;
}
