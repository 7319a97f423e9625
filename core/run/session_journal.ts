// The journal of a session (spec 01, section 8.2): one record a line, each checked against what came before. A last line that
// was cut short by a crash is told apart from damage: the one is taken away, the other ends the reading.
import { utf8 } from "../base/bytes.ts";
import type { Crypto } from "../base/host.ts";
import { readJsonObject } from "../base/json.ts";
import { isCutShort } from "../base/json_torn.ts";
import { lineFeed } from "../base/lines.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { readShape, writeShape } from "../base/shape.ts";
import { JOURNAL_ID, type JournalRecord, JournalRecordShape } from "../schema/session.ts";
import type { SessionCheckpoint, SessionEvent, SessionHeader } from "../schema/session.ts";
import { checkpointDigest } from "./chain.ts";

/** Most bytes of a line of a journal. */
export const JOURNAL_LINE_LIMIT = 8 * 2 ** 20;

/** What a journal came to. */
export type Standing = {
  readonly header: SessionHeader;
  /** Events that stand in the journal. */
  readonly event_count: number;
  /** The last sequence that was given out, be its event still there or compacted into a checkpoint. */
  readonly last_sequence: number;
  readonly checkpoint_count: number;
  readonly last_checkpoint_index: number;
  readonly last_checkpoint_sequence: number;
  readonly last_checkpoint_digest: string;
};

/** A record with the bytes of its line, without LF. */
export type Line<T> = { readonly record: T; readonly bytes: Uint8Array };

/** A journal that was read to its end. */
export type JournalContent = {
  readonly standing: Standing;
  /** The last line that holds a record. */
  readonly tail: Uint8Array;
  /** Bytes up to the end of that line, its LF included where it has one. */
  readonly size: number;
  /** How the file ends: with LF; with a whole record that lacks it; or with `size` bytes and a torn line behind them. */
  readonly ending: "whole" | "unended" | "torn";
  /** Only when they were asked for: the header, all checkpoints, and the events after the last of them. */
  readonly header: Line<SessionHeader> | undefined;
  readonly checkpoints: readonly Line<SessionCheckpoint>[];
  readonly pending: readonly Line<SessionEvent>[];
};

/** A record as a line of a journal, LF included. Fault `file_too_large` for a line over 8 MiB. */
export function journalLine(record: Partial<JournalRecord> & { readonly record_type: string }): Result<string> {
  const whole: JournalRecord = { header: undefined, event: undefined, checkpoint: undefined, ...record };
  const line = `${JSON.stringify(writeShape(JournalRecordShape, whole))}\n`;
  // A character takes at most three bytes, so short lines need no count.
  return line.length * 3 > JOURNAL_LINE_LIMIT && utf8(line).length > JOURNAL_LINE_LIMIT
    ? fail("file_too_large", `Cannot write to the journal: the ${record.record_type} is longer than 8 MiB`)
    : ok(line);
}

/** Reads one line, without its LF. Fault `journal_damaged`. */
export function readJournalLine(bytes: Uint8Array, what: string, line: number): Result<JournalRecord> {
  const json = readJsonObject(bytes, what, { text: "replace", firstLine: line, maxBytes: JOURNAL_LINE_LIMIT });
  const read = json.ok ? readShape(JournalRecordShape, json.value, what, { file: what, line }) : json;
  if (read.ok) return read;
  const { message, at } = read.fault;
  return fail("journal_damaged", at?.pointer === undefined ? message : `${message} (line ${line})`, {
    file: what,
    line,
    ...at,
  });
}

/** What the journal comes to with one more record; or why the record does not fit, in words. */
export function nextStanding(crypto: Crypto, before: Standing | undefined, record: JournalRecord): Standing | string {
  const { record_type: type, header, event, checkpoint } = record;
  if (type === "header") {
    if (before !== undefined) return "there is a second header";
    if (header === undefined) return `expected member "header"`;
    if (header.schema_id !== "" && header.schema_id !== JOURNAL_ID) {
      return `the schema_id of the header must be "${JOURNAL_ID}"`;
    }
    if (header.session_id === "" || header.run_id === "") return "the header must have a session_id and a run_id";
    return begun(header);
  }
  if (before === undefined) return "expected a header before anything else";
  const part = type === "event" ? event : type === "checkpoint" ? checkpoint : undefined;
  if (part === undefined) {
    const known = type === "event" || type === "checkpoint";
    return known ? `expected member "${type}"` : `record_type must be header, event or checkpoint, not ${JSON.stringify(type)}`;
  }
  const { session_id, run_id } = before.header;
  if (part.session_id !== session_id || part.run_id !== run_id) return `expected session "${session_id}" and run "${run_id}"`;
  return "sequence" in part ? withEvent(before, part) : withCheckpoint(crypto, before, part);
}

/** A journal that has a header and nothing else. */
export const begun = (header: SessionHeader): Standing => ({
  header,
  event_count: 0,
  last_sequence: 0,
  checkpoint_count: 0,
  last_checkpoint_index: 0,
  last_checkpoint_sequence: 0,
  last_checkpoint_digest: "",
});

function withEvent(before: Standing, { sequence }: SessionEvent): Standing | string {
  const expected = before.last_sequence + 1;
  if (sequence !== expected) return `the sequence of the event must be ${expected}, not ${sequence}`;
  return { ...before, event_count: before.event_count + 1, last_sequence: sequence };
}

function withCheckpoint(crypto: Crypto, before: Standing, point: SessionCheckpoint): Standing | string {
  const { checkpoint_index: index, sequence_start: start, sequence_end: end, checkpoint_digest: digest } = point;
  const { last_checkpoint_index, last_checkpoint_sequence, last_checkpoint_digest } = before;
  if (index !== last_checkpoint_index + 1) {
    return `the index of the checkpoint must be ${last_checkpoint_index + 1}, not ${index}`;
  }
  if (start < 1 || end < start) return `the checkpoint must run from 1 or above to its end, not from ${start} to ${end}`;
  if (start <= last_checkpoint_sequence) return `the checkpoint must start after ${last_checkpoint_sequence}, not at ${start}`;
  if (index > 1 && point.prev_checkpoint_digest !== last_checkpoint_digest) {
    return "prev_checkpoint_digest must be the digest of the checkpoint before";
  }
  if (checkpointDigest(crypto, point) !== digest) return "checkpoint_digest must be the digest of what the checkpoint binds";
  return {
    ...before,
    // A compacted journal goes on where its last checkpoint ends.
    last_sequence: Math.max(before.last_sequence, end),
    checkpoint_count: before.checkpoint_count + 1,
    last_checkpoint_index: index,
    last_checkpoint_sequence: end,
    last_checkpoint_digest: digest,
  };
}

/** Takes a journal piece by piece, in order. */
export type JournalScan = {
  /** False once nothing that follows can matter, because there is a fault already. */
  push(piece: Uint8Array): boolean;
  /**
   * After the last piece. Faults `journal_damaged` with the line, and `document_kind` when there is no header at all: then
   * nothing was ever recorded.
   */
  end(): Result<JournalContent>;
};

/** What `scanJournal` starts from and keeps. */
export type ScanOptions = {
  /** Keep the header, the checkpoints and the events after the last of them, not just what they come to. */
  readonly keep: boolean;
  /** What the bytes before the first piece came to, and their last line. */
  readonly after?: { readonly standing: Standing; readonly tail: Uint8Array };
};

const isBlank = (line: Uint8Array): boolean => line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

/** Reads a journal; `what` names it in faults. Time is linear in its bytes; memory holds one line, and what is kept. */
export function scanJournal(crypto: Crypto, what: string, { keep, after }: ScanOptions): JournalScan {
  let standing = after?.standing;
  let tail = after?.tail ?? new Uint8Array();
  let header: Line<SessionHeader> | undefined;
  const checkpoints: Line<SessionCheckpoint>[] = [];
  let pending: Line<SessionEvent>[] = [];
  let size = 0;
  let seen = 0;
  let ending: JournalContent["ending"] = "whole";
  let fault: Result<never> | undefined;
  let last = false; // the line at hand is not ended by LF

  const take = (line: Uint8Array, number: number): void => {
    if (fault !== undefined) return;
    if (line.length > JOURNAL_LINE_LIMIT) {
      fault = damaged(what, number, "it is longer than 8 MiB");
      return;
    }
    if (last && isCutShort(line)) {
      ending = "torn";
      return;
    }
    size += line.length + (last ? 0 : 1);
    if (isBlank(line)) return;
    const read = readJournalLine(line, what, number);
    if (!read.ok) {
      fault = number === 1 && !beginsRecord(line) ? noHeader(what) : read;
      return;
    }
    const next = nextStanding(crypto, standing, read.value);
    if (typeof next === "string") {
      const early = standing === undefined && read.value.record_type !== "header";
      fault = early ? noHeader(what) : damaged(what, number, next);
      return;
    }
    standing = next;
    tail = line.slice();
    if (last) ending = "unended";
    if (keep) keepLine(read.value, tail);
  };
  const keepLine = (record: JournalRecord, bytes: Uint8Array): void => {
    if (record.header !== undefined && record.record_type === "header") header = { record: record.header, bytes };
    if (record.event !== undefined && record.record_type === "event") pending.push({ record: record.event, bytes });
    if (record.checkpoint === undefined || record.record_type !== "checkpoint") return;
    const { sequence_end } = record.checkpoint;
    checkpoints.push({ record: record.checkpoint, bytes });
    pending = pending.filter((line) => line.record.sequence > sequence_end);
  };
  const feed = lineFeed(JOURNAL_LINE_LIMIT, take);
  return {
    push(piece) {
      seen += piece.length;
      feed.push(piece);
      return fault === undefined;
    },
    end() {
      last = true;
      feed.end();
      if (fault !== undefined) return fault;
      if (standing === undefined) return noHeader(what);
      if (ending === "whole") size = seen;
      return ok({ standing, tail, size, ending, header, checkpoints, pending });
    },
  };
}

const damaged = (what: string, line: number, why: string): Result<never> =>
  fail("journal_damaged", `Cannot read journal "${what}": line ${line}: ${why}`, { file: what, line });

// Whether a line begins as every record does: another kind of file is told apart from a damaged header.
const beginsRecord = (line: Uint8Array): boolean => line[0] === 0x7b && line[1] === 0x22;

const noHeader = (what: string): Result<never> =>
  fail("document_kind", `Cannot read journal "${what}": expected the header of a session on its first line`, { file: what });

const HEAD = '{"record_type":"header"';

/** Whether a file is a journal whose very first line was never finished, so that nothing can have been recorded in it. */
export const isUnborn = (bytes: Uint8Array): boolean => {
  const text = new TextDecoder().decode(bytes);
  return (HEAD.startsWith(text) || text.startsWith(HEAD)) && !text.includes("\n") && isCutShort(bytes);
};
