// Symbolic links: where none may be, since whoever can set one would choose another file than the one that was named; and where a user
// keeps a file behind one.
import { joinPath } from "../core/base/paths.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";

/** The paths on the way to a cleaned path, itself the last; seen from `folder`, which is not one of them. */
export function* stepsTo(path: string, folder?: string): Generator<string> {
  const seen = (step: string): string => folder === undefined ? step : joinPath(folder, step);
  for (let end = path.indexOf("/", 1); end !== -1; end = path.indexOf("/", end + 1)) yield seen(path.slice(0, end));
  yield seen(path);
}

/** The first of some paths that is a link, or undefined when none is. */
export async function firstLink(paths: Iterable<string>, files: Pick<Ports["files"], "isLink">): Promise<string | undefined> {
  for (const path of paths) if (await files.isLink(path)) return path;
  return undefined;
}

/** The file that a path names, a link followed: written in its place, the link would be lost and the file behind it stay as it was. */
export const behindLink = async (path: string, files: Pick<Ports["files"], "isLink" | "real">): Promise<Result<string>> =>
  await files.isLink(path) ? await files.real(path) : ok(path);
