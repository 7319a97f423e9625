// Which files can tell something about agents, by their names.
import { isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";

/** What a file is written in, as far as detection cares. */
export type Kind = "python" | "script" | "json" | "requirements";

const ENDINGS: ReadonlyMap<string, Kind> = new Map([
  ["py", "python"],
  ["ts", "script"],
  ["tsx", "script"],
  ["mts", "script"],
  ["js", "script"],
  ["jsx", "script"],
  ["mjs", "script"],
  ["cjs", "script"],
  ["json", "json"],
]);

/** The kind of a file; undefined for one that need not be read. */
export function kindOf(path: string): Kind | undefined {
  const name = fileName(path);
  if (name === "pyproject.toml" || name === "pipfile" || /^requirements[\w.-]*\.txt$/.test(name)) return "requirements";
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : ENDINGS.get(name.slice(dot + 1));
}

/** The last part of a path, in lowercase. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1).toLowerCase();

/** The members of an object; of anything else none. */
export const members = (json: Json | undefined): JsonObject & { readonly [name: string]: Json | undefined } =>
  isJsonObject(json) ? json : NONE;

const NONE: JsonObject = {};
