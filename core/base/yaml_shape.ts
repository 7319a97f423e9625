// A YAML tree read by a shape: what each scalar means follows from what the shape wants of it, and every misfit is told with the name
// that was meant.
import { closest } from "./closest.ts";
import type { Json, JsonObject } from "./json.ts";
import { quoted } from "./json_words.ts";
import { pointerStep, pointerSteps } from "./pointer.ts";
import { type AnyShape, fieldOf, fieldsOf, fitShape, type Shape } from "./shape.ts";
import { lower, trim } from "./text.ts";
import { scalarDecimal, scalarInteger, scalarText, scalarTruth } from "./yaml_scalar.ts";
import { isNull, type YamlList, type YamlMapping, type YamlNode, type YamlScalar } from "./yaml_tree.ts";

/** What does not fit: where, at the key or at the value of it, and why. */
export type YamlMisfit = { readonly pointer: string; readonly at: "key" | "value"; readonly words: string };

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly misfit: YamlMisfit };

/**
 * The document of `shape` that a YAML mapping spells. A null value is an absent field; a null item of a list of texts is a blank one.
 * Unknown fields are a misfit at every level, whatever the shape says.
 */
export function readYamlShape<T>(shape: Shape<T>, root: YamlMapping): Read<T> {
  const json = mapping(shape, root, undefined, shape);
  if (!json.ok) return json;
  const fitted = fitShape(shape, json.value);
  if (fitted.ok) return fitted;
  const { pointer, wanted } = fitted.misfit;
  return misfit(pointer, "value", `${named(pointer)} ${wanted}${proposal(shape, json.value, pointer)}`);
}

const read = <T>(value: T): Read<T> => ({ ok: true, value });

// The way to a node: spelled as a pointer only where something does not fit.
type Path = { readonly up: Path; readonly step: string | number } | undefined;

const pointerOf = (path: Path): string => path === undefined ? "" : `${pointerOf(path.up)}${pointerStep(path.step)}`;

const misfit = (pointer: string, at: YamlMisfit["at"], words: string): Read<never> => ({
  ok: false,
  misfit: { pointer, at, words },
});

function mapping(shape: AnyShape, node: YamlMapping, path: Path, whole: AnyShape): Read<JsonObject> {
  const out: Record<string, Json> = {};
  for (const { key, value } of node.members) {
    const field = fieldOf(shape, key.text);
    const here = { up: path, step: key.text };
    if (field === undefined) {
      const words = `field ${quoted(key.text)} is not known here${meant(key.text, Object.keys(fieldsOf(shape)), whole)}`;
      return misfit(pointerOf(here), "key", words);
    }
    if (isNull(value)) continue;
    const member = any(field, value, here, whole);
    if (!member.ok) return member;
    out[key.text] = member.value;
  }
  return read(out);
}

function any(shape: AnyShape, node: YamlNode, path: Path, whole: AnyShape): Read<Json> {
  if (shape.fields !== undefined) {
    return node.kind === "mapping" ? mapping(shape, node, path, whole) : wrong("a mapping", node, path);
  }
  if (shape.items !== undefined) {
    return node.kind === "list" ? list(shape.items, node, path, whole) : wrong("a list", node, path);
  }
  const { meaning, wanted } = SCALARS[shape.scalar ?? "text"];
  const value = node.kind === "scalar" ? meaning(node) : undefined;
  return value === undefined ? wrong(wanted, node, path) : read(value);
}

function wrong(wanted: string, node: YamlNode, path: Path): Read<never> {
  const pointer = pointerOf(path);
  return misfit(pointer, "value", `${named(pointer)} must be ${wanted}, not ${kindOf(node)}`);
}

function list(item: AnyShape, node: YamlList, path: Path, whole: AnyShape): Read<Json> {
  const out: Json[] = [];
  for (const member of node.items) {
    const nothing = isNull(member) && item.scalar === "text";
    const made: Read<Json> = nothing ? read("") : any(item, member, { up: path, step: out.length }, whole);
    if (!made.ok) return made;
    out.push(made.value);
  }
  return read(out);
}

type Scalar = { readonly meaning: (scalar: YamlScalar) => Json | undefined; readonly wanted: string };

const SCALARS: Readonly<Record<NonNullable<AnyShape["scalar"]>, Scalar>> = {
  text: { meaning: scalarText, wanted: "text" },
  integer: { meaning: scalarInteger, wanted: "a whole number" },
  decimal: { meaning: scalarDecimal, wanted: "a number" },
  truth: { meaning: scalarTruth, wanted: "true or false" },
};

function kindOf(node: YamlNode): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  if (isNull(node)) return "null";
  return node.style === "plain" ? quoted(node.text) : `the text ${quoted(node.text)}`;
}

// What stands at a pointer, for people: `field "effect"`, `item 2 of "tool_names"`.
function named(pointer: string): string {
  const path = pointerSteps(pointer);
  const last = path[path.length - 1];
  const owner = path[path.length - 2];
  if (last === undefined) return "the document";
  return owner !== undefined && /^[0-9]+$/.test(last)
    ? `item ${Number(last) + 1} of ${quoted(owner)}`
    : `field ${quoted(last)}`;
}

// What was meant by an unknown field: one that stands somewhere else, or one here that is nearly the same.
function meant(name: string, here: readonly string[], whole: AnyShape): string {
  const homes = homesOf(name, whole, "");
  return homes.length > 0 ? `, it belongs ${homes.slice(0, 3).join(" or ")}` : closest(name, here);
}

function homesOf(name: string, shape: AnyShape, path: string): readonly string[] {
  const { items } = shape;
  const own = fieldOf(shape, name) !== undefined ? [path === "" ? "at the top level" : `in ${path}`] : [];
  const below = Object.entries(fieldsOf(shape)).flatMap(([field, inner]) =>
    homesOf(name, inner, path === "" ? field : `${path}.${field}`)
  );
  return [...own, ...below, ...(items === undefined ? [] : homesOf(name, items, `${path}[]`))];
}

// What was meant by a word that is none of a closed list.
function proposal(shape: AnyShape, json: Json, pointer: string): string {
  let at: AnyShape | undefined = shape;
  let value: Json | undefined = json;
  for (const step of pointerSteps(pointer)) {
    at = at && (fieldOf(at, step) ?? at.items);
    value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
  }
  return typeof value === "string" ? closest(lower(trim(value)), at?.words ?? []) : "";
}
