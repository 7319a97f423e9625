// What a job pack says of its job (spec 04, section 3.3).
import { count, filled, type Infer, strict, text } from "../base/shape.ts";
import { payloadHeading } from "./pack_heading.ts";

export const PACK_JOB_ID = "gait.pack.job";

/** The entries of a job pack. */
export const JOB_PAYLOAD = "job_payload.json";
export const JOB_STATE = "job_state.json";
export const JOB_EVENTS = "job_events.jsonl";

export const PackJobShape = strict("What a job pack says of its job", () => ({
  ...payloadHeading(PACK_JOB_ID, "When the job was submitted"),
  job_id: text("Id of the job"),
  status: text("Where the job stands"),
  stop_reason: text("Why it does not run, or none"),
  status_reason_code: text("What brought it there"),
  environment_fingerprint: text("Where it runs"),
  safety_invariant_version: filled(text("Version of the rules that it runs under")),
  safety_invariant_hash: filled(text("Digest of those rules")),
  checkpoint_count: count("How many checkpoints its state has"),
  approval_count: count("How many approvals its state has"),
}));

export type PackJob = Infer<typeof PackJobShape>;
