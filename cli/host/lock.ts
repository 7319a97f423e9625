// Exclusive use among processes, over the primitive steps of any disk. The lock is a file that only one can make; its holder also
// keeps it locked for as long as it lives, where the system can do that, so that a dead holder is known at once.
//
// INVARIANT: a lock file is removed only by its holder, or by one who has seen that it is nobody's and still has that very file in
// hand. While someone has it locked, nobody else takes it over for its holder's death; so two never take over the same lock.
import { sameBytes } from "../../core/base/bytes.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { HeldLock, Lock, LockRules } from "../../core/ports.ts";
import { errnoOf, inWords } from "./errno.ts";

/** An open lock file. */
export interface LockFile {
  /** Whether the path still names this file. */
  isAt(path: string): boolean;
  /** Milliseconds since it was changed; since it was marked, if it was. */
  age(): number;
  /** Leaves a mark on the file that somebody waits for it; `marked` tells. */
  mark(): void;
  marked(): boolean;
  read(): Uint8Array;
  write(bytes: Uint8Array): void;
  /** Locks the file until it is closed or the process ends; waits for another's lock, which is never held for long on a new file. */
  claim(): void;
  /** Locks it, or says false soon when another process has it locked. */
  tryClaim(): Promise<boolean>;
  close(): void;
}

/** The steps of a disk that locks need, and the time. They throw system errors. */
export interface LockDisk {
  /** The process. */
  readonly pid: number;
  /** The running system; blank where files cannot be kept locked until a process ends. */
  readonly kernel: string;
  makeFolderOf(path: string): void;
  /** A new file of mode 0600; EEXIST when there is one. */
  create(path: string): LockFile;
  /** A file that is there; ENOENT when none is. */
  open(path: string): LockFile;
  remove(path: string): void;
  milliseconds(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** A lock is written at once after it is made. One that is unfinished for longer was made by a process that then died. */
const NEWBORN = 1_000;

/** For how long a holder may trust its own memory, if its lease is long enough. */
const SURE = 100;

/** For how long one holder goes on while others wait, and how long it then leaves them to find the lock free. */
const TURN = 10;
const PAUSE = 5;

/** After how long it gives it back in any case: programs of other makers wait without a mark. */
const LONGEST = 100;

/** How many tries lie between two looks whether the same holder still lives. */
const LOOK_AGAIN = 8;

/** The port over a disk. */
export function lockOn(disk: LockDisk): Lock {
  const ended = new Map<string, number>(); // when a turn with the lock at a path was over for which others waited
  return { take: (path, rules) => take(disk, path, rules, ended) };
}

async function take(
  disk: LockDisk,
  path: string,
  rules: LockRules,
  ended: Map<string, number>,
): Promise<Result<HeldLock | undefined>> {
  try {
    const pause = (ended.get(path) ?? -Infinity) + PAUSE - disk.milliseconds();
    ended.delete(path);
    if (pause > 0) await disk.sleep(pause);
    const begun = disk.milliseconds();
    for (let tries = 0;; tries++) {
      const held = tryMake(disk, path, rules, (turn) => turn && ended.set(path, disk.milliseconds()));
      if (held !== undefined) return ok(held);
      const freed = await takeAway(disk, path, rules, tries % LOOK_AGAIN === 0);
      if (freed) continue;
      const left = rules.timeout - (disk.milliseconds() - begun);
      if (left <= 0) return ok(undefined);
      await disk.sleep(Math.min(rules.retry, left));
    }
  } catch (thrown) {
    return refused(path, thrown);
  }
}

const refused = (path: string, thrown: unknown): Result<never> =>
  fail("write_failed", `Cannot lock "${path}": ${inWords(errnoOf(thrown))}`, { file: path });

/** Told on release: whether the holder had a whole turn while others waited. */
type Released = (turn: boolean) => void;

function tryMake(disk: LockDisk, path: string, rules: LockRules, released: Released): HeldLock | undefined {
  const begun = disk.milliseconds();
  const file = make(disk, path);
  if (file === undefined) return undefined;
  let mine = false;
  try {
    const living = disk.kernel !== "" && keep(file);
    const text = rules.write({ pid: disk.pid, kernel: living ? disk.kernel : "" });
    file.write(text);
    // Whoever sleeps here for long enough may find that its empty lock was taken away.
    mine = disk.milliseconds() - begun < NEWBORN / 2 || file.isAt(path);
    return mine ? holding(disk, path, file, text, Math.min(SURE, rules.lease / 4), released) : undefined;
  } catch (thrown) {
    if (file.isAt(path)) disk.remove(path);
    throw thrown;
  } finally {
    if (!mine) file.close();
  }
}

function make(disk: LockDisk, path: string): LockFile | undefined {
  for (let folder = false;; folder = true) {
    try {
      return disk.create(path);
    } catch (thrown) {
      const errno = errnoOf(thrown);
      if (errno === "EEXIST") return undefined;
      if (errno !== "ENOENT" || folder) throw thrown;
      disk.makeFolderOf(path);
    }
  }
}

// Some file systems cannot keep a file locked. Their locks name no kernel, and wait for the end of their time.
function keep(file: LockFile): boolean {
  try {
    file.claim();
    return true;
  } catch (thrown) {
    errnoOf(thrown);
    return false;
  }
}

function holding(disk: LockDisk, path: string, file: LockFile, text: Uint8Array, sure: number, released: Released): HeldLock {
  const taken = disk.milliseconds();
  let known = taken;
  const wanted = () => disk.milliseconds() - taken >= TURN && file.marked();
  const still = () => {
    const now = disk.milliseconds();
    if (now >= known && now - known < sure) return true;
    const seen = look(disk, path);
    seen?.file.close();
    const mine = seen !== undefined && sameBytes(seen.bytes, text);
    if (mine) known = now;
    return mine;
  };
  return {
    still,
    overdue: () => disk.milliseconds() - taken >= LONGEST || wanted(),
    release() {
      try {
        released(wanted());
        if (still()) disk.remove(path);
      } catch (thrown) {
        errnoOf(thrown); // it stays behind as that of a dead process does, and is taken over like one
      } finally {
        file.close();
      }
    },
  };
}

/** The lock that is there, open, and what it says. */
function look(disk: LockDisk, path: string): { file: LockFile; bytes: Uint8Array } | undefined {
  let file: LockFile;
  try {
    file = disk.open(path);
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
    return undefined; // given back just now
  }
  try {
    return { file, bytes: file.read() };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

/** Removes the lock of one who is gone. True when it is worth trying again at once. */
async function takeAway(disk: LockDisk, path: string, rules: LockRules, careful: boolean): Promise<boolean> {
  const seen = look(disk, path);
  if (seen === undefined) return true;
  const { file, bytes } = seen;
  try {
    const { expired: said, unfinished, kernel } = rules.read(bytes);
    const expired = said ?? file.age() > rules.lease;
    const abandoned = unfinished && file.age() > NEWBORN;
    const local = disk.kernel !== "" && kernel === disk.kernel;
    if (said === false && !unfinished) file.mark(); // the mark is a time of change, which must not be lost where it tells the age
    if (!expired && !abandoned && !(local && careful)) return false;
    const claimed = disk.kernel !== "" && await file.tryClaim();
    // Another that takes it away, or a holder that lives: only the lease of the latter can end.
    if (!claimed && disk.kernel !== "" && !(expired && local)) return false;
    // From here on without waiting: it must be the file that was judged, unchanged, and still in its place.
    if (!sameBytes(file.read(), bytes) || !file.isAt(path)) return true;
    disk.remove(path);
    return true;
  } finally {
    file.close();
  }
}
