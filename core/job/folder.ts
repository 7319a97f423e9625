// The folder of a durable job (spec 04, section 7.1): its files read, as far as they can be relied on, and how a change that was never
// finished is undone or finished. Files of other makers may say more than is known here, and nothing less.
import { utf8 } from "../base/bytes.ts";
import { readDocument, readDocumentLine } from "../base/document.ts";
import { isCutShort } from "../base/json_torn.ts";
import { quoted } from "../base/json_words.ts";
import { MAX_LINE_BYTES } from "../base/json.ts";
import { lineFeed } from "../base/lines.ts";
import { prettyText } from "../base/pretty.ts";
import { type Fault, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { VERSION_1 } from "../schema/heading.ts";
import {
  JOB_EVENT_ID,
  JOB_PENDING_ID,
  JOB_STATE_ID,
  JOB_STATUSES,
  type JobEvent,
  JobEventShape,
  type JobPending,
  JobPendingShape,
  type JobState,
  JobStateShape,
  KeptJobEventShape,
  KeptJobStateShape,
} from "../schema/job.ts";

/** The files in the folder of a job. */
export const JOB_FILES = { state: "state.json", events: "events.jsonl", pending: "pending_mutation.json" } as const;

/** Whether a text, trimmed, can be the id of a job: then it is safe as the name of its folder. */
export const isJobId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(id);

const invalid = (what: string, words: string): Fault => ({
  code: "job_invalid",
  message: `Cannot use "${what}": ${words}`,
  at: { file: what },
});

const kept = <T>(value: T, flaw: string | undefined, what: string): Result<T> =>
  flaw === undefined ? ok(value) : { ok: false, fault: invalid(what, flaw) };

type Head = { readonly schema_id: string; readonly schema_version: string; readonly job_id: string };

// What a document of a job has to say whichever it is; undefined when it does.
function misfit({ schema_id, schema_version, job_id }: Head, kind: string, id: string): string | undefined {
  if (schema_id !== kind || schema_version !== VERSION_1) return `wanted is ${kind} ${VERSION_1}`;
  return job_id === id ? undefined : `it is of job ${quoted(job_id)}, not of ${quoted(id)}`;
}

function stateFlaw(state: JobState, id: string): string | undefined {
  const other = misfit(state, JOB_STATE_ID, id);
  if (other !== undefined) return other;
  if (!JOB_STATUSES.some((status) => status === state.status)) return `its status ${quoted(state.status)} is not known`;
  return state.revision < 1 ? "its revision must be above 0" : undefined;
}

/** Reads the state of a job. Faults of `readDocument`, and `job_invalid` for that of another job or of no known standing. */
export function readJobState(bytes: Uint8Array, id: string, what: string): Result<JobState> {
  const read = readDocument(KeptJobStateShape, bytes, what, { file: what }, { kind: JOB_STATE_ID });
  if (!read.ok) return read;
  return kept(read.value.value, stateFlaw(read.value.value, id), what);
}

/**
 * Reads the log of a job. A last line that was cut short was never written, and does not count. Faults of `readDocumentLine`, and
 * `job_invalid` for the event of another job.
 */
export function readJobEvents(bytes: Uint8Array, id: string, what: string): Result<readonly JobEvent[]> {
  const events: JobEvent[] = [];
  let fault: Fault | undefined;
  const last = bytes.lastIndexOf(0x0a) + 1;
  const feed = lineFeed(MAX_LINE_BYTES, (line, number) => {
    if (fault !== undefined) return;
    const read = readDocumentLine(KeptJobEventShape, line, what, { file: what }, number);
    if (!read.ok) fault = read.fault;
    else if (read.value !== undefined) {
      const flaw = misfit(read.value, JOB_EVENT_ID, id);
      if (flaw === undefined) events.push(read.value);
      else fault = invalid(what, `line ${number}: ${flaw}`);
    }
  });
  feed.push(isCutShort(bytes.subarray(last)) ? bytes.subarray(0, last) : bytes);
  feed.end();
  return fault === undefined ? ok(events) : { ok: false, fault };
}

/** Reads the marker of a change that is being made. Faults of `readDocument`, and `job_invalid` for that of another job. */
export function readPendingChange(bytes: Uint8Array, id: string, what: string): Result<JobPending> {
  const read = readDocument(JobPendingShape, bytes, what, { file: what }, { kind: JOB_PENDING_ID });
  if (!read.ok) return read;
  const pending = read.value.value;
  const { previous_state, updated_state, event } = pending;
  const states = previous_state === undefined ? [updated_state] : [previous_state, updated_state];
  const flaw = misfit(pending, JOB_PENDING_ID, id) ?? misfit(event, JOB_EVENT_ID, id) ??
    states.map((state) => stateFlaw(state, id)).find((one) => one !== undefined);
  return kept(pending, flaw, what);
}

/** The state after a change that was never finished: the new one where the log knows of it, else the old one, if there was any. */
export const recoveredState = (
  { previous_state, updated_state, event }: JobPending,
  events: readonly JobEvent[],
): JobState | undefined => events.some(({ revision }) => revision === event.revision) ? updated_state : previous_state;

/**
 * Whether state and log tell of the same changes, none of them missing: what was taken out of a log may be what stopped the job.
 */
export const agree = ({ revision }: JobState, events: readonly JobEvent[]): boolean =>
  events.length === revision && events.every((event, index) => event.revision === index + 1);

/** The bytes of a state's file. */
export const jobStateBytes = (state: JobState): Uint8Array<ArrayBuffer> => utf8(prettyText(writeShape(JobStateShape, state)));

/** The line of an event, with its line break. */
export const jobEventLine = (event: JobEvent): string => `${JSON.stringify(writeShape(JobEventShape, event))}\n`;

/** The bytes of a marker. */
export const pendingChangeBytes = (pending: JobPending): Uint8Array<ArrayBuffer> =>
  utf8(prettyText(writeShape(JobPendingShape, pending)));
