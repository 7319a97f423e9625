// What goes into the pack of a job (spec 04, section 3.3): its state with the safety ledger, its log line by line, and what both come
// to. A change that was never finished is undone or finished here, as whoever uses the job next will do in its folder.
import { canonicalBytes } from "../base/canonical.ts";
import type { Crypto } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { trim } from "../base/text.ts";
import { toUtc } from "../base/time.ts";
import { readJobEvents, readJobState, readPendingChange, recoveredState } from "../job/folder.ts";
import { withSafetyLedger } from "../job/safety.ts";
import type { PackParts } from "../pack/build.ts";
import { recordLines } from "../pack/call_parts.ts";
import { jobPayloadDefect } from "../pack/payload_job.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type JobEvent, JobEventShape, type JobState, JobStateShape } from "../schema/job.ts";
import { JOB_EVENTS, JOB_PAYLOAD, JOB_STATE, PACK_JOB_ID, type PackJob, PackJobShape } from "../schema/pack_job.ts";

/** The files of a job's folder as they stood at one moment; undefined for one that was not there. */
export type JobFiles = {
  readonly state: Uint8Array | undefined;
  readonly events: Uint8Array | undefined;
  readonly pending: Uint8Array | undefined;
};

/** What names those files in messages. */
export type JobPaths = Readonly<Record<keyof JobFiles, string>>;

type Held = { readonly state: JobState; readonly events: readonly JobEvent[] };

function held({ state, events, pending }: JobFiles, id: string, paths: JobPaths): Result<Held> {
  const log = events === undefined ? ok([]) : readJobEvents(events, id, paths.events);
  if (!log.ok) return log;
  const missing = () => fail("file_missing", `Cannot find job "${id}": there is no "${paths.state}"`, { file: paths.state });
  if (pending !== undefined) {
    const change = readPendingChange(pending, id, paths.pending);
    if (!change.ok) return change;
    const recovered = recoveredState(change.value, log.value);
    return recovered === undefined ? missing() : ok({ state: recovered, events: log.value });
  }
  if (state === undefined) return missing();
  const read = readJobState(state, id, paths.state);
  return read.ok ? ok({ state: read.value, events: log.value }) : read;
}

// What every job has, where an older program wrote none.
const settled = (state: JobState): JobState => ({
  ...state,
  stop_reason: trim(state.stop_reason) || "none",
  status_reason_code: trim(state.status_reason_code) || "submitted",
});

const payloadOf = (state: JobState): PackJob => ({
  schema_id: PACK_JOB_ID,
  schema_version: VERSION_1,
  created_at: toUtc(state.created_at) ?? state.created_at,
  job_id: state.job_id,
  status: state.status,
  stop_reason: state.stop_reason,
  status_reason_code: state.status_reason_code,
  environment_fingerprint: state.environment_fingerprint,
  safety_invariant_version: state.safety_invariant_version,
  safety_invariant_hash: state.safety_invariant_hash,
  checkpoint_count: state.checkpoints.length,
  approval_count: state.approvals.length,
});

/**
 * Takes the job `id` for packing; `version` is that of the program. Faults: `file_missing`, `job_invalid`, and those of documents. All
 * of them end with exit 6.
 */
export function jobParts(crypto: Crypto, files: JobFiles, id: string, paths: JobPaths, version: string): Result<PackParts> {
  const job = held(files, id, paths);
  if (!job.ok) return job;
  const state = withSafetyLedger(crypto, settled(job.value.state));
  const payload = payloadOf(state);
  const defect = jobPayloadDefect(payload, id);
  if (defect !== undefined) {
    const at = { file: paths.state, pointer: defect.pointer };
    return fail("job_invalid", `Cannot pack job "${id}": member "${defect.pointer}" ${defect.wanted}`, at);
  }
  return ok({
    pack_type: "job",
    source_ref: id,
    producer_version: version,
    files: [
      { path: JOB_PAYLOAD, bytes: canonicalBytes(writeShape(PackJobShape, payload)) },
      { path: JOB_STATE, bytes: canonicalBytes(writeShape(JobStateShape, state)) },
      { path: JOB_EVENTS, bytes: recordLines(JobEventShape, job.value.events) },
    ],
  });
}
