// The contract of `run replay` (spec 01, section 7.3): members, lines, exits, and what real tools do to the machine.
import { utf8 } from "../../core/base/bytes.ts";
import { assertEquals } from "../assert.ts";
import { quickPack, recordedTexts, sha } from "../run/packs.ts";
import { machine } from "./commands_world.ts";

const pack = (capture_mode: string) =>
  quickPack(recordedTexts({
    run: { run_id: "run_r", created_at: "2026-03-01T10:00:00Z" },
    intents: [
      { intent_id: "1", tool_name: "Echo", args: { message: "hi" } },
      { intent_id: "2", tool_name: "file.write", args: { path: "out/f", content: "data" } },
      { intent_id: "3", tool_name: "shell.exec", args: { command: "ls -a" } },
      { intent_id: "4", tool_name: "zeta", args: {} },
    ],
    results: [{ intent_id: "1", status: "ok", result: {} }],
    capture_mode,
  }));
const FILES = { "raw.zip": pack("raw"), "ref.zip": pack("reference") };
const REAL = ["run", "replay", "raw.zip", "--real-tools", "--unsafe-real-tools"];
const ALLOW = ["--allow-tools", "echo,file.write,shell.exec"];
const ON = { GAIT_ALLOW_REAL_REPLAY: "1" };

Deno.test("run replay: exactly these members of a stub replay, and its lines", async () => {
  const made = machine({ files: FILES });
  const stubbed = sha(`run_r:2:file.write:${sha('{"content":"data","path":"out/f"}')}:file`);
  assertEquals(await made.json("run", "replay", "ref.zip"), [2, {
    ok: false,
    run_id: "run_r",
    mode: "stub",
    steps: [
      { intent_id: "1", tool_name: "Echo", status: "ok", execution: "recorded", result_digest: sha("{}") },
      {
        intent_id: "2",
        tool_name: "file.write",
        status: "stubbed",
        execution: "stubbed",
        stub_type: "file",
        result_digest: stubbed,
      },
      { intent_id: "3", tool_name: "shell.exec", status: "missing_result", execution: "missing" },
      { intent_id: "4", tool_name: "zeta", status: "missing_result", execution: "missing" },
    ],
    missing_results: ["3", "4"],
  }]);
  assertEquals(await made.text("run", "replay", "ref.zip"), [2, [
    "replay failed: run_r (stub)",
    "1. 1 Echo ok (recorded)",
    "2. 2 file.write stubbed as file",
    "3. 3 shell.exec missing_result",
    "4. 4 zeta missing_result",
    "missing results: 3 4",
  ]]);
  const whole = quickPack(recordedTexts({ run: { run_id: "run_void", created_at: "2026-03-01T10:00:00Z" } }));
  const empty = machine({ files: { "v.zip": whole } });
  assertEquals(await empty.json("run", "replay", "v.zip", "--unsafe-real-tools"), [0, {
    ok: true,
    run_id: "run_void",
    mode: "stub",
    requested_unsafe: true,
  }]);
  assertEquals(await empty.text("run", "replay", "v.zip"), [0, ["replay ok: run_void (stub)"]]);
});

Deno.test("run replay: real tools write and run what the recording says, each once and in order", async () => {
  const output = utf8("a\nb\n");
  const made = machine({ files: FILES, env: ON, process: () => ({ output, code: 0, timedOut: false }) });
  const [exit, { steps, ...said }] = await made.json(...REAL, ...ALLOW);
  assertEquals([exit, said], [2, { ok: false, run_id: "run_r", mode: "real", requested_unsafe: true, missing_results: ["4"] }]);
  assertEquals(steps, [
    { intent_id: "1", tool_name: "Echo", status: "ok", execution: "executed", result_digest: sha("hi") },
    { intent_id: "2", tool_name: "file.write", status: "ok", execution: "executed", result_digest: sha("data") },
    { intent_id: "3", tool_name: "shell.exec", status: "ok", execution: "executed", result_digest: sha("a\nb\n") },
    { intent_id: "4", tool_name: "zeta", status: "missing_result", execution: "missing" },
  ]);
  assertEquals(made.file("out/f"), "data");
  assertEquals(made.programs, [["sh", "-c", 'exec sh -lc "$1" 2>&1', "sh", "ls -a"]]);
});

Deno.test("run replay: a tool that fails has an error status and does not fail the replay by itself", async () => {
  const error = async (process: Parameters<typeof machine>[0], why: string) => {
    const made = machine({ files: FILES, env: ON, ...process });
    const [, { steps, warnings }] = await made.json(...REAL, "--allow-tools", "shell.exec");
    const message = `Cannot run for real: ${why}`;
    assertEquals(Array.isArray(steps) ? steps[2] : undefined, {
      intent_id: "3",
      tool_name: "shell.exec",
      status: "error",
      execution: "executed",
      result_digest: sha(message),
    });
    assertEquals(warnings, [`Call "3": ${message}`]);
  };
  const ended = (code: number, timedOut: boolean) => ({ process: () => ({ output: utf8(""), code, timedOut }) });
  await error(ended(3, false), "the command ended with exit code 3");
  await error(ended(137, true), "the command took longer than 5 s");
  const made = machine({ files: FILES, env: ON });
  const [, { warnings }] = await made.json(...REAL, "--allow-tools", "shell.exec");
  assertEquals(warnings, ['Call "3": Cannot start "sh": it is not there']);
});

Deno.test("run replay: a recorded path that climbs is not written", async () => {
  const climbing = quickPack(recordedTexts({
    run: { run_id: "run_r", created_at: "2026-03-01T10:00:00Z" },
    intents: [{ intent_id: "1", tool_name: "file.write", args: { path: "../f", content: "x" } }],
    capture_mode: "raw",
  }));
  const made = machine({ files: { "raw.zip": climbing }, env: ON });
  const [exit, { warnings }] = await made.json(...REAL, ...ALLOW);
  assertEquals([exit, warnings, made.disk.files().size], [0, [
    'Call "1": Cannot write the content to "../f": a relative path must not climb with ".."',
  ], 1]);
});

Deno.test("run replay: refusals say what was asked for; consent comes before the file is opened", async () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, readonly string[], number, string, true | undefined])[] = [
    [{}, ["none.zip", "--real-tools"], 8, "unsafe_operation", undefined],
    [ON, ["none.zip", "--real-tools", "--allow-tools", "echo"], 8, "unsafe_operation", undefined],
    [ON, ["none.zip", "--real-tools", "--unsafe-real-tools"], 8, "unsafe_operation", true],
    [{}, ["none.zip", "--real-tools", "--unsafe-real-tools", ...ALLOW], 8, "unsafe_operation", true],
    [ON, ["raw.zip", ...REAL.slice(3), ...ALLOW, "--unsafe-real-tools-env", "OTHER"], 8, "unsafe_operation", true],
    [ON, ["ref.zip", ...REAL.slice(3), ...ALLOW], 6, "replay_impossible", true],
    [ON, ["none.zip", ...REAL.slice(3), ...ALLOW], 6, "file_missing", true],
    [{}, ["none.zip", "--unsafe-real-tools"], 6, "file_missing", true],
    [{}, ["raw.zip", "ref.zip"], 6, "usage", undefined],
  ];
  for (const [env, argv, exit, name, unsafe] of cases) {
    const made = machine({ files: FILES, env });
    const [code, { fault, requested_unsafe }] = await made.json("run", "replay", ...argv);
    assertEquals([code, fault, requested_unsafe, made.programs.length], [exit, name, unsafe, 0], argv.join(" "));
  }
});

Deno.test("run replay: requested_unsafe is in every output, also where the command line could not be read", async () => {
  const rows: readonly (readonly [readonly string[], unknown])[] = [
    [["--unsafe-real-tools"], true],
    [["a", "b", "-unsafe-real-tools=true"], true],
    [["a", "--unsafe-real-tools", "--bogus"], true],
    [["a", "--unsafe-real-tools=false", "--bogus"], undefined],
  ];
  for (const [argv, requested] of rows) {
    const [exit, said] = await machine().json("run", "replay", ...argv);
    assertEquals([exit, said.requested_unsafe], [6, requested], argv.join(" "));
  }
});
