// Files that grow, and locks, on a disk in memory. Time passes only where somebody sleeps.
import { setImmediate } from "node:timers";
import type { GrowingDisk } from "./journal.ts";
import type { LockDisk, LockFile } from "./lock.ts";
import type { MemoryDisk, MemoryFile } from "./memory_disk.ts";
import { makeFolders } from "./durable.ts";

/** Growing files over a memory disk. */
export const memoryGrowing = (disk: MemoryDisk): GrowingDisk => ({
  open(path) {
    const file = disk.openFile(path);
    return {
      id: file.id,
      plain: true,
      read(at, into) {
        const bytes = file.bytes().subarray(at, at + into.length);
        into.set(bytes);
        return bytes.length;
      },
      write: (bytes) => file.write(bytes),
      sync: () => file.sync(),
      syncLater: () => Promise.resolve().then(() => file.sync()),
      truncate: (size) => file.truncate(size),
      close: () => {},
    };
  },
  openPlaced(path) {
    const file = disk.openFile(path);
    return {
      id: file.id,
      plain: true,
      writeAt: (bytes, at) => file.writeAt(bytes, at),
      sync: () => file.sync(),
      syncLater: () => Promise.resolve().then(() => file.sync()),
      truncate: (size) => file.truncate(size),
      close: () => {},
    };
  },
  stat: (path) => disk.stat(path),
});

/** Locks over a memory disk, for process 1 of the system "memory"; every lock of that system is kept by who made it here. */
export function memoryLocks(disk: MemoryDisk): LockDisk {
  let now = 0;
  const kept = new Set<string>();
  const marks = new Set<string>();
  const lockFile = (file: MemoryFile): LockFile => {
    let own = false;
    return {
      isAt: (path) => disk.bytes(path) === file.bytes(),
      age: () => Number.POSITIVE_INFINITY, // nobody is in the midst of making one
      mark: () => void marks.add(file.id),
      marked: () => marks.has(file.id),
      read: () => file.bytes(),
      write(bytes) {
        for (let done = 0; done < bytes.length;) done += file.write(bytes.subarray(done));
      },
      claim() {
        own = true;
        kept.add(file.id);
      },
      tryClaim() {
        const free = !kept.has(file.id);
        if (free) {
          own = true;
          kept.add(file.id);
        }
        return Promise.resolve(free);
      },
      close() {
        if (own) kept.delete(file.id);
      },
    };
  };
  return {
    pid: 1,
    kernel: "memory",
    makeFolderOf(path) {
      const folder = disk.parent(path);
      if (folder !== undefined) makeFolders(disk, folder);
    },
    create: (path) => lockFile(disk.createTemp(path)),
    open: (path) => lockFile(disk.openFile(path)),
    remove: (path) => disk.remove(path),
    milliseconds: () => now,
    sleep(milliseconds) {
      now += milliseconds;
      return new Promise((resolve) => setImmediate(resolve)); // others have their turn
    },
  };
}
