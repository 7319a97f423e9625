// The contract of a comparison (spec 01, section 7.4): its members, the kinds of drift, what is told first and how much.
import type { JsonObject } from "../../core/base/json.ts";
import type { Result } from "../../core/base/result.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { diffRunpacks } from "../../core/run/diff.ts";
import type { Diff, Privacy } from "../../core/run/diff_report.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { object, quickPack, recordedTexts, type Texts, vouchedFor, zipOf } from "./packs.ts";

const named = (bytes: Uint8Array, what: string) => ({ source: bytesSource(bytes), what });

const result = (left: Uint8Array, right: Uint8Array, privacy: Privacy = "full"): Promise<Result<Diff>> =>
  diffRunpacks(nodeHost, named(left, "left.zip"), named(right, "right.zip"), privacy);

const diff = async (left: Texts, right: Texts, privacy: Privacy = "full"): Promise<Diff> =>
  assertOk(await result(quickPack(left), quickPack(right), privacy));

const AT = "2026-03-01T10:00:00Z";
const call = (intent_id: string, args: JsonObject = {}, tool_name = "t") => ({ intent_id, tool_name, args });
const answer = (intent_id: string, status = "ok") => ({ intent_id, status, result: { status } });
const receipt = (ref_id: string, retrieved_at = AT, content = "b") => ({
  ref_id,
  query_digest: "a".repeat(64),
  content_digest: content.repeat(64),
  retrieved_at,
});

const recorded = (run_id: string, parts: JsonObject, capture_mode = "raw"): Texts =>
  recordedTexts({ run: { run_id, created_at: AT }, intents: [], results: [], capture_mode, ...parts });

Deno.test("diff: exactly these members of two runs that part", async () => {
  const left = recorded("run_l", { intents: [call("i1"), call("i2", { to: "a", cc: ["x"] })], results: [answer("i1")] });
  const right = recorded("run_r", {
    intents: [call("i1"), call("i2", { to: "b", cc: ["x", "y"] }), call("i3", {}, "u")],
    results: [answer("i1", "error")],
  });
  const first = {
    record: "result",
    change: "changed",
    intent_id: "i1",
    step: 1,
    pointers: ["/result/status", "/result_digest", "/status"],
  };
  assertEquals(await diff(left, right), {
    ok: false,
    privacy: "full",
    summary: {
      run_id_left: "run_l",
      run_id_right: "run_r",
      manifest_changed: false,
      intents_changed: true,
      results_changed: true,
      refs_changed: false,
      right_only_intents: ["i3"],
      context_drift_classification: "none",
    },
    first_divergence: { ...first, tool_name_left: "t", tool_name_right: "t", why: ["status", "result"] },
    changes: [
      first,
      { record: "intent", change: "changed", intent_id: "i2", step: 2, pointers: ["/args/cc", "/args/to", "/args_digest"] },
      { record: "intent", change: "right_only", intent_id: "i3", step: 3 },
    ],
    changes_total: 3,
  });
});

Deno.test("diff: exactly these members of two runs that do not", async () => {
  const parts = { intents: [call("i1", { a: 1 })], results: [answer("i1")], refs: { receipts: [receipt("r")] } };
  assertEquals(await diff(recorded("run_l", parts), recorded("run_r", parts), "metadata"), {
    ok: true,
    privacy: "metadata",
    summary: {
      run_id_left: "run_l",
      run_id_right: "run_r",
      manifest_changed: false,
      intents_changed: false,
      results_changed: false,
      refs_changed: false,
      context_drift_classification: "none",
    },
    changes: [],
    changes_total: 0,
  });
});

Deno.test("diff: the manifest differs by capture mode and by entries, never by digests", async () => {
  const parts = { intents: [call("i1", { a: 1 })] };
  const raw = recorded("run_a", parts);
  const mode = await diff(raw, recorded("run_a", parts, "reference"), "metadata");
  assertEquals([mode.summary.manifest_changed, mode.changes], [true, [
    { record: "manifest", change: "changed", pointers: ["/capture_mode"] },
  ]]);
  assertEquals(mode.first_divergence, undefined);
  const files = await diff(raw, { ...raw, "b.txt": "b", "a.txt": "a" });
  assertEquals([files.summary.files_changed, files.changes], [["a.txt", "b.txt"], [
    { record: "manifest", change: "changed", pointers: ["/files"] },
  ]]);
});

Deno.test("diff: drift of the context: none, in its times alone, in what it says", async () => {
  const refs = (...receipts: JsonObject[]) => recorded("run_a", { refs: { receipts } });
  const seen = async (left: Texts, right: Texts, privacy: Privacy = "full") => {
    const { summary: { refs_changed, context_drift_classification, context_runtime_only_changes: only }, changes } = await diff(
      left,
      right,
      privacy,
    );
    return [refs_changed, context_drift_classification, only, changes[0]?.pointers];
  };
  const base = refs(receipt("r1"), receipt("r2"));
  assertEquals(await seen(base, refs(receipt("r2"), receipt("r1"))), [false, "none", undefined, undefined]);
  const later = refs(receipt("r1"), receipt("r2", "2026-03-02T10:00:00Z"));
  assertEquals(await seen(base, later), [true, "runtime_only", true, ["/receipts/1/retrieved_at"]]);
  const other = refs(receipt("r1"), receipt("r2", AT, "c"));
  assertEquals(await seen(base, other), [true, "semantic", undefined, ["/receipts/1/content_digest"]]);
  const renamed = recorded("run_b", { refs: { receipts: [receipt("r1"), receipt("r2")] } });
  assertEquals(await seen(base, renamed), [false, "none", undefined, undefined]);
  const less = refs(receipt("r1"));
  assertEquals(await seen(base, less), [true, "semantic", undefined, ["/context_ref_count", "/receipts"]]);
  // Runs of other ids never drift in their times alone.
  const elsewhere = recorded("run_b", { refs: { receipts: [receipt("r1"), receipt("r2", "2026-03-02T10:00:00Z")] } });
  assertEquals(await seen(base, elsewhere), [true, "semantic", undefined, ["/receipts/1/retrieved_at"]]);
  assertEquals(await seen(base, later, "metadata"), [false, "none", undefined, undefined]);
  assertEquals(await seen(base, less, "metadata"), [true, "none", undefined, ["/receipts"]]);
});

Deno.test("diff: another order of members or records, another heading and unknown members are no change", async () => {
  const left = recorded("run_a", { intents: [call("i1", { a: [{ b: 1, c: 2 }], d: 3 }), call("i2")] });
  const [first = "", second = ""] = (left["intents.jsonl"] ?? "").split("\n");
  const other = {
    zzz: 1,
    ...object(first),
    args: { d: 3, a: [{ c: 2, b: 1 }] },
    run_id: "x",
    producer_version: "x",
    created_at: "2020-01-01T00:00:00Z",
  };
  const right = { ...left, "intents.jsonl": `${second}\n\n${JSON.stringify(other)}` };
  assertEquals((await diff(left, right)).changes, []);
});

Deno.test("diff: of several records of one id the last counts, on both sides", async () => {
  const left = recorded("run_a", { intents: [call("i1", { n: 1 }), call("i1", { n: 2 })] });
  const right = recorded("run_a", { intents: [call("i1", { n: 2 })] });
  assertEquals([(await diff(left, right)).ok, (await diff(right, left)).ok], [true, true]);
  const first = recorded("run_a", { intents: [call("i1", { n: 1 })] });
  assertEquals((await diff(left, first)).changes, [
    { record: "intent", change: "changed", intent_id: "i1", step: 1, pointers: ["/args/n", "/args_digest"] },
  ]);
});

Deno.test("diff: a result without a call belongs to no step and comes last", async () => {
  const left = recorded("run_a", { intents: [call("z")], results: [answer("a"), answer("z")] });
  const right = recorded("run_a", { intents: [call("z")], results: [answer("a", "e"), answer("z", "e")] });
  const { changes, first_divergence } = await diff(left, right);
  assertEquals(changes.map(({ intent_id, step }) => [intent_id, step]), [["z", 1], ["a", undefined]]);
  assertEquals(first_divergence?.intent_id, "z");
  const orphan = await diff(recorded("run_a", { results: [answer("a")] }), recorded("run_a", { results: [answer("a", "e")] }));
  assertEquals([orphan.first_divergence?.step, orphan.first_divergence?.tool_name_left], [undefined, undefined]);
});

Deno.test("diff: a hundred changes are told in order of steps, and how many there are, whatever the order on both sides", async () => {
  const calls = (shift: number) =>
    Array.from({ length: 1500 }, (_, i) => call(`i${i}`, { n: i + shift, long: "x".repeat(20) }));
  const left = recorded("run_a", { intents: calls(0) });
  for (const intents of [calls(1), calls(1).reverse()]) {
    const found = await diff(left, recorded("run_a", { intents }));
    assertEquals([found.changes.length, found.changes_total], [100, 1500]);
    for (const change of found.changes) assertEquals(change.pointers, ["/args/n", "/args_digest"], JSON.stringify(change));
    const steps = found.changes.map(({ step = 0 }) => step);
    assertEquals(steps, steps.toSorted((a, b) => a - b));
    assertEquals(steps[0], 1);
  }
});

Deno.test("diff: forty members of a record are told, and how many more there are", async () => {
  const many = (shift: number) => ({ list: Array.from({ length: 60 }, (_, i) => i + shift) });
  const { changes: [change] } = await diff(
    recorded("run_a", { intents: [call("i", many(0))] }),
    recorded("run_a", { intents: [call("i", many(1))] }),
  );
  assertEquals([change?.pointers?.length, change?.pointers?.[0], change?.more_pointers], [40, "/args/list/0", 21]);
});

Deno.test("diff: a changed entry is a fault of exit 6, on either side", async () => {
  const good = quickPack(recorded("run_a", { intents: [call("i1")] }));
  const files = recorded("run_a", { intents: [call("i1")] });
  const bad = quickPack({ ...files, "manifest.json": JSON.stringify({ ...object(files["manifest.json"]), run_id: "" }) });
  assertEquals(assertFault(await result(good, bad), "document_shape").exit, "usage");
  assertEquals(assertFault(await result(bad, good), "document_shape").exit, "usage");
  const spoiled = Uint8Array.from(good);
  const at = new TextDecoder("latin1").decode(good).indexOf('"tool_name":"t"');
  assert(at > 0);
  spoiled[at + 13] = 0x75;
  const fault = assertFault(await result(good, spoiled), "zip_damaged");
  assertEquals([fault.exit, fault.at], ["usage", { file: "right.zip", entry: "intents.jsonl" }]);
  for (const entry of ["intents.jsonl", "results.jsonl"]) {
    const changed = await zipOf({ ...vouchedFor(files), [entry]: "not even JSON\n" });
    const tampered = assertFault(await result(good, changed), "pack_tampered");
    assertEquals([tampered.exit, tampered.at], ["usage", { file: "right.zip", entry }]);
  }
});

Deno.test("diff: why two runs part is told of the first step, and of what leads to it", async () => {
  const policy = (policy_digest: string) => ({
    timeline: [{ event: "decided", ts: AT, relationship: { policy_ref: { policy_digest } } }],
  });
  const run = (parts: JsonObject, own: JsonObject) => {
    const texts = recorded("run_a", { intents: [call("i", { n: 1 })], ...parts });
    return { ...texts, "run.json": JSON.stringify({ ...JSON.parse(texts["run.json"] ?? ""), ...own }) };
  };
  const answered = (status: string, result: JsonObject) => ({ results: [{ intent_id: "i", status, result }] });
  const same = answered("ok", { rows: [{ id: 1 }], verdict: "allow" });
  const first = policy("a".repeat(64));
  const left = vouchedFor(run(same, first));
  const rows: readonly (readonly [JsonObject, readonly string[]])[] = [
    [{ ...same, intents: [call("i", { n: 2 })] }, ["arguments"]],
    [{ ...same, intents: [call("i", { n: 1 }, "u")] }, ["tool"]],
    [{ ...same, intents: [] }, ["call"]],
    [{ results: [] }, ["missing_result"]],
    [answered("no", { rows: [{ id: 1 }], verdict: "allow" }), ["status"]],
    [answered("ok", { rows: [{ id: 2 }, { id: 3 }], verdict: "allow" }), ["result"]],
    [answered("ok", { rows: [{ key: 1 }], verdict: "allow" }), ["result_shape"]],
    [answered("ok", { rows: [{ id: "1" }], verdict: "allow" }), ["result_shape"]],
    [answered("ok", { rows: [{ id: 1 }], verdict: "block" }), ["policy"]],
    [{ ...same, intents: [call("i", { n: 2 })], refs: { receipts: [receipt("r")] } }, ["context", "arguments"]],
  ];
  for (const [parts, why] of rows) {
    const { first_divergence } = await diff(left, vouchedFor(run(parts, first)));
    assertEquals([parts, first_divergence?.why], [parts, why]);
  }
  const other = vouchedFor(run(answered("no", { rows: [{ id: 1 }], verdict: "allow" }), policy("b".repeat(64))));
  assertEquals((await diff(left, other)).first_divergence?.why, ["policy", "status"]);
  assertEquals((await diff(left, other, "metadata")).first_divergence?.why, ["policy", "status"]);
  const decided = (id: string) => ({
    timeline: [{ event: "session_event", ts: AT, relationship: { entity_refs: [{ kind: "policy", id }] } }],
  });
  const [before, after] = [vouchedFor(run(same, decided("a"))), vouchedFor(run(answered("no", {}), decided("b")))];
  assertEquals((await diff(before, after, "metadata")).first_divergence?.why, ["policy", "status", "result"]);
});
