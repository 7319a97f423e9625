// Deciding at the boundary (spec 05, section 2.1): what a decision says, what is read anew for each call, and what nobody can do.
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { readPublicKey } from "../../core/base/keys.ts";
import { traceBytes } from "../../cli/boundary_out.ts";
import { readTrace, verifyTrace } from "../../core/trace/verify.ts";
import type { Ports } from "../../core/ports.ts";
import { nodeHost } from "../../host/node.ts";
import { logOf, stateOf, STOPPED } from "../job/jobs.ts";
import { approvalOf, boundaryOn, SHELF_POLICY, SNAPSHOT, stopping, TRUST_POLICY } from "./boundary_world.ts";
import { PUBLIC_KEY } from "./commands_world.ts";

const PEEK = { name: "shelf.peek" };
const REFUND = { name: "till.refund", args: { cents: 5 } };
// The key of the recorded cases.
const OTHER_KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUHbmV/iUWnRQcq5u7qSuqAfny4ezn30yyrAUZDzf8wfnQ==";
const KEY = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));

const words = (decision: Awaited<ReturnType<ReturnType<typeof boundaryOn>["decided"]>>) => {
  const { verdict, reason_codes, violations } = decision.decided.final;
  return [verdict, reason_codes, violations] as const;
};

Deno.test("boundary: a decision has the digests and ids of the recorded cases, and a trace that verifies, and writes nothing", async () => {
  const on = boundaryOn();
  for (
    const [call, verdict, trace_id, run_id] of [
      [PEEK, "allow", "bb1e4173babf02e77b9b5ac1", "run_mcp_c5ee9d9e77b9"],
      [{ name: "stock.wipe" }, "block", "f5c613024139b0e3493092d9", "run_mcp_fec68645d30d"],
      [REFUND, "require_approval", "4be554e7cf5c256e08ac9a1f", "run_mcp_8c87d427b9df"],
    ] as const
  ) {
    const decision = await on.decided(call);
    const { decided, trace } = decision;
    assertEquals([decided.final.verdict, trace.trace_id, decision.run_id], [verdict, trace_id, run_id]);
    const read = assertOk(readTrace(traceBytes(trace), "trace"));
    assert((await verifyTrace(nodeHost.crypto, read.trace, KEY)).ok);
    assertEquals([read.trace.verdict, read.trace.correlation_id, read.trace.producer_version], [verdict, "", "9.9.9"]);
  }
  assertEquals([on.made(), on.disk.steps()], [[], 0]);
});

Deno.test("boundary: the adapter of a request counts before that of the boundary, and is told as it was named", async () => {
  const on = boundaryOn({ adapter: " OpenAI " });
  const call = { function: { name: "shelf.peek" } };
  assertEquals((await on.decided(call)).adapter, "openai");
  assertEquals((await on.decided(call, { adapter: " " })).adapter, "openai");
  assertEquals((await on.decided({ name: "shelf.peek", input: {} }, { adapter: " Anthropic" })).adapter, "anthropic");
  const hook = { tool_name: "Read", tool_input: { path: "x" } };
  assertEquals((await on.decided(hook, { adapter: "Claude-Code" })).adapter, "claude-code");
  assertEquals((await boundaryOn().decided(PEEK)).adapter, "mcp");
  assertFault(await on.decide(call, { adapter: "gemini" }), "adapter_unknown");
});

Deno.test("boundary: run ids of request and call", async () => {
  const on = boundaryOn();
  const call = { ...PEEK, context: { run_id: " nightly/42 " } };
  const both = await on.decided(call, { run_id: "winner" });
  assertEquals([both.run_id, both.asked_run_id], ["run_winner", "run_winner"]);
  const own = await on.decided(call, { run_id: "//" });
  assertEquals([own.run_id, own.asked_run_id], ["run_nightly_42", ""]);
});

Deno.test("boundary: a policy that is edited between calls counts at the next one, and both digests are told", async () => {
  const on = boundaryOn();
  const first = await on.decided(PEEK);
  assertEquals([first.decided.final.verdict, first.policy_changed], ["allow", undefined]);
  assertEquals((await on.decided(PEEK)).policy_changed, undefined);
  on.put("policy.yaml", SHELF_POLICY.replace("effect: allow", "effect: block"));
  const second = await on.decided(PEEK);
  assertEquals(second.decided.final.verdict, "block");
  assertEquals(second.policy_changed, { before: first.decided.policy_digest, after: second.decided.policy_digest });
  on.put("policy.yaml", `${SHELF_POLICY}# only a remark\n`);
  const third = await on.decided(PEEK);
  assertEquals([third.decided.final.verdict, third.decided.policy_digest], ["allow", first.decided.policy_digest]);
  assertEquals(third.policy_changed?.before, second.decided.policy_digest);
});

Deno.test("boundary: a policy that is edited before the first call is told of by that, once", async () => {
  const on = boundaryOn();
  const { policy_digest } = assertOk(await on.boundary.usable());
  on.put("policy.yaml", SHELF_POLICY.replace("effect: allow", "effect: block"));
  assertOk(await on.boundary.ready()); // looking after it is no decision
  const first = await on.decided(PEEK);
  assertEquals(first.policy_changed, { before: policy_digest, after: first.decided.policy_digest });
  assertEquals((await on.decided(PEEK)).policy_changed, undefined);
});

Deno.test("boundary: a policy that is broken or gone is a fault and never the one before; mended it counts again", async () => {
  const on = boundaryOn();
  const { decided: { policy_digest } } = await on.decided(PEEK);
  for (
    const [text, code] of [["rules: [", "yaml_syntax"], ["rulez: []\n", "policy_shape"], ["ÿ", "yaml_syntax"]] as const
  ) {
    on.put("policy.yaml", text);
    assertFault(await on.decide(PEEK), code, text);
    assertFault(await on.decide(PEEK), code, "also the second time");
    assertFault(await on.boundary.ready(), code, text);
  }
  on.disk.remove("policy.yaml");
  assertFault(await on.decide(PEEK), "file_missing");
  on.put("policy.yaml", "default_verdict: block\n");
  const after = await on.decided(PEEK);
  assertEquals([after.decided.final.verdict, after.policy_changed?.before], ["block", policy_digest]);
});

Deno.test("boundary: a kill switch counts at the next call, whatever its last state was", async () => {
  const on = boundaryOn({ kill_switch: "s/ks.json" }, { "s/ks.json": stopping() });
  const free = await on.decided(PEEK);
  assertEquals([words(free), free.kill_switch_line, free.decided.decision.kill_switch?.status], [
    ["allow", ["shelf_read_ok"], []],
    undefined,
    "inactive",
  ]);
  on.put("s/ks.json", stopping("shelf.peek"));
  const stopped = await on.decided(PEEK);
  assertEquals(words(stopped), [
    "block",
    ["kill_switch_active", "kill_switch_tool_name_active", "shelf_read_ok"],
    ["kill_switch_active"],
  ]);
  assertEquals(stopped.kill_switch_line?.trace_id, stopped.trace.trace_id);
  on.put("s/ks.json", stopping());
  assertEquals((await on.decided(PEEK)).decided.final.verdict, "allow");
});

Deno.test("boundary: a kill switch that cannot be read blocks high risk and production, and is a fault otherwise; a blank risk is not high", async () => {
  const high = { ...PEEK, context: { risk_class: " HIGH ", identity: "i", workspace: "/w", session_id: "s" } };
  const low = { ...PEEK, context: { risk_class: "low", identity: "i", workspace: "/w", session_id: "s" } };
  const files = { "broken.json": "{" };
  for (const kill_switch of ["gone.json", "broken.json"]) {
    const on = boundaryOn({ kill_switch }, files);
    const blocked = await on.decided(high);
    assertEquals(words(blocked), ["block", ["kill_switch_state_unavailable"], ["kill_switch_state_unavailable"]]);
    assertEquals(blocked.kill_switch_line, undefined, "no line when the state was unavailable");
    for (const call of [low, PEEK]) assert(!(await on.decide(call)).ok, kill_switch);
    const production = boundaryOn({ kill_switch, profile: "oss-prod" }, files);
    assertEquals((await production.decided(low)).decided.final.verdict, "block");
    assert(!(await on.boundary.ready()).ok);
  }
});

Deno.test("boundary: a trust snapshot counts at the next call; without it, or with a broken one, calls of high risk are blocked", async () => {
  const call = { ...PEEK, server: { server_id: "shelf" }, context: { risk_class: "high" } };
  const on = boundaryOn({}, { "policy.yaml": TRUST_POLICY, "snap.json": SNAPSHOT });
  const trusted = await on.decided(call);
  assertEquals([words(trusted), trusted.trust?.status], [["allow", ["default_allow", "mcp_trust_verified"], []], "trusted"]);
  assertEquals(trusted.trace.unsigned.facts.mcp_trust, trusted.trust);
  const blocked = async (status: string, reason: string) => {
    const decision = await on.decided(call);
    assertEquals([words(decision), decision.trust?.status], [
      ["block", ["default_allow", reason], ["mcp_trust_policy"]],
      status,
    ]);
    assertEquals(decision.trace.unsigned.facts.verdict, "block", "the trace has the final verdict");
  };
  on.put("snap.json", SNAPSHOT.replace(`"trusted"`, `"revoked"`));
  await blocked("untrusted", "mcp_trust_status_untrusted");
  on.put("snap.json", "{");
  await blocked("invalid", "mcp_trust_snapshot_invalid");
  on.disk.remove("snap.json");
  await blocked("missing", "mcp_trust_snapshot_unavailable");
  on.put("snap.json", SNAPSHOT);
  assertEquals((await on.decided(call)).decided.final.verdict, "allow");
  const blank = await on.decided(PEEK);
  assertEquals(words(blank), ["allow", ["default_allow", "mcp_trust_identifier_missing"], []]);
  assert(blank.warnings.some((warning) => /no risk class/.test(warning)), blank.warnings.join());
});

Deno.test("boundary: a key that is changed signs the next call; one that is gone is a fault", async () => {
  const on = boundaryOn();
  const { trace } = await on.decided(PEEK);
  const ready = assertOk(await on.boundary.ready());
  assertEquals([ready.dev, trace.signature.key_id, ready.policy_digest], [
    false,
    ready.key.keyId,
    trace.unsigned.facts.policy_digest,
  ]);
  on.put("k", OTHER_KEY);
  assertEquals(
    (await on.decided(PEEK)).trace.signature.key_id,
    "9a92d2b54a9a5402de3e65a07a5cb12a8dc6758bd8e8c2ec459563d6b2c081c4",
  );
  on.put("k", "AAAA");
  assertFault(await on.decide(PEEK), "key_format");
  on.disk.remove("k");
  assertFault(await on.decide(PEEK), "file_missing");
});

Deno.test("boundary: a key of mode dev is made once, also for calls that come together, and is told of", async () => {
  const on = boundaryOn({ keys: { mode: " DEV ", signing: {}, approval: {} } });
  const all = await Promise.all([1, 2, 3].map(() => on.decided(PEEK)));
  const ids = new Set([...all, await on.decided(PEEK)].map(({ trace }) => trace.signature.key_id));
  assertEquals([ids.size, assertOk(await on.boundary.ready()).dev], [1, true]);
  assert(all.every(({ warnings }) => warnings.some((warning) => /key mode dev/.test(warning))));
  const clash = boundaryOn({ keys: { mode: "dev", signing: { "private-key": "k" }, approval: {} } });
  assertFault(await clash.decide(PEEK), "key_source");
});

Deno.test("boundary: profile oss-prod wants key mode prod, a context, and a policy that does not allow by default", async () => {
  const context = { identity: "i", workspace: "/w", session_id: "s", risk_class: "low" };
  const prod = { profile: "oss-prod" } as const;
  const call = { ...PEEK, context };
  assertEquals((await boundaryOn(prod).decided(call)).decided.final.verdict, "allow");
  const dev = boundaryOn({ ...prod, keys: { mode: "dev", signing: {}, approval: {} } });
  assertFault(await dev.decide(call), "profile_refused");
  assertFault(await dev.boundary.ready(), "profile_refused");
  const open = boundaryOn(prod, { "policy.yaml": "default_verdict: allow\n" });
  assertFault(await open.decide(call), "profile_refused");
  for (const name of ["identity", "workspace", "session_id"]) {
    const fault = assertFault(
      await boundaryOn(prod).decide({ ...PEEK, context: { ...context, [name]: " " } }),
      "profile_refused",
    );
    assertEquals(fault.at?.pointer, `/context/${name}`);
  }
  const asked = await boundaryOn(prod).decided({ ...REFUND, context });
  assertEquals(
    words(asked),
    ["require_approval", ["refund_needs_signoff"], ["manual_money_path"]],
    "no key for approvals is wanted",
  );
});

Deno.test("boundary: an envelope that a call names is refused, unless callers may and there is no other", async () => {
  const call = { ...PEEK, context: { context_envelope_path: "env.json" } };
  const fault = assertFault(await boundaryOn().decide(call), "path_refused");
  assertEquals(fault.at?.pointer, "/context/context_envelope_path");
  assertFault(await boundaryOn({ client_envelope: true }).decide(call), "file_missing");
  const climbing = { ...PEEK, context: { context_envelope_path: "../env.json" } };
  assertFault(await boundaryOn({ client_envelope: true }).decide(climbing), "path_refused");
  const own = boundaryOn({ client_envelope: true, envelope: "own.json" });
  assertFault(await own.decide(call), "path_refused");
});

const STOP_FILES = {
  "jobs/j/state.json": JSON.stringify(stateOf(2, STOPPED)),
  "jobs/j/events.jsonl": logOf("submitted", "emergency_stop_acknowledged"),
};

Deno.test("boundary: the emergency stop of a job blocks and is recorded, with the digests of the recorded case", async () => {
  const named = (text: string) => text.replaceAll(`"job_id":"j"`, `"job_id":"restock-5"`);
  const files = Object.entries(STOP_FILES).map(([path, text]) => [path.replace("/j/", "/restock-5/"), named(text)] as const);
  const on = boundaryOn({}, Object.fromEntries(files));
  const decision = await on.decided({ name: "shelf.peek", context: { job_id: "restock-5" } });
  assertEquals(
    [decision.trace.trace_id, words(decision), decision.stop.status, decision.job_id],
    [
      "ed8332ce5b7ed856c4a26706",
      ["block", ["emergency_stop_preempted", "shelf_read_ok"], ["emergency_stop_active"]],
      "stopped",
      "restock-5",
    ],
  );
  assertEquals(decision.trace.unsigned.facts.verdict, "block");
  const log = on.disk.bytes("jobs/restock-5/events.jsonl");
  assert(typeof log !== "string" && fromUtf8(log).includes(`"type":"dispatch_blocked"`));
  const ghost = await on.decided({ name: "shelf.peek", context: { job_id: "ghost" } });
  assertEquals(
    [ghost.trace.trace_id, words(ghost), ghost.stop.status],
    [
      "a9a294302e1d672c8eb6217e",
      ["block", ["emergency_stop_state_unavailable", "shelf_read_ok"], ["emergency_stop_active"]],
      "unavailable",
    ],
  );
  assertEquals(ghost.warnings.filter((warning) => /ghost/.test(warning)).length, 1);
});

Deno.test("boundary: a job that was never stopped lets its calls go, until it is", async () => {
  const on = boundaryOn({}, { "jobs/j/state.json": JSON.stringify(stateOf(1)), "jobs/j/events.jsonl": logOf("submitted") });
  const call = { ...PEEK, context: { job_id: "j" } };
  const going = await on.decided(call);
  assertEquals([going.decided.final.verdict, going.stop.status, on.disk.steps()], ["allow", "going", 0]);
  for (const [path, text] of Object.entries(STOP_FILES)) on.put(path, text);
  assertEquals((await on.decided(call)).decided.final.verdict, "block");
});

Deno.test("boundary: a verdict that asks for approval stays until one is shown that fits the call", async () => {
  const on = boundaryOn();
  const asked = await on.decided(REFUND);
  assertEquals(words(asked), ["require_approval", ["refund_needs_signoff"], ["manual_money_path"]]);
  const approval = await approvalOf(asked);
  const granted = await on.decided(REFUND, { approvals: [approval] });
  assertEquals(words(granted), ["allow", ["approval_granted", "refund_needs_signoff"], ["manual_money_path"]]);
  assertEquals(granted.trace.unsigned.facts.approval_token_ref, approval.token.token_id);
  const other = await on.decided({ ...REFUND, args: { cents: 6 } }, { approvals: [approval] });
  assertEquals([other.decided.final.verdict, other.decided.final.reason_codes], [
    "require_approval",
    ["approval_chain_insufficient", "approval_token_intent_mismatch", "refund_needs_signoff"],
  ]);
  const wipe = await on.decided({ name: "stock.wipe" }, { approvals: [approval] });
  assertEquals(wipe.decided.final.verdict, "block");
  assertEquals(on.made(), [], "an approval that counts as often as it fits leaves nothing");
});

Deno.test("boundary: an approval of single use counts once, and is not used up by a call that is blocked for its job", async () => {
  const on = boundaryOn({}, STOP_FILES);
  const call = { ...REFUND, context: { job_id: "" } };
  const approval = await approvalOf(await on.decided(call), ["*", "request:r1"]);
  assertEquals((await on.decided(call, { approvals: [approval] })).decided.final.verdict, "allow");
  const again = await on.decided(call, { approvals: [approval] });
  assertEquals(again.decided.final.verdict, "require_approval");
  assert(
    again.decided.final.reason_codes.some((code) => code.startsWith("approval_")),
    again.decided.final.reason_codes.join(),
  );

  const stopped = { ...REFUND, context: { job_id: "j" } };
  const fresh = boundaryOn({}, STOP_FILES);
  const shown = await approvalOf(await fresh.decided(stopped), ["*", "request:r2"]);
  assertEquals((await fresh.decided(stopped, { approvals: [shown] })).decided.final.verdict, "block");
  assertEquals(fresh.made().filter((path) => path.includes("ledger")), []);
});

Deno.test("boundary: in production approvals need a key of their own", async () => {
  const call = { ...REFUND, context: { identity: "i", workspace: "/w", session_id: "s" } };
  const on = boundaryOn({ profile: "oss-prod" });
  const approvals = [await approvalOf(await on.decided(call))];
  assertFault(await on.decide(call, { approvals }), "profile_refused");
  const keyed = boundaryOn({
    profile: "oss-prod",
    keys: { mode: "prod", signing: { "private-key": "k" }, approval: { "public-key": "pub" } },
  });
  assertEquals((await keyed.decided(call, { approvals })).decided.final.verdict, "allow");
});

Deno.test("boundary: limits are counted, once for each call, and a state that cannot be changed lets none go", async () => {
  const rule = "{name: few, effect: allow, rate_limit: {requests: 2, window: hour}}";
  const policy = { "policy.yaml": `default_verdict: block\nrules: [${rule}]\n` };
  const on = boundaryOn({}, policy);
  const verdicts = [];
  for (let calls = 0; calls < 3; calls++) verdicts.push((await on.decided(PEEK)).decided.final.verdict);
  assertEquals(verdicts, ["allow", "allow", "block"]);
  assert(!(await boundaryOn({}, { ...policy, "limits.json": "{" }).decide(PEEK)).ok);
});

Deno.test("boundary: what rules demand that the boundary cannot meet blocks", async () => {
  const policy = `default_verdict: block
rules:
  - {name: led, effect: allow, match: {tool_names: [led], require_delegation: true}}
  - {name: keyed, effect: allow, match: {tool_names: [keyed]}, require_broker_credential: true}
`;
  const on = boundaryOn({}, { "policy.yaml": policy });
  const delegation = { requester_identity: "a", chain: [{ delegator_identity: "b", delegate_identity: "a" }] };
  const led = await on.decided({ name: "led", delegation });
  assertEquals([led.decided.final.verdict, led.decided.final.violations], ["block", ["delegation_not_granted"]]);
  const keyed = await on.decided({ name: "keyed" });
  assertEquals([keyed.decided.final.verdict, keyed.decided.final.violations], ["block", ["broker_credential_missing"]]);
});

Deno.test("boundary: a clock that is set back while a call is decided gives no negative latency", async () => {
  const spoil = (ports: Ports): Ports => ({ ...ports, clock: { now: () => "2025-12-31T23:00:00Z" } });
  const decision = await boundaryOn({}, {}, { spoil }).decided(PEEK);
  assertEquals([decision.latency_ms, decision.trace.unsigned.facts.latency_ms], [0, 0]);
});

Deno.test("boundary: the context that the call leaves blank is told", async () => {
  const [note] = (await boundaryOn().decided(PEEK)).warnings;
  assert(/leaves identity, workspace, session_id blank/.test(note ?? ""), note);
  const whole = { ...PEEK, context: { identity: "i", workspace: "/w", session_id: "s" } };
  assertEquals((await boundaryOn().decided(whole)).warnings, []);
});

Deno.test("boundary: what is no call is a fault with its place, whatever it is", async () => {
  const on = boundaryOn();
  for (
    const call of [null, [], "x", 1, true, {}, { name: 5 }, { name: "a", args: [] }, { name: "a", created_at: "soon" }, {
      script: { steps: [{}] },
    }]
  ) {
    const decision = await on.decide(call);
    assert(!decision.ok, JSON.stringify(call));
    assertEquals(typeof decision.fault.at?.pointer, "string", JSON.stringify(call));
  }
  assertEquals(on.made(), []);
});

Deno.test("boundary: bytes that only look the same are other bytes", async () => {
  const on = boundaryOn();
  const { decided: { policy_digest } } = await on.decided(PEEK);
  const text = SHELF_POLICY.replace("shelf.peek", "shelf.pee1"); // as long as before
  assertEquals(utf8(text).length, utf8(SHELF_POLICY).length);
  on.put("policy.yaml", text);
  const changed = await on.decided(PEEK);
  assert(changed.decided.policy_digest !== policy_digest);
  assertEquals(changed.decided.final.verdict, "block");
});
