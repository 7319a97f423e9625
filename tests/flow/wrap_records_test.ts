// The journal of a wrapped session, record by record: what does not follow is named, and so is what is missing at the end.
import { digestOf } from "../../core/base/digest.ts";
import { wrapFollower, wrapRecord, wrapRun } from "../../core/flow/wrap_records.ts";
import type { WrapDecision, WrapRecord } from "../../core/schema/wrap_session.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";

const AT = "2026-01-01T00:00:00Z";

const decision = (call: number, verdict = "allow"): WrapDecision => ({
  call,
  request_id: `${call}`,
  tool_name: `t${call}`,
  verdict,
  reason_codes: [],
  arguments: "fit",
  definition_digest: "",
  intent_digest: "i",
  args_digest: "a",
  policy_digest: "p",
  pending_request_id: "",
  labels: [],
  trace: {},
  approval: undefined,
});

const header = {
  schema_id: "gait.mcp.wrap_session",
  schema_version: "1.0.0",
  created_at: AT,
  producer_version: "v",
  session_id: "s",
  continues: "",
  server_name: "",
  program: "x",
  command_digest: "",
  policy: "p",
  key_id: "k",
};

const result = (call: number) => ({
  call,
  status: "ok",
  frame_digest: "f",
  result_digest: "",
  bytes: 1,
  reason_codes: [],
  effect: "",
  rules: [],
  labels: [],
});

const undecided = (call: number, args_digest: string) => ({
  call,
  request_id: `${call}`,
  tool_name: `t${call}`,
  args_digest,
  fault: "internal",
});

const SESSION: readonly WrapRecord[] = [
  wrapRecord({ record_type: "header", header }, 1, AT),
  wrapRecord({ record_type: "decision", decision: decision(1) }, 2, AT),
  wrapRecord({ record_type: "decision", decision: decision(2, "block") }, 3, AT),
  wrapRecord({ record_type: "undecided", undecided: undecided(3, "e".repeat(64)) }, 4, AT),
  wrapRecord({ record_type: "result", result: result(1) }, 5, AT),
  wrapRecord({ record_type: "end", end: { why: "client_closed", calls: 3 } }, 6, AT),
];

const told = (records: readonly WrapRecord[]): string | undefined => {
  const follower = wrapFollower();
  return records.map(follower.follow).find((words) => words !== undefined) ?? follower.missing();
};

/** The same with other records in the place of some, numbered anew. */
const numbered = (records: readonly WrapRecord[]): readonly WrapRecord[] =>
  records.map((record, i) => ({ ...record, sequence: i + 1 }));

Deno.test("wrap records: a whole session holds", () => assertEquals(told(SESSION), undefined));

Deno.test("wrap records: each record that is taken away is missed, also when the others are numbered anew", () => {
  for (const [index] of SESSION.entries()) {
    const left = SESSION.filter((_, i) => i !== index);
    assertEquals(typeof told(left), "string", `record ${index + 1}`);
    assertEquals(typeof told(numbered(left)), "string", `record ${index + 1}, numbered anew`);
  }
  assertEquals(told(SESSION.slice(0, 4)), "the result of call 1 (t1) is missing; the end of the session is missing");
});

Deno.test("wrap records: what was put in is noticed", () => {
  const [head, first, second, third, fourth, last] = SESSION;
  if (head === undefined || first === undefined || second === undefined || last === undefined) throw new Error("no session");
  if (third === undefined || fourth === undefined) throw new Error("no session");
  const again = wrapRecord({ record_type: "result", result: result(1) }, 0, AT);
  assertEquals(told(numbered([head, first, second, third, fourth, again, last])), "call 1 waits for no result");
  const stopped = wrapRecord({ record_type: "result", result: result(2) }, 0, AT);
  assertEquals(told(numbered([head, first, second, stopped])), "call 2 waits for no result");
  assertEquals(told(numbered([head, head])), "the header must be the first record, and no other");
  assertEquals(told(numbered([...SESSION, again])), "it stands behind the end of the session");
  assertEquals(told([head, { ...first, decision: undefined }]), `it lacks member "decision"`);
});

Deno.test("wrap records: a run with one result for each call", () => {
  const run = wrapRun(nodeHost.crypto, header, SESSION, { os: "o", arch: "a", runtime: "r" });
  assertEquals(run.intents.map(({ intent_id, tool_name }) => `${intent_id} ${tool_name}`), [
    "call_000001 t1",
    "call_000002 t2",
    "call_000003 t3",
  ]);
  assertEquals(run.results.map(({ intent_id, status }) => `${intent_id} ${status}`).sort(), [
    "call_000001 ok",
    "call_000002 block",
    "call_000003 undecided",
  ]);
  assertEquals([run.run.run_id, run.run.timeline?.length], ["run_s", 6]);
  assertEquals(run.intents.map(({ args_digest }) => args_digest), ["a", "a", "e".repeat(64)]);
  assertEquals(run.run.timeline?.[1]?.relationship?.parent_ref, { kind: "session", id: "s" });
});

Deno.test("wrap records: a call that could not be decided has a digest also where its gate was an older one", () => {
  const old = wrapRecord({ record_type: "undecided", undecided: undecided(1, "") }, 2, AT);
  const { intents } = wrapRun(nodeHost.crypto, header, [old], { os: "o", arch: "a", runtime: "r" });
  assertEquals(intents.map(({ args_digest }) => args_digest), [digestOf(nodeHost.crypto, {})]);
});
