// The contract of a replay (spec 01, section 7.3): who may run tools, what each step comes to, and what makes one impossible.
import type { JsonObject } from "../../core/base/json.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { openRunpack, type Runpack } from "../../core/run/open.ts";
import { finishReplay, planReplay } from "../../core/run/replay.ts";
import { type Consent, realTools } from "../../core/run/replay_tools.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { quickPack, recordedTexts, sha } from "./packs.ts";

const open = async (parts: JsonObject, capture_mode = "raw"): Promise<Runpack> => {
  const texts = recordedTexts({ run: { run_id: "run_r", created_at: "2026-03-01T10:00:00Z" }, capture_mode, ...parts });
  return assertOk(await openRunpack(nodeHost, bytesSource(quickPack(texts)), "pack.zip"));
};
const call = (intent_id: string, tool_name: string, args: JsonObject = {}) => ({ intent_id, tool_name, args });
const EMPTY = sha("{}");
const replay = (pack: Runpack, tools?: ReadonlySet<string>, outcomes: Iterable<[string, Result<Uint8Array>]> = []) =>
  finishReplay(nodeHost.crypto, assertOk(planReplay(nodeHost.crypto, pack, tools)), new Map(outcomes));

const ALL: Consent = {
  realTools: true,
  unsafe: true,
  allowed: " Echo, ,file.WRITE,echo",
  variable: { name: "V", value: " 1 " },
};

Deno.test("replay: tools run for real with three consents and not with fewer", () => {
  assertEquals([...assertOk(realTools(ALL)) ?? []], ["echo", "file.write"]);
  assertEquals(assertOk(realTools({ ...ALL, realTools: false })), undefined);
  const lacking: readonly [Partial<Consent>, string][] = [
    [{ unsafe: false }, "--unsafe-real-tools is not given"],
    [{ allowed: " , " }, "--allow-tools names no tool"],
    [{ variable: { name: "V", value: "true" } }, 'variable "V" is not 1'],
    [{ variable: { name: "V", value: "" } }, 'variable "V" is not 1'],
    [{ variable: { name: "V", value: "11" } }, 'variable "V" is not 1'],
  ];
  for (const [change, why] of lacking) {
    const fault = assertFault(realTools({ ...ALL, ...change }), "unsafe_operation");
    assertEquals(fault.message, `Cannot run the tools of a recorded run for real: ${why}`);
  }
});

Deno.test("replay: results first, then stubs by the first family that the name holds, then nothing", async () => {
  const intents = [
    call("1", "any.write"),
    call("2", "HTTP.get"),
    call("3", "sql.fetch"),
    call("4", " overwrite "),
    call("5", "table.publish"),
    call("6", "Kafka"),
    call("b", "zeta"),
    call("a", "alpha"),
  ];
  const results = [{ intent_id: "1", status: "weird", result: {} }, { intent_id: "orphan", status: "ok", result: {} }];
  const stub = (intent_id: string, tool_name: string, stub_type: string) => ({
    intent_id,
    tool_name,
    status: "stubbed",
    execution: "stubbed",
    stub_type,
    result_digest: sha(`run_r:${intent_id}:${tool_name.trim().toLowerCase()}:${EMPTY}:${stub_type}`),
  });
  const lost = (intent_id: string, tool_name: string) => ({
    intent_id,
    tool_name,
    status: "missing_result",
    execution: "missing",
  });
  assertEquals(replay(await open({ intents, results }, "reference")), {
    ok: false,
    run_id: "run_r",
    mode: "stub",
    steps: [
      { intent_id: "1", tool_name: "any.write", status: "weird", execution: "recorded", result_digest: EMPTY },
      stub("2", "HTTP.get", "http"),
      stub("3", "sql.fetch", "http"),
      stub("4", " overwrite ", "file"),
      stub("5", "table.publish", "db"),
      stub("6", "Kafka", "queue"),
      lost("b", "zeta"),
      lost("a", "alpha"),
    ],
    missing_results: ["a", "b"],
    warnings: [],
  });
});

Deno.test("replay: allowed tools leave as actions, in order; others are as in a stub replay", async () => {
  const intents = [
    call("1", "Tool.Echo", { message: " hi " }),
    call("2", "echo", { message: 5 }),
    call("3", "fs.write", { path: " out/a ", content: " data " }),
    call("4", "command.run", { command: " ls " }),
    call("5", "rocket"),
    call("6", "write_file", { content: "x" }),
    call("7", "exec"),
    call("8", "file.write", { path: "p" }),
  ];
  const pack = await open({ intents, results: [{ intent_id: "1", status: "recorded", result: {} }] });
  const tools = new Set(["tool.echo", "echo", "fs.write", "command.run", "rocket", "write_file", "exec"]);
  const plan = assertOk(planReplay(nodeHost.crypto, pack, tools));
  assertEquals(plan.steps.flatMap((step) => "action" in step ? [[step.intent_id, step.action]] : []), [
    ["3", { kind: "write", path: "out/a", content: "data" }],
    ["4", { kind: "shell", command: "ls" }],
  ]);
  const done = replay(pack, tools, [["3", ok(utf8("data"))], ["4", fail("tool_failed", "Cannot: it broke")]]);
  assertEquals([done.mode, done.ok], ["real", true]);
  assertEquals(done.steps.map(({ status, execution, result_digest }) => [status, execution, result_digest]), [
    ["ok", "executed", sha("hi")],
    ["ok", "executed", sha("echo")],
    ["ok", "executed", sha("data")],
    ["error", "executed", sha("Cannot: it broke")],
    ["error", "executed", sha('Cannot run for real: gait has no tool "rocket"')],
    ["error", "executed", sha('Cannot run for real: tool "write_file" needs the text argument path')],
    ["error", "executed", sha('Cannot run for real: tool "exec" needs the text argument command')],
    ["stubbed", "stubbed", sha(`run_r:8:file.write:${sha('{"path":"p"}')}:file`)],
  ]);
  assertEquals(done.warnings.map((warning) => warning.split(":")[0]), ['Call "4"', 'Call "5"', 'Call "6"', 'Call "7"']);
});

Deno.test("replay: not of calls or results that are there twice, and for real not of digests", async () => {
  const twice = await open({ intents: [call("x", "a"), call("x", "b")] });
  const answers = await open({ results: [1, 2].map(() => ({ intent_id: "x", status: "ok", result: {} })) });
  const blank = await open({ intents: [call("", "a"), call("", "b")] });
  for (const pack of [twice, answers, blank]) assertFault(planReplay(nodeHost.crypto, pack), "replay_impossible");
  const reference = await open({ intents: [call("x", "echo")] }, "reference");
  assertOk(planReplay(nodeHost.crypto, reference));
  assertFault(planReplay(nodeHost.crypto, reference, new Set(["echo"])), "replay_impossible");
});
