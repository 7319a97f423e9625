// Jobs for tests: states and events in the words of the formats.
import { utf8 } from "../../core/base/bytes.ts";

/** The state of job `j` at a revision, as a file has it; members can be set. */
export const stateOf = (revision: number, change: Readonly<Record<string, unknown>> = {}) => ({
  schema_id: "gait.job.runtime",
  schema_version: "1.0.0",
  created_at: "2031-05-01T06:00:00Z",
  updated_at: "2031-05-01T06:04:00Z",
  producer_version: "acme-jobs/1",
  job_id: "j",
  status: "running",
  stop_reason: "none",
  status_reason_code: "submitted",
  environment_fingerprint: "envfp:rack-4",
  revision,
  checkpoints: [],
  ...change,
});

/** The event that made a revision of job `j`. */
export const eventOf = (revision: number, type: string, change: Readonly<Record<string, unknown>> = {}) => ({
  schema_id: "gait.job.event",
  schema_version: "1.0.0",
  created_at: "2031-05-01T06:00:00Z",
  job_id: "j",
  revision,
  type,
  reason_code: type,
  ...change,
});

/** The marker of a change of job `j`. */
export const pendingOf = (
  previous: unknown,
  updated: unknown,
  event: unknown,
  change: Readonly<Record<string, unknown>> = {},
) => ({
  schema_id: "gait.job.pending_mutation",
  schema_version: "1.0.0",
  created_at: "2031-05-01T06:09:00Z",
  job_id: "j",
  ...(previous === undefined ? {} : { previous_state: previous }),
  updated_state: updated,
  event,
  ...change,
});

/** What a job says that was stopped. */
export const STOPPED = {
  status: "emergency_stopped",
  stop_reason: "emergency_stopped",
  status_reason_code: "emergency_stop_preempted",
} as const;

/** A log of these types of events, from revision 1. */
export const logOf = (...types: readonly string[]): string =>
  types.map((type, index) => `${JSON.stringify(eventOf(index + 1, type))}\n`).join("");

/** The bytes of a document. */
export const bytesOf = (document: unknown): Uint8Array => utf8(JSON.stringify(document));
