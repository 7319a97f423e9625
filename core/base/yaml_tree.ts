// What a YAML text says, as a tree of our own: scalars by their source text, every key and value with its place.
import { framed } from "./frame.ts";
import { pointerSteps } from "./pointer.ts";
import type { Place } from "./result.ts";

type Common = {
  /** Where it starts and ends, in units of the source text; a block ends with its last value. */
  readonly from: number;
  readonly to: number;
  /** The name it is anchored by; empty without one. */
  readonly anchor: string;
  /** The name of the alias that it stands for, and then its place is that of the alias; empty where it is written out. */
  readonly alias: string;
};

/** How a scalar is written. A plain one may be a number, true, false or null; all others are text. */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

/** A scalar by its text: without quotes, escapes resolved, lines folded, and nothing made of it. */
export type YamlScalar = Common & { readonly kind: "scalar"; readonly style: ScalarStyle; readonly text: string };
/** A list. */
export type YamlList = Common & { readonly kind: "list"; readonly flow: boolean; readonly items: readonly YamlNode[] };
/** A mapping. */
export type YamlMapping = Common & {
  readonly kind: "mapping";
  readonly flow: boolean;
  /** In the order of the text, merged ones where their merge key stands. No two keys are equal. */
  readonly members: readonly YamlMember[];
};
/** A key and its value. */
export type YamlMember = {
  readonly key: YamlScalar;
  readonly value: YamlNode;
  /** It came through a merge key (`<<`); of an alias there, key and value have the place of that. */
  readonly merged: boolean;
};
/** A value. */
export type YamlNode = YamlScalar | YamlList | YamlMapping;

/** A YAML text that was read. */
export type YamlSource = {
  /** The text without a byte order mark: what places count in. */
  readonly text: string;
  /** Undefined for a text of blanks and comments. */
  readonly root: YamlMapping | undefined;
};

const NOTHING = ["", "~", "null", "Null", "NULL"];

/** Whether plain text is nothing: empty, `~`, null. */
export const isNothing = (text: string): boolean => NOTHING.includes(text);

/** A plain scalar that is nothing. */
export const isNull = (node: YamlNode): boolean => node.kind === "scalar" && node.style === "plain" && isNothing(node.text);

/** The member of this name. */
export const memberOf = (mapping: YamlMapping, name: string): YamlMember | undefined =>
  mapping.members.find(({ key }) => key.text === name);

type Found = {
  readonly node: YamlNode;
  readonly key: YamlScalar | undefined;
  /** The first alias on the way here: what it stands for may well be right where that is written. */
  readonly by: YamlNode | undefined;
  readonly whole: boolean;
};

// The node at a JSON pointer, or the nearest one around it that is there.
function find(root: YamlMapping, pointer: string): Found {
  let found: Found = { node: root, key: undefined, by: undefined, whole: true };
  for (const name of pointerSteps(pointer)) {
    const { node } = found;
    const by = found.by ?? (node.alias === "" ? undefined : node);
    if (node.kind === "mapping") {
      const member = memberOf(node, name);
      if (member === undefined) return { ...found, whole: false };
      found = { node: member.value, key: member.key, by, whole: true };
    } else {
      const item = node.kind === "list" ? node.items[Number(name)] : undefined;
      if (item === undefined) return { ...found, whole: false };
      found = { node: item, key: undefined, by, whole: true };
    }
  }
  return found;
}

/** The node at a JSON pointer; undefined when it is not there. */
export const nodeAt = (source: YamlSource, pointer: string): YamlNode | undefined => {
  const found = source.root === undefined ? undefined : find(source.root, pointer);
  return found?.whole ? found.node : undefined;
};

// Where the one or other that was found stands, or the alias that brought it.
const place = ({ text }: YamlSource, pointer: string, { by }: Found, own: YamlNode): Place => {
  const { from, to } = by ?? own;
  return { ...framed(text, from, to), pointer };
};

/**
 * Where a member or item stands: a scalar at its value, a collection at its key, an item where it starts; what comes through an alias at
 * that. What is not there is placed at the nearest node around it.
 */
export function placeOf(source: YamlSource, pointer: string): Place {
  if (source.root === undefined) return { ...framed(source.text, 0, 0), pointer };
  const found = find(source.root, pointer);
  const { node, key = node } = found;
  return place(source, pointer, found, node.kind === "scalar" && node.from !== node.to ? node : key);
}

/** The same at the key of a member. */
export function placeOfKey(source: YamlSource, pointer: string): Place {
  const found = source.root === undefined ? undefined : find(source.root, pointer);
  return found?.key === undefined || !found.whole ? placeOf(source, pointer) : place(source, pointer, found, found.key);
}
