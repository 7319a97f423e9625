// Files that a command writes must be apart from each other and from what it reads or shares with others, by whatever name.
import { cleanPath, joinPath, outputPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import type { Files } from "../core/ports.ts";

/** What stands where: the name that it was given by, for each place that is taken. */
export type Taken = Map<string, string>;

/** The places of files that are read, and of files that are shared with others, which have locks beside them. Blank names are none. */
export async function takenBy(
  { read, shared }: { readonly read: readonly (string | undefined)[]; readonly shared: readonly string[] },
  files: Pick<Files, "real">,
): Promise<Taken> {
  const taken: Taken = new Map();
  for (const path of read.map((one) => trim(one ?? ""))) {
    if (path !== "") taken.set(await placeOf(path, files), path);
  }
  for (const path of shared) {
    if (path === "") continue;
    const place = await placeOf(path, files);
    taken.set(place, path).set(`${place}.lock`, `${path}.lock`);
  }
  return taken;
}

/**
 * Checks files that are to be written, each with what it is called: two of them at one path would leave one. Faults `path_refused`,
 * `same_file`.
 */
export async function checkOutputs(
  outputs: readonly (readonly [doc: string, path: string])[],
  taken: Taken,
  files: Pick<Files, "real">,
): Promise<Result<void>> {
  const known: Taken = new Map(taken);
  for (const [doc, path] of outputs) {
    const cleaned = outputPath(path, doc);
    if (!cleaned.ok) return cleaned;
    const place = await placeOf(cleaned.value, files);
    const other = known.get(place);
    if (other !== undefined) {
      return fail("same_file", `Cannot write ${doc} to "${path}": "${other}" is that file`, { file: path });
    }
    known.set(place, path);
  }
  return ok(undefined);
}

// One spelling for all names of a file: where it is, or where it would be made. As the text has it where not even a folder is there.
async function placeOf(path: string, files: Pick<Files, "real">): Promise<string> {
  const there = await files.real(path);
  if (there.ok) return there.value;
  const missing: string[] = [];
  for (let folder = cleanPath(path); folder !== "." && folder !== "/";) {
    const at = folder.lastIndexOf("/");
    missing.unshift(folder.slice(at + 1));
    folder = at === -1 ? "." : folder.slice(0, at) || "/";
    const real = await files.real(folder);
    if (real.ok) return joinPath(real.value, missing.join("/"));
  }
  return cleanPath(path);
}
