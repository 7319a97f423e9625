// An emergency stop of a job (spec 04, sections 7.2 and 7.5): it sticks, whatever came after it, and every call that it keeps from
// going ahead is told in the job's log.
import { VERSION_1 } from "../schema/heading.ts";
import { JOB_EVENT_ID, JOB_PENDING_ID, type JobEvent, type JobPending, type JobState } from "../schema/job.ts";

const STOPPED = "emergency_stopped";

/** Whether a job was ever stopped: its state says so in any of its words, or its log. */
export const isStopped = ({ status, stop_reason }: JobState, events: readonly JobEvent[]): boolean =>
  status === STOPPED || stop_reason === STOPPED || events.some(({ type }) => type === "emergency_stop_acknowledged");

/** The change that tells of a call which the stop of its job kept from going ahead: only revision and time of the state move. */
export function blockedDispatch(state: JobState, now: string): JobPending {
  const revision = state.revision + 1;
  const { job_id } = state;
  return {
    schema_id: JOB_PENDING_ID,
    schema_version: VERSION_1,
    created_at: now,
    job_id,
    previous_state: state,
    updated_state: { ...state, revision, updated_at: now },
    event: {
      schema_id: JOB_EVENT_ID,
      schema_version: VERSION_1,
      created_at: now,
      job_id,
      revision,
      type: "dispatch_blocked",
      actor: "mcp-proxy",
      reason_code: "emergency_stop_preempted",
      payload: { dispatch_path: "mcp.proxy" },
    },
  };
}
