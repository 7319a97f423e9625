// Reading a document from its bytes: JSON first, then its shape, every misfit with line and column.
import { type Json, type JsonRules, readJson } from "./json.ts";
import { locate } from "./json_locate.ts";
import { type Fault, located, ok, type Place, type Result } from "./result.ts";
import { readShape, type Shape } from "./shape.ts";

/** A document as the text has it and as its shape reads it. */
export type Document<T> = { readonly raw: Json; readonly value: T };

/** A fault about a member of a document, with the line and column of that member. */
export const placed = (fault: Fault, bytes: Uint8Array, at: Place = {}): Fault => {
  const pointer = fault.at?.pointer;
  if (pointer === undefined || fault.at?.line !== undefined) return located(fault, at);
  return { ...fault, at: { ...at, ...fault.at, ...locate(bytes, pointer) } };
};

/**
 * Reads a document that gait itself or others wrote: texts that are no Unicode read as U+FFFD (spec 01, section 1.1 rule 5).
 * `what` names it in messages. Faults of `readJson`, and `document_shape`.
 */
export function readDocument<T>(
  shape: Shape<T>,
  bytes: Uint8Array,
  what: string,
  at: Place,
  rules: Omit<JsonRules, "text"> = {},
): Result<Document<T>> {
  const raw = readJson(bytes, what, { ...rules, text: "replace" });
  if (!raw.ok) return { ok: false, fault: located(raw.fault, at) };
  const value = readShape(shape, raw.value, what);
  return value.ok ? ok({ raw: raw.value, value: value.value }) : { ok: false, fault: placed(value.fault, bytes, at) };
}
