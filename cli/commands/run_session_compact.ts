// `gait run session compact`: takes out of a journal what its checkpoints have sealed.
import { outputPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { HeldLock } from "../../core/ports.ts";
import { compactJournal } from "../../core/run/session_compact.ts";
import { clash, type SessionPaths, sessionPaths } from "../../core/run/session_paths.ts";
import { command } from "../command.ts";
import { answerLines, JOURNAL_FLAG, onSession, type Worked } from "../session_command.ts";
import {
  busy,
  cacheState,
  journalThere,
  type Known,
  locked,
  readJournal,
  SESSION_NEEDS,
  type SessionPorts,
} from "../session_files.ts";

type Compacted = {
  readonly compaction: {
    readonly journal_path: string;
    readonly output_path: string;
    readonly dry_run: boolean;
    readonly compacted: boolean;
    readonly events_before: number;
    readonly events_after: number;
    readonly checkpoints: number;
    readonly last_checkpoint_sequence: number;
    readonly bytes_before: number;
    readonly bytes_after: number;
  };
};

/** Fails when the output is a file of the session, or one that is not a journal of the same session. */
async function mayReplace(output: string, known: Known, paths: SessionPaths, ports: SessionPorts): Promise<Result<void>> {
  const { state, lock, chain } = paths;
  const taken = clash(output, [state, lock, chain]);
  if (taken !== undefined) {
    return fail("path_refused", `Cannot write to "${taken}": it is another file of the session`, { file: taken });
  }
  if (output === paths.journal || await ports.files.kind(output) === "none") return ok(undefined);
  const file = ports.journal.open(output);
  if (!file.ok) return file;
  const other = readJournal(file.value, sessionPaths(output), ports, { asIs: true });
  file.value.close();
  const { session_id, run_id } = known.standing.header;
  const there = other.ok ? other.value.known.standing.header : undefined;
  return there?.session_id === session_id && there.run_id === run_id
    ? ok(undefined)
    : fail("file_exists", `Cannot write to "${output}": it is there, and not a journal of session "${session_id}"`, {
      file: output,
    });
}

async function compact(
  out: string,
  dry_run: boolean,
  lock: HeldLock,
  paths: SessionPaths,
  ports: SessionPorts,
  version: string,
): Promise<Result<Worked<Compacted>>> {
  const file = ports.journal.open(paths.journal);
  if (!file.ok) return file;
  const read = readJournal(file.value, paths, ports, { keep: true, asIs: dry_run });
  file.value.close();
  if (!read.ok) return read;
  const { content, known, notes } = read.value;
  const smaller = compactJournal(content);
  const { event_count, checkpoint_count, last_checkpoint_sequence } = known.standing;
  const compaction = {
    journal_path: paths.journal,
    output_path: out,
    dry_run,
    compacted: smaller.standing.event_count < event_count || out !== paths.journal || smaller.bytes.length !== known.size,
    events_before: event_count,
    events_after: smaller.standing.event_count,
    checkpoints: checkpoint_count,
    last_checkpoint_sequence,
    bytes_before: known.size,
    bytes_after: smaller.bytes.length,
  };
  const may = await mayReplace(out, known, paths, ports);
  if (!may.ok) return may;
  if (dry_run) return ok({ answer: { compaction }, warnings: notes });
  if (!lock.still()) return busy(paths);
  const written = await ports.store.write(out, smaller.bytes, "replace");
  if (!written.ok) return written;
  const now = out === paths.journal ? { ...smaller, size: smaller.bytes.length } : known;
  return ok({ answer: { compaction }, warnings: [...notes, ...await cacheState(now, paths, ports, version)] });
}

export default command({
  path: ["run", "session", "compact"],
  summary: "Take sealed events out of a journal",
  explain: "Writes the journal of a session again without the events that its checkpoints have sealed; sequences go on.",
  flags: {
    ...JOURNAL_FLAG,
    out: { kind: "text", doc: "Journal to write, in the place of the old one", default: "", value: "file", complete: "path" },
    "dry-run": { kind: "switch", doc: "Say what would be done, and write nothing" },
  },
  examples: ["gait run session compact --journal s.jsonl --dry-run"],
  refusal: { operation: "compact" },
  needs: SESSION_NEEDS,
  run: ({ journal, out, ...values }, ports, { version }) =>
    onSession<Compacted>("compact", journal, async (paths) => {
      const to = out === "" ? ok(paths.journal) : outputPath(out, "the journal");
      if (!to.ok) return to;
      const there = await journalThere(paths, ports);
      if (!there.ok) return there;
      return await locked(paths, ports, (lock) => compact(to.value, values["dry-run"], lock, paths, ports, version));
    }),
  lines: (data) =>
    answerLines(
      data,
      ({ compaction: { dry_run, events_before, events_after, bytes_before, bytes_after } }) =>
        `${dry_run ? "dry run, " : ""}events ${events_before} to ${events_after}, bytes ${bytes_before} to ${bytes_after}`,
    ),
});
