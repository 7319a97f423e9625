// An emergency stop of a job (spec 04, sections 7.2 and 7.5): nothing takes it back, and each call that it blocks is told.
import { readJobEvents, readJobState } from "../../core/job/folder.ts";
import { blockedDispatch, isStopped } from "../../core/job/stop.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { bytesOf, logOf, stateOf, STOPPED } from "./jobs.ts";

const state = (change: Readonly<Record<string, unknown>>) => assertOk(readJobState(bytesOf(stateOf(3, change)), "j", "s"));
const log = (...types: readonly string[]) => assertOk(readJobEvents(utf8(logOf(...types)), "j", "l"));

Deno.test("job stop: the state says so, or the log, whatever came after it", () => {
  assert(!isStopped(state({}), log("submitted", "paused", "resumed")));
  assert(isStopped(state(STOPPED), log("submitted")), "the state says so");
  assert(isStopped(state({ status: "emergency_stopped" }), log("submitted")), "its status alone");
  assert(isStopped(state({ stop_reason: "emergency_stopped" }), log("submitted")), "its stop reason alone");
  for (const after of [["cancelled"], ["checkpoint_added"], ["checkpoint_added", "resumed"], ["dispatch_blocked"]]) {
    const events = log("submitted", "emergency_stop_acknowledged", ...after);
    assert(isStopped(state({ status: "cancelled", stop_reason: "cancelled_by_user" }), events), after.join());
  }
});

Deno.test("job stop: a blocked call moves revision and time of the state, and leaves an event of its own", () => {
  const before = state({ ...STOPPED, identity: "svc" });
  const change = blockedDispatch(before, "2031-06-01T00:00:00Z");
  assertEquals(change.previous_state, before);
  assertEquals(change.updated_state, { ...before, revision: 4, updated_at: "2031-06-01T00:00:00Z" });
  assertEquals(change.event, {
    schema_id: "gait.job.event",
    schema_version: "1.0.0",
    created_at: "2031-06-01T00:00:00Z",
    job_id: "j",
    revision: 4,
    type: "dispatch_blocked",
    actor: "mcp-proxy",
    reason_code: "emergency_stop_preempted",
    payload: { dispatch_path: "mcp.proxy" },
  });
});
