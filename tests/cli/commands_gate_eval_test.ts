// The contract of `gait gate eval` (spec 02, section 1.1; spec 03, sections 2 and 7): members, lines, exits, what is written where.
import { assert, assertEquals } from "../assert.ts";
import { KEY_ID } from "./commands_world.ts";
import { call, evalOf, FILES, gateMachine, made, SIGNED, STOPPED } from "./gate_world.ts";

const DEV = "The trace is signed by a key made for this run alone: nobody can verify it later";
const HEX64 = /^[0-9a-f]{64}$/;

// Digests and ids are checked for their form and left out; what they are is recorded elsewhere.
const without = ({ intent_digest, policy_digest, trace_id, ...said }: Record<string, unknown>) => {
  assert(HEX64.test(String(intent_digest)) && HEX64.test(String(policy_digest)), "digests");
  assert(/^[0-9a-f]{24}$/.test(String(trace_id)), "trace id");
  return said;
};

Deno.test("gate eval: an allowed call, exactly these members, a trace and its note", async () => {
  const on = gateMachine();
  const [exit, said] = await on.json(...evalOf("go.json"));
  const id = String(said.trace_id);
  assertEquals([exit, without(said)], [0, {
    ok: true,
    profile: "standard",
    verdict: "allow",
    reason_codes: ["fine"],
    matched_rule: "go",
    phase: "apply",
    trace_path: `trace_${id}.json`,
    warnings: [DEV],
  }]);
  assertEquals(made(on), [`decision_trace_${id}.json`, `trace_${id}.json`]);
  const trace = JSON.parse(on.file(`trace_${id}.json`));
  assertEquals([trace.verdict, trace.created_at, trace.trace_id], ["allow", "2026-03-14T09:30:00Z", id]);
  assertEquals(trace.correlation_id.length, 24);
  const note = JSON.parse(on.file(`decision_trace_${id}.json`));
  assertEquals([note.trace_digest, note.reason_codes], [trace.signature.signed_digest, ["fine"]]);
  assert(on.file(`trace_${id}.json`).startsWith('{\n  "schema_id"'), "indented for people");
});

Deno.test("gate eval: a call that waits for approval is exit 4, with its audit", async () => {
  const on = gateMachine();
  const [exit, said] = await on.json(...evalOf("ask.json", "--approval-token-ref", " chg-7 "));
  const id = String(said.trace_id);
  assertEquals([exit, without(said)], [4, {
    ok: true,
    profile: "standard",
    verdict: "require_approval",
    reason_codes: ["approval_token_missing", "asked"],
    violations: ["approval_not_granted", "v"],
    matched_rule: "ask",
    phase: "apply",
    approval_ref: "chg-7",
    required_approvals: 1,
    trace_path: `trace_${id}.json`,
    approval_audit_path: `approval_audit_${id}.json`,
    warnings: [DEV],
  }]);
  assertEquals(JSON.parse(on.file(`approval_audit_${id}.json`)).entries, null);
  assertEquals(JSON.parse(on.file(`trace_${id}.json`)).approval_token_ref, "chg-7");
});

Deno.test("gate eval: verdicts have their exits, and their lines", async () => {
  const NOTE = "note: decision_t.json";
  const on = gateMachine({ files: { "ks.json": STOPPED, "stopped.json": call("stopped") } });
  const text = async (intent: string, ...more: string[]) => {
    const [exit, lines] = await on.text(...evalOf(intent, "--trace-out", "t.json", ...more));
    return [exit, ...lines.filter((line) => !line.startsWith("warning: "))];
  };
  assertEquals(await text("go.json"), [0, "gate eval: verdict=allow", "trace: t.json", NOTE, "reason: fine"]);
  assertEquals(await text("dry.json"), [0, "gate eval: verdict=dry_run", "trace: t.json", NOTE, "reason: dried"]);
  assertEquals(await text("no.json"), [3, "gate eval: verdict=block", "trace: t.json", NOTE, "reason: default_block"]);
  assertEquals(await text("ask.json", "--approval-audit-out", "a.json"), [
    4,
    "gate eval: verdict=require_approval",
    "trace: t.json",
    NOTE,
    "approval audit: a.json",
    "reason: approval_token_missing",
    "reason: asked",
    "violation: approval_not_granted",
    "violation: v",
    "approvals: 0 of 1",
  ]);
  assertEquals((await text("stopped.json", "--kill-switch-state", "ks.json")).slice(0, 3), [
    3,
    "gate eval: verdict=block",
    "trace: t.json",
  ]);
});

Deno.test("gate eval: what was signed verifies under the key that was named, and under no other", async () => {
  const on = gateMachine();
  for (const keys of [SIGNED, ["--key-mode", " PROD ", "--private-key-env", "KEY"]]) {
    const signing = gateMachine({ env: { KEY: FILES["k"] ?? "" } });
    const [exit, said] = await signing.json(...evalOf("go.json", "--trace-out", "a/t.json", ...keys));
    assertEquals([exit, said.warnings, said.trace_path], [0, undefined, "a/t.json"]);
    const [verified, report] = await signing.json("trace", "verify", "a/t.json", "--public-key", "pub");
    assertEquals([verified, report.signature_status, report.key_id, report.warnings], [0, "verified", KEY_ID, undefined]);
  }
  await on.json(...evalOf("go.json", "--trace-out", "t.json"));
  assertEquals((await on.json("trace", "verify", "t.json", "--public-key", "pub"))[0], 2);
});

Deno.test("gate eval: a simulation is named so wherever it is written, and enforces nothing", async () => {
  const on = gateMachine({ files: { ".gait/config.yaml": "gate: {trace_path: real.json}\n" } });
  const [exit, said] = await on.json(...evalOf("no.json", "--simulate"));
  const id = String(said.trace_id);
  assertEquals([exit, said.verdict, said.simulated_verdict, said.would_have_blocked], [0, "allow", "block", true]);
  assertEquals(said.trace_path, `trace_simulated_${id}.json`);
  const files = { ".gait/config.yaml": "" };
  assertEquals(made(on, files), [`decision_trace_simulated_${id}.json`, `trace_simulated_${id}.json`]);
  const note = JSON.parse(on.file(`decision_trace_simulated_${id}.json`));
  assertEquals([note.simulated, note.simulated_verdict, note.simulated_reason_codes], [true, "block", ["default_block"]]);
  assertEquals((await on.json(...evalOf("no.json", "--simulate", "--trace-out", "t.json")))[1].trace_path, "t.json");
});

Deno.test("gate eval: an active kill switch leaves a line in its journal, an inactive one does not", async () => {
  const on = gateMachine({ files: { "s/ks.json": STOPPED, "stopped.json": call("stopped", {}, { job_id: "j1" }) } });
  const journal = "s/kill_switch_journal.jsonl";
  const args = ["--kill-switch-state", "s/ks.json"];
  const [, fine] = await on.json(...evalOf("go.json", ...args));
  assertEquals([fine.verdict, on.disk.bytes(journal)], ["allow", "nothing"]);
  const [exit, said] = await on.json(...evalOf("stopped.json", ...args));
  assertEquals([exit, said.reason_codes], [3, ["default_block", "kill_switch_active", "kill_switch_tool_name_active"]]);
  await on.json(...evalOf("stopped.json", ...args));
  const lines = on.file(journal).trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ trace_id, job_id, source }) => [trace_id, job_id, source]), [
    [said.trace_id, "j1", "gate_eval"],
    [said.trace_id, "j1", "gate_eval"],
  ]);
  await on.json(...evalOf("stopped.json", ...args, "--simulate"));
  const all = on.file(journal).trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(all.map(({ simulated }) => simulated), [undefined, undefined, true]);
});

Deno.test("gate eval: a delegation that is demanded and not there is a block with its audit", async () => {
  const delegation = { requester_identity: "svc.clerk", expires_at: "2026-03-14T10:00:00Z" };
  const on = gateMachine({ files: { "led.json": call("led", { delegation }) } });
  const at = (time: string) => on.json(...evalOf("led.json", "--evaluation-time", time, "--delegation-audit-out", "d.json"));
  const [exit, said] = await at("2026-03-14T09:59:59Z");
  assertEquals([exit, said.reason_codes, said.delegation_required, said.delegation_audit_path], [
    3,
    ["delegation_token_missing", "fine"],
    true,
    "d.json",
  ]);
  assertEquals(JSON.parse(on.file("d.json")).entries, []);
  const trace = JSON.parse(on.file(String(said.trace_path)));
  assertEquals(trace.delegation_ref.reason_codes, ["delegation_token_missing"]);
  const [, late] = await at("2026-03-14T10:00:00Z");
  assertEquals([late.reason_codes, late.violations], [["delegation_expired", "fine"], ["delegation_not_granted"]]);
});

Deno.test("gate eval: each evaluation counts once, and one too many is a block", async () => {
  const on = gateMachine();
  const used = async () => {
    const [exit, said] = await on.json(...evalOf("few.json"));
    return [exit, said.verdict, said.rate_limit_used, said.rate_limit_key];
  };
  assertEquals(await used(), [0, "allow", 1, "few|svc.clerk"]);
  assertEquals(await used(), [3, "block", 1, "few|svc.clerk"]);
  assert(on.disk.bytes(".gait-out/gate_rate_limits.json") !== "nothing");
});

Deno.test("gate eval: the call may come on standard input, in pieces", async () => {
  const text = call("go");
  const on = gateMachine({ input: [text.slice(0, 20), text.slice(20)] });
  assertEquals((await on.json(...evalOf("-")))[1].verdict, "allow");
  assertEquals((await gateMachine().json(...evalOf("-")))[1].fault, "json_syntax");
});

Deno.test("gate eval: --explain with --json prints the explain document, alone it says what the command does", async () => {
  const on = gateMachine();
  const [exit, said] = await on.json(...evalOf("ask.json", "--explain"));
  assertEquals([exit, said.schema_id, said.verdict, said.reason_codes, said.final_reason_codes], [
    4,
    "gait.gate.policy_explain",
    "require_approval",
    ["asked"],
    ["approval_token_missing", "asked"],
  ]);
  const [none, lines] = await on.text(...evalOf("ask.json", "--explain"));
  assertEquals([none, lines.length], [0, 1]);
});
