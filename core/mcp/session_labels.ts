// What a session remembers of the data that came in with results: labels, where data of theirs comes from, and the tasks in which calls
// are still at work. Later calls of the session carry it, so that the policy can tell them from calls that have seen nothing.
import type { JsonObject } from "../base/json_value.ts";
import { byBytes } from "../base/text.ts";

/** Where data comes from that a tool has given; words of spec 02, section 4.2. */
export const RESULT_SOURCES = ["tool_output", "external"] as const;

/** What a rule says of a result that it was taken for. */
export type Mark = {
  readonly rule: string;
  readonly source: typeof RESULT_SOURCES[number];
  readonly labels: readonly string[];
};

/** A call that is worked on as a task. */
export type TaskedCall = { readonly number: number; readonly tool: string };

/** The memory of one session. Nothing is ever forgotten but the oldest tasks. */
export interface SessionLabels {
  /** Puts labels in force, before the result that has them is told to anybody; of a call of this number, where it is known. */
  mark(call: number | undefined, marks: readonly Mark[]): void;
  /** All labels in force, in byte order. */
  labels(): readonly string[];
  /** What calls have to say of the origin of their arguments: all of them may hold what the session has read. */
  provenance(): readonly JsonObject[];
  /** Says that a call goes on as a task. */
  began(task: string, call: TaskedCall): void;
  /** The call of a task; undefined where it is not known. */
  callOf(task: string): TaskedCall | undefined;
}

const MOST_MARKS = 1024;
const MOST_TASKS = 4096;

/** A session that has seen nothing. */
export function sessionLabels(): SessionLabels {
  const labels = new Set<string>();
  const origins = new Map<string, JsonObject>();
  const sources = new Set<string>();
  const tasks = new Map<string, TaskedCall>();
  return {
    mark(call, marks) {
      for (const mark of marks) {
        for (const label of mark.labels) labels.add(label);
        const key = JSON.stringify([mark.source, mark.rule]);
        // Once for each rule: a call must not become another one with each result that was read before it.
        if (origins.has(key) || origins.size >= MOST_MARKS && sources.has(mark.source)) continue;
        sources.add(mark.source);
        const first = call === undefined ? "a task" : `call ${call}`;
        origins.set(key, { arg_path: "$", source: mark.source, source_ref: `${first}, result rule ${mark.rule}` });
      }
    },
    labels: () => [...labels].sort(byBytes),
    provenance: () => [...origins.values()],
    began(task, call) {
      tasks.set(task, call);
      const [oldest] = tasks.keys();
      if (tasks.size > MOST_TASKS && oldest !== undefined) tasks.delete(oldest);
    },
    callOf: (task) => tasks.get(task),
  };
}
