// JSON Schemas (2020-12) of wire documents, from their shapes: the form in which gait writes them.
import { toJsonSchema } from "@valibot/to-json-schema";
import type { AnyShape } from "../../core/base/shape.ts";

/** A JSON Schema. */
export type Schema = { readonly [keyword: string]: unknown };

type Inner = { readonly type: string; readonly wrapped?: Inner; readonly pipe?: readonly Inner[] };

/** The schema of the value itself: without what stands for "may be absent", and before what is done to it. */
function inner(schema: Inner): Inner {
  const first = schema.pipe?.[0];
  return schema.wrapped !== undefined ? inner(schema.wrapped) : first !== undefined && first !== schema ? inner(first) : schema;
}

const answer = (shape: AnyShape, value: unknown) => {
  const result = shape.schema["~standard"].validate(value);
  if (result instanceof Promise) throw new Error("a shape answers at once");
  return result;
};

const accepts = (shape: AnyShape, value: unknown): boolean => answer(shape, value).issues === undefined;

/** Whether null is a value of its own, not another spelling of the empty one. */
const keepsNull = (shape: AnyShape): boolean => {
  const result = answer(shape, null);
  return result.issues === undefined && result.value === null;
};

/** What the converter cannot see, because the shape checks it by a function: found by asking the shape. */
function leaf(shape: AnyShape): Schema {
  const schema: Schema = { ...toJsonSchema(shape.schema, { typeMode: "input", errorMode: "ignore" }) };
  const options = schema["anyOf"];
  const { $schema: _, default: __, ...own }: Schema = Array.isArray(options) ? { ...options[0] } : schema;
  if (own["type"] === "number" && !accepts(shape, 0.5)) return { ...own, type: "integer" };
  if (own["type"] === "string" && !accepts(shape, "x") && accepts(shape, "2026-03-01T10:00:00Z")) {
    return { ...own, format: "date-time" };
  }
  return Object.keys(own).length === 0 && accepts(shape, {}) && !accepts(shape, "x") ? { type: "object" } : own;
}

/** The JSON Schema of a shape. */
export function schemaOf(shape: AnyShape): Schema {
  const { fields, items, doc: description } = shape;
  const { type } = inner(shape.schema);
  if (fields !== undefined) {
    const members = Object.entries(fields);
    return {
      description,
      type: "object",
      required: members.filter(([, field]) => field.presence === "always").map(([name]) => name),
      properties: Object.fromEntries(members.map(([name, field]) => [name, schemaOf(field)])),
      additionalProperties: type !== "strict_object",
    };
  }
  if (items === undefined) return { description, ...leaf(shape) };
  if (type !== "array") return { description, type: "object", additionalProperties: schemaOf(items) };
  return { description, type: keepsNull(shape) ? ["array", "null"] : "array", items: schemaOf(items) };
}

/** A schema as a file: with its own name and the dialect that it is written in. */
export const schemaFile = (id: string, shape: AnyShape): string =>
  `${JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", $id: id, ...schemaOf(shape) }, undefined, 2)}\n`;
