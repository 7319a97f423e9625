// The documents of a durable job (spec 04, section 7.1): as a job pack holds them, and as they stand in the folder of the job, where
// members that are not known are left alone.
import { filled, given, type Infer, integer, listOf, object, payload, present, strict, text, time } from "../base/shape.ts";
import { heading, VERSION_1 } from "./heading.ts";

export const JOB_STATE_ID = "gait.job.runtime";
export const JOB_EVENT_ID = "gait.job.event";
export const JOB_PENDING_ID = "gait.job.pending_mutation";

/** Where a job can stand. */
export const JOB_STATUSES = [
  "running",
  "paused",
  "decision_needed",
  "blocked",
  "completed",
  "cancelled",
  "emergency_stopped",
] as const;

const checkpoint = () => ({
  checkpoint_id: text("cp_ and four digits"),
  created_at: time("When"),
  type: text("plan, progress, decision-needed, blocked or completed"),
  summary: text("What was done"),
  reason_code: text("checkpoint_ and the type"),
  required_action: filled(text("What somebody has to decide")),
  actor: filled(text("Who wrote it")),
});

const approval = () => ({
  created_at: time("When"),
  actor: text("Who approved"),
  reason: text("Why"),
});

const stateOf = (made: typeof strict) =>
  made("Where a durable job stands", () => ({
    ...heading(JOB_STATE_ID),
    updated_at: time("When it was last changed"),
    job_id: text("Id of the job"),
    status: text("Where it stands"),
    stop_reason: text("Why it does not run, or none"),
    status_reason_code: text("What brought it there"),
    environment_fingerprint: text("Where it runs"),
    safety_invariant_version: filled(text("Version of the rules that it runs under")),
    safety_invariant_hash: filled(text("Digest of those rules")),
    safety_invariants: filled(listOf(text("One of them"), "Those rules")),
    policy_digest: filled(text("The policy that it is bound to")),
    policy_ref: filled(text("Where that policy is")),
    identity: filled(text("Whose job it is")),
    revision: integer("How many changes made it"),
    checkpoints: listOf(made("A point that the job came to", checkpoint), "Its checkpoints, in order"),
    approvals: filled(listOf(made("An approval of the job's next step", approval), "Its approvals, in order")),
  }));

const eventOf = (made: typeof strict) =>
  made("One change of a durable job; one line of its log", () => ({
    schema_id: text(`Always ${JOB_EVENT_ID}`),
    schema_version: text(`Always ${VERSION_1}`),
    created_at: time("When"),
    job_id: text("Id of the job"),
    revision: integer("The revision that it made"),
    type: text("What happened"),
    actor: filled(text("Who did it")),
    reason_code: filled(text("Why")),
    payload: payload("What else is known of it"),
  }));

export const JobStateShape = stateOf(strict);
export const JobEventShape = eventOf(strict);

/** The same as they stand in the folder of a job. */
export const KeptJobStateShape = stateOf(object);
export const KeptJobEventShape = eventOf(object);

export const JobPendingShape = object(
  "A change of a durable job that is being made; it is there only until it is made",
  () => ({
    schema_id: text(`Always ${JOB_PENDING_ID}`),
    schema_version: text(`Always ${VERSION_1}`),
    created_at: time("When"),
    job_id: text("Id of the job"),
    previous_state: present(KeptJobStateShape),
    updated_state: given(KeptJobStateShape),
    event: given(KeptJobEventShape),
  }),
);

export type JobState = Infer<typeof JobStateShape>;
export type JobEvent = Infer<typeof JobEventShape>;
export type JobPending = Infer<typeof JobPendingShape>;
