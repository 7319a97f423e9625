// `gait run session start`: begins the journal of a session, or finds that it has begun.
import { utf8 } from "../../core/base/bytes.ts";
import { fileNameId } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { WriteMode } from "../../core/ports.ts";
import { begun, isUnborn, journalLine } from "../../core/run/session_journal.ts";
import type { SessionPaths } from "../../core/run/session_paths.ts";
import { VERSION_1 } from "../../core/schema/heading.ts";
import { JOURNAL_ID, type SessionHeader } from "../../core/schema/session.ts";
import { command } from "../command.ts";
import {
  answerLines,
  JOURNAL_FLAG,
  onSession,
  type SessionStatus,
  statusLine,
  statusOf,
  type Worked,
} from "../session_command.ts";
import { cacheState, type Known, locked, readJournal, SESSION_NEEDS, type SessionPorts } from "../session_files.ts";

type Started = { readonly status: SessionStatus };
type Ids = { readonly session_id: string; readonly run_id: string };

const MOST_UNBORN = 4096;

/** How a new journal takes its place; undefined when there is one already. A file whose first line was never finished is none. */
async function placeFor(path: string, { files }: SessionPorts): Promise<Result<WriteMode | undefined>> {
  if (await files.kind(path) === "none") return ok("create");
  const bytes = await files.read(path, MOST_UNBORN);
  if (!bytes.ok) return bytes.fault.code === "file_too_large" ? ok(undefined) : bytes;
  return ok(isUnborn(bytes.value) ? "replace" : undefined);
}

async function begin(
  ids: Ids,
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

function find(ids: Ids, paths: SessionPaths, ports: SessionPorts): Result<{ known: Known; notes: readonly string[] }> {
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

export default command({
  path: ["run", "session", "start"],
  summary: "Begin the journal of a session",
  explain: "Begins an append-only journal of decisions; a journal of the same session that is there already stays as it is.",
  flags: {
    ...JOURNAL_FLAG,
    "session-id": { kind: "text", doc: "Id of the session", required: true, value: "id" },
    "run-id": { kind: "text", doc: "Id of the run", required: true, value: "id" },
  },
  examples: ["gait run session start --journal s.jsonl --session-id s1 --run-id run_s1"],
  refusal: { operation: "start" },
  needs: SESSION_NEEDS,
  run: ({ journal, ...values }, ports, { version }) =>
    onSession<Started>("start", journal, async (paths) => {
      const ids = { session_id: values["session-id"], run_id: values["run-id"] };
      for (const [id, what] of [[ids.session_id, "session id"], [ids.run_id, "run id"]] as const) {
        const name = fileNameId(id, what);
        if (!name.ok) return name;
      }
      return await locked(paths, ports, async (): Promise<Result<Worked<Started>>> => {
        const mode = await placeFor(paths.journal, ports);
        if (!mode.ok) return mode;
        const there = mode.value === undefined ? find(ids, paths, ports) : await begin(ids, paths, mode.value, ports, version);
        if (!there.ok) return there;
        const { known, notes } = "known" in there.value ? there.value : { known: there.value, notes: [] };
        const warnings = [...notes, ...await cacheState(known, paths, ports, version)];
        return ok({ answer: { status: statusOf(known.standing) }, warnings });
      });
    }),
  lines: (data) => answerLines(data, ({ status }) => statusLine(status)),
});
