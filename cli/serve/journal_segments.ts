// The files of the server's journal: their names, and what stands in one.
import { fromUtf8 } from "../../core/base/bytes.ts";
import { readJsonLine } from "../../core/base/json.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { readShape, writeShape } from "../../core/base/shape.ts";
import type { Ports } from "../../core/ports.ts";
import {
  SERVE_JOURNAL_ID,
  type ServedCall,
  type ServeHeader,
  type ServeRecord,
  ServeRecordShape,
} from "../../core/schema/serve_journal.ts";

/** The name of the nth file. */
export const segmentName = (number: number): string => `serve_${String(number).padStart(6, "0")}.jsonl`;

/** A line of the journal that is no call. */
export const recordLine = (record: Partial<ServeRecord> & Pick<ServeRecord, "record_type">): string => {
  const none = { header: undefined, call: undefined, removed: undefined, settled: undefined };
  return `${JSON.stringify(writeShape(ServeRecordShape, { ...none, ...record }))}\n`;
};

/** The numbers of all files of a folder, ascending. */
export async function findSegments(dir: string, { files }: Pick<Ports, "files">): Promise<Result<readonly number[]>> {
  const names = await files.list(dir);
  if (!names.ok) return names.fault.code === "file_missing" ? ok([]) : names;
  const numbers = names.value.flatMap((name) => {
    const digits = /^serve_(\d{6,12})\.jsonl$/.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
  return ok(numbers.toSorted((a, b) => a - b));
}

/** A call, and the number of its line. */
export type JournaledCall = ServedCall & { readonly line: number };

/** What a file holds. */
export type SegmentContent = {
  /** Undefined when the file was never begun: a crash came before its first line was whole. */
  readonly header: ServeHeader | undefined;
  readonly calls: readonly JournaledCall[];
  readonly removed: ReadonlySet<string>;
  readonly settled: boolean;
  /** The bytes that count; what follows them was never finished. */
  readonly size: number;
};

const LF = 0x0a;

/** The fault of a line that cannot be believed. */
export const damagedLine = (path: string, line: number, words: string): Result<never> =>
  fail("journal_damaged", `Cannot read journal "${path}": line ${line} ${words}`, { file: path, line });

/** Reads a file. What follows the last line that is whole was never acknowledged; any other damage is a fault, `journal_damaged`. */
export function readSegment(bytes: Uint8Array, path: string): Result<SegmentContent> {
  const calls: JournaledCall[] = [];
  const removed = new Set<string>();
  let header: ServeHeader | undefined;
  let settled = false;
  let size = 0;
  for (let number = 1; size < bytes.length; number++) {
    const feed = bytes.indexOf(LF, size);
    if (feed === -1) break;
    const damaged = (words: string): Result<never> => damagedLine(path, number, words);
    const record = readRecord(bytes.subarray(size, feed), path, number);
    if (!record.ok) {
      if (!laterRecord(bytes, feed + 1, path)) break; // the machine stopped before all of the last write was on the disk
      return damaged("is not a record");
    }
    const { record_type, ...members } = record.value;
    if ((header === undefined) !== (members.header !== undefined)) return damaged("stands where a header should or should not");
    if (members.header !== undefined && members.header.schema_id !== SERVE_JOURNAL_ID) {
      return damaged("is not a header of this format");
    }
    if (members.call !== undefined && members.call.sequence !== calls.length + 1) {
      return damaged("is not the call that comes next");
    }
    if (settled) return damaged(`follows the end of the file (${record_type})`);
    header ??= members.header;
    if (members.call !== undefined) calls.push({ ...members.call, line: number });
    for (const gone of members.removed?.paths ?? []) removed.add(gone);
    settled = members.settled !== undefined;
    size = feed + 1;
  }
  return ok({ header, calls, removed, settled, size });
}

const TYPES = ["header", "call", "removed", "settled"] as const;

function readRecord(line: Uint8Array, path: string, firstLine: number): Result<ServeRecord> {
  const json = readJsonLine(line, path, { firstLine });
  if (!json.ok) return json;
  if (json.value === undefined) return fail("document_shape", "a line is blank");
  const record = readShape(ServeRecordShape, json.value, path);
  if (!record.ok) return record;
  const { value } = record;
  const here = TYPES.filter((name) => value[name] !== undefined);
  return here.length === 1 && here[0] === value.record_type
    ? record
    : fail("document_shape", "a record holds what it does not name");
}

function laterRecord(bytes: Uint8Array, from: number, path: string): boolean {
  for (let at = from; at < bytes.length;) {
    const feed = bytes.indexOf(LF, at);
    if (feed === -1) return false;
    if (readRecord(bytes.subarray(at, feed), path, 1).ok) return true;
    at = feed + 1;
  }
  return false;
}

/** Whether the end of a file says that it is settled. */
export const endsSettled = (tail: Uint8Array): boolean => /\n\{"record_type":"settled",[^\n]*\}\n$/.test(fromUtf8(tail));
