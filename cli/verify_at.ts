// Verifying the one runpack at a path.
import { ok, type Result } from "../core/base/result.ts";
import { type RunpackReport, type Trust, verifyRunpack } from "../core/run/verify.ts";
import { PACK_SEQUENCES } from "../core/schema/pack_sequence.ts";
import type { Ports } from "../core/ports.ts";
import { withProgress } from "./watched_source.ts";

/** Verifies the runpack at a path. */
export async function verifyAt(
  path: string,
  trust: Trust,
  { files, host, progress }: Pick<Ports, "files" | "host"> & Partial<Pick<Ports, "progress">>,
): Promise<Result<RunpackReport>> {
  const file = await files.open(path);
  if (!file.ok) return file;
  const source = progress === undefined ? file.value : withProgress(file.value, `verify ${path}`, progress);
  const report = await verifyRunpack(host, source, path, trust, async (archive, { files: rows }) => {
    if (archive.find(PACK_SEQUENCES) === undefined) return ok({});
    const { checkJournals } = await import("../core/flow/pack_journals.ts"); // few runpacks have any
    const contents = (rows ?? []).map(({ path: entry, sha256 }) => ({ path: entry, sha256, type: "" }));
    return await checkJournals(host.crypto, archive, { contents }, path);
  });
  file.value.close();
  return report;
}
