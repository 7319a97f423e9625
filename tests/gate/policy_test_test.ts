// One call under a policy alone: the summary line, notes, fixtures as they are read, suites and their coverage.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { readFixture } from "../../core/gate/fixture.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { runSuite } from "../../core/gate/policy_suite.ts";
import { testIntent, testNotes, testSummary } from "../../core/gate/policy_test.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const NOON = "2026-03-14T12:00:00Z";
const CONTEXT = { identity: "svc.clerk", workspace: "/srv/books", risk_class: "low" };
const compiled = (text: string) => compilePolicy(assertOk(readPolicy(utf8(text), "p.yaml")).policy);
const fixture = (json: Json) => assertOk(readFixture(nodeHost.crypto, utf8(JSON.stringify(json)), "f.json"));

Deno.test("policy test: the summary has at most 240 bytes, and says how many more there are", () => {
  const said = (reason_codes: readonly string[]) => testSummary({ verdict: "block", reason_codes, violations: [] });
  assertEquals(said([]), "policy test verdict=block reasons=none violations=none");
  const fixed = "policy test verdict=block reasons= violations=none".length;
  const full = said(["x".repeat(240 - fixed)]);
  assertEquals(full.length, 240);
  assert(full.endsWith("violations=none"));
  const over = said(["x".repeat(241 - fixed)]);
  assertEquals(over.length, 240);
  assert(over.endsWith("...(+1)"));
  assert(utf8(said(["é".repeat(150)])).length <= 240); // fewer than 240 letters, and more bytes
  const wide = said(["é".repeat(300)]);
  assertEquals(utf8(wide).length, 239); // the odd byte would have been half of a character
  assert(/^policy test verdict=block reasons=é+\.\.\.\(\+\d+\)$/.test(wide), wide);
});

Deno.test("policy test: what is claimed of the context is not believed, and stays in the digest", () => {
  const policy = compiled("default_verdict: block\nrules:\n- {name: r, effect: allow, require_context_evidence: true}\n");
  const ask = (context: Json) => {
    const intent = assertOk(intentOf({ tool_name: "t", context }, "i"));
    return assertOk(testIntent(nodeHost.crypto, policy, intent, { evaluation_time: NOON, kill_switch: { status: "none" } }));
  };
  const plain = ask(CONTEXT);
  const claiming = ask({ ...CONTEXT, context_set_digest: "ab".repeat(32), context_evidence_mode: "required" });
  assertEquals([plain.decision.verdict, claiming.decision.verdict], ["block", "block"]);
  assert(plain.intent_digest !== claiming.intent_digest);
});

Deno.test("policy test: a class that comes from letters inside of a tool's name is noted", () => {
  const notes = (tool_name: string, target: Json) =>
    testNotes(assertOk(intentOf({ tool_name, targets: [target], context: CONTEXT }, "i")));
  const path = { kind: "path", value: "/x" };
  assertEquals(notes("order.confirm", path), [
    'tool "order.confirm" contains "rm", which makes a target of kind path count as fs.delete',
  ]);
  assertEquals(notes("cache.prune", { kind: "other", value: "x" }), [
    'tool "cache.prune" contains "run", which makes a target of kind other count as proc.exec',
  ]);
  assertEquals(notes("order.confirm", { ...path, operation: "read" }), []);
  assertEquals(notes("files.rm", path), []);
  assertEquals(notes("threads", path), []); // it only reads
});

Deno.test("fixture: a bare intent expects nothing; a fixture says all that it may", () => {
  const intent = { tool_name: "t", context: CONTEXT };
  const bare = fixture(intent);
  assertEquals([bare.bare, bare.about, bare.expect, bare.evaluation_time, bare.kill_switch], [true, "", undefined, undefined, {
    status: "none",
  }]);
  const full = fixture({
    $schema: "x.json",
    about: " why ",
    intent,
    expect: { verdict: "block", reason_codes: [], matched_rule: "" },
    evaluation_time: "2026-03-14T13:00:00+01:00",
    kill_switch: [{ tool_name: "T" }, { enabled: false, identity: "i" }],
  });
  assertEquals([full.bare, full.about, full.evaluation_time], [false, "why", NOON]);
  assertEquals(full.expect, { verdict: "block", reason_codes: [], violations: null, matched_rule: "" });
  assert(full.kill_switch.status === "read");
  assertEquals(full.kill_switch.entries.map(({ tool_name }) => tool_name), ["t"]);
  assertEquals(full.intent, bare.intent);
});

Deno.test("fixture: what cannot be is refused where it stands", () => {
  const read = (json: unknown) => readFixture(nodeHost.crypto, utf8(JSON.stringify(json, undefined, 1)), "f.json");
  const intent = { tool_name: "t", context: CONTEXT };
  const faults = [
    [{ intent, expected: {} }, "document_shape", "/expected", 10],
    [{ intent, expect: { verdict: "deny" } }, "document_shape", "/expect/verdict", 11],
    [{ intent, expect: {} }, "document_shape", "/expect/verdict", 10],
    [{ intent, expect: { verdict: "block", reasons: [] } }, "document_shape", "/expect/reasons", 12],
    [{ expect: { verdict: "block" } }, "document_shape", "/intent", 1],
    [{ intent: { tool_name: "", context: CONTEXT } }, "intent_invalid", "/intent/tool_name", 3],
    [{ intent: { tool_name: "t" } }, "document_shape", "/intent/context", 2],
    [{ intent, evaluation_time: "noon" }, "document_shape", "/evaluation_time", 10],
    [{ intent, kill_switch: [{}] }, "missing_argument", "/kill_switch", 10],
    [{ tool_name: "t" }, "document_shape", "/context", 1],
  ] as const;
  for (const [json, code, pointer, line] of faults) {
    const { at, message } = assertFault(read(json), code, JSON.stringify(json));
    assertEquals([at?.pointer, at?.line, at?.file], [pointer, line, "f.json"], message);
  }
  assertFault(readFixture(nodeHost.crypto, utf8('{"intent":1,"intent":2}'), "f.json"), "json_duplicate_key");
});

Deno.test("fixture: a call with unknown members of the names of a fixture is a call", () => {
  const steps = { steps: [{ tool_name: "t" }] };
  for (
    const members of [{ expect: { verdict: "allow" } }, { intent: { tool_name: "other", context: CONTEXT } }, { intent: null }]
  ) {
    for (const call of [{ tool_name: "t", context: CONTEXT }, { script: steps, context: CONTEXT }]) {
      const read = fixture({ ...call, ...members });
      assertEquals([read.bare, read.expect, read.intent], [true, undefined, fixture(call).intent], JSON.stringify(members));
    }
  }
});

const POLICY = `default_verdict: allow
rules:
- {name: later, priority: 9, effect: block, match: {tool_name: z}}
- {name: weak, priority: 5, effect: allow, match: {tool_name: a}}
- {name: strong, priority: 5, effect: block, match: {tool_name: a}}
- {name: raised, priority: 5, effect: allow, match: {tool_name: b}, dataflow: {enabled: true, action: block}}
- {name: asked, priority: 5, effect: require_approval, match: {tool_name: b}}
`;

Deno.test("suite: rules are reached, and decide when their effect, raised by what is not met, is the strongest", () => {
  const url = { kind: "url", value: "https://x.test/" };
  const fixtures = [
    { tool_name: "a", context: CONTEXT },
    { tool_name: "b", context: CONTEXT },
    { tool_name: "b", targets: [url], arg_provenance: [{ arg_path: "x", source: "external" }], context: CONTEXT },
    { script: { steps: [{ tool_name: "a" }, { tool_name: "a" }, { tool_name: "c" }] }, context: CONTEXT },
  ].map((json, i) => ({ path: `${i}.json`, fixture: fixture(json) }));
  const { rules } = assertOk(runSuite(nodeHost.crypto, compiled(POLICY), fixtures, NOON));
  assertEquals(rules.map(({ rule, reached, decided }) => [rule.name, reached, decided]), [
    ["later", 0, 0],
    ["weak", 2, 0],
    ["strong", 2, 2],
    ["raised", 2, 1],
    ["asked", 2, 1],
  ]);
});

Deno.test("suite: calls that fail_closed blocks reach no rule", () => {
  const policy = compiled(`fail_closed: {enabled: true, risk_classes: [low], required_fields: [targets]}\n${POLICY}`);
  const fixtures = [{ path: "a.json", fixture: fixture({ tool_name: "a", context: CONTEXT }) }];
  const { rules } = assertOk(runSuite(nodeHost.crypto, policy, fixtures, NOON));
  assert(rules.every(({ reached }) => reached === 0));
});

Deno.test("suite: each member that is expected is compared, lists as sets, and nothing else", () => {
  const intent = { tool_name: "a", context: CONTEXT };
  const misfits = (expect: Json) => {
    const fixtures = [{ path: "a.json", fixture: fixture({ intent, expect }) }];
    const [one] = assertOk(runSuite(nodeHost.crypto, compiled(POLICY), fixtures, NOON)).fixtures;
    assertEquals(one?.status, (one?.misfits ?? []).length === 0 ? "passed" : "failed");
    return one?.misfits.map(({ member, expected, actual }) => `${member}: ${expected} / ${actual}`);
  };
  assertEquals(misfits({ verdict: "block" }), []);
  assertEquals(misfits({ verdict: "block", reason_codes: ["matched_rule_strong", " matched_rule_strong "] }), []);
  assertEquals(misfits({ verdict: "block", violations: [], matched_rule: "strong,weak" }), []);
  assertEquals(misfits({ verdict: "allow", reason_codes: [], violations: ["v"], matched_rule: "" }), [
    "verdict: allow / block",
    "reason_codes: none / matched_rule_strong",
    "violations: v / none",
    "matched_rule: none / strong,weak",
  ]);
});

Deno.test("suite: a fixture names its own time and its own stops", () => {
  const policy = compiled(`default_verdict: block
rules:
- name: post
  effect: allow
  freeze_window: {timezone: UTC, windows: [{name: w, start: "2026-12-24T00:00:00", end: "2026-12-27T00:00:00"}]}
`);
  const intent = { tool_name: "a", context: CONTEXT };
  const fixtures = [
    { path: "1", fixture: fixture({ intent, evaluation_time: "2026-12-25T00:00:00Z" }) },
    { path: "2", fixture: fixture({ intent, kill_switch: [{ entry_id: "all" }] }) },
    { path: "3", fixture: fixture({ intent }) },
  ];
  const { fixtures: results } = assertOk(runSuite(nodeHost.crypto, policy, fixtures, NOON));
  assertEquals(results.map(({ verdict, violations }) => [verdict, ...violations]), [
    ["block", "freeze_window_active_block"],
    ["block", "kill_switch_active"],
    ["allow"],
  ]);
});
