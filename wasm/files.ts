// Artifacts that lie in files, for the runtimes that have any: opened for one request, read in slices, closed after it.
import type { Host, Source } from "../core/base/host.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { call, refusal } from "./call.ts";
import { sourceOf } from "./sources.ts";

/** A file that was opened, to be closed. */
export type OpenFile = Source & { close(): unknown };

/** Opens a file; rejects as the runtime does. */
export type Opener = (path: string) => Promise<OpenFile>;

async function opened(open: Opener, path: string): Promise<Result<OpenFile>> {
  try {
    return ok(await open(path));
  } catch (thrown) {
    const missing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    const at = { file: path };
    return missing
      ? fail("file_missing", `Cannot read "${path}": there is no such file`, at)
      : fail("file_unreadable", `Cannot read "${path}": it is not a file, or may not be read`, at);
  }
}

/** Answers one JSON request about artifacts that are bytes or paths. */
export async function callOnFiles(
  host: Host,
  open: Opener,
  request: string,
  artifacts: readonly (Uint8Array | string)[],
): Promise<string> {
  const files: OpenFile[] = [];
  const sources: Source[] = [];
  try {
    for (const artifact of artifacts) {
      if (typeof artifact !== "string") {
        sources.push(sourceOf(artifact));
        continue;
      }
      const file = await opened(open, artifact);
      if (!file.ok) return refusal(file.fault);
      files.push(file.value);
      sources.push(file.value);
    }
    return await call(host, request, sources);
  } finally {
    for (const file of files) await file.close();
  }
}
