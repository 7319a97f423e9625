// Reading a runpack of the user's as a whole: from `<run_id|path>` to its records.
import { ok, type Result } from "../core/base/result.ts";
import { openRunpack, type Runpack } from "../core/run/open.ts";
import type { Ports } from "../core/ports.ts";
import { resolveRunpack } from "./runpacks.ts";
import { withProgress } from "./watched_source.ts";

/** A runpack and where it was found. */
export type Opened = { readonly path: string; readonly pack: Runpack };

/** Opens a runpack for use; `verb` is what progress says. The faults are those of `resolveRunpack` and `openRunpack`. */
export async function openGiven(
  given: string,
  verb: string,
  ports: Pick<Ports, "files" | "machine" | "host" | "progress">,
): Promise<Result<Opened>> {
  const path = await resolveRunpack(given, ports);
  return path.ok ? await openAt(path.value, verb, ports) : path;
}

/** The same for a path that is known already. */
export async function openAt(
  path: string,
  verb: string,
  ports: Pick<Ports, "files" | "host" | "progress">,
): Promise<Result<Opened>> {
  const file = await ports.files.open(path);
  if (!file.ok) return file;
  const pack = await openRunpack(ports.host, withProgress(file.value, `${verb} ${path}`, ports.progress), path);
  file.value.close();
  return pack.ok ? ok({ path, pack: pack.value }) : pack;
}
