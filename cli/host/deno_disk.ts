// The primitive steps of durable writes on a real disk. Synchronous, because a lone write is faster so.
import type { Disk, TempFile } from "./durable.ts";
import { asked, errnoOf } from "./errno.ts";

const WINDOWS = Deno.build.os === "windows";
const SEPARATORS = WINDOWS ? /[/\\]/ : /\//;

/** The disk that the process sees. */
export const denoDisk: Disk = {
  look(path) {
    try {
      const { isFile, isDirectory } = asked(() => Deno.statSync(path));
      return isFile ? "file" : isDirectory ? "folder" : "other";
    } catch (thrown) {
      const errno = errnoOf(thrown);
      if (errno === "ENOENT" || errno === "ENOTDIR") return "nothing"; // or a link to nothing, which may be replaced
      throw thrown;
    }
  },
  parent(path) {
    const parts = path.split(SEPARATORS);
    while (parts.length > 1 && parts.at(-1) === "") parts.pop();
    const last = parts.pop();
    if (parts.length === 0) return last === "." || last === "" ? undefined : ".";
    const folder = parts.join("/");
    return folder === "" || /^[A-Za-z]:$/.test(folder) ? `${folder}/` : folder;
  },
  makeFolder: (path) => Deno.mkdirSync(path, { mode: 0o750 }),
  createTemp(path): TempFile {
    const file = Deno.openSync(path, { write: true, createNew: true, mode: 0o600 });
    return { write: (bytes) => file.writeSync(bytes), sync: () => file.syncSync(), close: () => file.close() };
  },
  copyMode(from, to) {
    const { mode } = Deno.statSync(from);
    if (mode !== null && !WINDOWS) Deno.chmodSync(to, mode & 0o777);
  },
  rename: (from, to) => Deno.renameSync(from, to),
  link: (from, to) => Deno.linkSync(from, to),
  remove: (path) => Deno.removeSync(path),
  syncFolder(path) {
    if (WINDOWS) return; // a folder cannot be opened there; NTFS journals the names
    const folder = Deno.openSync(path);
    try {
      folder.syncSync();
    } catch (thrown) {
      if (errnoOf(thrown) !== "EINVAL") throw thrown; // some network file systems cannot, and say so
    } finally {
      folder.close();
    }
  },
};
