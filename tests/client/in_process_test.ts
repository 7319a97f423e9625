// The gate in this process: what it decides, that each answer has its record, and that what it is not told of keeps a call back.
import { utf8 } from "../../core/base/bytes.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { inProcessGate, type InProcessSettings, type Latest } from "../../core/client/in_process.ts";
import { readyPolicy } from "../../core/flow/gate_alone.ts";
import { readTrace, verifyTrace } from "../../core/trace/verify.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { answer, callOf, crypto, inProcess, KEY, POLICY } from "./world.ts";

const told = async (gate: ReturnType<typeof inProcess>["gate"], call: Parameters<typeof callOf>) => {
  const { verdict, reason_codes, violations } = await answer(gate, { call: callOf(...call) });
  return [verdict, reason_codes, violations];
};

Deno.test("in process: each verdict, with its reasons", async () => {
  const { gate, lines } = inProcess();
  assertEquals(await told(gate, ["tool.read"]), ["allow", ["matched_rule_reads", "mcp_trust_identifier_missing"], []]);
  assertEquals(await told(gate, ["tool.plan"]), ["dry_run", ["matched_rule_plans", "mcp_trust_identifier_missing"], []]);
  const [verdict] = await told(gate, ["tool.write"]);
  assertEquals(verdict, "require_approval");
  assertEquals((await told(gate, ["tool.other"]))[0], "block");
  assertEquals(lines.length, 4);
});

Deno.test("in process: the record of each answer is a trace that verifies, and says the same", async () => {
  const { gate, lines } = inProcess();
  for (const name of ["tool.read", "tool.plan", "tool.write", "tool.other"]) {
    const { verdict, trace_id, policy_digest, intent_digest } = await answer(gate, { call: callOf(name) });
    const line = lines.at(-1) ?? "";
    assert(line.endsWith("\n") && line.indexOf("\n") === line.length - 1, "one line");
    const { trace } = assertOk(readTrace(utf8(line), "line"));
    const { ok: verified } = await verifyTrace(crypto, trace, KEY);
    assertEquals(
      [verified, trace.verdict, trace.trace_id, trace.policy_digest, trace.intent_digest],
      [true, verdict, trace_id, policy_digest, intent_digest],
    );
  }
});

const journals: Readonly<Record<string, () => Promise<Result<void>>>> = {
  "says that it failed": () => Promise.resolve({ ok: false, fault: { code: "write_failed", message: "disk full" } }),
  "rejects": () => Promise.reject(new Error("read-only")),
  "throws": () => {
    throw new Error("closed");
  },
};

Deno.test("in process: no record, no answer", async () => {
  for (const [what, append] of Object.entries(journals)) {
    const { gate } = inProcess({ journal: { append } });
    const fault = assertFault(await gate.evaluate({ call: callOf("tool.read") }), "record_failed", what);
    assert(fault.message.startsWith("Cannot let the call go ahead: its record was not kept: "), fault.message);
  }
  // A journal written without types may come to nothing at all.
  const silent = { append: () => Promise.resolve(JSON.parse("null")) };
  assertFault(await inProcess({ journal: silent }).gate.evaluate({ call: callOf("tool.read") }), "record_failed");
});

Deno.test("in process: the answer leaves after the record is kept, not before", async () => {
  const order: string[] = [];
  let release = () => {};
  const kept = new Promise<void>((resolve) => release = resolve);
  const { gate } = inProcess({
    journal: {
      async append() {
        await kept;
        order.push("kept");
        return ok(undefined);
      },
    },
  });
  const asked = gate.evaluate({ call: callOf("tool.read") }).then(() => order.push("answered"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(order, []);
  release();
  await asked;
  assertEquals(order, ["kept", "answered"]);
});

const stopsNothing: Latest = () =>
  Promise.resolve(ok(utf8(JSON.stringify({
    schema_id: "gait.gate.kill_switch_state",
    schema_version: "1.0.0",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    producer_version: "0.0.0-dev",
    entries: [],
  }))));

const broken: Latest = () => Promise.resolve(ok(utf8("{")));
const throwing: Latest = () => Promise.reject(new Error("gone"));

Deno.test("in process: a kill switch that cannot be read blocks calls of high risk, and is a fault for others", async () => {
  for (const kill_switch of [broken, throwing]) {
    const { gate, lines } = inProcess({ kill_switch });
    const [verdict, reasons] = await told(gate, ["tool.read", { risk_class: "HIGH" }]);
    assertEquals(verdict, "block");
    assert(Array.isArray(reasons) && reasons.some((code) => String(code).startsWith("kill_switch")), JSON.stringify(reasons));
    assert(!(await gate.evaluate({ call: callOf("tool.read") })).ok);
    assertEquals(lines.length, 1, "only what was decided is recorded");
  }
  assertEquals(
    (await told(inProcess({ kill_switch: stopsNothing }).gate, ["tool.read"]))[0],
    "allow",
    "one without entries stops nothing",
  );
});

Deno.test("in process: the kill switch is asked for at each call", async () => {
  let read: Latest = stopsNothing;
  const { gate } = inProcess({ kill_switch: () => read() });
  const call: Parameters<typeof callOf> = ["tool.read", { risk_class: "high" }];
  assertEquals((await told(gate, call))[0], "allow");
  read = broken;
  assertEquals((await told(gate, call))[0], "block");
});

Deno.test("in process: trust that the policy demands is not there unless a snapshot gives it", async () => {
  const trusted: Parameters<typeof callOf> = ["tool.trusted", { risk_class: "critical" }, { server: { server_id: "GitHub" } }];
  const stranger: Parameters<typeof callOf> = ["tool.trusted", { risk_class: "critical" }, { server: { server_id: "x" } }];
  assertEquals((await told(inProcess().gate, trusted))[0], "allow");
  assertEquals((await told(inProcess().gate, stranger))[0], "require_approval");
  for (const trust_snapshot of [broken, throwing]) {
    const [verdict, , violations] = await told(inProcess({ trust_snapshot }).gate, trusted);
    assertEquals([verdict, violations], ["require_approval", ["mcp_trust_policy"]]);
  }
});

Deno.test("in process: a job goes on only where somebody says so", async () => {
  const call: Parameters<typeof callOf> = ["tool.read", { job_id: "job_1" }];
  const of = async (job?: InProcessSettings["job"]) => await told(inProcess(job === undefined ? {} : { job }).gate, call);
  assertEquals((await of(() => Promise.resolve("going")))[0], "allow");
  const [verdict, reasons, violations] = await of(() => Promise.resolve("stopped"));
  assertEquals([verdict, violations], ["block", ["emergency_stop_active"]]);
  assert(Array.isArray(reasons) && reasons.includes("emergency_stop_preempted"));
  const unknown = [undefined, () => Promise.reject(new Error("gone")), () => Promise.resolve(JSON.parse(`"running"`))];
  for (const job of unknown) {
    const [verdict, reasons] = await of(job);
    assertEquals(verdict, "block");
    assert(Array.isArray(reasons) && reasons.includes("emergency_stop_state_unavailable"));
  }
});

Deno.test("in process: a limit that nobody counts cannot be kept", async () => {
  const [verdict, reasons] = await told(inProcess().gate, ["tool.counted"]);
  assertEquals(verdict, "block");
  assert(Array.isArray(reasons) && reasons.includes("rate_limit_state_unavailable"));
});

Deno.test("in process: what is no call is a fault and leaves no record", async () => {
  const { gate, lines } = inProcess();
  assertFault(await gate.evaluate({ call: {} }), "call_invalid");
  assertFault(await gate.evaluate({ call: callOf("x"), adapter: "soap" }), "adapter_unknown");
  assertFault(await gate.evaluate({ call: callOf("x", { context_envelope_path: "e.json" }) }), "path_refused");
  assertFault(await gate.evaluate({ call: callOf("x", { auth_mode: "magic" }) }), "oauth_refused");
  assertFault(await gate.evaluate({ call: callOf("x", {}, { targets: "all" }) }), "document_shape");
  const late = inProcess({ now: () => "noon" });
  assertFault(await late.gate.evaluate({ call: callOf("tool.read") }), "internal");
  assertEquals([lines, late.lines], [[], []]);
});

Deno.test("in process: what changes while it is decided changes nothing", async () => {
  const { gate } = inProcess({ kill_switch: stopsNothing });
  const args = { path: "/srv/a.txt", count: 1 };
  const call = { ...callOf("tool.read"), args };
  const asked = gate.evaluate({ call });
  args.path = "/etc/passwd";
  const [first, second] = [assertOk(await asked), await answer(gate, { call: callOf("tool.read") })];
  assertEquals(first.intent_digest, second.intent_digest);
});

Deno.test("in process: profile oss-prod refuses a policy that lets everything through, and calls that do not say who calls", async () => {
  const open = assertOk(readyPolicy(crypto, utf8("default_verdict: allow\nrules: []\n"), "policy"));
  const settings = { crypto, policy: open, key: KEY, journal: { append: () => Promise.resolve(ok(undefined)) }, now: () => "" };
  assertFault(inProcessGate({ ...settings, profile: "oss-prod" }), "profile_refused");
  assertOk(inProcessGate(settings));
  const { gate } = inProcess({ profile: "oss-prod" });
  assertFault(await gate.evaluate({ call: callOf("tool.read", { identity: " " }) }), "profile_refused");
  assertEquals((await answer(gate, { call: callOf("tool.read") })).verdict, "allow");
});

Deno.test("in process: a policy that cannot be read makes no gate", () => {
  assert(!readyPolicy(crypto, utf8(POLICY.replace("effect: allow", "effect: alow")), "policy.yaml").ok);
});

Deno.test("in process: a profile is read in any case, trimmed; any other word is refused and means nothing weaker", () => {
  const settings: object = {
    crypto,
    policy: assertOk(readyPolicy(crypto, utf8("default_verdict: allow\n"), "p")),
    key: KEY,
    journal: { append: () => Promise.resolve(ok(undefined)) },
    now: () => "2026-01-01T00:00:00Z",
  };
  const made = (profile: unknown) => inProcessGate(Object.assign(JSON.parse("{}"), settings, { profile })); // without types
  for (const profile of ["oss-prod", "OSS-PROD", " oss-prod\n"]) {
    const { message } = assertFault(made(profile), "profile_refused", profile);
    assert(message.includes("default verdict"), message); // of the policy: the profile counts
  }
  for (const profile of ["oss_prod", "prod", "", " ", 1, null, {}]) {
    assertFault(made(profile), "profile_refused", String(profile));
  }
  for (const profile of [undefined, "standard", " Standard "]) assertOk(made(profile));
});
