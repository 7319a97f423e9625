// `gait run session start`: begins the journal of a session, or finds that it has begun.
import { ok } from "../../core/base/result.ts";
import { command } from "../command.ts";
import { answerLines, JOURNAL_FLAG, onSession, type SessionStatus, statusLine, statusOf } from "../session_command.ts";
import { SESSION_NEEDS } from "../session_files.ts";
import { startSession } from "../session_start.ts";

type Started = { readonly status: SessionStatus };

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
      const started = await startSession(ids, paths, ports, version);
      if (!started.ok) return started;
      const { known, notes } = started.value;
      return ok({ answer: { status: statusOf(known.standing) }, warnings: notes });
    }),
  lines: (data) => answerLines(data, ({ status }) => statusLine(status)),
});
