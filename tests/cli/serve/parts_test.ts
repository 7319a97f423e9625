// Retention, spans, counters, names of moments: the parts of the server by themselves.
import { beyond, retention } from "../../../cli/serve/retention.ts";
import { contextOf, spanExport } from "../../../cli/serve/otlp.ts";
import { metrics } from "../../../cli/serve/metrics.ts";
import { sessionBase } from "../../../cli/serve/sessions.ts";
import { stamps } from "../../../cli/serve/stamps.ts";
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { fail, ok } from "../../../core/base/result.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";
import { callOf, machineOf, serving, settle } from "./world.ts";

const NOW = Date.UTC(2026, 0, 1);

const said = () => Promise.resolve(ok(undefined));

Deno.test("serve: what is too old goes first, then what is too many, oldest and last by name first", () => {
  const files = [["a", 100], ["b", 50], ["c", 50], ["d", 10], ["e", 0]] as const;
  const all = files.map(([name, modified]) => ({ name, modified }));
  const names = ({ old, many, rest }: ReturnType<typeof beyond>) =>
    [old, many, rest].map((list) => list.map(({ name }) => name).join(""));
  assertEquals(names(beyond(all, { age: 0, count: 0 }, 100)), ["", "", "acbde"]);
  assertEquals(names(beyond(all, { age: 60, count: 0 }, 100)), ["de", "", "acb"]);
  assertEquals(names(beyond(all, { age: 60, count: 2 }, 100)), ["de", "b", "ac"]);
  assertEquals(names(beyond(all, { age: 0, count: 1 }, 100)), ["", "cbde", "a"]);
  assertEquals(names(beyond(all, { age: 60, count: 0 }, 0)), ["", "", "acbde"]); // a clock that was set back keeps
});

Deno.test("serve: each class keeps its own files, and plain ones only", async () => {
  const files = Object.fromEntries(
    [
      "trace_1.json",
      "TRACE.JSON",
      "notes.json",
      "trace.txt",
      "runpack_1.zip",
      "x_cp_000002.zip",
      "pack_1.zip",
      "other.zip",
      "s.jsonl",
      "s.state",
      "s.lock",
    ]
      .map((name) => [`d/${name}`, "x"]),
  );
  const keep = { age: 1, count: 0 };
  const none = { age: 0, count: 0 };
  const dirs = { trace: "d", runpack: "d", pack: "d", session: "d", journal: "j" };
  const GONE = {
    trace: ["d/TRACE.JSON", "d/trace_1.json"],
    runpack: ["d/runpack_1.zip", "d/x_cp_000002.zip"],
    pack: ["d/pack_1.zip"],
    session: ["d/TRACE.JSON", "d/notes.json", "d/s.jsonl", "d/s.state", "d/trace_1.json"],
  } as const;
  for (const kind of ["trace", "runpack", "pack", "session"] as const) {
    const { ports, memory } = machineOf({ files, modified: () => NOW });
    const limits = { trace: none, runpack: none, pack: none, session: none, journal: none, [kind]: keep };
    const swept = await retention({ dirs, keep: limits }, ports, () => NOW + 10, said).sweep();
    const left = [...memory.disk.files().keys()];
    assertEquals(Object.keys(files).filter((path) => !left.includes(path)).toSorted(), [...GONE[kind]], kind);
    assertEquals(swept, [`retention_${kind}_removed_age=${GONE[kind].length} removed_count=0`]);
  }
});

Deno.test("serve: the file of the journal that is written to is never taken away, nor any by the limits of sessions", async () => {
  const files = { "d/serve_000001.jsonl": "x", "d/serve_000002.jsonl": "x", "d/s.journal.jsonl": "x" };
  // The first one was settled after the last call of the second one.
  const modified = (path: string) => path.endsWith("1.jsonl") ? NOW + 5 : NOW;
  const none = { age: 0, count: 0 };
  const dirs = { trace: "t", runpack: "", pack: "", session: "d", journal: "d" };
  const left = async (limits: object): Promise<readonly string[]> => {
    const { ports, memory } = machineOf({ files, modified });
    const keep = { trace: none, runpack: none, pack: none, session: none, journal: none, ...limits };
    await retention({ dirs, keep }, ports, () => NOW + 100, said).sweep();
    return [...memory.disk.files().keys()].filter((path) => path.startsWith("d/")).toSorted();
  };
  assertEquals(await left({ journal: { age: 0, count: 1 } }), ["d/s.journal.jsonl", "d/serve_000002.jsonl"]);
  assertEquals(await left({ journal: { age: 1, count: 0 } }), ["d/s.journal.jsonl", "d/serve_000002.jsonl"]);
  assertEquals(await left({ session: { age: 1, count: 0 } }), ["d/serve_000001.jsonl", "d/serve_000002.jsonl"]);
});

Deno.test("serve: what others put into a folder or take out of it counts at once", async () => {
  const changed = new Map<string, number>([["t/trace_old.json", NOW - 100], ["t/trace_late.json", NOW - 3]]);
  const { ports, memory } = machineOf({ files: { "t/trace_a.json": "x" }, modified: (path) => changed.get(path) ?? NOW });
  const none = { age: 0, count: 0 };
  const dirs = { trace: "t", runpack: "", pack: "", session: "", journal: "j" };
  const keep = { trace: { age: 50, count: 2 }, runpack: none, pack: none, session: none, journal: none };
  let now = NOW;
  let told: readonly string[] = [];
  const { sweep } = retention({ dirs, keep }, ports, () => now, (traces) => {
    told = traces;
    return said();
  });
  const left = (): readonly string[] => [...memory.disk.files().keys()].filter((path) => path.startsWith("t/")).toSorted();
  const put = (name: string) => ports.store.write(`t/${name}`, utf8("x"), "create");
  assertEquals(await sweep(), []);
  assertOk(await put("trace_old.json"));
  assertOk(await put("notes.json"));
  assertEquals(await sweep(), ["retention_trace_removed_age=1 removed_count=0"]);
  assertOk(await put("trace_b.json"));
  assertOk(await put("trace_late.json"));
  assertEquals(await sweep(), ["retention_trace_removed_age=0 removed_count=1"]); // the one changed longest ago
  assertEquals(left(), ["t/notes.json", "t/trace_a.json", "t/trace_b.json"]);
  assertOk(await ports.store.remove("t/trace_a.json"));
  assertOk(await put("trace_late.json"));
  assertEquals(await sweep(), []);
  now = NOW + 48;
  assertEquals(await sweep(), ["retention_trace_removed_age=1 removed_count=0"]);
  assertEquals(told, ["t/trace_late.json"]);
  assertEquals(left(), ["t/notes.json", "t/trace_b.json"]);
});

Deno.test("serve: a trace that the journal cannot be told of stays until it can", async () => {
  const files = { "t/trace_a.json": "x", "t/trace_b.json": "x" };
  const { ports, memory } = machineOf({ files, modified: (path) => path.endsWith("a.json") ? NOW - 9 : NOW });
  const none = { age: 0, count: 0 };
  const dirs = { trace: "t", runpack: "", pack: "", session: "", journal: "j" };
  for (const trace of [{ age: 5, count: 0 }, { age: 0, count: 1 }]) {
    const keep = { trace, runpack: none, pack: none, session: none, journal: none };
    let able = false;
    const { sweep } = retention(
      { dirs, keep },
      ports,
      () => NOW,
      () => Promise.resolve(able ? ok(undefined) : fail("write_failed", "no room")),
    );
    memory.disk.put("t/trace_a.json", utf8("x"));
    for (let i = 0; i < 2; i++) {
      assertEquals(await sweep(), ["retention_trace_error=no room"]);
      assert(memory.disk.files().has("t/trace_a.json"));
    }
    able = true;
    const both = await Promise.all([sweep(), sweep()]);
    const removed = trace.age > 0 ? "removed_age=1 removed_count=0" : "removed_age=0 removed_count=1";
    assertEquals(both, [[`retention_trace_${removed}`], [`retention_trace_${removed}`]]);
    assertEquals([...memory.disk.files().keys()].filter((path) => path.startsWith("t/")), ["t/trace_b.json"]);
  }
});

Deno.test("serve: a count holds with every call, and the journal knows what went", async () => {
  const world = await serving({ "trace-max-count": "2" });
  for (let i = 0; i < 5; i++) {
    const { json } = await world.post(callOf("go"));
    assertEquals(world.files("gait-out/mcp-serve/traces").length, Math.min(i + 1, 2));
    assertEquals(
      Array.isArray(json.warnings) && json.warnings.some((line) => String(line).startsWith("retention_trace_")),
      i >= 2,
    );
  }
  const journal = world.text("gait-out/mcp-serve/journal/serve_000001.jsonl");
  assertEquals(journal.split("\n").filter((line) => line.startsWith('{"record_type":"removed"')).length, 3);
  await world.end();
});

Deno.test("serve: trace contexts that are none begin a trace of their own", () => {
  const id = "0af7651916cd43dd8448eb211c80319c";
  assertEquals(contextOf(`00-${id}-b7ad6b7169203331-01`), { trace_id: id, parent: "b7ad6b7169203331", sampled: true });
  assertEquals(contextOf(`00-${id}-b7ad6b7169203331-00`)?.sampled, false);
  assertEquals(contextOf(`cc-${id}-b7ad6b7169203331-01-more`)?.trace_id, id);
  const wrong = [`00-${id}-b7ad6b7169203331-01-x`, `ff-${id}-b7ad6b7169203331-01`, `00-${"0".repeat(32)}-b7ad6b7169203331-01`];
  for (const text of [...wrong, `00-${id.toUpperCase()}-b7ad6b7169203331-01`, `00-${id}-${"0".repeat(16)}-01`, "", "x"]) {
    assertEquals(contextOf(text), undefined, text);
  }
});

Deno.test("serve: spans have the names of the conventions, and never hold up a call", async () => {
  const world = await serving({ "otlp-endpoint": "http://127.0.0.1:4318/" });
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await world.post(callOf("go", { session_id: "s" }), { traceparent });
  await world.post(callOf("no"), { traceparent: "broken" });
  await world.post(callOf("go"), { traceparent: traceparent.replace(/01$/, "00") }); // not sampled by its caller
  assertEquals(world.ports.posts.length, 0);
  await world.move(1_500);
  const [post] = world.ports.posts;
  assert(post !== undefined);
  assertEquals(post.url, "http://127.0.0.1:4318/v1/traces");
  const [{ resource, scopeSpans: [{ spans }] }] = JSON.parse(fromUtf8(post.body)).resourceSpans;
  assertEquals(resource.attributes[0], { key: "service.name", value: { stringValue: "gait" } });
  assertEquals(spans.length, 2);
  const [first, second] = spans;
  assertEquals([first.name, first.traceId, first.parentSpanId], [
    "execute_tool go",
    "0af7651916cd43dd8448eb211c80319c",
    "b7ad6b7169203331",
  ]);
  assertEquals([second.name, "parentSpanId" in second], ["execute_tool no", false]);
  assert(BigInt(first.endTimeUnixNano) >= BigInt(first.startTimeUnixNano) && /^\d{19}$/.test(first.startTimeUnixNano));
  const facts = new Map(
    first.attributes.map(({ key, value }: { key: string; value: object }) => [key, Object.values(value)[0]]),
  );
  assertEquals(
    ["gen_ai.operation.name", "gen_ai.tool.name", "gen_ai.tool.type", "gen_ai.conversation.id", "gait.verdict"].map((name) =>
      facts.get(name)
    ),
    ["execute_tool", "go", "function", "s", "allow"],
  );
  assertEquals(world.service.spans(), { sent: 2, dropped: 0 });
  await world.end();
});

Deno.test("serve: a collector that is not there costs spans, which are counted, and nothing else", async () => {
  const { ports, clock } = machineOf({ answer: () => fail("network_failed", "Cannot send") });
  const spans = spanExport("http://c", "v", ports);
  const span = {
    tool_name: "t",
    session_id: "",
    began: "2026-01-01T00:00:00Z",
    ended: "2026-01-01T00:00:01Z",
    traceparent: "",
    facts: {},
  };
  const wide = spanExport("http://c", "v", ports);
  for (let i = 0; i < 100; i++) wide.add({ ...span, tool_name: "t".repeat(2 ** 20) });
  assert(wide.counts().dropped > 90, "spans of any size are held");
  for (let i = 0; i < 3_000; i++) spans.add(span);
  assertEquals(spans.counts(), { sent: 0, dropped: 3_000 - 2_048 });
  await clock.move(2_000);
  await settle();
  assertEquals(spans.counts(), { sent: 0, dropped: 3_000 });
  await spans.close();
});

Deno.test("serve: spans that a collector leaves out are counted as dropped, whatever it says", async () => {
  const answers = [
    '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}',
    "{}",
    '{"partialSuccess":{"rejectedSpans":9}}',
  ];
  for (const [index, wanted] of [{ sent: 1, dropped: 2 }, { sent: 3, dropped: 0 }, { sent: 0, dropped: 3 }].entries()) {
    const { ports } = machineOf({ answer: () => ok({ status: 200, body: utf8(answers[index] ?? "") }) });
    const spans = spanExport("http://c", "v", ports);
    const [began, ended] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"];
    for (let i = 0; i < 3; i++) spans.add({ tool_name: "t", session_id: "", began, ended, traceparent: "", facts: {} });
    await spans.close();
    assertEquals(spans.counts(), wanted);
  }
});

Deno.test("serve: counters are bounded, escaped and add up", () => {
  let now = 0;
  const counted = metrics(() => now, "v");
  for (let i = 0; i < 1_000; i++) counted.decided("block", [`reason_${i}`, 'a"\n\\'], "mcp");
  const done = counted.request("/v1/evaluate");
  assertEquals(counted.inFlight(), 1);
  now = 3;
  done(200);
  counted.refused(408);
  counted.committed(3, 0.002);
  const text = counted.text([]);
  assertEquals(text.split("\n").filter((line) => line.startsWith("gait_serve_reason_codes_total{")).length, 201);
  assert(text.includes('gait_serve_reason_codes_total{reason="a\\"\\n\\\\"} 1000\n'));
  assert(text.includes('gait_serve_reason_codes_total{reason="other"} 801\n'), text);
  assert(
    text.includes(
      'gait_serve_request_duration_seconds_bucket{le="0.0025"} 0\ngait_serve_request_duration_seconds_bucket{le="0.005"} 1\n',
    ),
  );
  assert(text.includes('gait_serve_rejected_total{status="408"} 1\n'));
  assert(text.includes("gait_serve_journal_batch_calls_sum 3\n"));
  for (const line of text.trimEnd().split("\n")) {
    assert(/^(?:# (?:HELP|TYPE) gait_\w+ .+|gait_\w+(?:\{.*\})? [0-9.e+-]+)$/.test(line), line);
  }
});

Deno.test("serve: names of moments are never given twice, and of sessions never climb", () => {
  const next = stamps();
  const given = ["a", "a", "a", "b", "a", "a"].map((letter) => next(`2026-01-01T00:00:00.00${letter === "a" ? 1 : 2}Z`));
  assertEquals(given.slice(0, 3), [
    "2026-01-01T00:00:00.001Z",
    "2026-01-01T00:00:00.001000001Z",
    "2026-01-01T00:00:00.001000002Z",
  ]);
  for (const [id, base] of [[" a/b", "a_b"], ["..x..", "x"], ["a:b\\c d", "a_b_c_d"], ["x/../y", "x_.._y"]]) {
    assertEquals(assertOk(sessionBase(id ?? "")), base);
  }
  for (const id of ["", "...", "a\nb", "\ud800"]) assertFault(sessionBase(id), "path_refused");
  assert(ok(utf8("")).ok);
});
