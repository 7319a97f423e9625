// The files of a session under their lock: reading the journal, mending its end, and keeping the cached state. All commands of a
// session and the writer for long-lived programs go through here.
import { hex, utf8 } from "../core/base/bytes.ts";
import { outputPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { HeldLock, JournalFile, Ports } from "../core/ports.ts";
import { type JournalContent, scanJournal, type Standing } from "../core/run/session_journal.ts";
import { type LockTerms, lockTerms, lockText, readLock } from "../core/run/session_lock.ts";
import { type SessionPaths, sessionPaths } from "../core/run/session_paths.ts";
import { believed, STATE_LIMIT, stateText } from "../core/run/session_state.ts";

/** What the commands of a session need. */
export const SESSION_NEEDS = ["files", "store", "journal", "lock", "env", "clock", "random", "host", "progress"] as const;

/** The ports of `SESSION_NEEDS`. */
export type SessionPorts = Pick<Ports, typeof SESSION_NEEDS[number]>;

/** Where the files of a session lie; `given` is the journal as the user named it. Fault `path_refused`. */
export function pathsOf(given: string): Result<SessionPaths> {
  const path = outputPath(given, "the journal");
  return path.ok ? ok(sessionPaths(path.value)) : path;
}

/** Fails unless there is a journal, before anything is made for it. Faults `file_missing` and `file_unreadable`. */
export async function journalThere({ journal }: SessionPaths, { files }: Pick<Ports, "files">): Promise<Result<void>> {
  const kind = await files.kind(journal);
  if (kind === "file") return ok(undefined);
  return kind === "none"
    ? fail("file_missing", `Cannot open journal "${journal}": there is no such file`, { file: journal })
    : fail(
      "file_unreadable",
      `Cannot open journal "${journal}": it is ${kind === "folder" ? "a folder" : "not a plain file"}`,
      { file: journal },
    );
}

/** Does work while the session is locked. Fault `session_busy` when others hold it for too long. */
export async function locked<T>(
  paths: SessionPaths,
  ports: Pick<SessionPorts, "lock" | "env" | "clock" | "random">,
  work: (lock: HeldLock) => Promise<Result<T>>,
  terms: LockTerms = lockTerms(ports.env.get),
): Promise<Result<T>> {
  const taken = await ports.lock.take(paths.lock, {
    ...terms,
    write: (holder) => lockText({ ...holder, created_at: ports.clock.now(), token: hex(ports.random.bytes(16)) }),
    read: (bytes) => readLock(bytes, ports.clock.now(), terms.lease),
  });
  if (!taken.ok) return taken;
  const lock = taken.value;
  if (lock === undefined) return busy(paths);
  try {
    return await work(lock);
  } finally {
    lock.release();
  }
}

/** The fault of a session whose lock others hold. */
export const busy = ({ journal, lock }: SessionPaths): Result<never> =>
  fail("session_busy", `Cannot use journal "${journal}": another process holds "${lock}"`, { file: journal });

/** What is known of a journal, all that it takes to add to it. */
export type Known = { readonly standing: Standing; readonly size: number; readonly tail: Uint8Array };

/** A journal that was read and whose end was mended. `notes` says how. */
export type ReadJournal = { readonly content: JournalContent; readonly known: Known; readonly notes: readonly string[] };

const PIECE = 2 ** 20;

/** How to read a journal. */
export type ReadOptions = {
  /** Keep the lines that checkpoints and compaction need. */
  readonly keep?: true;
  /** Leave a torn end as it is. */
  readonly asIs?: boolean;
  /** What is known already: only what follows it is read. */
  readonly from?: Known;
};

/**
 * Reads a journal to its end and mends that: a torn last line is cut off, a missing LF is added. Faults: `journal_damaged`,
 * `document_kind`, those of the file.
 */
export function readJournal(
  file: JournalFile,
  paths: SessionPaths,
  ports: Pick<SessionPorts, "host" | "progress">,
  { keep, asIs = false, from }: ReadOptions = {},
): Result<ReadJournal> {
  const look = file.look();
  if (!look.ok) return look;
  const start = from?.size ?? 0;
  const total = look.value.size;
  const scan = scanJournal(ports.host.crypto, paths.journal, {
    keep: keep === true,
    ...(from === undefined ? {} : { after: from }),
  });
  for (let at = start; at < total; at += PIECE) {
    const piece = file.read(at, Math.min(PIECE, total - at));
    if (!piece.ok) return piece;
    if (!scan.push(piece.value)) break;
    ports.progress.report(`read ${paths.journal}`, at - start, total - start);
  }
  const read = scan.end();
  if (!read.ok) return read;
  const size = start + read.value.size;
  const mended = asIs ? ok({ size, notes: [] }) : mend(file, size, total, read.value.ending);
  if (!mended.ok) return mended;
  const { standing, tail } = read.value;
  return ok({ content: read.value, known: { standing, tail, size: mended.value.size }, notes: mended.value.notes });
}

type Mended = { readonly size: number; readonly notes: readonly string[] };

function mend(file: JournalFile, size: number, total: number, ending: JournalContent["ending"]): Result<Mended> {
  switch (ending) {
    case "whole":
      return ok({ size, notes: [] });
    case "torn": {
      const cut = file.cut(size);
      return cut.ok ? ok({ size, notes: [`The last line was never finished: ${total - size} bytes of it were cut off`] }) : cut;
    }
    case "unended": {
      const ended = file.append(utf8("\n"), size, "disk");
      return ended.ok ? ok({ size: size + 1, notes: ["The last line had no end: a line break was added"] }) : ended;
    }
    default:
      return never(ending);
  }
}

const NEAR = 65_536;
const LF = 0x0a;

/**
 * What is known of a journal by its state and its two ends, without reading what lies between; undefined when the state cannot be
 * believed, and for a journal that is no longer than its ends: that is rather read whole. This is what keeps an append as quick on
 * a long journal as on a short one.
 */
export async function quickLook(
  file: JournalFile,
  paths: SessionPaths,
  { files, host }: Pick<SessionPorts, "files" | "host">,
): Promise<Known | undefined> {
  const look = file.look();
  if (!look.ok || look.value.size <= 2 * NEAR) return undefined;
  const state = await files.read(paths.state, STATE_LIMIT);
  if (!state.ok) return undefined;
  const { size } = look.value;
  const head = file.read(0, NEAR);
  const end = file.read(size - NEAR, NEAR);
  if (!head.ok || !end.ok || end.value.at(-1) !== LF) return undefined;
  const first = head.value.indexOf(LF);
  const before = end.value.lastIndexOf(LF, end.value.length - 2);
  if (first < 0 || before < 0) return undefined;
  const tail = end.value.slice(before + 1, -1);
  const standing = believed(host.crypto, state.value, { size, head: head.value.subarray(0, first), tail });
  return standing === undefined ? undefined : { standing, size, tail };
}

/** Writes the state that fits what is known. A failure is not one of the session, which is in its journal: it is a note. */
export async function cacheState(
  { standing, ...journal }: Known,
  paths: SessionPaths,
  { store, clock, host }: Pick<SessionPorts, "store" | "clock" | "host">,
  producer_version: string,
): Promise<readonly string[]> {
  const text = stateText(host.crypto, standing, journal, { updated_at: clock.now(), producer_version });
  const written = await store.write(paths.state, utf8(text), "replace");
  return written.ok ? [] : [`The state was not kept, the journal is whole: ${written.fault.message}`];
}

/** Adds a line to a journal that is known, at once, and says what is known then. Fault `session_busy` when the lock was lost. */
export function addLine(
  file: JournalFile,
  lock: HeldLock,
  paths: SessionPaths,
  known: Known,
  line: string,
  standing: Standing,
): Result<Known> {
  if (!lock.still()) return busy(paths);
  const bytes = utf8(line);
  const added = file.append(bytes, known.size, "disk");
  return added.ok ? ok({ standing, size: known.size + bytes.length, tail: bytes.subarray(0, -1) }) : added;
}

const never = (ending: never): never => {
  throw new Error(`unknown ending: ${JSON.stringify(ending)}`);
};
