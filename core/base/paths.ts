// Lexical rules of paths and of ids that become file names. Nothing here looks at a disk.
import { quoted } from "./json_words.ts";
import { fail, ok, type Result } from "./result.ts";
import { trim } from "./text.ts";

/** Resolves doubled separators, `.`, `..` and a trailing `/` by the text alone; nothing left is `.`. */
export const cleanPath = (path: string): string => {
  const absolute = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && kept.length > 0 && kept[kept.length - 1] !== "..") kept.pop();
    else if (part !== ".." || !absolute) kept.push(part);
  }
  return absolute ? `/${kept.join("/")}` : kept.length === 0 ? "." : kept.join("/");
};

/** One path below another, cleaned. */
export const joinPath = (folder: string, name: string): string => cleanPath(`${folder}/${name}`);

/** Whether a path begins at a root: a separator, or a drive and a separator. */
export const isAbsolute = (path: string): boolean => /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);

/** Whether a relative path still leaves its folder after cleaning. */
export const climbs = (path: string): boolean => {
  const cleaned = cleanPath(path.replaceAll("\\", "/"));
  return !isAbsolute(path) && (cleaned === ".." || cleaned.startsWith("../"));
};

/** A path to write to (spec 01, section 4.1): trimmed and cleaned. Fault `path_refused` when empty, `.`, `/` or climbing. */
export const outputPath = (given: string, what: string): Result<string> => {
  const path = trim(given);
  const cleaned = cleanPath(path);
  if (path === "" || cleaned === "." || cleaned === "/" || path.includes("\0")) {
    return fail("path_refused", `Cannot write ${what} to "${given}": the path must name a file`);
  }
  if (climbs(path)) return fail("path_refused", `Cannot write ${what} to "${given}": a relative path must not climb with ".."`);
  return ok(cleaned);
};

/**
 * Checks that an id may be part of a file name: without a separator nothing can climb but an id that is `..` itself. Fault
 * `path_refused` for separators, `.`, `..`, NUL and ids that are blank.
 */
export const fileNameId = (id: string, what: string): Result<string> =>
  /^[.]{0,2}$/.test(trim(id)) || /[/\\\0]/.test(id)
    ? fail(
      "path_refused",
      `Cannot use ${what} ${quoted(id)} in a file name: it must not be blank, "." or "..", nor hold "/", "\\" or NUL`,
    )
    : ok(id);

/** How a runpack is named in a folder of runpacks. */
export const runpackName = (runId: string): string => `runpack_${runId}.zip`;
