// Beginning the journal of a session, or finding that it has begun: for the command, and for services that keep sessions.
import { utf8 } from "../core/base/bytes.ts";
import { fileNameId } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { WriteMode } from "../core/ports.ts";
import { begun, isUnborn, journalLine } from "../core/run/session_journal.ts";
import type { SessionPaths } from "../core/run/session_paths.ts";
import { VERSION_1 } from "../core/schema/heading.ts";
import { JOURNAL_ID, type SessionHeader } from "../core/schema/session.ts";
import { cacheState, type Known, locked, readJournal, type SessionPorts } from "./session_files.ts";

/** Whose journal it is. */
export type SessionIds = { readonly session_id: string; readonly run_id: string };

/** A journal that has begun, and what was mended on the way. */
export type StartedSession = { readonly known: Known; readonly notes: readonly string[] };

const MOST_UNBORN = 4096;

/** How a new journal takes its place; undefined when there is one already. A file whose first line was never finished is none. */
async function placeFor(path: string, { files }: SessionPorts): Promise<Result<WriteMode | undefined>> {
  if (await files.kind(path) === "none") return ok("create");
  const bytes = await files.read(path, MOST_UNBORN);
  if (!bytes.ok) return bytes.fault.code === "file_too_large" ? ok(undefined) : bytes;
  return ok(isUnborn(bytes.value) ? "replace" : undefined);
}

async function begin(
  ids: SessionIds,
  paths: SessionPaths,
  mode: WriteMode,
  ports: SessionPorts,
  version: string,
): Promise<Result<Known>> {
  const now = ports.clock.now();
  const head = { schema_id: JOURNAL_ID, schema_version: VERSION_1, created_at: now, producer_version: version };
  const header: SessionHeader = { ...head, ...ids, started_at: now, events: [] };
  const line = journalLine({ record_type: "header", header });
  if (!line.ok) return line;
  const bytes = utf8(line.value);
  const written = await ports.store.write(paths.journal, bytes, mode);
  return written.ok ? ok({ standing: begun(header), size: bytes.length, tail: bytes.subarray(0, -1) }) : written;
}

function find(ids: SessionIds, paths: SessionPaths, ports: SessionPorts): Result<StartedSession> {
  const file = ports.journal.open(paths.journal);
  if (!file.ok) return file;
  const read = readJournal(file.value, paths, ports);
  file.value.close();
  if (!read.ok) return read;
  const { session_id, run_id } = read.value.known.standing.header;
  if (session_id === ids.session_id && run_id === ids.run_id) return read;
  return fail(
    "session_differs",
    `Cannot start session "${ids.session_id}": journal "${paths.journal}" is that of session "${session_id}" and run "${run_id}"`,
    { file: paths.journal },
  );
}

/**
 * Begins a journal, or finds that it has begun. Faults `path_refused` for ids that no name of a file can hold, `session_differs` when it
 * is another session's, those of journals and locks.
 */
export async function startSession(
  ids: SessionIds,
  paths: SessionPaths,
  ports: SessionPorts,
  version: string,
): Promise<Result<StartedSession>> {
  for (const [id, what] of [[ids.session_id, "session id"], [ids.run_id, "run id"]] as const) {
    const name = fileNameId(id, what);
    if (!name.ok) return name;
  }
  return await beginOrFind(ids, paths, ports, version);
}

/** The same for ids that never become a part of a name. */
export const beginOrFind = (
  ids: SessionIds,
  paths: SessionPaths,
  ports: SessionPorts,
  version: string,
): Promise<Result<StartedSession>> =>
  locked(paths, ports, async () => {
    const mode = await placeFor(paths.journal, ports);
    if (!mode.ok) return mode;
    const there = mode.value === undefined ? find(ids, paths, ports) : await begin(ids, paths, mode.value, ports, version);
    if (!there.ok) return there;
    const { known, notes } = "known" in there.value ? there.value : { known: there.value, notes: [] };
    return ok({ known, notes: [...notes, ...await cacheState(known, paths, ports, version)] });
  });
