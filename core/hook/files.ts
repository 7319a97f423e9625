// Which files a call of a built-in tool touches: each member that names one counts, by itself. Where that cannot be told the call is
// refused, because a list of paths in a policy holds nothing against a call that names none.
import { isJsonList, type Json, type JsonObject } from "../base/json_value.ts";
import { isAbsolute } from "../base/paths.ts";
import { trim } from "../base/text.ts";
import type { BuiltIn } from "./tools.ts";

/** The folder of the agent and the home of its user; empty where they are not known. */
export type FilePlace = { readonly cwd: string; readonly home: string };

/** The members in which agents name a file or a folder, and those in which they may name several. */
const PATHS = [
  ...["path", "file_path", "filepath", "filePath", "file", "filename", "notebook_path", "absolute_path", "relative_path"],
  ...["target_file", "target_notebook", "dir_path", "directory", "target_directory", "folder"],
] as const;
const LISTS = ["paths", "files", "file_paths"] as const;

/** The paths that a call touches, from the root where that is known; undefined where it cannot be told. */
export function filesOf({ files, globs }: BuiltIn, input: JsonObject, place: FilePlace): readonly string[] | undefined {
  const named = all(PATHS.flatMap((key) => textsOf(input[key], "one")).map((path) => path && placedPath(path, place)));
  const listed = all(
    LISTS.flatMap((key) => globs.includes(key) ? [] : textsOf(input[key], "many"))
      .map((path) => path && placedPath(path, place)),
  );
  const patterns = all(globs.flatMap((key) => textsOf(input[key], "many")));
  if (named === undefined || listed === undefined || patterns === undefined) return undefined;
  // Patterns are taken from the folder of the tool.
  const folders = named.length === 0 ? [place.cwd || "."] : named;
  const found = all(folders.flatMap((cwd) => patterns.map((pattern) => globFolder(pattern, { ...place, cwd }))));
  const paths = [...named, ...listed, ...found ?? []];
  if (found === undefined || files === "named" && paths.length === 0) return undefined;
  return [...new Set(files === "folder" ? [...folders, ...paths] : paths)];
}

/** The addresses that a call reads; undefined where they are no text. */
export const pagesOf = (input: JsonObject): readonly string[] | undefined =>
  all(["url", "uri"].flatMap((key) => textsOf(input[key], "many")));

const all = (texts: readonly (string | undefined)[]): readonly string[] | undefined => {
  const known = texts.filter((text) => text !== undefined);
  return known.length === texts.length ? known : undefined;
};

// What is null or blank names nothing; undefined stands for what is no text.
function textsOf(value: Json | undefined, most: "one" | "many"): readonly (string | undefined)[] {
  if (value === undefined || value === null) return [];
  if (most === "many" && isJsonList(value)) return value.flatMap((item) => textsOf(item, "one"));
  if (typeof value !== "string") return [undefined];
  return trim(value) === "" ? [] : [trim(value)];
}

/**
 * A path from the root: a relative one lies in the agent's folder, and `~` is the home that agents may take it for; undefined where
 * that is not known. It is not cleaned: that it climbs is for the gate to see.
 */
export function placedPath(path: string, { cwd, home }: FilePlace): string | undefined {
  if (path.startsWith("~")) return home !== "" && /^~(?:\/|$)/.test(path) ? home + path.slice(1) : undefined;
  return cwd === "" || isAbsolute(path) ? path : `${cwd}/${path}`;
}

// Alternatives can be put together to a way out: `.{.,x}/`, `{,x}/etc`, `[.][.]/`.
const PARTS = /[{}(),|/[\]]/;
const AT_ROOT = /[{(,|[](?:[/~,|})]|$)/;

/** The folder in which all that a pattern can match lies: what stands before its first wildcard; undefined where it may leave it. */
function globFolder(pattern: string, place: FilePlace): string | undefined {
  const wild = pattern.search(/[*?[{(\\]/);
  if (wild === -1) return placedPath(pattern, place);
  const cut = pattern.lastIndexOf("/", wild) + 1;
  const rest = pattern.slice(cut);
  const dots = rest.split(PARTS).filter((part) => /^[.]+$/.test(part)).join("");
  if (pattern.includes("\\") || dots.length > 1 || cut === 0 && AT_ROOT.test(rest)) return undefined;
  return cut === 0 ? place.cwd : placedPath(pattern.slice(0, cut - 1) || "/", place);
}
