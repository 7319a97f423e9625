// The files of a durable job (spec 04, section 7.1): what can be relied on, and how a change that was never finished ends.
import { utf8 } from "../../core/base/bytes.ts";
import {
  agree,
  isJobId,
  jobEventLine,
  jobStateBytes,
  pendingChangeBytes,
  readJobEvents,
  readJobState,
  readPendingChange,
  recoveredState,
} from "../../core/job/folder.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { bytesOf, eventOf, logOf, pendingOf, stateOf } from "./jobs.ts";

const state = (document: unknown) => readJobState(bytesOf(document), "j", "state.json");
const events = (text: string) => readJobEvents(utf8(text), "j", "events.jsonl");
const pending = (document: unknown) => readPendingChange(bytesOf(document), "j", "pending_mutation.json");

Deno.test("job folder: ids that are safe as names of folders, and no others", () => {
  for (const id of ["a", "restock-5", "A.b_c:d-9", "x".repeat(128)]) assert(isJobId(id), id);
  for (const id of ["", ".", "..", "-a", "_a", ".a", "a/b", "../a", "a b", "a\\b", "a\0", "é", "x".repeat(129), "a\n"]) {
    assert(!isJobId(id), JSON.stringify(id));
  }
});

Deno.test("job folder: a state is read as it is written, and what is not known in it is left alone", () => {
  const checkpoint = {
    checkpoint_id: "cp_0001",
    created_at: "2031-05-01T06:02:00Z",
    type: "progress",
    summary: "s",
    reason_code: "r",
  };
  const read = assertOk(state(stateOf(3, { colour: "blue", checkpoints: [{ ...checkpoint, odd: 1 }], identity: "me" })));
  assertEquals([read.revision, read.identity, read.checkpoints.length], [3, "me", 1]);
  const written = jobStateBytes(read);
  assertEquals(readJobState(written, "j", "s"), { ok: true, value: read });
  assertEquals(JSON.parse(new TextDecoder().decode(written)), stateOf(3, { checkpoints: [checkpoint], identity: "me" }));
});

Deno.test("job folder: a state that cannot be relied on is refused", () => {
  const refused: readonly (readonly [unknown, "document_kind" | "document_shape" | "job_invalid"])[] = [
    [{}, "job_invalid"],
    [stateOf(3, { job_id: "k" }), "job_invalid"],
    [stateOf(3, { schema_id: "gait.job.event" }), "job_invalid"],
    [stateOf(3, { schema_version: "2.0.0" }), "job_invalid"],
    [stateOf(3, { status: "resting" }), "job_invalid"],
    [stateOf(3, { status: "Running" }), "job_invalid"],
    [stateOf(0), "job_invalid"],
    [stateOf(-1), "job_invalid"],
    [stateOf(1.5), "document_shape"],
    [stateOf(3, { created_at: "today" }), "document_shape"],
  ];
  for (const [document, code] of refused) {
    const fault = assertFault(state(document), code, JSON.stringify(document));
    assertEquals(fault.at?.file, "state.json");
  }
  assertFault(readJobState(utf8("{"), "j", "state.json"), "json_syntax");
  assertFault(readJobState(utf8(`{"job_id":"j","job_id":"j"}`), "j", "state.json"), "json_duplicate_key");
});

Deno.test("job folder: a log is read line by line; a last line that was cut short was never written", () => {
  const whole = logOf("submitted", "paused");
  assertEquals(assertOk(events(whole)).map(({ type, revision }) => [type, revision]), [["submitted", 1], ["paused", 2]]);
  for (const torn of ["{", `{"schema_id": "gait.jo`, " ", "\0\0"]) assertEquals(assertOk(events(whole + torn)).length, 2, torn);
  assertEquals(
    assertOk(events(whole + JSON.stringify(eventOf(3, "resumed")))).length,
    3,
    "a line that only lacks its end counts",
  );
  assertEquals(assertOk(events("")), []);
});

Deno.test("job folder: a log with a line that is none, or of another job, is refused with its place", () => {
  for (
    const [line, code] of [
      ["{oops", "json_syntax"],
      ["[]", "json_syntax"],
      [JSON.stringify(eventOf(2, "paused", { job_id: "k" })), "job_invalid"],
      [JSON.stringify(eventOf(2, "paused", { schema_id: "x" })), "job_invalid"],
      [JSON.stringify(eventOf(2, "paused", { revision: "2" })), "document_shape"],
    ] as const
  ) {
    const read = events(`${logOf("submitted")}${line}\n${logOf("submitted")}`);
    assert(!read.ok, line);
    if (code !== "json_syntax") assertEquals(read.fault.code, code, line);
    assert(/line 2/.test(read.fault.message) || read.fault.at?.line === 2, read.fault.message);
  }
});

Deno.test("job folder: state and log agree only when no change is missing in either", () => {
  const read = (text: string) => assertOk(events(text));
  const at = (revision: number) => assertOk(state(stateOf(revision)));
  assert(agree(at(2), read(logOf("submitted", "paused"))));
  assert(!agree(at(3), read(logOf("submitted", "paused"))), "the log lacks the last change");
  assert(!agree(at(1), read(logOf("submitted", "paused"))), "the state lacks the last change");
  assert(!agree(at(2), read("")), "there is no log");
  const gap = [eventOf(1, "submitted"), eventOf(3, "cancelled")].map((event) => `${JSON.stringify(event)}\n`).join("");
  assert(!agree(at(3), read(gap)), "a change was taken out");
  const twice = [eventOf(1, "submitted"), eventOf(1, "submitted")].map((event) => `${JSON.stringify(event)}\n`).join("");
  assert(!agree(at(2), read(twice)), "a change is there twice");
});

Deno.test("job folder: a change whose event is in the log is finished, any other is undone", () => {
  const change = assertOk(pending(pendingOf(stateOf(3), stateOf(4), eventOf(4, "resumed"))));
  assertEquals(recoveredState(change, assertOk(events(logOf("a", "b", "c", "d"))))?.revision, 4);
  assertEquals(recoveredState(change, assertOk(events(logOf("a", "b", "c"))))?.revision, 3);
  const first = assertOk(pending(pendingOf(undefined, stateOf(1), eventOf(1, "submitted"))));
  assertEquals(recoveredState(first, []), undefined);
  assertEquals(readPendingChange(pendingChangeBytes(change), "j", "p"), { ok: true, value: change });
});

Deno.test("job folder: a marker of another job, in any of its parts, is refused", () => {
  const [before, after, event] = [stateOf(3), stateOf(4), eventOf(4, "resumed")];
  const other = { job_id: "k" };
  for (
    const document of [
      pendingOf(before, after, event, other),
      pendingOf({ ...before, ...other }, after, event),
      pendingOf(before, { ...after, ...other }, event),
      pendingOf(before, after, { ...event, ...other }),
      pendingOf(before, after, event, { schema_id: "gait.job.event" }),
      pendingOf({ ...before, status: "resting" }, after, event),
    ]
  ) assertFault(pending(document), "job_invalid", JSON.stringify(document));
  const { updated_state: _, ...without } = pendingOf(before, after, event);
  assertFault(pending(without), "document_shape");
});

Deno.test("job folder: the line of an event names its members and no empty ones", () => {
  const [event] = assertOk(events(`${JSON.stringify(eventOf(1, "submitted", { actor: "me" }))}\n`));
  assert(event !== undefined);
  assertEquals(
    jobEventLine(event),
    `${
      JSON.stringify({
        schema_id: "gait.job.event",
        schema_version: "1.0.0",
        created_at: "2031-05-01T06:00:00Z",
        job_id: "j",
        revision: 1,
        type: "submitted",
        actor: "me",
        reason_code: "submitted",
      })
    }\n`,
  );
});
