// A policy written anew as its author left it (`policy fmt`): comments, the order of fields and what is left out stay; every collection
// in block style, every value normalized, sets sorted, aliases of fields moved into their targets, YAML aliases and merge keys
// resolved. What comes out is read as the same policy, and comes out of itself unchanged.
import { type AnyShape, fieldOf, fitShape } from "../base/shape.ts";
import { byBytes } from "../base/text.ts";
import { yamlComments } from "../base/yaml.ts";
import { type Block, type Line, newLine, notesOf, placeComments, Rows, type Span } from "../base/yaml_remarks.ts";
import { scalarDecimal, scalarInteger, scalarText, scalarTruth } from "../base/yaml_scalar.ts";
import { isNull, type YamlList, type YamlMapping, type YamlMember, type YamlNode, type YamlScalar } from "../base/yaml_tree.ts";
import { plainOrQuoted, type Remark, writeYaml, type YamlTree } from "../base/yaml_write.ts";
import { PolicyShape } from "../schema/policy.ts";
import { targetOf } from "./policy_aliases.ts";
import type { LoadedPolicy } from "./policy_source.ts";

/** The text of a policy in the form that `policy fmt` gives it. */
export function formatPolicy({ source }: LoadedPolicy): string {
  const draft = new Draft(new Rows(source.text));
  const root = source.root === undefined ? undefined : draft.value(source.root, PolicyShape, undefined, true);
  const above = draft.place(yamlComments(source));
  return writeYaml(root?.(), above);
}

/** Makes the tree, once the comments are placed. */
type Later = () => YamlTree;

const scalarTree = (text: string): Later => () => ({ kind: "scalar", text });

/** The items of a set of texts: a line for each, whatever it came from. */
type Items = { readonly lines: Map<string, Line>; readonly below: (readonly Remark[])[] };

/** One field of a section: all members that spell it. */
type Field = { readonly line: Line; readonly values: Later[]; items: Items | undefined };

// Walks the tree of the text and notes where in it each line of the new text comes from. `here` is false for what an alias or a merge
// key brings from elsewhere: comments there belong to where it is written.
class Draft {
  readonly #spans: Span[] = [];

  constructor(readonly rows: Rows) {}

  place(comments: ReturnType<typeof yamlComments>): readonly Remark[] {
    const inOrder = this.#spans.map((span, index) => ({ span, index })).sort((a, b) =>
      a.span.at - b.span.at || a.index - b.index
    );
    return placeComments(this.rows, comments, inOrder.map(({ span }) => span));
  }

  value(node: YamlNode, shape: AnyShape, owner: Span | undefined, here: boolean): Later {
    const inside = here && node.alias === "";
    if (isNull(node)) return scalarTree("null");
    if (node.kind === "scalar") return scalarTree(printed(meaningOf(node, shape)));
    return node.kind === "mapping" ? this.#mapping(node, shape, owner, inside) : this.#list(node, shape, owner, inside);
  }

  #mapping(node: YamlMapping, section: AnyShape, owner: Span | undefined, here: boolean): Later {
    const first = node.members.find(({ merged }) => !merged)?.key.from ?? node.from;
    const block = this.#block(node, first, owner, here);
    const found = new Map<string, Field>();
    for (const member of node.members) {
      const { key: { text } } = member;
      const name = targetOf(section.fields, text);
      const field = found.get(name) ?? { line: newLine(), values: [], items: undefined };
      found.set(name, field);
      const own = here && !member.merged;
      const span = own ? this.#span(field.line, block, member.key.from, member.key.from, endOf(member)) : undefined;
      const shape = shapeOf(section, text);
      if (isSet(shapeOf(section, name)) && !isNull(member.value)) {
        field.items ??= { lines: new Map(), below: [] };
        this.#collect(member.value, shape, field.items, block, span, own);
      } else field.values.push(this.value(member.value, shape, span, own));
    }
    return () => {
      const entries = [...found].map(([key, { line, values, items }]) => ({
        key,
        value: items === undefined ? chosen(values) : setTree(items),
        notes: notesOf(line),
      }));
      return { kind: "map", entries, below: block.below };
    };
  }

  #list(node: YamlList, { items: item }: AnyShape, owner: Span | undefined, here: boolean): Later {
    if (item === undefined) throw new Error("a list where the shape has none");
    const block = this.#block(node, node.from, owner, here);
    const items = node.items.map((member) => {
      const line = newLine();
      const span = here ? this.#span(line, block, this.#dash(member, node, block), member.from, member.to) : undefined;
      return { line, value: this.value(member, item, span, here) };
    });
    return () => ({
      kind: "list",
      items: items.map(({ line, value }) => ({ value: value(), notes: notesOf(line) })),
      below: block.below,
    });
  }

  // A text or a list of texts into a set of them.
  #collect(
    node: YamlNode,
    shape: AnyShape,
    { lines, below }: Items,
    outer: Block,
    owner: Span | undefined,
    here: boolean,
  ): void {
    if (node.kind === "mapping") throw new Error("a mapping where the shape has texts");
    const inside = here && node.alias === "" && node.kind === "list";
    const block = node.kind === "list" ? this.#block(node, node.from, owner, inside) : outer;
    if (block !== outer) below.push(block.below);
    for (const item of node.kind === "list" ? node.items : [node]) {
      const text = item.kind === "scalar" && !isNull(item) ? String(meaningOf(item, shape.items ?? shape)) : "";
      if (text === "") continue;
      const line = lines.get(text) ?? newLine();
      lines.set(text, line);
      if (inside && node.kind === "list") this.#span(line, block, this.#dash(item, node, block), item.from, item.to);
    }
  }

  #span(line: Line, block: Block, from: number, at: number, to: number): Span {
    const span: Span = { line, block, opens: undefined, from, at, to };
    this.#spans.push(span);
    return span;
  }

  #block({ from, to, flow }: YamlMapping | YamlList, first: number, owner: Span | undefined, here: boolean): Block {
    const block: Block = { from, to, flow, column: here ? this.rows.column(first) : 0, owner, below: [] };
    if (here && owner !== undefined) owner.opens = block;
    return block;
  }

  // Where the dash of an item stands: in the column of the list, on the row of the item or on one above.
  #dash(item: YamlNode, list: YamlList, { column }: Block): number {
    if (list.flow) return item.from;
    for (let row = this.rows.of(item.from); row >= this.rows.of(list.from); row--) {
      const at = this.rows.start(row) + column;
      if (at <= item.from && this.rows.text[at] === "-" && (at === list.from || this.rows.isFirst(at))) return at;
    }
    return item.from;
  }
}

const endOf = ({ key, value }: YamlMember): number => Math.max(key.to, value.to);

const shapeOf = (section: AnyShape, name: string): AnyShape => {
  const shape = fieldOf(section, name);
  if (shape === undefined) throw new Error(`no field ${name}`);
  return shape;
};

const isSet = ({ items }: AnyShape): boolean => items?.scalar === "text";

const setTree = ({ lines, below }: Items): YamlTree => ({
  kind: "list",
  items: [...lines].sort(([a], [b]) => byBytes(a, b)).map(([text, line]) => ({
    value: { kind: "scalar", text: printed(text) },
    notes: notesOf(line),
  })),
  below: below.flat(),
});

const NOTHING: ReadonlySet<string> = new Set([printed(""), "null"]);

// Of a field and its alias the first one that says something counts: the other one says the same, or nothing.
function chosen(values: readonly Later[]): YamlTree {
  const trees = values.map((value) => value());
  const saying = trees.find((tree) => tree.kind !== "scalar" || !NOTHING.has(tree.text));
  return saying ?? trees[0] ?? { kind: "scalar", text: "null" };
}

const MEANINGS = { text: scalarText, integer: scalarInteger, decimal: scalarDecimal, truth: scalarTruth } as const;

// What a scalar says, normalized; that it fits was found when the policy was read.
function meaningOf(node: YamlScalar, shape: AnyShape): unknown {
  const json = MEANINGS[shape.scalar ?? "text"](node);
  const fitted = json === undefined ? undefined : fitShape(shape, json);
  if (!fitted?.ok) throw new Error(`no such value: ${node.text}`);
  return fitted.value;
}

function printed(value: unknown): string {
  return typeof value === "string" ? plainOrQuoted(value) : String(value);
}
