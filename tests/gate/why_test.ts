// Explanations of single calls: which rule decided, which came close and why it failed, and what would change the verdict.
import type { JsonObject } from "../../core/base/json.ts";
import type { Why } from "../../core/gate/why.ts";
import { whyDocument, whyLines } from "../../core/gate/why_words.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { CALL, gate } from "./why_world.ts";

const READS = {
  default_verdict: "block",
  rules: [
    { name: "deletes", priority: 5, effect: "block", match: { tool_names: ["tool.delete"] } },
    {
      name: "reads",
      priority: 10,
      effect: "allow",
      match: { tool_names: ["tool.read"], risk_classes: ["low"], identities: ["bob"] },
    },
    { name: "late", priority: 20, effect: "allow", match: { tool_names: ["tool.write"] } },
  ],
};

const explained = (policy: JsonObject, call: JsonObject, around?: Parameters<typeof gate>[1]): Why =>
  assertOk(gate(policy, around).explain(call));

const BOB = { field: "identities", op: "in", wanted: ["bob"], found: ["alice"] } as const;

Deno.test("why: a rule that came close is told with the condition that failed", () => {
  const found = explained(READS, CALL);
  assertEquals([found.verdict, found.decided_by, found.rules], ["block", "default", []]);
  const [near, ...others] = found.near;
  assertEquals(near, {
    name: "reads",
    priority: 10,
    effect: "allow",
    holds: 2,
    of: 3,
    failed: BOB,
    failing: [BOB],
  });
  assertEquals(others, []);
  assertEquals(found.search.change, {
    verdict: "allow",
    edits: [{ pointer: "/context/identity", from: "alice", to: "bob", example: false }],
  });
  assertEquals(whyLines(found), [
    "block: decided by the policy's default",
    "  default_block: no rule matches, and the policy's default is block",
    'came close: rule "reads" (priority 10, allow): 2 of 3 conditions hold; identities wants "bob", and the call has "alice"',
    'would be allow with context.identity "bob" in the place of "alice"',
  ]);
});

Deno.test("why: all conditions on which a near rule failed are told, the first of them as before", () => {
  const match = { tool_names: ["tool.read"], risk_classes: ["low"], identities: ["bob"], target_kinds: ["path", "url"] };
  const found = explained({ default_verdict: "block", rules: [{ name: "reads", priority: 1, effect: "allow", match }] }, CALL);
  const lacking = { field: "target_kinds", op: "some_target", wanted: ["path", "url"], found: [] };
  assertEquals(found.near.map(({ failed, failing }) => [failed, failing]), [[BOB, [BOB, lacking]]]);
  assertEquals(
    whyLines(found)[2],
    'came close: rule "reads" (priority 1, allow): 2 of 4 conditions hold; identities wants "bob", and the call has "alice"; ' +
      'target_kinds wants "path" or "url", and the call has none',
  );
  assertEquals(whyDocument(found).near, [
    { name: "reads", priority: 1, effect: "allow", holds: 2, of: 4, failed: BOB, failing: [BOB, lacking] },
  ]);
});

Deno.test("why: the rule that decided, and what raised it", () => {
  const policy = {
    default_verdict: "block",
    rules: [
      { name: "narrow", priority: 1, effect: "allow", endpoint: { path_allowlist: ["/srv/app/**"] } },
      { name: "wide", priority: 9, effect: "allow" },
    ],
  };
  const call = { ...CALL, targets: [{ kind: "path", value: "/etc/passwd", operation: "read" }] };
  const found = explained(policy, call);
  assertEquals(found.rules, [{ name: "narrow", priority: 1, effect: "allow", became: "block" }]);
  assertEquals(found.near.map(({ name, failed }) => [name, failed]), [["wide", undefined]]);
  assertEquals(found.search.change?.edits, [
    { pointer: "/targets/0/value", from: "/etc/passwd", to: "/srv/app", example: false },
  ]);
  assertEquals(whyLines(found).filter((line) => !line.startsWith("  ")), [
    'block: decided by rule "narrow" (priority 1, allow), raised to block',
    'too late: rule "wide" (priority 9, allow) matches, and a rule of a lower number was taken',
    'would be allow with targets[0].value "/srv/app" in the place of "/etc/passwd"',
  ]);
});

Deno.test("why: of rules that match together, the strongest is told apart", () => {
  const policy = { rules: [{ name: "a", effect: "allow" }, { name: "b", effect: "block" }] };
  assertEquals(
    whyLines(explained(policy, CALL))[0],
    'block: decided by rule "b" (priority 0, block); rule "a" (priority 0, allow) matched',
  );
});

Deno.test("why: two changes are found where one is not enough, and none where there is none", () => {
  const two = {
    default_verdict: "block",
    rules: [{ name: "r", effect: "allow", match: { identities: ["bob"], risk_classes: ["high"] } }],
  };
  const { change, tried } = explained(two, CALL).search;
  assertEquals(change?.edits.map(({ pointer, to }) => [pointer, to]), [["/context/risk_class", "high"], [
    "/context/identity",
    "bob",
  ]]);
  assert(tried > 2);
  const none = explained({ default_verdict: "block" }, CALL);
  assertEquals([none.search.change, none.search.bounded], [undefined, false]);
  const last = whyLines(none).at(-1) ?? "";
  assert(
    /^none of the changes that the policy suggests, alone or two together, gives another verdict \(\d+ calls tried\)$/.test(
      last,
    ),
    last,
  );
});

Deno.test("why: fail_closed is told, with the fact that it lacks", () => {
  const policy = {
    fail_closed: { enabled: true, risk_classes: ["high"], required_high_risk_fields: ["run_id"] },
    rules: [{ name: "all", effect: "allow" }],
  };
  const found = explained(policy, { ...CALL, context: { identity: "a", workspace: "/", risk_class: "high" } });
  assertEquals([found.decided_by, found.rules], ["fail_closed", []]);
  assertEquals(found.search.change?.edits, [{
    pointer: "/context/run_id",
    from: undefined,
    to: "example-run_id",
    example: true,
  }]);
  assertEquals(whyLines(found).slice(0, 2), [
    "block: decided by the policy's fail_closed section",
    "  fail_closed_missing_run_id: calls of this risk class have to name run_id",
  ]);
});

Deno.test("why: the kill switch is told beside the rule that it overrules", () => {
  const at = "2026-03-14T10:00:00Z";
  const head = { schema_id: "gait.gate.kill_switch_state", schema_version: "1.0.0", producer_version: "t" };
  const entry = { entry_id: "s", enabled: true, created_at: at, expires_at: "0001-01-01T00:00:00Z", identity: "alice" };
  const found = explained({ rules: [{ name: "all", effect: "allow" }] }, CALL, {
    evaluation_time: at,
    kill_switch: { ...head, created_at: at, updated_at: at, entries: [entry] },
  });
  assertEquals(found.decided_by, "kill_switch");
  assertEquals(found.search.change?.edits.map(({ pointer }) => pointer), ["/context/identity"]);
  assertEquals(whyLines(found)[0], 'block: decided by the kill switch; rule "all" (priority 0, allow) matched');
});

Deno.test("why: of a script the first of the steps that decided is told", () => {
  const script = { steps: [{ tool_name: "tool.read" }, { tool_name: "tool.delete" }] };
  const policy = { default_verdict: "allow", rules: READS.rules };
  const found = explained(policy, { script, context: CALL.context ?? {} });
  assertEquals([found.decided_by, found.step, found.rules.map(({ name }) => name)], ["script", 1, ["deletes"]]);
  assertEquals(
    whyLines(found)[0],
    'block: decided by the steps of the script; in step 1 rule "deletes" (priority 5, block) matched',
  );
  assertEquals(found.search.change?.edits.map(({ pointer }) => pointer), ["/script/steps/1/tool_name"]);
});

Deno.test("why: a large policy is searched within the bound", () => {
  const rules = Array.from({ length: 3000 }, (_, i) => ({
    name: `r${i}`,
    effect: "allow",
    match: { tool_names: [`t${i}`], identities: [`i${i}`], risk_classes: [`k${i}`] },
  }));
  const found = explained({ default_verdict: "block", rules }, CALL);
  assertEquals(found.near.length, 3);
  assert(found.search.tried <= 2000, `${found.search.tried}`);
});

const WITH_LATER = {
  default_verdict: "block",
  rules: [
    { name: "no-deletes", priority: 10, effect: "block", match: { tool_names: ["db.drop"] } },
    { name: "reads", priority: 30, effect: "allow", match: { tool_names: ["file.read"], risk_classes: ["low", "medium"] } },
  ],
};

Deno.test("why: a rule behind the one that was taken gives changes too", () => {
  const found = explained(WITH_LATER, { ...CALL, tool_name: "db.drop" });
  assertEquals(found.search.change, {
    verdict: "allow",
    edits: [{ pointer: "/tool_name", from: "db.drop", to: "file.read", example: false }],
  });
});

Deno.test("why: many targets and rules are searched within a bound on work, names and context first", () => {
  const names = ["t0", "t1", "t2", "t3"];
  const policy = {
    default_verdict: "block",
    rules: names.map((name, i) => ({
      name,
      priority: i,
      effect: "block",
      match: { tool_names: [name], target_kinds: ["path"] },
      endpoint: { path_allowlist: [`/srv/${name}/**`] },
    })),
  };
  const targets = Array.from({ length: 2000 }, (_, i) => ({ kind: "path", value: `/etc/${i}`, operation: "read" }));
  const begun = performance.now();
  const none = explained(policy, { ...CALL, tool_name: "t0", targets });
  const took = performance.now() - begun;
  assert(took < 6000, `took ${took} ms`);
  assertEquals([none.search.change, none.search.bounded], [undefined, true]);
  assert(
    /^no change of those tried gives another verdict \(\d+ calls tried, there are more to try\)$/.test(
      whyLines(none).at(-1) ?? "",
    ),
  );
  const reads = { name: "reads", priority: 9, effect: "allow", match: { tool_names: ["file.read"] } };
  const some = explained({ ...policy, rules: [...policy.rules, reads] }, { ...CALL, tool_name: "t0", targets });
  assertEquals(some.search.change?.edits.map(({ pointer, to }) => [pointer, to]), [["/tool_name", "file.read"]]);
  assert((whyLines(some).at(-1) ?? "").endsWith(" calls tried, there are more to try)"));
});

Deno.test("why: a list of values that is cut is told as more to try", () => {
  const tool_names = Array.from({ length: 100 }, (_, i) => `t${String(i).padStart(3, "0")}`);
  const policy = {
    default_verdict: "block",
    rules: [
      { name: "first", priority: 1, effect: "block", match: { tool_names: tool_names.slice(0, 99) } },
      { name: "all", priority: 2, effect: "allow", match: { tool_names } },
    ],
  };
  const { change, bounded } = explained(policy, CALL).search;
  assert(change !== undefined || bounded);
});

Deno.test("why: where limits or tokens decided, no change of the policy's verdict is told as the call's", () => {
  const allowed = whyDocument(explained({ rules: [{ name: "all", effect: "allow" }] }, CALL), [
    "then block: rate_limit_exceeded",
  ]);
  assertEquals(allowed.lines.slice(-2), [
    "what follows decided after the policy: no change of the policy's verdict is told",
    "then block: rate_limit_exceeded",
  ]);
  assertEquals(allowed.change, undefined);
  const asked = whyDocument(explained(READS, CALL), ["then block: rate_limit_exceeded"]);
  assertEquals(asked.lines.slice(-2), [
    'by the policy alone: would be allow with context.identity "bob" in the place of "alice"',
    "then block: rate_limit_exceeded",
  ]);
});
