// The sessions that calls belong to (spec 05, section 3.4): a journal for each pair of session and run, begun with its first call, kept
// open while calls come.
import { utf8 } from "../../core/base/bytes.ts";
import { joinPath, outputPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { Ports } from "../../core/ports.ts";
import type { EventDraft } from "../../core/run/session_event.ts";
import { type SessionPaths, sessionPaths } from "../../core/run/session_paths.ts";
import type { SessionPorts } from "../session_files.ts";
import { sealSession } from "../session_seal.ts";
import { beginOrFind, type SessionIds } from "../session_start.ts";
import { openSession, type SessionWriter } from "../session_writer.ts";

/** An event that was added, and where. */
export type Recorded = { readonly paths: SessionPaths; readonly sequence: number };

/** The sessions of a server. */
export interface Sessions {
  /**
   * Adds an event; it is on the disk when this resolves. `journal` is the one that the caller named, empty without one. Faults
   * `path_refused`, `session_differs`, `session_busy`, those of journals.
   */
  record(ids: SessionIds, journal: string, draft: EventDraft): Promise<Result<Recorded>>;
  /** Seals what came since the last checkpoint; nothing when another call has done it. */
  seal(recorded: Recorded, out: string): Promise<Result<void>>;
  close(): Promise<void>;
}

/** The most journals that are kept open. */
const MOST_OPEN = 256;
/** Most bytes of a session id, and of the name of a journal that callers named; more make no name that every file system takes. */
const LONGEST = 120;
const LONGEST_NAME = 220;

/** The name of a session's files without their ends. Fault `path_refused` for an id that leaves nothing to name a file by. */
export const sessionBase = (session_id: string): Result<string> => baseOf(session_id, LONGEST);

/** The name of the checkpoints of the session whose journal has a name. Fault `path_refused`. */
export const checkpointBase = (journal: string): Result<string> => baseOf(journal, LONGEST_NAME);

function baseOf(session_id: string, longest: number): Result<string> {
  const plain = session_id.replace(/[/\\ :]/g, "_");
  let [from, to] = [0, plain.length];
  const cut = (char: string | undefined): boolean => char === "." || char === "_";
  while (from < to && cut(plain[from])) from++;
  while (to > from && cut(plain[to - 1])) to--;
  const base = plain.slice(from, to);
  return base !== "" && utf8(base).length <= longest && isPlain(base)
    ? ok(base)
    : fail("path_refused", `Cannot keep session "${session_id}": expected an id that a file can be named by`);
}

const isPlain = (text: string): boolean =>
  Array.from(text).every((char) => char >= " " && char !== "\x7f" && char.isWellFormed());

type Open = { readonly ids: SessionIds; readonly paths: SessionPaths; readonly writer: SessionWriter };

/** The sessions in a folder. */
export function sessionsIn(dir: string, ports: SessionPorts & Pick<Ports, "machine">, version: string): Sessions {
  // By path, so that two sessions that have one name never write to one journal.
  const open = new Map<string, Promise<Result<Open>>>();
  const closing = new Set<Promise<void>>();

  async function begin(ids: SessionIds, path: string): Promise<Result<Open>> {
    const paths = sessionPaths(path);
    const begun = await beginOrFind(ids, paths, ports, version);
    if (!begun.ok) return begun;
    const writer = await openSession(paths, ports, version, "close");
    return writer.ok ? ok({ ids, paths, writer: writer.value }) : writer;
  }

  async function opened(ids: SessionIds, path: string): Promise<Result<Open>> {
    const found = open.get(path) ?? begin(ids, path);
    open.delete(path); // the one that was used last is the last to be closed
    open.set(path, found);
    for (const old of open.keys()) {
      if (open.size <= MOST_OPEN) break;
      drop(old);
    }
    const session = await found;
    if (!session.ok) {
      if (open.get(path) === found) open.delete(path);
      return session;
    }
    const { session_id, run_id } = session.value.ids;
    if (session_id === ids.session_id && run_id === ids.run_id) return session;
    return fail("session_differs", `Cannot use journal "${path}": it is that of session "${session_id}" and run "${run_id}"`);
  }

  function drop(path: string): void {
    const found = open.get(path);
    open.delete(path);
    if (found === undefined) return;
    const closed = found.then((session) => session.ok ? session.value.writer.close() : undefined);
    closing.add(closed);
    void closed.then(() => closing.delete(closed));
  }

  async function find(ids: SessionIds, journal: string): Promise<Result<Open>> {
    if (journal !== "") {
      const path = outputPath(journal, "the journal of the session");
      return path.ok ? await opened(ids, path.value) : path;
    }
    const base = sessionBase(ids.session_id);
    if (!base.ok) return base;
    const own = await opened(ids, joinPath(dir, `${base.value}.journal.jsonl`));
    return own.ok || own.fault.code !== "session_differs"
      ? own
      : await opened(ids, joinPath(dir, `${base.value}_${ids.run_id}.journal.jsonl`));
  }

  return {
    async record(ids, journal, draft) {
      for (let again = false;; again = true) {
        const session = await find(ids, journal);
        if (!session.ok) return session;
        const { paths, writer } = session.value;
        const event = await writer.append(draft);
        if (event.ok) return ok({ paths, sequence: event.value.sequence });
        drop(paths.journal);
        if (event.fault.code !== "file_missing" || again) return event; // it may have been taken away for its age
      }
    },
    async seal({ paths }, out) {
      const sealed = await sealSession(paths, out, "", ports, version);
      return sealed.ok || sealed.fault.code === "session_nothing_new" ? ok(undefined) : sealed;
    },
    async close() {
      for (const path of [...open.keys()]) drop(path);
      await Promise.all(closing);
    },
  };
}
