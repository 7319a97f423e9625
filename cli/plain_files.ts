// Reading for programs that others wait for: what is no plain file is refused before it is opened. Opening a pipe waits for its writer, and
// nobody else would be answered meanwhile, nor would the program end when it is told to.
import { fail } from "../core/base/result.ts";
import type { Files, Ports } from "../core/ports.ts";

/**
 * The same ports, but nothing that they read is a pipe or a device. `once` are files that are read a single time, before anybody is
 * answered: they may be one.
 */
export const plainly = <P extends Pick<Ports, "files">>(
  ports: P,
  once: readonly string[],
): Omit<P, "files"> & Pick<Ports, "files"> => ({ ...ports, files: plainFiles(ports.files, once) });

function plainFiles(files: Files, once: readonly string[]): Files {
  const waited = new Set(once);
  return {
    ...files, // what is opened to be read in pieces is a plain file in any case
    async read(path, limit) {
      if (!waited.delete(path) && await files.kind(path) === "other") {
        return fail("file_unreadable", `Cannot read "${path}": it is not a plain file`, { file: path });
      }
      return await files.read(path, limit);
    },
  };
}
