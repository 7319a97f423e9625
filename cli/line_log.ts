// Files of lines that several programs add to, one after the other: the traces of streams, the journal of the kill switch. Whole
// lines only: what somebody left unfinished is mended before the next one is added.
import { hex } from "../core/base/bytes.ts";
import { isCutShort } from "../core/base/json_torn.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { JournalFile, Ports } from "../core/ports.ts";
import { type LockTerms, sharedLock, stateLock } from "../core/schema/rate_limit.ts";

/** The ports that it takes. */
export type LogPorts = Pick<Ports, "store" | "journal" | "lock" | "clock" | "random">;

/** Lines that are added to. */
export interface LineLog {
  /**
   * Adds whole lines together; they are on the disk when this resolves. Folders and the file are made when they are not there.
   * Faults `store_busy`, `write_failed`; then none of the lines counts.
   */
  append(lines: Uint8Array): Promise<Result<void>>;
  close(): void;
}

const LF = 0x0a;

/** How programs of other makers wait for the lock of lines that they add to as well (spec 05, section 2.5). */
export const SHARED_LINES: LockTerms = { retry: 10, timeout: 30_000, lease: 120_000 };

/** The lines at a path. Nothing is opened before something is added. `shared` are the terms of a lock that other programs take too. */
export function lineLog(path: string, ports: LogPorts, shared?: LockTerms): LineLog {
  const token = () => hex(ports.random.bytes(16));
  const rules = shared === undefined ? stateLock(ports.clock.now, token) : sharedLock(ports.clock.now, token, shared);
  let file: JournalFile | undefined;
  let known = -1; // the size up to which all lines are whole

  // Undefined when there is no file; another one may have taken its place since.
  function refresh(): Result<{ readonly file: JournalFile; readonly size: number } | undefined> {
    let look = file?.look();
    if (look?.ok !== true || !look.value.current) {
      file?.close();
      file = undefined;
      const opened = ports.journal.open(path);
      if (!opened.ok) return opened.fault.code === "file_missing" ? ok(undefined) : opened;
      file = opened.value;
      known = -1;
      look = file.look();
      if (!look.ok) return look;
    }
    if (file === undefined) return ok(undefined);
    const { size } = look.value;
    const mended = size === known ? ok(size) : mend(file, size);
    return mended.ok ? ok({ file, size: mended.value }) : mended;
  }

  async function begin(bytes: Uint8Array): Promise<Result<void>> {
    const made = await ports.store.write(path, bytes, "create");
    if (made.ok || made.fault.code !== "file_exists") return made;
    const there = ports.journal.open(path);
    if (!there.ok) return fail("write_failed", `Cannot write "${path}": it is a link that leads nowhere`, { file: path });
    there.value.close(); // somebody without the lock was faster
    return made;
  }

  async function add(bytes: Uint8Array): Promise<Result<void>> {
    const ready = refresh();
    if (!ready.ok) return ready;
    if (ready.value === undefined) return await begin(bytes);
    const { file, size } = ready.value;
    known = -1; // until it is known to have worked
    const added = await file.appendLater(bytes, size, "disk");
    if (added.ok) known = size + bytes.length;
    return added;
  }

  return {
    async append(lines) {
      const taken = await ports.lock.take(`${path}.lock`, rules);
      if (!taken.ok) return taken;
      if (taken.value === undefined) {
        return fail("store_busy", `Cannot use "${path}": another process holds "${path}.lock"`, { file: path });
      }
      try {
        const added = await add(lines);
        // Whatever went wrong, it is the writing that failed: nobody gave this file to be read.
        return added.ok ? added : { ok: false, fault: { ...added.fault, code: "write_failed" } };
      } finally {
        taken.value.release();
      }
    },
    close() {
      file?.close();
      file = undefined;
    },
  };
}

const NEAR = 65_536;

// Whoever wrote before may have died in the midst of it: what was never finished is cut off, what only lacks its end gets it.
function mend(file: JournalFile, size: number): Result<number> {
  const tail = tailOf(file, size);
  if (!tail.ok) return tail;
  if (tail.value.length === 0) return ok(size);
  if (isCutShort(tail.value)) {
    const cut = file.cut(size - tail.value.length);
    return cut.ok ? ok(size - tail.value.length) : cut;
  }
  const ended = file.append(Uint8Array.of(LF), size, "disk");
  return ended.ok ? ok(size + 1) : ended;
}

/** What follows the last LF. */
function tailOf(file: JournalFile, size: number): Result<Uint8Array> {
  for (let near = NEAR;; near *= 4) {
    const read = file.read(Math.max(0, size - near), Math.min(near, size));
    if (!read.ok) return read;
    const feed = read.value.lastIndexOf(LF);
    if (feed !== -1 || near >= size) return ok(read.value.subarray(feed + 1));
  }
}
