// The journal of a wrapped session: begun with its first record, one file for one process. Decisions that come together are written and
// synced together, into room that was made in advance; what became of a call is with the system before its result is passed on, and on
// the disk with the next decision.
import { utf8 } from "../../core/base/bytes.ts";
import { joinPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { type WrapDraft, wrapLine, wrapRecord } from "../../core/flow/wrap_records.ts";
import type { HeldPath, Ports, RoomyFile, Until } from "../../core/ports.ts";
import type { WrapHeader } from "../../core/schema/wrap_session.ts";

/** The ports that it takes. */
export type WrapJournalPorts = Pick<Ports, "store" | "journal" | "artifacts" | "clock" | "timer">;

/** The name of its file. */
export const WRAP_JOURNAL = "journal.jsonl";

/** How much room is made at a time, unless told otherwise. */
const ROOM = 2 ** 18;

/** For how long a look at the file counts that found it in its place, in milliseconds: to look takes a fifth of what a write does. */
const SURE = 100;

/** The folder of the marks, below that of the sessions. */
export const OPEN_MARKS = ".open";

/** The file that a session keeps locked as long as it lives. Who finds one that nobody keeps has found what a gate left that is gone. */
export const openMark = (session_dir: string, session_id: string): string =>
  joinPath(session_dir, `${OPEN_MARKS}/${session_id}`);

/** The journal of one session. */
export interface WrapJournal {
  /** Adds a record; it is on the disk, or with the system, when this resolves. Fault `record_failed`: then it does not count. */
  append(draft: WrapDraft, until: Until): Promise<Result<void>>;
  /** Whether it has records. */
  begun(): boolean;
  /** How many bytes of it are written. */
  size(): number;
  /** Waits for what was begun and cuts off the room that is left. Fault `record_failed`. */
  close(): Promise<Result<void>>;
  /** Says that the session has left all that it leaves. One that was not sealed is found by the next gate. */
  settle(sealed: boolean): void;
}

type Waiting = { readonly draft: WrapDraft; readonly until: Until; readonly settle: (result: Result<void>) => void };

const failedWith = <T>(result: Result<T>): Result<T> =>
  result.ok ? result : { ok: false, fault: { ...result.fault, code: "record_failed" } };

/** Where sessions are, and how much room is made at a time. */
export type WrapPlace = { readonly session_dir: string; readonly room?: number | undefined };

/** The journal of a session, in the folder that has its id; nothing is made before the first record. */
export function wrapJournal(
  { session_dir, room: step = ROOM }: WrapPlace,
  header: WrapHeader,
  ports: WrapJournalPorts,
): WrapJournal {
  const path = joinPath(session_dir, `${header.session_id}/${WRAP_JOURNAL}`);
  const mark = openMark(session_dir, header.session_id);
  let held: HeldPath | undefined;
  let file: RoomyFile | undefined;
  let size = 0;
  let room = 0;
  let unsure = false; // whether there may be something behind `size` that was not acknowledged
  let looked = -Infinity; // when the file was last found in its place
  let sequence = 0;
  let queue: Waiting[] = [];
  let working: Promise<void> | undefined;
  let first: Uint8Array<ArrayBuffer> | undefined;

  const lineOf = (draft: WrapDraft, place: number): string => wrapLine(wrapRecord(draft, place, ports.clock.now()));

  const taken = (): Result<never> => fail("record_failed", `Cannot write "${path}": somebody else has changed it`);

  async function begin(): Promise<Result<RoomyFile>> {
    if (file !== undefined) return ok(file);
    if (held === undefined) {
      const own = await ports.artifacts.hold(mark);
      if (!own.ok) return own;
      if (own.value === undefined) return taken();
      held = own.value;
    }
    const bytes = first ??= utf8(lineOf({ record_type: "header", header }, 1));
    let opened = ports.journal.openRoomy(path); // there already when an earlier try came that far
    if (!opened.ok) {
      const made = await ports.store.write(path, bytes, "create");
      if (!made.ok) return made;
      opened = ports.journal.openRoomy(path);
      if (!opened.ok) return opened;
    }
    file = opened.value;
    size = room = bytes.length;
    sequence = 1;
    return ok(file);
  }

  // What a failed write left must not stand behind what comes next, nor count when the gate is killed. The file has as much room then as it
  // is long.
  function clean(open: RoomyFile): Result<void> {
    if (!unsure) return ok(undefined);
    const cut = open.cut(size);
    if (!cut.ok) return cut;
    room = size;
    unsure = false;
    return cut;
  }

  function check(open: RoomyFile): Result<void> {
    const now = ports.timer.elapsed();
    if (now - looked < SURE) return ok(undefined);
    const look = open.look();
    if (!look.ok) return look;
    if (!look.value.current || look.value.size !== room) return taken();
    looked = now;
    return ok(undefined);
  }

  async function put(open: RoomyFile, bytes: Uint8Array, until: Until, alone: boolean): Promise<Result<void>> {
    unsure = true;
    if (size + bytes.length > room) {
      const wider = size + Math.ceil(bytes.length / step) * step;
      const made = await open.room(wider);
      if (!made.ok) return made;
      room = wider;
    }
    // Waiting on another thread takes longer than the write of one record, but lets others gather meanwhile.
    const added = alone || until === "system" ? open.write(bytes, size, until) : await open.writeLater(bytes, size);
    unsure = !added.ok;
    return added;
  }

  async function write(batch: readonly Waiting[]): Promise<Result<void>> {
    const ready = await begin();
    if (!ready.ok) return ready;
    const bytes = utf8(batch.map(({ draft }, i) => lineOf(draft, sequence + 1 + i)).join(""));
    const until = batch.some((one) => one.until === "disk") ? "disk" : "system";
    const cleaned = clean(ready.value);
    if (!cleaned.ok) return cleaned;
    const inPlace = check(ready.value);
    if (!inPlace.ok) return inPlace;
    const added = await put(ready.value, bytes, until, batch.length === 1);
    if (!added.ok) {
      clean(ready.value); // where that fails too, the next one tries again
      return added;
    }
    size += bytes.length;
    sequence += batch.length;
    return added;
  }

  async function work(): Promise<void> {
    await Promise.resolve(); // those who come in the same moment are written together
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      const done = failedWith(await write(batch));
      for (const { settle } of batch) settle(done);
    }
    working = undefined;
  }

  return {
    append: (draft, until) =>
      new Promise((settle) => {
        queue.push({ draft, until, settle });
        working ??= work();
      }),
    begun: () => sequence > 0,
    size: () => size,
    async close() {
      await working;
      const cut = room > size || unsure ? file?.cut(size) : undefined;
      file?.close();
      file = undefined;
      return failedWith(cut ?? ok(undefined));
    },
    settle(sealed) {
      if (sealed) ports.artifacts.remove(mark);
      held?.release();
      held = undefined;
    },
  };
}
