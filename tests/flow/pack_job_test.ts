// What goes into the pack of a job: its state with the safety ledger, its log as lines, as whoever uses the job next will find them. What
// is built verifies.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { type JobFiles, jobParts } from "../../core/flow/pack_job.ts";
import { buildPack, heldFile } from "../../core/pack/build.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { eventOf, logOf, pendingOf, stateOf } from "../job/jobs.ts";
import { textOf, verify } from "../pack/packs.ts";
import { object } from "../run/packs.ts";

const PATHS = { state: "j/state.json", events: "j/events.jsonl", pending: "j/pending_mutation.json" };
const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
const files = (change: Partial<JobFiles> = {}): JobFiles => ({
  state: json(stateOf(2)),
  events: utf8(logOf("submitted", "paused")),
  pending: undefined,
  ...change,
});
const partsOf = (change: Partial<JobFiles> = {}, id = "j") => jobParts(nodeHost.crypto, files(change), id, PATHS, "1.2.3");

/** The documents of a job's pack, which must verify. */
async function packed(
  change: Partial<JobFiles> = {},
): Promise<Readonly<Record<"payload" | "state", Readonly<Record<string, Json>>>> & { readonly lines: number }> {
  const parts = assertOk(partsOf(change));
  const report = assertOk(await verify(assertOk(await buildPack(nodeHost.crypto, parts)).bytes));
  assertEquals([report.ok, report.pack_type, report.source_ref], [true, "job", "j"]);
  const held = await Promise.all(parts.files.map(heldFile));
  const text = textOf(held, "job_events.jsonl");
  assertEquals(text === "" || text.endsWith("\n"), true);
  const lines = text.split("\n").length - 1;
  return {
    payload: object(textOf(held, "job_payload.json")),
    state: object(textOf(held, "job_state.json")),
    lines,
  };
}

Deno.test("job pack: each missing part of the safety ledger is filled in, each that is there is kept", async () => {
  const bare = await packed();
  assertEquals(bare.state.safety_invariants, [
    "control_boundary=runtime_go",
    "default_privacy=reference_receipts",
    "fail_closed=true",
  ]);
  assertEquals(bare.payload.safety_invariant_hash, "075f96bf56c92d7a413eafe9b15fc5f7f7d814b83af4ef377e28951eac59aa88");
  const bound = { policy_digest: "p-1", policy_ref: "ref-1", identity: "svc-1" };
  const tied = await packed({ state: json(stateOf(2, bound)) });
  assertEquals(tied.payload.safety_invariant_hash, "9e07efd0740e9a5cef09d0d79ef42941accde978016005def59ab3a1035bb223");
  const own = { safety_invariant_version: "7", safety_invariant_hash: "a".repeat(64), safety_invariants: ["x"] };
  const kept = await packed({ state: json(stateOf(2, { ...bound, ...own })) });
  assertEquals(
    [kept.state.safety_invariant_version, kept.state.safety_invariants, kept.payload.safety_invariant_hash],
    ["7", ["x"], "a".repeat(64)],
  );
});

Deno.test("job pack: no log, blank reasons, members of other makers and a line cut short do no harm", async () => {
  assertEquals((await packed({ events: undefined })).lines, 0);
  assertEquals((await packed()).lines, 2);
  assertEquals((await packed({ events: utf8(`${logOf("submitted")}{"schema_id":"gait.jo`) })).lines, 1);
  const odd = await packed({ state: json(stateOf(2, { stop_reason: "", status_reason_code: " ", colour: "blue" })) });
  assertEquals(
    [odd.payload.stop_reason, odd.state.stop_reason, odd.state.status_reason_code, "colour" in odd.state],
    ["none", "none", "submitted", false],
  );
});

Deno.test("job pack: a change that was never finished is finished when the log knows of it, and undone otherwise", async () => {
  const paused = { status: "paused", stop_reason: "paused_by_user", status_reason_code: "paused" };
  const pending = json(pendingOf(stateOf(1), stateOf(2, paused), eventOf(2, "paused")));
  const forward = await packed({ state: json(stateOf(1)), pending });
  assertEquals([forward.payload.status, forward.state.revision], ["paused", 2]);
  const back = await packed({ state: json(stateOf(2, paused)), events: utf8(logOf("submitted")), pending });
  assertEquals([back.payload.status, back.state.revision], ["running", 1]);
  const first = json(pendingOf(undefined, stateOf(1), eventOf(1, "submitted")));
  assertFault(partsOf({ state: json(stateOf(1)), events: undefined, pending: first }), "file_missing");
});

Deno.test("job pack: another job's files, a state that does not say where it ran, and no state at all are refused", () => {
  assertFault(partsOf({}, "k"), "job_invalid");
  assertFault(partsOf({ state: json(stateOf(2, { environment_fingerprint: " " })) }), "job_invalid");
  assertFault(partsOf({ state: json(stateOf(2, { status: "resting" })) }), "job_invalid");
  assertFault(partsOf({ state: utf8("{") }), "json_syntax");
  assertFault(partsOf({ events: utf8("{oops\n") }), "json_syntax");
  assertFault(partsOf({ state: undefined }), "file_missing");
});
