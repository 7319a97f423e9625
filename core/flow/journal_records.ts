// The records of a journal of any kind, one after the other: what each is called by number, and whether the numbers that they carry go on
// without a gap.
import type { Crypto } from "../base/host.ts";
import { isJsonObject, type JsonObject } from "../base/json_value.ts";
import { readJsonLine } from "../base/json.ts";
import { isBlankLine } from "../base/lines.ts";
import type { Result } from "../base/result.ts";
import { readShape } from "../base/shape.ts";
import { lineDigest } from "../pack/sequence.ts";
import { nextStanding, readJournalLine, type Standing } from "../run/session_journal.ts";
import type { JournalKind } from "../schema/pack_sequence.ts";
import { SERVE_JOURNAL_ID, ServeRecordShape } from "../schema/serve_journal.ts";
import { JOURNAL_ID } from "../schema/session.ts";
import { TRACE_ID } from "../schema/trace.ts";
import { WRAP_SESSION_ID } from "../schema/wrap_session.ts";
import { checkedTrace, isTrace } from "./linked_trace.ts";
import { readWrapLine, wrapFollower } from "./wrap_records.ts";

/** Reads the lines of one journal in order. */
export type JournalReader = {
  /** One line without LF; blank lines are no records. */
  line(bytes: Uint8Array): void;
  end(): JournalRecords;
};

/** What a journal came to. */
export type JournalRecords = {
  readonly kind: JournalKind;
  /** How many records it has. */
  readonly count: number;
  readonly last_sequence: number;
  /** What of it does not follow from what came before, in words: the first such record, or none. */
  readonly flaw: string | undefined;
};

const kindOf = (first: JsonObject | undefined): JournalKind => {
  const header = first?.["header"];
  const id = isJsonObject(header) ? header["schema_id"] : first?.["schema_id"];
  if (id === JOURNAL_ID) return "session";
  if (id === SERVE_JOURNAL_ID) return "serve";
  if (id === WRAP_SESSION_ID) return "wrap";
  return id === TRACE_ID ? "traces" : "lines";
};

/** What follows a record: the next one is held against it. Words say why one does not follow. */
type Follow = (line: Uint8Array, number: number) => string | undefined;

/** A journal that can tell what is missing once it has ended: words, without the number of a record. */
type Ending = { missing(): string | undefined };

/** Starts to read a journal, which `what` names in messages; `see` is shown the digest of each record. */
export function journalReader(crypto: Crypto, what: string, see: (digest: string) => void): JournalReader {
  let count = 0;
  const last: Last = { sequence: 0 };
  let kind: JournalKind = "lines";
  let follow: Follow = () => undefined;
  let flaw: string | undefined;
  return {
    line(bytes) {
      if (isBlankLine(bytes)) return;
      see(lineDigest(crypto, bytes));
      const number = ++count;
      if (number === 1) {
        const read = readJsonLine(bytes, what, { text: "replace" });
        kind = kindOf(read.ok ? read.value : undefined);
        follow = followerOf(kind, crypto, what, last);
      }
      const words = flaw === undefined ? follow(bytes, number) : undefined;
      if (words !== undefined) flaw = `record ${number}: ${words}`;
    },
    end: () => ({ kind, count, last_sequence: last.sequence, flaw: flaw ?? last.ending?.missing() }),
  };
}

/** What is kept while a journal is read. */
type Last = { sequence: number; ending?: Ending };

function followerOf(kind: JournalKind, crypto: Crypto, what: string, last: Last): Follow {
  switch (kind) {
    case "session":
      return sessionFollower(crypto, what, last);
    case "serve":
      return serveFollower(what, last);
    case "wrap":
      return sessionOfWrap(what, last);
    case "traces":
      return (line) => traceWords(crypto, line, what);
    case "lines":
      return (line) => wordsOf(readJsonLine(line, what, { text: "replace" }));
    default:
      return never(kind);
  }
}

// A log of traces may hold other lines; one that was signed has to be what its signer wrote.
function traceWords(crypto: Crypto, line: Uint8Array, what: string): string | undefined {
  const json = readJsonLine(line, what, { text: "replace" });
  return json.ok && json.value !== undefined && isTrace(json.value) ? wordsOf(checkedTrace(crypto, line, what)) : wordsOf(json);
}

const wordsOf = <T>(read: Result<T>): string | undefined => read.ok ? undefined : read.fault.message;

function sessionFollower(crypto: Crypto, what: string, last: { sequence: number }): Follow {
  let standing: Standing | undefined;
  return (line, number) => {
    const record = readJournalLine(line, what, number);
    if (!record.ok) return record.fault.message;
    const next = nextStanding(crypto, standing, record.value);
    if (typeof next === "string") return next;
    standing = next;
    last.sequence = next.last_sequence;
    return undefined;
  };
}

function serveFollower(what: string, last: { sequence: number }): Follow {
  return (line, number) => {
    const json = readJsonLine(line, what, { text: "replace", firstLine: number });
    const record = json.ok ? readShape(ServeRecordShape, json.value ?? null, what) : json;
    if (!record.ok) return record.fault.message;
    const { call } = record.value;
    if (call === undefined) return undefined;
    if (call.sequence !== last.sequence + 1) {
      return `the sequence of the call must be ${last.sequence + 1}, not ${call.sequence}`;
    }
    last.sequence = call.sequence;
    return undefined;
  };
}

function sessionOfWrap(what: string, last: Last): Follow {
  const follower = wrapFollower();
  last.ending = follower;
  return (line, number) => {
    const record = readWrapLine(line, what, number);
    if (typeof record === "string") return record;
    last.sequence = record.sequence;
    return follower.follow(record);
  };
}

const never = (kind: never): never => {
  throw new Error(`unknown kind of journal: ${JSON.stringify(kind)}`);
};
