// Files that go into a pack as they are: open from the moment they are judged until the pack is written, and never held.
import { fail, ok, type Result } from "../core/base/result.ts";
import { MAX_ENTRY_BYTES } from "../core/base/zip_limits.ts";
import { bytesSource } from "../core/base/zip_source.ts";
import type { OpenFile, Ports } from "../core/ports.ts";
import { withProgress } from "./watched_source.ts";

/**
 * Opens a file for a pack: it stays the same file whatever takes its place. What is no plain file, such as a pipe, can be read once only and is
 * held. Faults as of `Files`; `file_too_large` over the limit of an entry.
 */
export async function openContent(
  path: string,
  { files, progress }: Pick<Ports, "files" | "progress">,
): Promise<Result<OpenFile>> {
  if (await files.kind(path) !== "file") {
    const bytes = await files.read(path, MAX_ENTRY_BYTES);
    return bytes.ok ? ok({ ...bytesSource(bytes.value), close: () => {} }) : bytes;
  }
  const file = await files.open(path);
  if (!file.ok) return file;
  const { size, close } = file.value;
  if (size > MAX_ENTRY_BYTES) {
    close();
    return fail("file_too_large", `Cannot read "${path}": it holds more than 100 MiB`, { file: path });
  }
  return ok({ ...withProgress(file.value, `pack ${path}`, progress), close });
}

/** Files that are open for a pack, to be closed together. */
export type Contents = {
  /** Opens one more. Faults of `openContent`. */
  open(path: string): Promise<Result<OpenFile>>;
  close(): void;
};

/** No files yet. */
export function packContents(ports: Pick<Ports, "files" | "progress">): Contents {
  const opened: OpenFile[] = [];
  return {
    async open(path) {
      const file = await openContent(path, ports);
      if (file.ok) opened.push(file.value);
      return file;
    },
    close: () => opened.splice(0).forEach((file) => file.close()),
  };
}
