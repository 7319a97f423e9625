// `evaluate` and `explain`: verdicts without a command line. Whatever is asked, there is a reply, and every doubt is a block.
import { canonicalText } from "../../core/base/canonical.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { nodeHost } from "../../host/node.ts";
import { call } from "../../wasm/call.ts";
import { assert, assertEquals } from "../assert.ts";
import { CALL } from "../gate/why_world.ts";
import { object } from "../run/packs.ts";

const POLICY = `default_verdict: block
rules:
  - name: reads
    effect: allow
    match: { tool_names: [tool.read] }
  - name: slow writes
    effect: allow
    match: { tool_names: [tool.write] }
    rate_limit: { requests: 5 }
  - name: deploys
    effect: require_approval
    match: { tool_names: [tool.deploy] }
  - name: sends
    effect: allow
    require_broker_credential: true
    match: { tool_names: [mail.send] }
`;
const AT = { evaluation_time: "2026-03-14T12:00:00Z" };

const ask = async (request: Json, ...artifacts: readonly never[]): Promise<JsonObject> => {
  const reply = await call(nodeHost, JSON.stringify(request), artifacts);
  assertEquals(canonicalText(object(reply)), reply, "a reply is canonical");
  return object(reply);
};

const verdictOf = (intent: Json, more: JsonObject = {}) =>
  ask({ operation: "evaluate", policy: POLICY, intent, ...AT, ...more });

const told = ({ ok, verdict, reason_codes, matched_rule }: JsonObject): Json =>
  [ok, verdict, reason_codes, matched_rule].map((v) => v ?? null);

Deno.test("evaluate: the verdict of the policy, with its digests", async () => {
  const reply = await verdictOf(CALL);
  assertEquals(told(reply), [true, "allow", ["matched_rule_reads"], "reads"]);
  assert(/^[0-9a-f]{64}$/.test(String(reply.policy_digest)) && /^[0-9a-f]{64}$/.test(String(reply.intent_digest)));
  assert(/^[0-9a-f]{24}$/.test(String(reply.trace_id)));
  assertEquals(told(await verdictOf({ ...CALL, tool_name: "tool.other" })), [true, "block", ["default_block"], ""]);
});

Deno.test("evaluate: what nobody can grant, count or issue here is lacking", async () => {
  const of = async (tool_name: string) => told(await verdictOf({ ...CALL, tool_name }));
  assertEquals(await of("tool.write"), [
    true,
    "block",
    ["matched_rule_slow_writes", "rate_limit_state_unavailable"],
    "slow writes",
  ]);
  assertEquals(await of("tool.deploy"), [
    true,
    "require_approval",
    ["approval_token_missing", "matched_rule_deploys"],
    "deploys",
  ]);
  assertEquals(await of("mail.send"), [true, "block", ["broker_credential_required", "matched_rule_sends"], "sends"]);
});

Deno.test("evaluate: kill switch, inventory and envelope come as documents", async () => {
  const at = "2026-03-14T10:00:00Z";
  const stop = { entry_id: "s", enabled: true, created_at: at, expires_at: "0001-01-01T00:00:00Z", tool_name: "tool.read" };
  const kill_switch = {
    schema_id: "gait.gate.kill_switch_state",
    schema_version: "1.0.0",
    created_at: at,
    updated_at: at,
    producer_version: "t",
    entries: [stop],
  };
  const stopped = await verdictOf(CALL, { kill_switch });
  assertEquals([stopped.verdict, object(JSON.stringify(stopped.kill_switch)).matched_entry_ids], ["block", ["s"]]);
  const inventory = [{ tool_name: "tool.read", data_class: "pii" }];
  assertEquals((await verdictOf(CALL, { inventory })).context_source, "inventory");
  const policy = "rules: [{name: known, effect: allow, match: {context_data_classes: [pii]}}]";
  assertEquals((await verdictOf(CALL, { policy, inventory })).verdict, "allow");
  const context_envelope = {
    schema_id: "gait.context.envelope",
    schema_version: "1.0.0",
    created_at: at,
    context_set_id: "c",
    evidence_mode: "required",
    records: [],
  };
  const proved = "rules: [{name: r, effect: allow, require_context_evidence: true}]";
  assertEquals((await verdictOf(CALL, { policy: proved })).verdict, "block");
  assertEquals((await verdictOf(CALL, { policy: proved, context_envelope })).verdict, "allow");
});

Deno.test("evaluate: every fault is a block with a reason code", async () => {
  const wrong: readonly (readonly [string, JsonObject])[] = [
    ["policy_unavailable", { policy: "rules: [" }],
    ["policy_unavailable", { policy: "rulez: []" }],
    ["policy_unavailable", { policy: "\u0000" }],
    ["fail_closed_intent_invalid", { intent: {} }],
    ["fail_closed_intent_invalid", { intent: "x" }],
    ["fail_closed_intent_invalid", { intent: { ...CALL, args: { password: "hunter2hunter2hunter2" } } }],
    ["evaluation_time_invalid", { evaluation_time: "" }],
    ["evaluation_time_invalid", { evaluation_time: "2026-03-14" }],
    ["inventory_unavailable", { inventory: { tools: [] } }],
    ["context_evidence_invalid", { context_envelope: {} }],
    ["kill_switch_state_unavailable", { kill_switch: {} }],
    ["request_invalid", { polcy: "" }],
    ["request_invalid", { policy: 1 }],
    ["request_invalid", { evaluation_time: 5 }],
  ];
  for (const operation of ["evaluate", "explain"]) {
    for (const [reason, more] of wrong) {
      const reply = await ask({ operation, policy: POLICY, intent: CALL, ...AT, ...more });
      assertEquals([reply.verdict, reply.reason_codes], ["block", [reason]], JSON.stringify(more));
      assert(reply.ok === true ? reason === "kill_switch_state_unavailable" : typeof reply.fault === "string");
    }
  }
  assertEquals((await ask({ operation: "evaluate" })).verdict, "block");
});

Deno.test("evaluate: an unreadable kill switch says why", async () => {
  const { warnings } = await verdictOf(CALL, { kill_switch: { entries: 1 } });
  assert(Array.isArray(warnings) && String(warnings[0]).startsWith('Cannot read "kill_switch"'), JSON.stringify(warnings));
});

Deno.test("evaluate: a bug is a block too", async () => {
  const sha256Text = () => {
    throw new Error("no hash");
  };
  const broken = { ...nodeHost, crypto: { ...nodeHost.crypto, sha256Text } };
  for (const operation of ["evaluate", "explain"]) {
    const request = JSON.stringify({ operation, policy: "default_verdict: allow", intent: CALL, ...AT });
    const reply = object(await call(broken, request, []));
    assertEquals([reply.ok, reply.verdict, reply.fault, reply.reason_codes], [false, "block", "internal", [
      "internal_failure",
    ]]);
  }
});

Deno.test("evaluate: it wants no artifact", async () => {
  const request = JSON.stringify({ operation: "evaluate", policy: POLICY, intent: CALL, ...AT });
  const reply = object(await call(nodeHost, request, [{ size: 0, read: () => Promise.resolve(new Uint8Array()) }]));
  assertEquals([reply.ok, reply.verdict, reply.fault], [false, "block", "missing_argument"]);
});

Deno.test("evaluate: more policies than are kept still decide", async () => {
  for (let i = 0; i < 80; i++) {
    const policy = `rules: [{name: r${i % 40}, effect: allow}]`;
    assertEquals((await verdictOf(CALL, { policy })).matched_rule, `r${i % 40}`);
  }
});

Deno.test("explain: the verdict of the policy, and what came of it", async () => {
  const reply = await ask({ operation: "explain", policy: POLICY, intent: { ...CALL, tool_name: "mail.send" }, ...AT });
  assertEquals([reply.schema_id, reply.verdict, reply.final_verdict], ["gait.gate.policy_explain", "allow", "block"]);
  assertEquals([reply.require_broker_credential, reply.matched_rules], [true, [{
    effect: "allow",
    name: "sends",
    priority: 0,
  }]]);
});
