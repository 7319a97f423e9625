// The same call in this process, by the proxy, by the gate and by the server: the same verdict, digests and trace id.
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { ok } from "../../core/base/result.ts";
import type { Answer, Gate, GateCall } from "../../core/client/types.ts";
import { assert, assertEquals, assertFault } from "../assert.ts";
import { byCommand, byServer } from "./commands.ts";
import { callOf, inProcess } from "./world.ts";

const CALLS: Readonly<Record<string, GateCall>> = {
  "a call that is allowed": { call: callOf("tool.read") },
  "a dry run": { call: callOf("tool.plan") },
  "one to be approved": { call: callOf("tool.write") },
  "one that no rule names": { call: callOf("tool.other") },
  "one that says nothing of its context": { call: { name: "tool.read" } },
  "one with half a character and odd numbers": { call: callOf("tool.read", {}, { args: { a: "\ud800", b: [-0, 1e21, 0.1] } }) },
  "one with a run": { call: callOf("tool.read", { run_id: "own run" }), run_id: " asked/for " },
  "a script": { call: callOf("", {}, { script: { steps: [{ name: "tool.read" }, { name: "tool.write", args: { a: 1 } }] } }) },
  "of openai": { call: { function: { name: "tool.read", arguments: `{"path":"/srv/a"}` } }, adapter: "openai" },
  "of anthropic": { call: { name: "tool.read", input: { path: "/srv/a" } }, adapter: "anthropic" },
  "of langchain": { call: { tool: "tool.read", tool_input: { path: "/srv/a" } }, adapter: "LangChain" },
  "of Claude Code": {
    call: { tool_name: "Bash", tool_input: { command: "ls" }, session_id: "s", hook_event_name: "PreToolUse" },
    adapter: "claude-code",
  },
  "a delegation that has ended": {
    call: callOf("tool.read", {}, {
      delegation: { requester_identity: "a", chain: [{ delegator_identity: "u", delegate_identity: "a" }] },
    }),
  },
};

const BOUNDARY_ONLY: Readonly<Record<string, GateCall>> = {
  "a trusted server": { call: callOf("tool.trusted", { risk_class: "critical" }, { server: { server_id: "GitHub" } }) },
  "a server that nobody knows": { call: callOf("tool.trusted", { risk_class: "critical" }, { server: { server_id: "x" } }) },
  "no server": { call: callOf("tool.trusted", { risk_class: "critical" }) },
  "a job that nobody knows": { call: callOf("tool.read", { job_id: "job_1" }) },
};

const facts = (
  { verdict, policy_digest, intent_digest, trace_id }: Answer,
) => [verdict, policy_digest, intent_digest, trace_id];

const ask = async (gate: Gate, call: GateCall, what: string): Promise<Answer> => {
  const asked = await gate.evaluate(call);
  assert(asked.ok, `${what}: ${asked.ok || asked.fault.message}`);
  return asked.value;
};

Deno.test("same: in process and by the proxy, to the reasons and the run", async () => {
  const verdicts = new Set<string>();
  for (const [what, call] of Object.entries({ ...CALLS, ...BOUNDARY_ONLY })) {
    const own = await ask(inProcess().gate, call, what);
    const other = await ask(byCommand(), call, what);
    const all = (
      { reason_codes, violations, tool_name, run_id, ...rest }: Answer,
    ) => [facts({ reason_codes, violations, tool_name, run_id, ...rest }), reason_codes, violations, tool_name, run_id];
    assertEquals(all(own), all(other), what);
    verdicts.add(own.verdict);
  }
  assertEquals([...verdicts].sort(), ["allow", "block", "dry_run", "require_approval"]);
});

Deno.test("same: in process and by the server, in each of its forms", async () => {
  for (const strict of [false, true]) {
    const { gate, send, end } = await byServer(strict ? { "http-verdict-status": "strict" } : {});
    for (const [what, call] of Object.entries({ ...CALLS, ...BOUNDARY_ONLY })) {
      const own = await ask(inProcess().gate, call, what);
      const other = await ask(gate(), call, what);
      assertEquals([facts(own), own.reason_codes, own.run_id], [facts(other), other.reason_codes, other.run_id], what);
      const request = { headers: { "content-type": "application/json" }, body: JSON.stringify(call) };
      for (const form of ["sse", "stream"]) {
        const text = await (await send(`/v1/evaluate/${form}`, request)).text();
        assertEquals(facts(JSON.parse(text.slice(text.indexOf("{")))), facts(own), `${what}, ${form}`);
      }
    }
    await end();
  }
});

Deno.test("same: the token of the server, or no answer", async () => {
  const { gate, end } = await byServer({ "auth-mode": "token", "auth-token-env": "TOKEN" });
  assertEquals((await ask(gate("secret"), { call: callOf("tool.read") }, "token")).verdict, "allow");
  for (const token of ["Secret", undefined]) {
    assertFault(await gate(token).evaluate({ call: callOf("tool.read") }), "gate_refused");
  }
  await end();
});

Deno.test("same: the gate by itself, where nothing but the policy decides", async () => {
  for (const [what, call] of Object.entries(CALLS)) {
    assertEquals(
      facts(await ask(byCommand({ command: "gate eval" }), call, what)),
      facts(await ask(inProcess().gate, call, what)),
      what,
    );
  }
});

const STOPPED = JSON.stringify({
  schema_id: "gait.gate.kill_switch_state",
  schema_version: "1.0.0",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  producer_version: "0.0.0-dev",
  entries: [{ entry_id: "e1", enabled: true, tool_name: "tool.read", created_at: "2026-01-01T00:00:00Z" }],
});

Deno.test("same: under a kill switch, also one that cannot be read", async () => {
  const high: JsonObject = callOf("tool.read", { risk_class: "high" });
  for (const state of [STOPPED, "{"]) {
    const flags = ["--kill-switch-state", "stop.json"];
    const proxy = await ask(byCommand({ flags }, { files: { "stop.json": state } }), { call: high }, "proxy");
    const { gate } = inProcess({ kill_switch: () => Promise.resolve(ok(utf8(state))) });
    const own = await ask(gate, { call: high }, "in process");
    assertEquals([facts(own), own.reason_codes], [facts(proxy), proxy.reason_codes]);
    assertEquals(own.verdict, "block");
  }
});

const REFUSED: Readonly<Record<string, GateCall>> = {
  "no tool": { call: { args: {} } },
  "an unknown adapter": { call: callOf("tool.read"), adapter: "soap" },
  "an envelope of its own": { call: callOf("tool.read", { context_envelope_path: "e.json" }) },
  "a credential": { call: callOf("tool.read", { auth_mode: "magic" }) },
  "targets of another type": { call: callOf("tool.read", {}, { targets: "all" }) },
  "a list": { call: [] },
};

Deno.test("same: what the one refuses the others refuse, by the same fault", async () => {
  const { gate, end } = await byServer();
  for (const [what, call] of Object.entries(REFUSED)) {
    const own = await inProcess().gate.evaluate(call);
    assert(!own.ok, what);
    for (const other of [await byCommand().evaluate(call), await gate().evaluate(call)]) {
      const { details } = assertFault(other, "gate_refused", what);
      assertEquals(details?.["gate_fault"], own.fault.code, what);
    }
  }
  await end();
});
