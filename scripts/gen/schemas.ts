// JSON Schemas (2020-12) of wire documents, from their shapes: the form in which gait writes them.
import { toJsonSchema } from "@valibot/to-json-schema";
import { type AnyShape, fieldsOf } from "../../core/base/shape.ts";

/** A JSON Schema. */
export type Schema = { readonly [keyword: string]: unknown };

type Inner = { readonly type: string; readonly wrapped?: Inner; readonly pipe?: readonly Inner[] };

/** The kinds of all schemas that one value goes through: what stands for "may be absent", and each step of a pipe. */
const kinds = (schema: Inner): string[] => [
  schema.type,
  ...(schema.wrapped === undefined ? [] : kinds(schema.wrapped)),
  ...(schema.pipe ?? []).flatMap(kinds),
];

/** What a shape says of a value. */
export const answer = (shape: AnyShape, value: unknown) => {
  const result = shape.reading.schema()["~standard"].validate(value);
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
  const schema: Schema = { ...toJsonSchema(shape.reading.schema(), { typeMode: "input", errorMode: "ignore" }) };
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
  const { fields, items, words, keywords, doc: description } = shape;
  const kind = kinds(shape.reading.schema());
  if (fields !== undefined) {
    const members = Object.entries(fields());
    return {
      description,
      type: "object",
      required: members.filter(([, field]) => field.presence === "always").map(([name]) => name),
      properties: Object.fromEntries(members.map(([name, field]) => [name, schemaOf(field)])),
      additionalProperties: !kind.includes("strict_object"),
    };
  }
  if (items === undefined) return { description, ...leaf(shape), ...(words === undefined ? {} : { enum: words }), ...keywords };
  if (!kind.includes("array")) return { description, type: "object", additionalProperties: schemaOf(items) };
  return { description, type: keepsNull(shape) ? ["array", "null"] : "array", items: schemaOf(items), ...keywords };
}

/** Where schemas are named. */
export const NAMESPACE = "https://gait.dev/schemas/v1/";

/** A schema as a file: with its own name and the dialect that it is written in. */
export const schemaFile = (name: string, shape: AnyShape): string => {
  const head = { $schema: "https://json-schema.org/draft/2020-12/schema", $id: `${NAMESPACE}${name}.schema.json` };
  return `${JSON.stringify({ ...head, ...schemaOf(shape) }, undefined, 2)}\n`;
};

type Member = { readonly path: string; readonly shape: AnyShape };

/** All members below a shape, outermost first: `a.b` for a member, `a[]` for an item of a list, `a.*` for one of a map. */
function members(shape: AnyShape, path: string): Member[] {
  const { items } = shape;
  const own = Object.entries(fieldsOf(shape)).map(([name, field]) => ({
    path: path === "" ? name : `${path}.${name}`,
    shape: field,
  }));
  const item = items === undefined ? [] : members(items, schemaOf(shape)["type"] === "object" ? `${path}.*` : `${path}[]`);
  return [...item, ...own.flatMap((member) => [member, ...members(member.shape, member.path)])];
}

const WHEN = { always: "always", filled: "when not empty", present: "when given" } as const;

const typeName = (schema: Schema): string => {
  if (schema["const"] !== undefined) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"])) return schema["enum"].map((word) => `"${word}"`).join(" ");
  const { type, format, items } = schema;
  const names = Array.isArray(type) ? type.join(" or ") : String(type ?? "any");
  const item = typeof items === "object" && items !== null && "type" in items ? ` of ${items.type}` : "";
  return `${names}${format === undefined ? "" : ` (${format})`}${item}`;
};

/** What every generated page says of itself. */
export const NOTE = "Written by `deno task gen` from the shapes of `core/schema/`. Do not edit.";

/** The page of one document: its members, when each is written, what it means. */
const formatPage = (name: string, shape: AnyShape): string =>
  [
    `# ${name}`,
    NOTE,
    `${shape.doc}. JSON Schema: [${name}.schema.json](../../../schemas/v1/${name}.schema.json).`,
    members(shape, "").some(({ shape: member }) => accepts(member, null))
      ? "A reader takes null for absent, and absent for the empty value of the member."
      : "A reader refuses null, members that are missing, and members that are not known.",
    [
      "| member | type | written | meaning |",
      "|---|---|---|---|",
      ...members(shape, "").map(({ path, shape: member }) =>
        `| \`${path}\` | ${typeName(schemaOf(member))} | ${WHEN[member.presence]} | ${member.doc.replaceAll("|", "\\|")} |`
      ),
    ].join("\n"),
  ].join("\n\n") + "\n";

/** The pages of docs/formats: a list of all documents, and a page for each. */
export function formatPages(documents: Readonly<Record<string, AnyShape>>): readonly (readonly [string, string])[] {
  const rows = Object.entries(documents).map(([name, { doc }]) => `| [${name}](${name}.md) | ${doc} |`);
  const list = [
    "# Formats",
    NOTE,
    "How they hang together: [evidence](../evidence.md).",
    ["| document | what it is |", "|---|---|", ...rows].join("\n"),
  ];
  return [
    ["docs/formats/README.md", `${list.join("\n\n")}\n`],
    ...Object.entries(documents).map(([name, shape]) => [`docs/formats/${name}.md`, formatPage(name, shape)] as const),
  ];
}
