// The journal of a wrapped session: begun with its first record, one file for one process. Decisions that come together are written and
// synced together; what became of a call is with the system before its result is passed on, and on the disk with the next decision.
import { utf8 } from "../../core/base/bytes.ts";
import { joinPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { type WrapDraft, wrapRecord } from "../../core/flow/wrap_records.ts";
import type { JournalFile, Ports, Until } from "../../core/ports.ts";
import { type WrapHeader, type WrapRecord, WrapRecordShape } from "../../core/schema/wrap_session.ts";

/** The ports that it takes. */
export type WrapJournalPorts = Pick<Ports, "store" | "journal" | "clock">;

/** The name of its file. */
export const WRAP_JOURNAL = "journal.jsonl";

/** The journal of one session. */
export interface WrapJournal {
  /** Adds a record; it is on the disk, or with the system, when this resolves. Fault `record_failed`: then it does not count. */
  append(draft: WrapDraft, until: Until): Promise<Result<void>>;
  /** Whether it has records. */
  begun(): boolean;
  close(): Promise<void>;
}

type Waiting = { readonly draft: WrapDraft; readonly until: Until; readonly settle: (result: Result<void>) => void };

/** A journal in a folder of its own; nothing is made before the first record. */
export function wrapJournal(folder: string, header: WrapHeader, ports: WrapJournalPorts): WrapJournal {
  const path = joinPath(folder, WRAP_JOURNAL);
  let file: JournalFile | undefined;
  let size = 0;
  let sequence = 0;
  let queue: Waiting[] = [];
  let working: Promise<void> | undefined;
  let first: Uint8Array<ArrayBuffer> | undefined;

  const lineOf = (draft: WrapDraft, place: number): string => {
    const record: WrapRecord = wrapRecord(draft, place, ports.clock.now());
    return `${JSON.stringify(writeShape(WrapRecordShape, record))}\n`;
  };

  async function begin(): Promise<Result<JournalFile>> {
    if (file !== undefined) return ok(file);
    const bytes = first ??= utf8(lineOf({ record_type: "header", header }, 1));
    const opened = ports.journal.open(path); // there already when an earlier try came that far
    if (!opened.ok) {
      const made = await ports.store.write(path, bytes, "create");
      if (!made.ok) return made;
      const again = ports.journal.open(path);
      if (!again.ok) return again;
      file = again.value;
    } else file = opened.value;
    size = bytes.length;
    sequence = 1;
    return ok(file);
  }

  async function write(batch: readonly Waiting[]): Promise<Result<void>> {
    const ready = await begin();
    if (!ready.ok) return ready;
    const look = ready.value.look();
    if (!look.ok) return look;
    if (!look.value.current || look.value.size !== size) {
      return fail("record_failed", `Cannot write "${path}": somebody else has changed it`);
    }
    const bytes = utf8(batch.map(({ draft }, i) => lineOf(draft, sequence + 1 + i)).join(""));
    const until = batch.some((one) => one.until === "disk") ? "disk" : "system";
    // Waiting on another thread takes longer than the write of one record, but lets others gather meanwhile.
    const added = batch.length === 1
      ? ready.value.append(bytes, size, until)
      : await ready.value.appendLater(bytes, size, until);
    if (!added.ok) return added;
    size += bytes.length;
    sequence += batch.length;
    return ok(undefined);
  }

  async function work(): Promise<void> {
    await Promise.resolve(); // those who come in the same moment are written together
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      const done = await write(batch);
      const told: Result<void> = done.ok ? done : { ok: false, fault: { ...done.fault, code: "record_failed" } };
      for (const { settle } of batch) settle(told);
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
    async close() {
      await working;
      file?.close();
      file = undefined;
    },
  };
}
