// Where commands that make a file of another put it.
import { cleanPath, fileNameId, joinPath, outputPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";

/** What is to be written, from what. */
export type Target = {
  /** What the user gave; blank or undefined asks for the default. */
  readonly given: string | undefined;
  /** The default. */
  readonly name: string;
  /** The run id in the default, where there is one: no path comes of it. */
  readonly run_id?: string;
  /** In messages. */
  readonly what: string;
  /** Files that it must not be, because they are read or written too. */
  readonly others: readonly string[];
};

/** The name of a new file in the folder of another. */
export const besideFile = (path: string, name: string): string => {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return joinPath(folder === "" ? "." : folder, name);
};

/** The name that a path ends with. */
export const nameIn = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder that a path is in. */
export const folderOf = (path: string): string => besideFile(path, ".");

/** The path to write to. Faults `path_refused`, and `same_file` when it is one of the others (by the text of the path alone). */
export function targetPath({ given = "", name, run_id, what, others }: Target): Result<string> {
  const id = given === "" && run_id !== undefined ? fileNameId(run_id, "run id") : ok(run_id);
  if (!id.ok) return id;
  const path = outputPath(given === "" ? name : given, what);
  if (!path.ok || !others.map(cleanPath).includes(path.value)) return path;
  return fail("same_file", `Cannot write ${what} to "${path.value}": it must be another file than that`, { file: path.value });
}
