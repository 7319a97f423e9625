// Files that can be made again, on a real disk.
import type { ArtifactDisk } from "./artifacts.ts";
import { denoDisk } from "./deno_disk.ts";
import { errnoOf } from "./errno.ts";

/** How long to wait for a lock where the runtime can only ask by waiting, in milliseconds. */
const SOON = 500;

// Locked until the process ends: nothing closes them.
const held: Deno.FsFile[] = [];

/** The disk that the process sees. */
export const denoArtifacts: ArtifactDisk = {
  ...denoDisk,
  async syncFile(path) {
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
  async claim(path) {
    const file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), SOON);
    });
    const claimed = await Promise.race([file.lock(true).then(() => true), late]);
    clearTimeout(timer);
    if (claimed) held.push(file); // one that is still waited for is left to the end of the process
    return claimed;
  },
};

// Undefined when it has gone meanwhile.
function changed(path: string): number | undefined {
  try {
    return Deno.lstatSync(path).mtime?.getTime() ?? 0;
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
    return undefined;
  }
}
