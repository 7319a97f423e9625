// What stands in a document beside the members that its shape knows: it is read over, and no signature covers it.
import type { Json } from "./json.ts";
import { isJsonList, isJsonObject } from "./json_value.ts";
import { pointerStep } from "./pointer.ts";
import { type AnyShape, fieldsOf } from "./shape.ts";

/** A member that is not known, and the names of those that are known in its place. */
export type Beside = { readonly pointer: string; readonly name: string; readonly known: readonly string[] };

/** All members that a shape does not know, in the order of the document; `at` is where that stands. */
export function* membersBeside(shape: AnyShape, json: Json, at = ""): Generator<Beside> {
  const { fields, items } = shape;
  if (items !== undefined && isJsonList(json)) {
    for (const [index, item] of json.entries()) yield* membersBeside(items, item, at + pointerStep(index));
  }
  if (fields === undefined || !isJsonObject(json)) return;
  const members = new Map(Object.entries(fieldsOf(shape)));
  for (const [name, value] of Object.entries(json)) {
    const pointer = at + pointerStep(name);
    const member = members.get(name);
    if (member !== undefined) yield* membersBeside(member, value, pointer);
    else yield { pointer, name, known: [...members.keys()] };
  }
}

/** Where they stand. */
export const pointersBeside = (shape: AnyShape, json: Json): readonly string[] =>
  Array.from(membersBeside(shape, json), ({ pointer }) => pointer);
