// Changes to a JSON text that leave every other byte as it is: settings belong to their user. The text has been read before, so its syntax
// is good; a new value is written in the manner of what stands around it.
import type { Json } from "../base/json.ts";
import { childrenAt, type JsonChild } from "../base/json_locate.ts";
import { skipBlank } from "../base/json_scan.ts";

/** Where a value is: the names and numbers on the way to it. */
export type JsonPath = readonly (string | number)[];

/** Where the value at a path starts; undefined when it is not there. */
export function startOf(text: string, path: JsonPath): number | undefined {
  let at: number | undefined = skipBlank(text, 0);
  for (const step of path) {
    if (at === undefined) return undefined;
    const children: readonly JsonChild[] = childrenAt(text, at);
    at = (typeof step === "number" ? children[step] : children.find(({ name }) => name === step))?.from;
  }
  return at;
}

const container = (text: string, path: JsonPath): number => {
  const at = startOf(text, path);
  if (at === undefined || !"{[".includes(text[at] ?? "")) throw new Error(`no container at ${path.join("/")}`);
  return at;
};

/** The text with one more member, or item, at the end of the object or list at a path; `name` counts for objects alone. */
export function withChild(text: string, path: JsonPath, name: string, value: Json): string {
  const from = container(text, path);
  const object = text[from] === "{";
  const children = childrenAt(text, from);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const spread = text.trimEnd().includes("\n") || children.length === 0 && text.trim() === "{}";
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  const outer = indentAt(text, from);
  const [first] = children;
  const last = children.at(-1);
  const lines = first === undefined ? spread : text.slice(from, first.start).includes("\n");
  const indent = first !== undefined && lines ? indentAt(text, first.start) : outer + unit;
  const label = object ? `${JSON.stringify(name)}:${spread ? " " : ""}` : "";
  const written = label + (lines ? spelled(value, indent, unit, eol) : JSON.stringify(value));
  if (last === undefined) {
    const end = text.indexOf(object ? "}" : "]", from);
    const inside = lines ? `${eol}${indent}${written}${eol}${outer}` : written;
    return text.slice(0, from + 1) + inside + text.slice(end);
  }
  const between = lines ? `,${eol}${indent}` : spread ? ", " : ",";
  return text.slice(0, last.to) + between + written + text.slice(last.to);
}

const spelled = (value: Json, indent: string, unit: string, eol: string): string =>
  JSON.stringify(value, undefined, unit).split("\n").join(`${eol}${indent}`);

const indentAt = (text: string, at: number): string => {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
};

/** The text without the member or item of the container at a path that has this number. */
export function withoutChild(text: string, path: JsonPath, index: number): string {
  const from = container(text, path);
  const children = childrenAt(text, from);
  const child = children[index];
  if (child === undefined) throw new Error(`no child ${index} at ${path.join("/")}`);
  const before = children[index - 1];
  const behind = children[index + 1];
  if (behind !== undefined) return text.slice(0, child.start) + text.slice(behind.start);
  if (before !== undefined) return text.slice(0, before.to) + text.slice(child.to);
  return text.slice(0, from + 1) + text.slice(skipBlank(text, child.to));
}

/** The number of a member of the object at a path; -1 when it has none of that name. */
export const indexOf = (text: string, path: JsonPath, name: string): number =>
  childrenAt(text, container(text, path)).findIndex((child) => child.name === name);
