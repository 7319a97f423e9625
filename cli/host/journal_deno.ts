// Files that grow, on a real disk.
import type { GrowingDisk } from "./journal.ts";

// Windows has no inode numbers for every file system; there a file that was replaced is told by its time of birth.
const idOf = ({ dev, ino, birthtime }: Deno.FileInfo): string => `${dev}:${ino ?? birthtime?.getTime() ?? 0}`;

/** The disk that the process sees. */
export const denoGrowing: GrowingDisk = {
  open(path) {
    const file = Deno.openSync(path, { read: true, append: true });
    try {
      const info = file.statSync();
      return {
        id: idOf(info),
        plain: info.isFile,
        read(at, into) {
          file.seekSync(at, Deno.SeekMode.Start);
          return file.readSync(into) ?? 0;
        },
        write: (bytes) => file.writeSync(bytes),
        sync: () => file.syncDataSync(),
        syncLater: () => file.syncData(),
        truncate: (size) => file.truncateSync(size),
        close: () => file.close(),
      };
    } catch (thrown) {
      file.close();
      throw thrown;
    }
  },
  openPlaced(path) {
    const file = Deno.openSync(path, { read: true, write: true });
    try {
      const info = file.statSync();
      return {
        id: idOf(info),
        plain: info.isFile,
        writeAt(bytes, at) {
          file.seekSync(at, Deno.SeekMode.Start);
          return file.writeSync(bytes);
        },
        sync: () => file.syncDataSync(),
        syncLater: () => file.syncData(),
        truncate: (size) => file.truncateSync(size),
        close: () => file.close(),
      };
    } catch (thrown) {
      file.close();
      throw thrown;
    }
  },
  stat(path) {
    const info = Deno.statSync(path);
    return { id: idOf(info), size: info.size };
  },
};
