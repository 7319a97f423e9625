// How a command's `<run_id|path>` finds its file (spec 01, section 5.8), and how paths are shown.
import { fileNameId, joinPath, runpackName } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import type { Ports } from "../core/ports.ts";

/** Where recorded runs go unless told otherwise. */
export const OUT_DIR = "./gait-out";

/** What every command that takes a runpack says about its argument. */
export const RUNPACK_ARGUMENT = {
  name: "run_id|path",
  doc: "Run id, looked up in ./gait-out and ~/.gait/runpacks, or a path",
  complete: "path",
} as const;

/**
 * The path of a runpack. A text with a separator, ending in `.zip`, or naming a `.json` file that is there is a path; any
 * other is a run id. Faults `missing_argument`, `file_missing`, `file_unreadable`, `path_refused`.
 */
export async function resolveRunpack(
  given: string,
  { files, machine }: Pick<Ports, "files" | "machine">,
): Promise<Result<string>> {
  const text = trim(given);
  if (text === "") return fail("missing_argument", "Cannot find the runpack: expected a run id or a path");
  const isJson = text.toLowerCase().endsWith(".json") && await files.kind(text) === "file";
  if (/[/\\]/.test(text) || text.toLowerCase().endsWith(".zip") || isJson) {
    const kind = await files.kind(text);
    if (kind === "file") return ok(text);
    const at = { file: text };
    return kind === "none" ? fail("file_missing", `Cannot read runpack "${text}": there is no such file`, at) : fail(
      "file_unreadable",
      `Cannot read runpack "${text}": it is ${kind === "folder" ? "a folder" : "not a plain file"}`,
      at,
    );
  }
  const id = fileNameId(text, "run id");
  if (!id.ok) return id;
  const name = runpackName(text);
  const places = [
    joinPath(OUT_DIR, name),
    ...(machine.home === undefined ? [] : [joinPath(machine.home, `.gait/runpacks/${name}`)]),
  ];
  for (const path of places) if (await files.kind(path) === "file") return ok(path);
  return fail("file_missing", `Cannot find run "${text}": there is no ${places.join(" and no ")}`);
}

/** A word as a shell takes it: in single quotes where it holds more than plain characters. */
export { shellQuoted as shellWord } from "../core/base/shell_quote.ts";

/** A path as commands show it: `./` in front of a relative one that does not start with a dot. */
export const shownPath = (path: string): string => path.startsWith("/") || path.startsWith(".") ? path : `./${path}`;

/**
 * The argument of a command that takes it as a flag or as a positional, not as both; a blank flag is none. Fault `usage`; blank when
 * neither is there.
 */
export function oneArgument(flag: string | undefined, positionals: readonly string[], name: string): Result<string> {
  const first = positionals[0];
  if (first === undefined) return ok(flag ?? "");
  return (flag ?? "") === "" ? ok(first) : fail("usage", `Cannot take both --${name} and "${first}": expected one of them`);
}
