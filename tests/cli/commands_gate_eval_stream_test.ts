// A stream of calls (`gate eval --intents`): one record a line, bad lines as blocks, traces before verdicts, an end that says the worst.
import { assert, assertEquals } from "../assert.ts";
import { call, evalOf, gateMachine, made, SIGNED, STOPPED } from "./gate_world.ts";

const stream = (...more: readonly string[]): string[] => ["gate", "eval", "--policy", "p.yaml", "--intents", ...more];
const lines = (...calls: readonly string[]): string => calls.map((line) => `${line}\n`).join("");

Deno.test("stream: one record a line in order, exactly these members, and nothing is written", async () => {
  const on = gateMachine({ input: [lines(call("go"), call("ask"))] });
  const [exit, records, pieces] = await on.records(...stream("-"));
  assertEquals([exit, records.length, pieces, made(on)], [4, 2, 1, []]);
  const [first = {}, second = {}] = records;
  const { intent_digest, policy_digest, trace_id, correlation_id, ...said } = first;
  assertEquals([intent_digest, policy_digest, trace_id, correlation_id].map((id) => String(id).length), [64, 64, 24, 24]);
  assertEquals(said, { line: 1, ok: true, verdict: "allow", matched_rule: "go", reason_codes: ["fine"] });
  assertEquals([second.line, second.verdict, second.reason_codes, second.violations, second.required_approvals], [
    2,
    "require_approval",
    ["approval_token_missing", "asked"],
    ["approval_not_granted", "v"],
    1,
  ]);
});

Deno.test("stream: the same verdict, digests and trace id as for the one call", async () => {
  const on = gateMachine({ input: [lines(call("go"), call("no"))] });
  const [, records] = await on.records(...stream("-"));
  for (const [i, intent] of ["go.json", "no.json"].entries()) {
    const [, one] = await on.json(...evalOf(intent));
    for (const name of ["verdict", "reason_codes", "intent_digest", "policy_digest", "trace_id"]) {
      assertEquals(records[i]?.[name], one[name], name);
    }
  }
});

Deno.test("stream: a bad line is a block with its fault and place, and stops nothing", async () => {
  const bad = ["{", "[]", "\0", '{"tool_name":"go"}', `${call("go").slice(0, -1)},"tool_name":"no"}`, "x".repeat(70)];
  const on = gateMachine({ input: [lines(...bad, "", " \t\r", call("go"))] });
  const [exit, records] = await on.records(...stream("-"));
  assertEquals([exit, records.map(({ line }) => line)], [3, [1, 2, 3, 4, 5, 6, 9]]);
  for (const record of records.slice(0, -1)) {
    const { ok, verdict, reason_codes, violations, fault, error_code, trace_id } = record;
    assertEquals([ok, verdict, reason_codes, violations, error_code, trace_id], [
      false,
      "block",
      ["fail_closed_intent_invalid"],
      ["intent_not_evaluable"],
      "invalid_input",
      undefined,
    ]);
    assert(typeof fault === "string" && String(record.error).startsWith("Cannot read "), String(record.error));
  }
  assertEquals(records.at(-1)?.verdict, "allow");
  assertEquals(records.slice(2, 5).map(({ fault, pointer, column }) => [fault, pointer, column]), [
    ["json_syntax", undefined, 1],
    ["document_shape", "/context", 1],
    ["json_duplicate_key", "/tool_name", call("go").length + 1],
  ]);
});

Deno.test("stream: a line that is far too long is a block, and the next one is decided", async () => {
  const long = "x".repeat(4 * 2 ** 20);
  const on = gateMachine({ input: [call("go") + "\n", ...[long, long, long], "\n" + call("go")] });
  const [exit, records] = await on.records(...stream("-"));
  assertEquals([exit, records.map(({ line, verdict, fault }) => [line, verdict, fault])], [3, [
    [1, "allow", undefined],
    [2, "block", "json_too_large"],
    [3, "allow", undefined],
  ]]);
});

Deno.test("stream: exit is that of the strongest verdict; nothing to decide is no verdict", async () => {
  const exit = async (...calls: string[]) => (await gateMachine({ input: [lines(...calls)] }).records(...stream("-")))[0];
  assertEquals(await exit(), 0);
  assertEquals(await exit(call("go"), call("dry")), 0);
  assertEquals(await exit(call("ask"), call("go")), 4);
  assertEquals(await exit(call("no"), call("ask"), call("go")), 3);
});

Deno.test("stream: a simulation blocks nothing but what cannot be decided", async () => {
  const of = async (...calls: string[]) => {
    const [exit, records] = await gateMachine({ input: [lines(...calls)] }).records(...stream("-", "--simulate"));
    return [exit, records.map(({ verdict, simulated_verdict }) => `${verdict} ${simulated_verdict}`)];
  };
  assertEquals(await of(call("no"), call("ask")), [0, ["allow block", "allow require_approval"]]);
  assertEquals(await of("{"), [3, ["block undefined"]]);
  const [, told] = await gateMachine({ input: [lines(call("no"), call("go"), call("dry"))] }).records(
    ...stream("-", "--simulate"),
  );
  assertEquals(told.map(({ would_have_blocked }) => would_have_blocked), [true, undefined, undefined]);
  const [exit, { fault }] = await gateMachine().json(...stream("-", "--simulate", "--trace-log", "t.jsonl"));
  assertEquals([exit, fault], [6, "usage"]);
});

Deno.test("stream: what is not the fault of a call is told without the reason codes of a bad one", async () => {
  const limited =
    "default_verdict: allow\nrules:\n- {name: r, effect: allow, match: {tool_names: [go]}, rate_limit: {requests: 1}}\n";
  const on = gateMachine({ input: [lines(call("go"))], files: { "p.yaml": limited, "rl.json": "{" } });
  const [exit, [record]] = await on.records(...stream("-", "--rate-limit-state", "rl.json"));
  assertEquals(record?.ok, false);
  assertEquals([exit, record?.verdict, record?.reason_codes, record?.violations], [3, "block", undefined, undefined]);
});

Deno.test("stream: a file is the same as standard input, however it is cut", async () => {
  const text = lines(call("go"), call("no"), call("ask"), "{");
  const [exit, records] = await gateMachine({ files: { "c.jsonl": text } }).records(...stream("c.jsonl"));
  const told = JSON.stringify(records.map(({ line, verdict, trace_id }) => [line, verdict, trace_id]));
  for (const size of [1, 7, 50, 1000]) {
    const input: string[] = [];
    for (let at = 0; at < text.length; at += size) input.push(text.slice(at, at + size));
    const [ended, cut, pieces] = await gateMachine({ input }).records(...stream("-"));
    assertEquals([ended, JSON.stringify(cut.map(({ line, verdict, trace_id }) => [line, verdict, trace_id]))], [exit, told]);
    assert(pieces <= 4, "a call is told together with those that came with it");
  }
  assertEquals((await gateMachine().json(...stream("gone.jsonl")))[1].fault, "file_missing");
});

Deno.test("stream: a verdict is told before the next call is there", async () => {
  const input = [lines(call("go")), lines(call("no")), lines(call("ask"))];
  for (const log of [[], ["--trace-log", "t.jsonl"]]) {
    const [, records, pieces] = await gateMachine({ input }).records(...stream("-", ...log));
    assertEquals([records.length, pieces], [3, 3], log.join(" "));
  }
});

Deno.test("stream: each decided line has its signed trace in the log, a line each, and each verifies", async () => {
  const on = gateMachine({ input: [lines(call("go"), "{", call("no"))] });
  const [exit, records] = await on.records(...stream("-", "--trace-log", "logs/t.jsonl", ...SIGNED));
  assertEquals([exit, made(on)], [3, ["logs/t.jsonl"]]);
  const traces = on.file("logs/t.jsonl").trim().split("\n");
  assertEquals(
    traces.map((line) => JSON.parse(line).trace_id),
    records.filter(({ ok }) => ok).map(({ trace_id }) => trace_id),
  );
  for (const [i, line] of traces.entries()) {
    on.disk.put(`t${i}.json`, new TextEncoder().encode(line));
    assertEquals((await on.json("trace", "verify", `t${i}.json`, "--public-key", "pub"))[0], 0);
  }
});

Deno.test("stream: a log that is there is added to; what was left unfinished is cut off first", async () => {
  const old = `${JSON.stringify({ old: 1 })}\n`;
  for (const torn of ["", '{"half":', '{"ha\0\0\0']) {
    const on = gateMachine({ input: [lines(call("go"))], files: { "t.jsonl": old + torn } });
    await on.records(...stream("-", "--trace-log", "t.jsonl"));
    const [first, second, ...rest] = on.file("t.jsonl").split("\n");
    assertEquals([first, JSON.parse(second ?? "").verdict, rest], [old.trim(), "allow", [""]], JSON.stringify(torn));
  }
  const on = gateMachine({ input: [lines(call("go"))], files: { "t.jsonl": '{"old":1}' } });
  await on.records(...stream("-", "--trace-log", "t.jsonl"));
  assertEquals(on.file("t.jsonl").split("\n").length, 3, "a line that only lacks its end gets it");
});

Deno.test("stream: when nobody reads any more it ends quietly, with what it decided", async () => {
  const input = [lines(call("go")), lines(call("no")), lines(call("go"))];
  const on = gateMachine({ input, reads: (said) => said < 2 });
  const [exit, records] = await on.records(...stream("-"));
  assertEquals([exit, records.map(({ verdict }) => verdict)], [3, ["allow", "block"]]);
});

Deno.test("stream: a stop counts from the next piece on, and leaves its line in the journal", async () => {
  const on = gateMachine({
    input: [lines(call("stopped")), lines(call("stopped"), call("go"))],
    files: { "s/ks.json": STOPPED },
  });
  const [exit, records] = await on.records(...stream("-", "--kill-switch-state", "s/ks.json"));
  assertEquals([exit, records.map(({ verdict }) => verdict)], [3, ["block", "block", "allow"]]);
  assertEquals(on.file("s/kill_switch_journal.jsonl").trim().split("\n").length, 2);
});

Deno.test("stream: a kill switch or counters that cannot be read block each call that they concern", async () => {
  const on = gateMachine({ input: [lines(call("go"), call("go"))] });
  const [exit, records] = await on.records(...stream("-", "--kill-switch-state", "gone.json"));
  assertEquals([exit, records.map(({ reason_codes }) => String(reason_codes))], [3, [
    "kill_switch_state_unavailable",
    "kill_switch_state_unavailable",
  ]]);
  const bad = gateMachine({ input: [lines(call("few"), call("go"))], files: { "rl.json": "nope" } });
  const [, counted] = await bad.records(...stream("-", "--rate-limit-state", "rl.json"));
  assertEquals(counted.map(({ verdict, fault }) => [verdict, fault]), [["block", "json_syntax"], ["allow", undefined]]);
});

Deno.test("stream: limits count across the calls of a stream", async () => {
  const on = gateMachine({ input: [lines(call("few"), call("few"))] });
  const [exit, records] = await on.records(...stream("-"));
  assertEquals([exit, records.map(({ verdict }) => verdict)], [3, ["allow", "block"]]);
});

Deno.test("stream: key text that lands in a call is not told again", async () => {
  const secret = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZA==";
  const on = gateMachine({ input: [lines(`{"tool_name": 1, "${secret}": 1`, call("go", { args: { api_token: secret } }))] });
  await on.records(...stream("-"));
  assert(on.outputs.every((text) => !text.includes(secret)));
});
