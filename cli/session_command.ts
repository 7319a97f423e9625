// What the commands of a session share: the flag that names the journal, the members of every answer, and refusals that carry them.
import { ok, type Result } from "../core/base/result.ts";
import type { Standing } from "../core/run/session_journal.ts";
import type { SessionPaths } from "../core/run/session_paths.ts";
import type { Outcome } from "./command.ts";
import { pathsOf } from "./session_files.ts";

/** The flag of every command of a session. */
export const JOURNAL_FLAG = {
  journal: { kind: "text", doc: "Journal of the session", required: true, value: "file", complete: "path" },
} as const;

/** The answer of a command of a session: `T` is there when it worked. */
export type SessionAnswer<T> = {
  readonly ok: boolean;
  readonly operation: string;
  readonly journal: string;
  /** What was mended on the way. */
  readonly warnings: readonly string[];
} & ({ readonly ok: true } & T | { readonly ok: false });

/** What the work of a command came to. */
export type Worked<T> = { readonly answer: T; readonly warnings: readonly string[] };

/** Runs the work of a command on the journal that the user named, and answers with it or with a refusal. */
export async function onSession<T extends object>(
  operation: string,
  journal: string,
  work: (paths: SessionPaths) => Promise<Result<Worked<T>>>,
): Promise<Result<Outcome<SessionAnswer<T>>>> {
  const paths = pathsOf(journal);
  const done = paths.ok ? await work(paths.value) : paths;
  const about = { operation, journal };
  if (!done.ok) return ok({ exit: "usage", data: { ...about, ok: false, warnings: [] }, fault: done.fault });
  const { answer, warnings } = done.value;
  return ok({ exit: "ok", data: { ...about, warnings, ...answer, ok: true } });
}

/** The lines of an answer: one that says what was done, and one for each warning. */
export const answerLines = <T>(
  data: SessionAnswer<T>,
  line: (data: SessionAnswer<T> & { readonly ok: true }) => string,
): readonly string[] =>
  data.ok
    ? [`run session ${data.operation}: ${line({ ...data, ok: true })}`, ...data.warnings.map((text) => `warning: ${text}`)]
    : [];

/** A session as status shows it. */
export type SessionStatus = {
  readonly session_id: string;
  readonly run_id: string;
  readonly created_at: string;
  readonly started_at: string;
  readonly event_count: number;
  readonly checkpoint_count: number;
  readonly last_sequence: number;
};

/** What a journal comes to, as status shows it. */
export const statusOf = ({ header, event_count, checkpoint_count, last_sequence }: Standing): SessionStatus => ({
  session_id: header.session_id,
  run_id: header.run_id,
  created_at: header.created_at,
  started_at: header.started_at,
  event_count,
  checkpoint_count,
  last_sequence,
});

/** The line of a status. */
export const statusLine = (status: SessionStatus): string =>
  `session_id=${status.session_id} run_id=${status.run_id} events=${status.event_count} checkpoints=${status.checkpoint_count} last_sequence=${status.last_sequence}`;
