// Files that can be made again, on a real disk.
import type { ArtifactDisk } from "./artifacts.ts";
import { denoDisk } from "./deno_disk.ts";
import { asked, errnoOf } from "./errno.ts";
import { tryLock } from "./lock_deno.ts";

/** How long to wait for a lock where the runtime can only ask by waiting, in milliseconds: a busy machine must not tell a free one held. */
const SOON = 500;

// Kept in hand: what is locked stays open until somebody lets go of it.
const held = new Set<Deno.FsFile>();

/** The disk that the process sees. */
export const denoArtifacts: ArtifactDisk = {
  ...denoDisk,
  async syncFile(path) {
    if (!asked(() => Deno.statSync(path)).isFile) return; // opening a pipe waits for its writer, and nothing of it is on a disk
    const file = await Deno.open(path, { read: true });
    try {
      await file.syncData();
    } finally {
      file.close();
    }
  },
  entries(folder) {
    const found: { name: string; modified: number }[] = [];
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (!isFile) continue;
      const modified = changed(`${folder}/${name}`);
      if (modified !== undefined) found.push({ name, modified });
    }
    return found;
  },
  changed,
  async claim(path) {
    const file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
    if (!await tryLock(file, SOON)) return undefined; // a file that is still waited for is left to the end of the process
    held.add(file);
    return () => {
      if (held.delete(file)) file.close();
    };
  },
};

// Undefined when it has gone meanwhile.
function changed(path: string): number | undefined {
  try {
    const { isFile, mtime } = Deno.lstatSync(path);
    return isFile ? mtime?.getTime() ?? 0 : undefined;
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
    return undefined;
  }
}
