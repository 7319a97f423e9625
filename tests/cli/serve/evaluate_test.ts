// What a call comes to over HTTP: verdicts, forms, files, sessions, exports, and what its journal says of it.
import { readSegment } from "../../../cli/serve/journal_segments.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { PRIVATE_KEY } from "../commands_world.ts";
import { callOf, machineOf, POLICY, serving, type World } from "./world.ts";

const JOURNAL = "gait-out/mcp-serve/journal/serve_000001.jsonl";

const journal = (world: World) => assertOk(readSegment(utf8(world.text(JOURNAL).replaceAll("\0", "")), JOURNAL));

Deno.test("serve: verdicts by status, compat and strict, in all three forms", async () => {
  const CASES = [["go", 200, 0], ["dry", 409, 0], ["ask", 409, 4], ["no", 403, 3]] as const;
  for (const strict of [false, true]) {
    const world = await serving(strict ? { "http-verdict-status": " Strict " } : {});
    for (const [name, status, exit_code] of CASES) {
      const json = await world.post(callOf(name));
      const sse = await world.post(callOf(name), {}, "/v1/evaluate/sse");
      const stream = await world.post(callOf(name), {}, "/v1/evaluate/stream");
      assertEquals([json, sse, stream].map((answer) => answer.status), Array(3).fill(strict ? status : 200), name);
      assertEquals(json.json.exit_code, exit_code, name);
      assertEquals([json.json.ok, json.json.executed], [true, false], name);
      assertEquals(sse.headers.get("content-type"), "text/event-stream");
      assertEquals(sse.headers.get("cache-control"), "no-cache");
      const data = /^event: evaluate\ndata: (.*)\n\n$/.exec(sse.body)?.[1] ?? "{}";
      assertEquals(stream.headers.get("content-type"), "application/x-ndjson");
      assert(/^[^\n]*\n$/.test(stream.body));
      const same = ["verdict", "trace_id", "intent_digest", "policy_digest", "run_id"];
      for (const body of [JSON.parse(data), JSON.parse(stream.body)]) {
        for (const member of same) assertEquals(body[member], json.json[member], `${name} ${member}`);
      }
    }
    await world.end();
  }
});

Deno.test("serve: each verdict has its trace in a file of its own and in the journal, byte for byte", async () => {
  const world = await serving();
  const answers = await Promise.all(["go", "ask", "no", "go", "go"].map((name) => world.post(callOf(name, { run_id: "r/1" }))));
  const { calls } = journal(world);
  assertEquals(calls.length, 5);
  assertEquals(new Set(answers.map(({ json }) => json.trace_path)).size, 5);
  for (const { json } of answers) {
    const call = calls.find(({ trace_path }) => trace_path === json.trace_path);
    assert(call !== undefined && typeof json.trace_path === "string");
    assert(json.trace_path.startsWith("gait-out/mcp-serve/traces/trace_run_r_1_"), json.trace_path);
    assertEquals(`${JSON.stringify(call.trace)}\n`, world.text(json.trace_path));
    assertEquals([call.verdict, call.run_id], [json.verdict, json.run_id]);
  }
  await world.end();
});

Deno.test("serve: calls of one moment are written together, and each is told only then", async () => {
  const world = await serving();
  const answers = Promise.all(Array.from({ length: 8 }, () => world.post(callOf("go"))));
  await answers;
  const text = (await world.send("GET", "/metrics")).body;
  const commits = Number(/journal_batch_calls_count (\d+)/.exec(text)?.[1]);
  assertEquals(Number(/journal_batch_calls_sum (\d+)/.exec(text)?.[1]), 8);
  assert(commits < 8, `${commits} commits`);
  await world.end();
});

Deno.test("serve: without files of their own traces are in the journal", async () => {
  const world = await serving({ "trace-files": "none" });
  const { json } = await world.post(callOf("go", { session_id: "s" }));
  assertEquals([json.trace_path, world.files("gait-out/mcp-serve/traces")], [undefined, []]);
  assertEquals(journal(world).calls.map(({ trace }) => trace?.trace_id), [json.trace_id]);
  await world.end();
});

Deno.test("serve: a policy that is edited counts at the next call, one that is broken or gone blocks", async () => {
  const world = await serving();
  const put = (text: string) => world.ports.disk.put("p.yaml", utf8(text));
  assertEquals((await world.post(callOf("no"))).json.verdict, "block");
  put("default_verdict: allow\nrules: []\n");
  const after = await world.post(callOf("no"));
  assertEquals(after.json.verdict, "allow");
  const changed = world.ports.lines.map((line) => JSON.parse(line)).find(({ event }) => event === "policy_changed");
  assertEquals(changed?.after, after.json.policy_digest);
  assert(typeof changed?.before === "string" && changed.before !== changed.after);
  for (const broken of ["rules: [", ""]) {
    if (broken === "") world.ports.disk.remove("p.yaml");
    else put(broken);
    const answer = await world.post(callOf("go"));
    assertEquals([answer.status, answer.json.verdict], [400, undefined], broken);
    assertEquals((await world.send("GET", "/readyz")).status, 503);
    assertEquals((await world.send("GET", "/livez")).status, 200);
  }
  put(POLICY);
  assertEquals((await world.post(callOf("go"))).json.verdict, "allow");
  assertEquals((await world.send("GET", "/readyz")).status, 200);
  await world.end();
});

Deno.test("serve: a policy that is edited before the first call is logged and counted by that", async () => {
  const world = await serving();
  world.ports.disk.put("p.yaml", utf8("default_verdict: allow\nrules: []\n"));
  for (let i = 0; i < 2; i++) assertEquals((await world.post(callOf("no"))).json.verdict, "allow");
  assertEquals(world.ports.lines.filter((line) => line.includes('"policy_changed"')).length, 1);
  assert((await world.send("GET", "/metrics")).body.includes("\ngait_serve_policy_changes_total 1\n"));
  await world.end();
});

Deno.test("serve: a key that is gone is no verdict", async () => {
  const world = await serving({ "key-mode": "prod", "private-key": "k" }, { files: { k: PRIVATE_KEY } });
  assertEquals((await world.post(callOf("go"))).status, 200);
  world.ports.disk.remove("k");
  const answer = await world.post(callOf("go"));
  assertEquals([answer.status, answer.json.fault, answer.json.verdict], [400, "file_missing", undefined]);
  assertEquals(journal(world).calls.length, 1);
  await world.end();
});

Deno.test("serve: files of one moment never take each other's place, and a clock that is set back does no harm", async () => {
  const machine = machineOf();
  const times = ["10:00:05", "10:00:00", "10:00:00", "10:00:05"].map((time) => `2026-05-01T${time}Z`);
  let asked = 0;
  const ports = { ...machine.ports, clock: { now: () => times[Math.floor(asked++ / 8) % times.length] ?? "" } };
  const world = await serving({ "pack-dir": "packs", "runpack-dir": "rps" }, {}, { ...machine, ports });
  const body = callOf("go", { emit_pack: true, emit_runpack: true, run_id: "r" });
  const paths = new Set<unknown>();
  for (let i = 0; i < 8; i++) {
    const { status, json } = await world.post(body);
    assertEquals(status, 200);
    assert(Number(json.decision_latency_ms ?? 0) >= 0);
    for (const path of [json.trace_path, json.pack_path, json.runpack_path]) paths.add(path);
  }
  assertEquals(paths.size, 24);
  await world.end();
});

Deno.test("serve: calls that change something get a pack", async () => {
  const world = await serving({ "pack-dir": "packs" });
  const plain = await world.post(callOf("go"));
  const writes = await world.post(callOf("go.write"));
  assertEquals([plain.json.pack_path, typeof writes.json.pack_path, typeof writes.json.pack_id], [
    undefined,
    "string",
    "string",
  ]);
  assertEquals(world.files("packs"), [writes.json.pack_path]);
  await world.end();
});

Deno.test("serve: sessions keep their order, and two of one name do not mix", async () => {
  const world = await serving();
  const call = (session_id: string, run_id: string) => world.post(callOf("go", { session_id, run_id }));
  await Promise.all([call("a b", "r1"), call("a b", "r1"), call("a_b", "r1x"), call("a b", "r1")]);
  const events = (name: string) =>
    world.text(`gait-out/mcp-serve/sessions/${name}`).trimEnd().split("\n").slice(1).map((line) =>
      JSON.parse(line).event.sequence
    );
  const names = world.files("gait-out/mcp-serve/sessions").filter((path) => path.endsWith(".jsonl")).map((path) =>
    path.slice(28)
  );
  assertEquals(names.length, 2);
  assertEquals(names.map(events).toSorted((a, b) => a.length - b.length), [[1], [1, 2, 3]]);
  for (const id of ["..", "///", "a\u0000b", "x".repeat(220)]) {
    const answer = await call(id, "r");
    assertEquals([answer.status, answer.json.fault], [400, "path_refused"], JSON.stringify(id));
  }
  await world.end();
});

Deno.test("serve: a session whose journal was taken away begins anew", async () => {
  const world = await serving();
  const call = () => world.post(callOf("go", { session_id: "s", run_id: "r" }));
  assertEquals((await call()).status, 200);
  world.ports.disk.remove("gait-out/mcp-serve/sessions/s.journal.jsonl");
  assertEquals((await call()).status, 200);
  assert(world.text("gait-out/mcp-serve/sessions/s.journal.jsonl").includes('"sequence":1'));
  await world.end();
});

Deno.test("serve: exports get a line a call", async () => {
  const world = await serving({ "export-log-out": "l/log.jsonl", "export-otel-out": "l/otel.jsonl" });
  const answers = await Promise.all([1, 2, 3].map(() => world.post(callOf("go"))));
  for (const path of ["l/log.jsonl", "l/otel.jsonl"]) assertEquals(world.text(path).trimEnd().split("\n").length, 3, path);
  assertEquals(answers[0]?.json.log_export, "l/log.jsonl");
  await world.end();
});
