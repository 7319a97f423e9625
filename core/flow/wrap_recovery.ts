// What a gate left that is gone, killed or without power: the journal up to its last whole record, and the lines that end it.
import { utf8 } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { WrapHeader, WrapRecord } from "../schema/wrap_session.ts";
import { readWrapLine, type WrapDraft, wrapFollower, wrapLine, wrapRecord } from "./wrap_records.ts";

/** A journal that somebody left. */
export type WrapLeft = {
  readonly header: WrapHeader;
  /** How many of its bytes count: what follows was never finished. */
  readonly size: number;
  /** What is to be written behind them; nothing where it has ended. */
  readonly rest: Uint8Array<ArrayBuffer>;
};

const LF = 0x0a;

/**
 * Reads what was left of a journal and ends it: no more is known of calls that were on their way than that. Fault `journal_damaged` where
 * records that are whole do not follow each other.
 */
export function endInterrupted(bytes: Uint8Array, path: string, now: string): Result<WrapLeft> {
  const damaged = (words: string, line: number): Result<never> =>
    fail("journal_damaged", `Cannot seal "${path}": ${words}`, { file: path, line });
  const follower = wrapFollower();
  let header: WrapHeader | undefined;
  let size = 0;
  for (let number = 1, feed = bytes.indexOf(LF); feed !== -1; number++, feed = bytes.indexOf(LF, size)) {
    const record = readWrapLine(bytes.subarray(size, feed), path, number);
    if (typeof record === "string") {
      if (!laterRecord(bytes, feed + 1, path)) break; // the machine stopped before all of the last write was on the disk
      return damaged(record, number);
    }
    const words = follower.follow(record);
    if (words !== undefined) return damaged(`line ${number}: ${words}`, number);
    header ??= record.header;
    size = feed + 1;
  }
  if (header === undefined) return damaged("its first record is no header", 1);
  return ok({ header, size, rest: utf8(endOf(follower.standing(), now).map(wrapLine).join("")) });
}

function endOf({ sequence, calls, due, ended }: ReturnType<ReturnType<typeof wrapFollower>["standing"]>, now: string) {
  if (ended) return [];
  const drafts: readonly WrapDraft[] = [
    ...due.map((call): WrapDraft => ({ record_type: "result", result: { ...NO_RESULT, call } })),
    { record_type: "end", end: { why: "interrupted", calls } },
  ];
  return drafts.map((draft, i): WrapRecord => wrapRecord(draft, sequence + 1 + i, now));
}

const NO_RESULT = {
  status: "interrupted",
  frame_digest: "",
  result_digest: "",
  bytes: 0,
  reason_codes: ["mcp_result_interrupted"],
  effect: "",
  rules: [],
  labels: [],
};

function laterRecord(bytes: Uint8Array, from: number, path: string): boolean {
  for (let at = from, feed = bytes.indexOf(LF, at); feed !== -1; at = feed + 1, feed = bytes.indexOf(LF, at)) {
    if (typeof readWrapLine(bytes.subarray(at, feed), path, 1) !== "string") return true;
  }
  return false;
}
