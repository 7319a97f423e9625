// Adding events to a session from one program, one after the other or many at once. Events that wait together are written and
// synced together; each is acknowledged only then. Between two writes other processes have their turn.
import { utf8 } from "../core/base/bytes.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { HeldLock, JournalFile } from "../core/ports.ts";
import { type EventDraft, nextEvent } from "../core/run/session_event.ts";
import { journalLine, type Standing } from "../core/run/session_journal.ts";
import { lockTerms } from "../core/run/session_lock.ts";
import type { SessionPaths } from "../core/run/session_paths.ts";
import type { SessionEvent } from "../core/schema/session.ts";
import {
  busy,
  cacheState,
  journalThere,
  type Known,
  locked,
  quickLook,
  readJournal,
  type SessionPorts,
} from "./session_files.ts";

/** Adds events to one session. */
export interface SessionWriter {
  /** Adds an event; it is on the disk when this resolves (but not under the lock profile `swarm`). Faults as the commands'. */
  append(draft: EventDraft): Promise<Result<SessionEvent>>;
  /** What was noticed and mended on the way. */
  notes(): readonly string[];
  /** Waits for what was begun, keeps the state for the next program, and closes the journal. */
  close(): Promise<void>;
}

/** How many steps of waiting promises lie at most between an acknowledged append and the next one of the same caller. */
const SOON = 16;

/** How a writer keeps the cached state: after each write, which is safe for short programs, or once when it is closed. */
export type CacheWhen = "each" | "close";

type Waiting = {
  readonly draft: EventDraft;
  readonly created_at: string;
  readonly settle: (result: Result<SessionEvent>) => void;
};

/** Opens a session whose journal is there. Faults `file_missing`, `file_unreadable`; damage shows with the first event. */
export async function openSession(
  paths: SessionPaths,
  ports: SessionPorts,
  producer_version: string,
  cache: CacheWhen,
): Promise<Result<SessionWriter>> {
  const there = await journalThere(paths, ports);
  if (!there.ok) return there;
  const terms = lockTerms(ports.env.get);
  let file: JournalFile | undefined;
  let known: Known | undefined;
  let cached = true;
  let working: Promise<void> | undefined;
  let queue: Waiting[] = [];
  const notes: string[] = [];

  // What is known stays so as long as nobody else has written; what others have added is read, no more.
  async function refresh(): Promise<Result<{ readonly file: JournalFile; readonly known: Known }>> {
    const look = file?.look();
    if (file !== undefined && known !== undefined && look?.ok && look.value.current && look.value.size >= known.size) {
      if (look.value.size === known.size) return ok({ file, known });
      const more = readJournal(file, paths, ports, { from: known });
      if (more.ok) return ok({ file, known: more.value.known });
    }
    file?.close();
    file = undefined;
    const opened = ports.journal.open(paths.journal);
    if (!opened.ok) return opened;
    file = opened.value;
    const quick = await quickLook(file, paths, ports);
    if (quick !== undefined) return ok({ file, known: quick });
    const whole = readJournal(file, paths, ports);
    if (!whole.ok) return whole;
    notes.push(...whole.value.notes);
    return ok({ file, known: whole.value.known });
  }

  async function commit(batch: readonly Waiting[], lock: HeldLock): Promise<Result<void>> {
    const ready = await refresh();
    if (!ready.ok) return ready;
    let { standing } = ready.value.known;
    const lines: string[] = [];
    const written: (() => void)[] = [];
    for (const { draft, created_at, settle } of batch) {
      const event = nextEvent(standing, draft, { created_at, producer_version });
      const line = journalLine({ record_type: "event", event });
      if (!line.ok) {
        settle(line);
        continue;
      }
      lines.push(line.value);
      written.push(() => settle(ok(event)));
      standing = withEvent(standing);
    }
    const last = lines.at(-1);
    if (last === undefined) return ok(undefined);
    const bytes = utf8(lines.join(""));
    if (!lock.still()) return busy(paths);
    known = undefined; // until the write is known to have worked
    const { size } = ready.value.known;
    const until = terms.sync ? "disk" : "system";
    // Waiting on another thread takes longer than the write of one event; for many it lets more of them gather.
    const added = lines.length === 1
      ? ready.value.file.append(bytes, size, until)
      : await ready.value.file.appendLater(bytes, size, until);
    if (!added.ok) return added;
    known = { standing, size: size + bytes.length, tail: utf8(last.slice(0, -1)) };
    cached = false;
    for (const settle of written) settle();
    if (cache === "each") await keep(known);
    return ok(undefined);
  }

  async function keep(now: Known): Promise<void> {
    notes.push(...await cacheState(now, paths, ports, producer_version));
    cached = true;
  }

  // One turn with the lock: whoever appends again as soon as it may is served in the same turn, until others should have theirs.
  async function turn(lock: HeldLock): Promise<Result<void>> {
    do {
      const batch = queue;
      queue = [];
      const done = await commit(batch, lock);
      if (!done.ok) {
        for (const { settle } of batch) settle(done); // settled ones stay as they are
        return done;
      }
      for (let i = 0; i < SOON && queue.length === 0; i++) await Promise.resolve();
    } while (queue.length > 0 && !lock.overdue());
    return ok(undefined);
  }

  async function work(): Promise<void> {
    await Promise.resolve(); // those who append in the same moment wait together
    while (queue.length > 0) {
      const waiting = queue;
      const done = await locked(paths, ports, turn, terms);
      if (done.ok || queue !== waiting) continue;
      queue = []; // the lock was not to be had
      for (const { settle } of waiting) settle(done);
    }
    working = undefined;
  }

  return ok({
    append(draft) {
      return new Promise((settle) => {
        queue.push({ draft, created_at: ports.clock.now(), settle });
        working ??= work();
      });
    },
    notes: () => notes,
    async close() {
      await working;
      if (!cached) {
        await locked(paths, ports, async () => {
          const ready = await refresh();
          if (ready.ok) await keep(ready.value.known);
          return ok(undefined);
        });
      }
      file?.close();
      file = undefined;
    },
  });
}

const withEvent = (standing: Standing): Standing => ({
  ...standing,
  event_count: standing.event_count + 1,
  last_sequence: standing.last_sequence + 1,
});
