// What stands in a document beside the members that its shape knows: it is read over, and no signature covers it.
import type { Json } from "./json_value.ts";
import { pointerStep } from "./pointer.ts";
import { type AnyShape, fieldOf } from "./shape.ts";

/** The pointers of all members that a shape does not know, in the order of the document; `at` is where that stands. */
export function membersBeside(shape: AnyShape, json: Json, at = ""): string[] {
  const { fields, items } = shape;
  if (Array.isArray(json)) {
    return items === undefined ? [] : json.flatMap((item: Json, i: number) => membersBeside(items, item, at + pointerStep(i)));
  }
  if (fields === undefined || typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([name, member]) => {
    const field = fieldOf(shape, name);
    const pointer = at + pointerStep(name);
    return field === undefined ? [pointer] : membersBeside(field, member, pointer);
  });
}
