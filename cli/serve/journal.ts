// The journal of the server: calls that were decided in the same moment are written and synced together, and each is acknowledged only
// then. A file that has grown large is left behind once every trace of it is on the disk.
import { utf8 } from "../../core/base/bytes.ts";
import { joinPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { VerifyKey } from "../../core/base/sign.ts";
import type { Ports, RoomyFile } from "../../core/ports.ts";
import { VERSION_1 } from "../../core/schema/heading.ts";
import { SERVE_JOURNAL_ID } from "../../core/schema/serve_journal.ts";
import { findSegments, recordLine, segmentName } from "./journal_segments.ts";
import { recoverSegments } from "./recover.ts";

/** The ports that it takes. */
export type ServeJournalPorts = Pick<Ports, "files" | "store" | "journal" | "artifacts" | "clock" | "timer" | "host">;

/** What is to be written of a call. */
export type Entry = {
  /**
   * Puts what the journal can make again where it belongs, and gives its path; empty where there is none. Done when no write is being
   * synced: a file system makes new files wait for that. It is taken away again where the call is not recorded.
   */
  put(): Result<string>;
  /** The line of a call that has this place in its file, with its line break; `path` is what was put. */
  line(sequence: number, path: string): string;
};

/** What the journal tells of its work. */
export type JournalEvents = {
  /** A write that was synced: how many calls it held, and how long it took. */
  committed(calls: number, milliseconds: number): void;
  /** Whether a call that is written now is the only one that is being answered. */
  alone(): boolean;
  /** A file is left for the next one: it has grown large, somebody took it away, or a write to it failed. */
  left(path: string, why: "large" | "gone" | "failed"): void;
};

/** The journal of a server that runs. */
export interface ServeJournal {
  /**
   * Writes a call; it is on the disk when this resolves with the path of what was put. Faults `write_failed`, `body_too_large` for a line
   * that no file has room for, those of `put`. Rejects with what `entry` throws, which is a bug.
   */
  append(entry: Entry): Promise<Result<string>>;
  /**
   * Says that traces are taken away now: the system has that when this resolves, so that a process that is killed has said it. The disk
   * has it with the next call; should the machine stop before, they are made again, which loses nothing. Fault `write_failed`: then
   * nothing was said.
   */
  removed(paths: readonly string[]): Promise<Result<void>>;
  /** Waits for what was begun and brings the traces to the disk, for at most so long. */
  close(milliseconds: number): Promise<void>;
}

/** What was found when the journal was opened. */
export type Opened = { readonly journal: ServeJournal; readonly recovered: number; readonly notes: readonly string[] };

/**
 * From this size on a file is left for the next one, unless told otherwise. No line is longer, and no write much: whatever callers send at
 * a time, a file stays one that the next server can read as a whole.
 */
const LARGE = 16 * 2 ** 20;

/** How much room is made at a time, unless told otherwise. */
const ROOM = 2 ** 20;

/** Where a journal is and for whom. */
export type JournalPlace = {
  readonly dir: string;
  readonly trace_dir: string;
  readonly version: string;
  /** The server's own key. */
  readonly key: VerifyKey;
  /** How much room is made at a time. */
  readonly room?: number | undefined;
  /** From what size on a file is left for the next one. */
  readonly large?: number | undefined;
};

/** How many traces are brought to the disk at a time. */
const TOGETHER = 16;

/** How many traces that are taken away stand in a line. */
const TOLD = 1_000;

/** How many names that are taken are passed over at a time. */
const TRIES = 100;

/** A write that took less, in milliseconds, says that the disk is quick. */
const QUICK = 2;

/** How many steps of waiting promises lie at most between an acknowledged call and the next one of the same caller. */
const SOON = 16;

/** A file that is written to: how much of it counts, and up to where room was made. */
type Segment = {
  readonly file: RoomyFile;
  readonly path: string;
  /** How long its first line is. */
  readonly head: number;
  size: number;
  room: number;
  calls: number;
  traces: string[];
  unsure: boolean;
};

const tooLong = (most: number): Result<never> =>
  fail("body_too_large", `Cannot record the call: its record holds more than ${most} characters`);

type Waits<T> = { readonly settle: (result: Result<T>) => void; readonly spoil: (thrown: unknown) => void };
type Waiting = Waits<string> & { readonly entry: Entry };
type Leaving = Waits<void> & { readonly paths: readonly string[] };

/**
 * Opens the journal in a folder that this process alone uses from now on: what a crash left is mended, and traces that are missing are
 * made again. Faults `store_busy`, `journal_damaged`, `write_failed`, those of files.
 */
export async function openServeJournal(
  { dir, trace_dir, version, key, room: step = ROOM, large = LARGE }: JournalPlace,
  ports: ServeJournalPorts,
  events: JournalEvents,
): Promise<Result<Opened>> {
  const made = ports.artifacts.folder(dir);
  if (!made.ok) return made;
  const lock = joinPath(dir, "serve.lock");
  const held = await ports.artifacts.hold(lock);
  if (!held.ok) return held;
  if (held.value === undefined) {
    const words = "another server uses it; give each server a --journal-dir of its own";
    return fail("store_busy", `Cannot use journal folder "${dir}": ${words}`, { file: lock });
  }
  const found = await findSegments(dir, ports);
  if (!found.ok) return found;
  const recovered = await recoverSegments(dir, found.value, key, ports);
  if (!recovered.ok) return recovered;
  let number = Math.max(0, ...found.value);
  let current: Segment | undefined;
  let queue: Waiting[] = [];
  let leaving: Leaving[] = [];
  let working: Promise<void> | undefined;
  let settling: Promise<void> = Promise.resolve();
  let hurry = Infinity;
  let quick = false;

  async function begin(): Promise<Result<Segment>> {
    for (let tries = 1;; tries++) {
      const begun = await beginAt(number + 1);
      if (begun.ok || begun.fault.code !== "file_exists" || tries === TRIES) return begun;
      number++; // somebody put a file of that name there
    }
  }

  async function beginAt(segment: number): Promise<Result<Segment>> {
    const path = joinPath(dir, segmentName(segment));
    const head = {
      schema_id: SERVE_JOURNAL_ID,
      schema_version: VERSION_1,
      created_at: ports.clock.now(),
      producer_version: version,
    };
    const bytes = utf8(recordLine({ record_type: "header", header: { ...head, segment, trace_dir } }));
    const written = await ports.store.write(path, bytes, "create");
    if (!written.ok) return written;
    number = segment;
    const file = ports.journal.openRoomy(path);
    if (!file.ok) {
      takeAway(path);
      return file;
    }
    const size = bytes.length;
    return ok({ file: file.value, path, head: size, size, room: size, calls: 0, traces: [], unsure: false });
  }

  // The file that is written to: a new one when it has grown large, when somebody took it away, or after an error that left it unsure.
  async function ready(): Promise<Result<Segment>> {
    if (current !== undefined) {
      const look = current.file.look();
      const whole = look.ok && look.value.current && look.value.size === current.room;
      if (whole && !current.unsure && current.size < large) return ok(current);
      events.left(current.path, current.unsure ? "failed" : whole ? "large" : "gone");
      leave(current);
      current = undefined;
    }
    const next = await begin();
    if (next.ok) current = next.value;
    return next;
  }

  // What cannot be taken away does no harm.
  const takeAway = (path: string): void => void (path === "" || ports.artifacts.remove(path));

  // A full disk would else get one more with each call that it refuses.
  function isUseless({ file, unsure, size, head }: Segment): boolean {
    if (!unsure || size > head) return false;
    const look = file.look();
    return look.ok && look.value.current;
  }

  function leave(segment: Segment): void {
    settling = settling.then(async () => {
      if (isUseless(segment)) {
        takeAway(segment.path);
        segment.file.close();
        return;
      }
      const cut = segment.file.cut(segment.size); // what lies behind was never acknowledged, or is room
      if (cut.ok && await keepAll(segment.traces)) addSettled(segment);
      segment.file.close();
    });
  }

  // Some at a time, beside the calls; false when time was over.
  async function keepAll(traces: readonly string[]): Promise<boolean> {
    for (let at = 0; at < traces.length; at += TOGETHER) {
      if (ports.timer.elapsed() > hurry) return false;
      // One that is gone was taken away by somebody: there is nothing to keep.
      await Promise.all(traces.slice(at, at + TOGETHER).map((path) => ports.artifacts.keep(path)));
    }
    return true;
  }

  // Without it the next server looks at the traces once more, so a failure does no harm.
  const addSettled = ({ file, size, calls }: Segment): void =>
    void file.write(utf8(recordLine({ record_type: "settled", settled: { calls } })), size, "disk");

  async function roomFor(segment: Segment, length: number): Promise<Result<void>> {
    const { file, size } = segment;
    if (size + length <= segment.room) return ok(undefined);
    const room = size + Math.ceil(length / step) * step;
    const made = await file.room(room);
    if (made.ok) segment.room = room;
    return made;
  }

  async function add(segment: Segment, bytes: Uint8Array, alone: boolean): Promise<Result<void>> {
    const made = await roomFor(segment, bytes.length);
    if (!made.ok) return made;
    const { file, size } = segment;
    // Another thread lets others gather meanwhile, but to wake it and to be woken takes longer than a quick disk does. Where one write is
    // slow the next one is waited for there.
    const began = ports.timer.elapsed();
    const written = alone || quick ? file.write(bytes, size, "disk") : await file.writeLater(bytes, size);
    quick = ports.timer.elapsed() - began < QUICK;
    return written;
  }

  // Writes as many as one write may hold, and gives those that are left for the next one.
  async function commit(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    const began = ports.timer.elapsed();
    const segment = await ready();
    if (!segment.ok) {
      for (const { settle } of batch) settle(segment);
      return [];
    }
    const { size, calls, traces } = segment.value;
    const lines: string[] = [];
    const written: { readonly path: string; readonly settle: Waiting["settle"] }[] = [];
    let length = 0;
    let taken = 0;
    for (const { entry, settle } of batch) {
      if (length >= large) break;
      taken++;
      const path = entry.put();
      const line = path.ok ? entry.line(calls + written.length + 1, path.value) : "";
      if (!path.ok || line.length > large) {
        takeAway(path.ok ? path.value : "");
        settle(path.ok ? tooLong(large) : path);
        continue;
      }
      written.push({ path: path.value, settle });
      lines.push(line);
      length += line.length;
    }
    const left = batch.slice(taken);
    if (written.length === 0) return left;
    const bytes = utf8(lines.join(""));
    const added = await add(segment.value, bytes, written.length === 1 && events.alone());
    if (!added.ok) {
      segment.value.unsure = true;
      for (const { path, settle } of written) {
        takeAway(path);
        settle(added);
      }
      return left;
    }
    segment.value.size = size + bytes.length;
    segment.value.calls = calls + written.length;
    for (const { path, settle } of written) {
      if (path !== "") traces.push(path);
      settle(ok(path));
    }
    events.committed(written.length, ports.timer.elapsed() - began);
    return left;
  }

  // Not synced: each call that takes a trace away would wait for the disk twice.
  async function tell(paths: readonly string[]): Promise<Result<void>> {
    for (let at = 0; at < paths.length; at += TOLD) {
      const segment = await ready();
      if (!segment.ok) return segment;
      const record = recordLine({ record_type: "removed", removed: { paths: paths.slice(at, at + TOLD) } });
      const bytes = utf8(record);
      const made = await roomFor(segment.value, bytes.length);
      const { file, size } = segment.value;
      const written = made.ok ? file.write(bytes, size, "system") : made;
      if (!written.ok) {
        segment.value.unsure = true;
        return written;
      }
      segment.value.size = size + bytes.length;
    }
    return ok(undefined);
  }

  async function work(): Promise<void> {
    await Promise.resolve(); // those who come in the same moment are written together
    while (queue.length > 0 || leaving.length > 0) {
      const [batch, going] = [queue, leaving];
      [queue, leaving] = [[], []];
      try {
        for (const { paths, settle } of going) settle(await tell(paths));
        const left = batch.length === 0 ? [] : await commit(batch);
        if (left.length > 0) queue = [...left, ...queue];
      } catch (thrown) {
        // A bug: its calls hear of it, and those that come after them are written all the same.
        if (current !== undefined) current.unsure = true;
        for (const { spoil } of [...going, ...batch]) spoil(thrown);
      }
      for (let i = 0; i < SOON && queue.length === 0 && leaving.length === 0; i++) await Promise.resolve();
    }
    working = undefined;
  }

  const first = await ready();
  if (!first.ok) return first;
  const journal: ServeJournal = {
    append: (entry) =>
      new Promise((settle, spoil) => {
        queue.push({ entry, settle, spoil });
        working ??= work();
      }),
    removed: (paths) =>
      new Promise((settle, spoil) => {
        leaving.push({ paths, settle, spoil });
        working ??= work();
      }),
    async close(milliseconds) {
      hurry = ports.timer.elapsed() + milliseconds;
      await working;
      if (current !== undefined) leave(current);
      current = undefined;
      await settling;
    },
  };
  return ok({ journal, ...recovered.value });
}
