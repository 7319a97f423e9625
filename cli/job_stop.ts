// The job of a call, before the call may go ahead (spec 04, sections 7.1 and 7.5): whether it was ever stopped, and if so, that one
// more call was kept from going ahead. What cannot be told is never taken for a job that goes on.
import { hex, utf8 } from "../core/base/bytes.ts";
import { quoted } from "../core/base/json_words.ts";
import { joinPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import {
  agree,
  isJobId,
  JOB_FILES,
  jobEventLine,
  jobStateBytes,
  pendingChangeBytes,
  readJobEvents,
  readJobState,
  readPendingChange,
  recoveredState,
} from "../core/job/folder.ts";
import { blockedDispatch, isStopped } from "../core/job/stop.ts";
import type { JobEvent, JobPending, JobState } from "../core/schema/job.ts";
import { sharedLock } from "../core/schema/rate_limit.ts";
import type { Ports } from "../core/ports.ts";
import { lineLog, SHARED_LINES } from "./line_log.ts";

/** What the job of a call says: none was named, it may go on, it was stopped, or it cannot be told. */
export type JobStanding =
  | { readonly status: "none" }
  | { readonly status: "going" | "stopped"; readonly job: JobState }
  | { readonly status: "unavailable" };

/** What looking at a job came to. */
export type JobLook = { readonly standing: JobStanding; readonly warnings: readonly string[] };

/** The ports that it takes. */
export type JobPorts = Pick<Ports, "files" | "store" | "journal" | "lock" | "clock" | "random">;

type Held = { readonly state: JobState; readonly events: readonly JobEvent[] };

/** The lock of a job: another program may hold it for as long as a change takes, and may leave nothing in it. */
const TERMS = { retry: 10, timeout: 2_000, lease: 30_000 } as const;

const LIMIT = 256 * 2 ** 20;

/**
 * Looks at a job below `root` for a call that names it; of one that was stopped the call is told in its log. What goes wrong is a
 * warning: the standing is then `unavailable`, or the job is stopped whatever its log has room for.
 */
export async function lookAtJob(root: string, id: string, ports: JobPorts): Promise<JobLook> {
  if (id === "") return { standing: { status: "none" }, warnings: [] };
  const files = isJobId(id) ? jobFiles(joinPath(root, id), id, ports) : undefined;
  const held = files === undefined
    ? fail("job_invalid", `Cannot use job ${quoted(id)}: it is no id of a job`)
    : await files.read();
  if (!held.ok) return { standing: { status: "unavailable" }, warnings: [held.fault.message] };
  const { state: job, events } = held.value;
  if (files === undefined || !isStopped(job, events)) return { standing: { status: "going", job }, warnings: [] };
  const told = await files.change((state) => blockedDispatch(state, ports.clock.now()));
  return told.ok
    ? { standing: { status: "stopped", job: told.value }, warnings: [] }
    : { standing: { status: "stopped", job }, warnings: [`The job's log does not tell of this call: ${told.fault.message}`] };
}

function jobFiles(folder: string, id: string, ports: JobPorts) {
  const { files, store } = ports;
  const path = {
    state: `${folder}/${JOB_FILES.state}`,
    events: `${folder}/${JOB_FILES.events}`,
    pending: `${folder}/${JOB_FILES.pending}`,
  };

  /** Undefined: no change is being made. */
  async function pendingChange(): Promise<Result<JobPending | undefined>> {
    const bytes = await files.read(path.pending, LIMIT);
    if (!bytes.ok) return bytes.fault.code === "file_missing" ? ok(undefined) : bytes;
    return readPendingChange(bytes.value, id, path.pending);
  }

  async function log(): Promise<Result<readonly JobEvent[]>> {
    const bytes = await files.read(path.events, LIMIT);
    return bytes.ok ? readJobEvents(bytes.value, id, path.events) : bytes;
  }

  async function settled(): Promise<Result<Held>> {
    const bytes = await files.read(path.state, LIMIT);
    const state = bytes.ok ? readJobState(bytes.value, id, path.state) : bytes;
    if (!state.ok) return state;
    const events = await log();
    return events.ok ? ok({ state: state.value, events: events.value }) : events;
  }

  const differs = () =>
    fail("job_invalid", `Cannot use job "${id}": "${path.events}" does not tell of all changes that "${path.state}" came by`);

  const checked = (held: Result<Held>): Result<Held> =>
    !held.ok || agree(held.value.state, held.value.events) ? held : differs();

  /** Undoes or finishes a change that was never finished; the lock is held. */
  async function recover(): Promise<Result<void>> {
    const pending = await pendingChange();
    if (!pending.ok || pending.value === undefined) return pending.ok ? ok(undefined) : pending;
    const events = await log();
    if (!events.ok && events.fault.code !== "file_missing") return events;
    const state = recoveredState(pending.value, events.ok ? events.value : []);
    const put = state === undefined
      ? await store.remove(path.state)
      : await store.write(path.state, jobStateBytes(state), "replace");
    return put.ok ? await store.remove(path.pending) : put;
  }

  async function locked<T>(action: (held: Held) => Promise<Result<T>>): Promise<Result<T>> {
    const { clock, random } = ports;
    const rules = sharedLock(clock.now, () => hex(random.bytes(16)), TERMS);
    const taken = await ports.lock.take(`${path.state}.lock`, rules);
    if (!taken.ok) return taken;
    if (taken.value === undefined) {
      return fail("store_busy", `Cannot use job "${id}": another process holds "${path.state}.lock"`, { file: path.state });
    }
    try {
      const recovered = await recover();
      const held = recovered.ok ? checked(await settled()) : recovered;
      return held.ok ? await action(held.value) : held;
    } finally {
      taken.value.release();
    }
  }

  return {
    /** Takes no lock unless a change is being made, or seems to be. */
    async read(): Promise<Result<Held>> {
      const pending = await pendingChange();
      if (!pending.ok) return pending;
      const held = pending.value === undefined ? await settled() : undefined;
      if (held !== undefined && (!held.ok || agree(held.value.state, held.value.events))) return held;
      return await locked((now) => Promise.resolve(ok(now)));
    },

    /** Changes the job in one step; gives its state after that. */
    change: (make: (state: JobState) => JobPending): Promise<Result<JobState>> =>
      locked(async ({ state }) => {
        const pending = make(state);
        const marked = await store.write(path.pending, pendingChangeBytes(pending), "replace");
        if (!marked.ok) return marked;
        const put = await store.write(path.state, jobStateBytes(pending.updated_state), "replace");
        const added = put.ok ? await append(jobEventLine(pending.event)) : put;
        // Where this fails too, the marker stays, and whoever looks next finishes the change or undoes it: its event decides.
        await (added.ok ? store.remove(path.pending) : recover());
        return added.ok ? ok(pending.updated_state) : added;
      }),
  };

  async function append(line: string): Promise<Result<void>> {
    const lines = lineLog(path.events, ports, SHARED_LINES);
    try {
      return await lines.append(utf8(line));
    } finally {
      lines.close();
    }
  }
}
