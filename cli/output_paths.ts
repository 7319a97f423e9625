// Files that a command writes must be apart from each other and from what it reads or shares with others, by whatever name.
import { cleanPath, joinPath, outputPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import type { Files } from "../core/ports.ts";
import { folderOf, nameIn } from "./targets.ts";

/** Files that are read, and files that are shared with others, which have locks beside them. Blank names are none. */
export type Used = { readonly read: readonly (string | undefined)[]; readonly shared: readonly string[] };

/** What stands where: the name that it was given by, for each place that is taken. */
export type Taken = Map<string, string>;

/** The places of files in use. */
export async function takenBy({ read, shared }: Used, files: Pick<Files, "real">): Promise<Taken> {
  const taken: Taken = new Map();
  const placeOf = places(files);
  for (const path of read.map((one) => trim(one ?? ""))) {
    if (path !== "") taken.set(await placeOf(path), path);
  }
  for (const path of shared) {
    if (path === "") continue;
    const place = await placeOf(path);
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
  const placeOf = places(files);
  for (const [doc, path] of outputs) {
    const cleaned = outputPath(path, doc);
    if (!cleaned.ok) return cleaned;
    const place = await placeOf(cleaned.value);
    const other = known.get(place);
    if (other !== undefined) {
      return fail("same_file", `Cannot write ${doc} to "${path}": "${other}" is that file`, { file: path });
    }
    known.set(place, path);
  }
  return ok(undefined);
}

/**
 * Checks a file that is added to, which may have another name as well (a hard link): a file in use must not grow with it. What
 * takes the place of a file leaves its other names alone. Fault `same_file`.
 */
export async function checkGrowing(
  [doc, path]: readonly [doc: string, path: string],
  { read, shared }: Used,
  files: Pick<Files, "twin">,
): Promise<Result<void>> {
  const twin = path === "" ? undefined : await files.twin(path);
  if (twin === undefined) return ok(undefined);
  for (const other of [...read, ...shared]) {
    if (other === undefined || other === "" || await files.twin(other) !== twin) continue;
    return fail("same_file", `Cannot write ${doc} to "${path}": "${other}" is another name of that file`, { file: path });
  }
  return ok(undefined);
}

// One spelling for all names of a file: where it is, or where it would be made. As the text has it where not even a folder is there.
// Folders are asked for once.
function places(files: Pick<Files, "real">): (path: string) => Promise<string> {
  const folders = new Map<string, Result<string>>();
  return async (path) => {
    const cleaned = cleanPath(path);
    const gone = path === cleaned && folders.get(folderOf(cleaned))?.ok === false; // nothing is in a folder that is not there
    const there = gone ? undefined : await files.real(path);
    if (there?.ok === true) return there.value;
    const missing: string[] = [];
    for (let folder = cleaned; folder !== "." && folder !== "/";) {
      missing.unshift(nameIn(folder));
      folder = folderOf(folder);
      const real = folders.get(folder) ?? await files.real(folder);
      folders.set(folder, real);
      if (real.ok) return joinPath(real.value, missing.join("/"));
    }
    return cleaned;
  };
}
