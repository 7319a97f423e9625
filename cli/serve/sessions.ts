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
import { nameIn } from "../targets.ts";
import { underway } from "../underway.ts";

/** An event that was added, and where. */
export type Recorded = {
  readonly paths: SessionPaths;
  readonly sequence: number;
  /**
   * The runpack of the checkpoint that was due with it, blank where another program had sealed the event by then. Faults of
   * `sealSession`.
   */
  readonly checkpoint: Promise<Result<string>> | undefined;
};

/** Where checkpoints go, and after how many events one is due; never in no folder, nor after 0. */
export type Checkpoints = { readonly dir: string; readonly interval: number };

/** The sessions of a server. */
export interface Sessions {
  /**
   * Adds an event; it is on the disk when this resolves. `journal` is the one that the caller named, empty without one. Faults
   * `path_refused`, `session_differs`, `session_busy`, those of journals.
   */
  record(ids: SessionIds, journal: string, draft: EventDraft, checkpoints: Checkpoints): Promise<Result<Recorded>>;
  close(): Promise<void>;
}

/** The most journals that are kept open. */
const MOST_OPEN = 256;
/** Most bytes of the names that sessions make: file systems take 255, with the ends of the files and those of temporary ones. */
const LONGEST = 220;

/**
 * The name of a session's files without their ends, to which that of a run may be added. Fault `path_refused` for an id that leaves
 * nothing to name a file by, or too much.
 */
export function sessionBase(session_id: string, run_id = ""): Result<string> {
  const plain = session_id.replace(/[/\\ :]/g, "_");
  let [from, to] = [0, plain.length];
  const cut = (char: string | undefined): boolean => char === "." || char === "_";
  while (from < to && cut(plain[from])) from++;
  while (to > from && cut(plain[to - 1])) to--;
  const base = plain.slice(from, to);
  return base !== "" && utf8(`${base}${run_id}`).length <= LONGEST && isPlain(base)
    ? ok(base)
    : fail("path_refused", `Cannot keep session "${session_id}": expected an id that a file can be named by`);
}

const isPlain = (text: string): boolean =>
  Array.from(text).every((char) => char >= " " && char !== "\x7f" && char.isWellFormed());

type Open = {
  readonly ids: SessionIds;
  readonly paths: SessionPaths;
  readonly writer: SessionWriter;
  /** Ends with the last checkpoint that is due. */
  sealing: Promise<unknown>;
};

// What the checkpoints of a session are named by: its id, and its run too where something else has that name. Where a caller names the
// journal, nothing may be left of an id.
function checkpointNames({ ids: { session_id, run_id }, paths }: Open): Result<readonly string[]> {
  const own = sessionBase(session_id, run_id);
  if (own.ok) return ok([own.value, `${own.value}_${run_id}`]);
  const journal = sessionBase(nameIn(paths.journal).replace(/(?:\.journal)?\.jsonl$/, ""));
  return journal.ok ? ok([journal.value]) : journal;
}

/** The sessions in a folder; `wrote` is told of each file that was written. */
export function sessionsIn(
  dir: string,
  ports: SessionPorts & Pick<Ports, "machine">,
  version: string,
  wrote: (path: string) => void,
): Sessions {
  // By path, so that two sessions that have one name never write to one journal.
  const open = new Map<string, Promise<Result<Open>>>();
  const closing = underway();

  async function begin(ids: SessionIds, path: string): Promise<Result<Open>> {
    const paths = sessionPaths(path);
    const begun = await beginOrFind(ids, paths, ports, version);
    if (!begun.ok) return begun;
    wrote(paths.journal);
    wrote(paths.state);
    const writer = await openSession(paths, ports, version, "close");
    return writer.ok ? ok({ ids, paths, writer: writer.value, sealing: Promise.resolve() }) : writer;
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
    closing.add(found.then((session) => session.ok ? session.value.writer.close() : undefined));
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

  async function seal(session: Open, to: string, sequence: number): Promise<Result<string>> {
    const { paths } = session;
    const names = checkpointNames(session);
    if (!names.ok) return names;
    for (const [index, name] of names.value.entries()) {
      const runpack = joinPath(to, `${name}_cp_${String(sequence).padStart(6, "0")}.zip`);
      const sealed = await sealSession(paths, { runpack, chain: "", through: sequence }, ports, version);
      if (sealed.ok) {
        for (const path of [runpack, paths.journal, paths.state, paths.chain]) wrote(path);
        return ok(runpack);
      }
      if (sealed.fault.code === "session_nothing_new") break;
      if (sealed.fault.code !== "file_exists" || index === names.value.length - 1) return sealed;
    }
    return ok("");
  }

  // One after the other in the order of their events, each up to its own event, so that every checkpoint that is due is made.
  function due(session: Open, { dir: to, interval }: Checkpoints, sequence: number): Recorded["checkpoint"] {
    if (interval <= 0 || to === "" || sequence % interval !== 0) return undefined;
    const sealed = session.sealing.then(() => seal(session, to, sequence));
    session.sealing = sealed.catch(() => {}); // its own call hears of it
    return sealed;
  }

  return {
    async record(ids, journal, draft, checkpoints) {
      for (let again = false;; again = true) {
        const session = await find(ids, journal);
        if (!session.ok) return session;
        const { paths, writer } = session.value;
        const event = await writer.append(draft);
        if (event.ok) {
          wrote(paths.journal);
          const { sequence } = event.value;
          return ok({ paths, sequence, checkpoint: due(session.value, checkpoints, sequence) });
        }
        drop(paths.journal);
        if (event.fault.code !== "file_missing" || again) return event; // it may have been taken away for its age
      }
    },
    async close() {
      for (const path of [...open.keys()]) drop(path);
      await closing.all();
    },
  };
}
