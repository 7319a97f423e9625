// `gait run session status`: what the journal of a session holds, read from the journal itself.
import { ok, type Result } from "../../core/base/result.ts";
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
import { cacheState, journalThere, locked, readJournal, SESSION_NEEDS } from "../session_files.ts";

type Shown = { readonly status: SessionStatus };

export default command({
  path: ["run", "session", "status"],
  summary: "Show what a session came to",
  explain: "Reads the journal of a session from its first line to its last, checks every record, and counts.",
  flags: JOURNAL_FLAG,
  examples: ["gait run session status --journal s.jsonl"],
  refusal: { operation: "status" },
  needs: SESSION_NEEDS,
  run: ({ journal }, ports, { version }) =>
    onSession<Shown>("status", journal, async (paths) => {
      const there = await journalThere(paths, ports);
      if (!there.ok) return there;
      return await locked(paths, ports, async (): Promise<Result<Worked<Shown>>> => {
        const file = ports.journal.open(paths.journal);
        if (!file.ok) return file;
        const read = readJournal(file.value, paths, ports);
        file.value.close();
        if (!read.ok) return read;
        const { known, notes } = read.value;
        const warnings = [...notes, ...await cacheState(known, paths, ports, version)];
        return ok({ answer: { status: statusOf(known.standing) }, warnings });
      });
    }),
  lines: (data) => answerLines(data, ({ status }) => statusLine(status)),
});
