// Reading a document from its bytes: JSON first, then its shape, every misfit with line and column.
import { type Json, type JsonRules, readJson, readJsonLine } from "./json.ts";
import { locate } from "./json_locate.ts";
import { quoted } from "./json_words.ts";
import { fail, type Fault, located, ok, type Place, type Result } from "./result.ts";
import { readShape, type Shape } from "./shape.ts";

/** A document as the text has it and as its shape reads it. */
export type Document<T> = { readonly raw: Json; readonly value: T };

/** A fault about a member of a document, with the line and column of that member; `firstLine` is the number of the first line. */
export const placed = (fault: Fault, bytes: Uint8Array, at: Place = {}, firstLine = 1): Fault => {
  const pointer = fault.at?.pointer;
  if (pointer === undefined || fault.at?.line !== undefined) return located(fault, at);
  return { ...fault, at: { ...at, ...fault.at, ...locate(bytes, pointer, firstLine) } };
};

/**
 * Reads a document that gait itself or others wrote: texts that are no Unicode read as U+FFFD (spec 01, section 1.1 rule 5).
 * `what` names it in messages. Faults of `readJson`, and `document_shape`, or `document_kind` when a document that does not fit
 * names another schema id than `kind`.
 */
export function readDocument<T>(
  shape: Shape<T>,
  bytes: Uint8Array,
  what: string,
  at: Place,
  rules: Omit<JsonRules, "text"> & { readonly kind?: string } = {},
): Result<Document<T>> {
  const raw = readJson(bytes, what, { ...rules, text: "replace" });
  if (!raw.ok) return { ok: false, fault: located(raw.fault, at) };
  const value = fitted(shape, raw.value, bytes, what, at, rules.firstLine);
  if (value.ok) return ok({ raw: raw.value, value: value.value });
  const other = rules.kind === undefined ? undefined : otherKind(raw.value, rules.kind);
  if (other !== undefined) {
    return fail("document_kind", `Cannot read "${what}": wanted is ${rules.kind}, it is ${quoted(other)}`, at);
  }
  return value;
}

/** The document of a shape in JSON that was read of these bytes. Fault `document_shape`. */
export function fitted<T>(shape: Shape<T>, raw: Json, bytes: Uint8Array, what: string, at: Place, firstLine = 1): Result<T> {
  const value = readShape(shape, raw, what);
  return value.ok ? value : { ok: false, fault: placed(value.fault, bytes, at, firstLine) };
}

/** What a document says that it is; empty where it says nothing. */
export const schemaIdOf = (raw: Json): string =>
  typeof raw === "object" && raw !== null && "schema_id" in raw && typeof raw.schema_id === "string" ? raw.schema_id : "";

/** Reads one of JSON lines, without its LF, by the same rules; `number` is its number. A blank line gives undefined. */
export function readDocumentLine<T>(
  shape: Shape<T>,
  line: Uint8Array,
  what: string,
  at: Place,
  number: number,
): Result<T | undefined> {
  const raw = readJsonLine(line, what, { text: "replace", firstLine: number });
  if (!raw.ok) return { ok: false, fault: located(raw.fault, at) };
  if (raw.value === undefined) return ok(undefined);
  const value = readShape(shape, raw.value, what);
  return value.ok ? value : { ok: false, fault: placed(value.fault, line, at, number) };
}

// What a document that does not fit says that it is, when that is something else.
const otherKind = (raw: Json, kind: string): string | undefined => {
  const other = schemaIdOf(raw);
  return other === "" || other === kind ? undefined : other;
};
