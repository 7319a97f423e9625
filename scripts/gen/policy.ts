// The JSON Schema of policies, by which editors complete and check them. Unlike other documents a policy is read as people write it:
// nothing is required that has a default.
import type { AnyShape } from "../../core/base/shape.ts";
import { PolicyShape } from "../../core/schema/policy.ts";
import { answer, NAMESPACE, type Schema } from "./schemas.ts";

// Text takes any scalar as its text; a word of a closed list is text, and a blank one says nothing. Nor does null, whatever is wanted:
// `fmt --canonical` writes both.
const SCALARS: Readonly<Record<NonNullable<AnyShape["scalar"]>, Schema>> = {
  text: { type: ["string", "number", "boolean", "null"] },
  integer: { type: ["integer", "null"] },
  decimal: { type: ["number", "null"] },
  truth: { type: ["boolean", "null"] },
};

// What stands by its place, since a shape does not say it: what has no default.
const REQUIRED: Readonly<Record<string, Schema>> = {
  "/rules/[]": { required: ["name"], anyOf: [{ required: ["effect"] }, { required: ["action"] }] },
  "/rules/[]/freeze_window": { required: ["timezone", "windows"] },
  "/rules/[]/freeze_window/windows/[]": { required: ["start", "end"] },
};

const accepts = (shape: AnyShape, value: unknown): boolean => answer(shape, value).issues === undefined;

const scalarSchema = (shape: AnyShape): Schema => {
  if (shape.words !== undefined) return { enum: [...shape.words, "", null] };
  const kind = shape.scalar === undefined ? {} : SCALARS[shape.scalar];
  return shape.scalar === "integer" && !accepts(shape, -1) ? { ...kind, minimum: 0 } : kind;
};

/** The JSON Schema of a document as people write it. */
function writtenSchema(shape: AnyShape, at: string): Schema {
  const { fields, items, doc: description } = shape;
  if (items !== undefined) return { description, type: ["array", "null"], items: writtenSchema(items, `${at}/[]`) };
  if (fields === undefined) return { description, ...scalarSchema(shape) };
  const properties = Object.fromEntries(
    Object.entries(fields()).map(([name, field]) => [name, writtenSchema(field, `${at}/${name}`)]),
  );
  const type = at === "" || at.endsWith("[]") ? "object" : ["object", "null"];
  return { description, type, properties, additionalProperties: false, ...REQUIRED[at] };
}

/** The file of the policy's schema. */
export const policySchema = (): string => {
  const head = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `${NAMESPACE}gate/policy.schema.json`,
    title: "Gait policy",
  };
  return `${JSON.stringify({ ...head, ...writtenSchema(PolicyShape, "") }, undefined, 2)}\n`;
};
