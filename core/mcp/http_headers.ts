// What a request of Streamable HTTP says twice, in its header fields and in its body: those in between go by the fields, the server by the
// body, so they must agree (MCP 2026-07-28, Streamable HTTP, "Request Metadata"; error -32020).
import { fromBase64, fromUtf8, utf8 } from "../base/bytes.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { lower } from "../base/text.ts";
import type { ClientFrame } from "./frames.ts";
import { CALL, metaOf, MODERN } from "./protocol.ts";

/** The error that says that they do not. */
export const HEADER_MISMATCH = -32020;

/** A field by its name in lowercase. */
export type FieldOf = (name: string) => string | undefined;

const isStateless = (version: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= MODERN;

/** Whether a message belongs to the stateless generation: by its body or, for what says nothing there, by its field. */
export function isStatelessMessage(frame: ClientFrame, field: FieldOf): boolean {
  const said = frame.kind === "request" || frame.kind === "notification" ? metaOf(frame.params, "version") : undefined;
  return said === undefined ? isStateless(field("mcp-protocol-version") ?? "") : typeof said === "string" && isStateless(said);
}

/** Which member of the params the field `mcp-name` repeats, by method. */
const NAMED: Readonly<Record<string, string>> = {
  [CALL]: "name",
  "prompts/get": "name",
  "resources/read": "uri",
  "tasks/get": "taskId",
  "tasks/update": "taskId",
  "tasks/cancel": "taskId",
};

const FORM = /^=\?base64\?(.*)\?=$/;

/** The text of a field that may be in base64; undefined where it is no text. */
export function decodedField(value: string): string | undefined {
  const coded = FORM.exec(value)?.[1];
  if (coded === undefined) return /^[\t -~]*$/.test(value) ? value : undefined;
  const bytes = fromBase64(coded);
  const text = bytes === undefined ? "" : fromUtf8(bytes);
  return bytes !== undefined && sameText(text, bytes) ? text : undefined;
}

// Bytes that are no UTF-8 come back as others.
const sameText = (text: string, bytes: Uint8Array): boolean => {
  const again = utf8(text);
  return again.length === bytes.length && again.every((byte, i) => byte === bytes[i]);
};

const quoted = (text: string): string => JSON.stringify(text);

/** Why the fields of a message do not agree with its body, in words; undefined where they do. Stateless requests must have them. */
export function fieldMismatch(frame: ClientFrame, field: FieldOf): string | undefined {
  if (frame.kind !== "request" && frame.kind !== "notification") return undefined;
  const { method, params } = frame;
  const stateless = frame.kind === "request" && isStatelessMessage(frame, field);
  const version = field("mcp-protocol-version");
  const said = metaOf(params, "version");
  if (said !== undefined || (stateless && version !== undefined)) {
    if (version === undefined) return "MCP-Protocol-Version is missing";
    if (version !== said) {
      return `MCP-Protocol-Version is ${quoted(version)}, the body says ${JSON.stringify(said) ?? "nothing"}`;
    }
  }
  const named = field("mcp-method");
  if (named === undefined ? stateless : named !== method) {
    return named === undefined ? "Mcp-Method is missing" : `Mcp-Method is ${quoted(named)}, the method ${quoted(method)}`;
  }
  const member = Object.hasOwn(NAMED, method) ? NAMED[method] : undefined;
  return member === undefined ? undefined : nameMismatch(member, params[member], field("mcp-name"), stateless);
}

function nameMismatch(member: string, value: Json | undefined, given: string | undefined, wanted: boolean): string | undefined {
  if (given === undefined) return wanted && typeof value === "string" ? "Mcp-Name is missing" : undefined;
  const name = decodedField(given);
  if (name === undefined) return "Mcp-Name is no text";
  return name === value ? undefined : `Mcp-Name is ${quoted(name)}, member "${member}" ${JSON.stringify(value) ?? "nothing"}`;
}

/** An argument that is repeated in a field. */
type Repeated = { readonly name: string; readonly path: readonly string[]; readonly number: boolean };

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The arguments that a schema wants repeated: those that nothing but names of members lead to. */
function repeatedIn(schema: JsonObject, path: readonly string[] = []): readonly Repeated[] {
  const { properties } = schema;
  if (!isJsonObject(properties) || path.length > MOST_DEPTH) return [];
  return Object.entries(properties).flatMap(([key, child]) => {
    if (!isJsonObject(child)) return [];
    const below = [...path, key];
    const name = child["x-mcp-header"];
    const number = child["type"] === "integer" || child["type"] === "number";
    const own = typeof name === "string" && TOKEN.test(name) ? [{ name, path: below, number }] : [];
    return [...own, ...repeatedIn(child, below)];
  });
}

const MOST_DEPTH = 32;

function valueAt(args: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = args;
  for (const key of path) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/** Why the fields `mcp-param-…` of a stateless call do not agree with its arguments, by the declaration of its tool. */
export function paramMismatch(declared: JsonObject, args: JsonObject, field: FieldOf): string | undefined {
  const schema = declared["inputSchema"];
  for (const { name, path, number } of isJsonObject(schema) ? repeatedIn(schema) : []) {
    const given = field(`mcp-param-${lower(name)}`);
    const value = valueAt(args, path);
    const what = `Mcp-Param-${name}`;
    if (value === undefined || value === null) {
      if (given !== undefined) return `${what} is there, the argument is not`;
      continue;
    }
    if (isJsonObject(value) || Array.isArray(value)) continue; // no field can hold it, and the schema does not want it
    if (given === undefined) return `${what} is missing`;
    const text = decodedField(given);
    if (text === undefined) return `${what} is no text`;
    const same = number && typeof value === "number" && /^-?\d+(\.\d+)?$/.test(text)
      ? Number(text) === value
      : text === String(value);
    if (!same) return `${what} is ${quoted(text)}, the argument ${JSON.stringify(value)}`;
  }
  return undefined;
}
