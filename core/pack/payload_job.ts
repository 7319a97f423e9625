// The contract of a job pack (spec 04, sections 3.3 and 4.1): payload, state and log speak of one job and agree about it.
import { ok, type Result } from "../base/result.ts";
import type { Misfit } from "../base/shape.ts";
import { quoted } from "../base/json_words.ts";
import { trim } from "../base/text.ts";
import { JOB_STATUSES, JobEventShape, type JobState, JobStateShape } from "../schema/job.ts";
import type { PackManifest } from "../schema/pack.ts";
import { JOB_EVENTS, JOB_PAYLOAD, JOB_STATE, PACK_JOB_ID, type PackJob, PackJobShape } from "../schema/pack_job.ts";
import { type PackEntries, readChecked, readLines } from "./entries.ts";
import { firstBroken, hasHead, isDigest, isWord, notBlank, type Rule } from "./rules.ts";

type Standing = Pick<
  PackJob,
  | "job_id"
  | "status"
  | "stop_reason"
  | "status_reason_code"
  | "environment_fingerprint"
  | "safety_invariant_version"
  | "safety_invariant_hash"
>;

const standing = (job: Standing, id: string): readonly Rule[] => [
  ["/job_id", job.job_id === id, `must be ${quoted(id)}, the source_ref of the pack`],
  isWord("/status", job.status, JOB_STATUSES),
  notBlank("/stop_reason", job.stop_reason),
  notBlank("/status_reason_code", job.status_reason_code),
  notBlank("/environment_fingerprint", job.environment_fingerprint),
  ...(trim(job.safety_invariant_version) === "" ? [] : [isDigest("/safety_invariant_hash", job.safety_invariant_hash)]),
];

// What the two say of the same thing, which they must say alike.
const SHARED = ["status", "stop_reason", "status_reason_code", "environment_fingerprint"] as const;

/** What a payload must say in a pack that is about the job `id`. */
export const jobPayloadDefect = (payload: PackJob, id: string): Misfit | undefined =>
  firstBroken([...hasHead(payload, PACK_JOB_ID), ...standing(payload, id)]);

const stateDefect = (state: JobState, payload: PackJob, id: string): Misfit | undefined =>
  firstBroken([
    ...standing(state, id),
    ["/checkpoints", state.checkpoints.length === payload.checkpoint_count, `must be ${payload.checkpoint_count}, as counted`],
    ["/approvals", state.approvals.length === payload.approval_count, `must be ${payload.approval_count}, as counted`],
    ...SHARED.map((name): Rule => [
      `/${name}`,
      state[name] === payload[name],
      `must be ${quoted(payload[name])}, as "${JOB_PAYLOAD}" says`,
    ]),
  ]);

/** Holds a job pack against its contract. */
export async function checkJobPack(entries: PackEntries, { source_ref }: PackManifest): Promise<Result<void>> {
  const id = trim(source_ref);
  const payload = await readChecked(entries, PackJobShape, JOB_PAYLOAD, (value) => jobPayloadDefect(value, id));
  if (!payload.ok) return payload;
  const state = await readChecked(entries, JobStateShape, JOB_STATE, (value) => stateDefect(value, payload.value, id));
  if (!state.ok) return state;
  const events = await readLines(
    entries,
    JobEventShape,
    JOB_EVENTS,
    ({ job_id }) => firstBroken([["/job_id", job_id === id, `must be ${quoted(id)}, the source_ref of the pack`]]),
  );
  return events.ok ? ok(undefined) : events;
}
