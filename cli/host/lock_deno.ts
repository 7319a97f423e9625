// Lock files on a real disk. On Linux their holder has them locked with flock(2), which ends with the process, however it ends.
import type { Lock } from "../../core/ports.ts";
import { denoDisk } from "./deno_disk.ts";
import { makeFolders } from "./durable.ts";
import { type LockDisk, type LockFile, lockOn } from "./lock.ts";
import { errnoOf } from "./errno.ts";

/** How long to wait for an answer where the runtime can only ask by waiting, in milliseconds. */
const SOON = 20;

const MOST = 65_536;

/** The time of change, in seconds since 1970, of a lock for which somebody waits. */
const MARK = 1;

/** Locks on the disk that the process sees. `kernel` names the running system; blank means that no lock tells whether its holder lives. */
export const denoLock = (kernel: string): Lock => lockOn(denoLocks(kernel));

/** Their disk. */
export const denoLocks = (kernel: string): LockDisk => ({
  pid: Deno.pid,
  kernel,
  makeFolderOf(path) {
    const folder = denoDisk.parent(path);
    if (folder !== undefined) makeFolders(denoDisk, folder);
  },
  create: (path) => lockFile(Deno.openSync(path, { read: true, write: true, createNew: true, mode: 0o600 })),
  open(path) {
    const file = Deno.openSync(path, { read: true, write: true });
    if (file.statSync().isFile) return lockFile(file);
    file.close();
    throw Object.assign(new Error("a lock that is no plain file"), { code: "ESPIPE" }); // reading a pipe waits for its writer
  },
  remove: (path) => Deno.removeSync(path),
  milliseconds: () => Date.now(), // not performance.now(), which stands still while the machine sleeps
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});

const isMark = (mtime: Date | null): boolean => mtime?.getTime() === MARK * 1000;

const lockFile = (file: Deno.FsFile): LockFile => ({
  isAt(path) {
    try {
      const [own, there] = [file.statSync(), Deno.statSync(path)];
      return own.dev === there.dev && own.ino === there.ino;
    } catch (thrown) {
      if (errnoOf(thrown) !== "ENOENT") throw thrown;
      return false;
    }
  },
  age() {
    const { mtime, ctime } = file.statSync();
    const changed = isMark(mtime) ? ctime : mtime;
    return changed === null ? 0 : Date.now() - changed.getTime();
  },
  mark() {
    if (!isMark(file.statSync().mtime)) file.utimeSync(MARK, MARK); // once: each time would make it young again
  },
  marked: () => isMark(file.statSync().mtime),
  read() {
    const bytes = new Uint8Array(MOST);
    file.seekSync(0, Deno.SeekMode.Start);
    let length = 0;
    for (let count = file.readSync(bytes); count !== null && count > 0; count = file.readSync(bytes.subarray(length))) {
      length += count;
    }
    return bytes.subarray(0, length);
  },
  write(bytes) {
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
  },
  claim: () => file.lockSync(true),
  tryClaim: () => tryLock(file, SOON),
  close: () => file.close(),
});

/**
 * Locks a file unless somebody else has. Before 2.9 the runtime knows only to wait for a lock, and is asked for so many milliseconds; the
 * wait that was not worth it ends with the other's lock, and lets go.
 */
export async function tryLock(file: Deno.FsFile, milliseconds: number): Promise<boolean> {
  const ask: unknown = Reflect.get(file, "tryLockSync");
  if (typeof ask === "function") return Reflect.apply(ask, file, [true]) === true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), milliseconds));
  const got = await Promise.race([file.lock(true).then(() => true), late]);
  clearTimeout(timer);
  return got;
}
