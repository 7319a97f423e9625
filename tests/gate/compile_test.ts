// A policy made ready: the order of its rules, the reason codes of those without, and the index.
import type { JsonObject } from "../../core/base/json.ts";
import { callOf } from "../../core/gate/call.ts";
import { compilePolicy, ownReason } from "../../core/gate/compile.ts";
import { takenRules } from "../../core/gate/match.ts";
import { candidates } from "../../core/gate/rule_index.ts";
import { assertEquals } from "../assert.ts";
import { compiled, policyOf } from "./decide.ts";
import { inContext, intent, request } from "./intents.ts";

const names = (...rules: readonly JsonObject[]): readonly string[] => compiled({ rules }).rules.map(({ rule }) => rule.name);
const rule = (name: string, change: JsonObject = {}): JsonObject => ({ name, effect: "allow", ...change });

Deno.test("compile: rules stand by priority, then by name, wherever they are in the file", () => {
  const [a, b, c, d] = [
    rule("b", { priority: 1 }),
    rule("a", { priority: 1 }),
    rule("z", { priority: -2 }),
    rule("B", { priority: 1 }),
  ];
  assertEquals(names(a, b, c, d), ["z", "B", "a", "b"]);
  assertEquals(names(d, c, b, a), ["z", "B", "a", "b"]);
});

Deno.test("compile: rules of one priority and name stand in an order of their own too", () => {
  const [a, b] = [rule("x", { min_approvals: 1 }), rule("x", { min_approvals: 2 })];
  const order = (...rules: readonly JsonObject[]) => compiled({ rules }).rules.map((one) => one.rule.min_approvals);
  assertEquals(order(a, b), order(b, a));
});

Deno.test("compile: a policy made ready is plain data", () => {
  const made = compilePolicy(
    policyOf({ rules: [rule("x", { match: { tool_names: ["a"] }, endpoint: { path_allowlist: ["/a*"] } })] }),
  );
  assertEquals(structuredClone(made), made);
});

Deno.test("compile: the reason code of a rule without one is made of its name", () => {
  assertEquals(ownReason("Post-To Ledger.v2 \u00c9"), "matched_rule_post_to_ledger.v2_\u00e9");
});

const FILED: readonly JsonObject[] = [
  rule("r0", { match: { tool_names: ["a"], risk_classes: ["low"] } }),
  rule("r1", { match: { tool_names: ["b"], risk_classes: ["low"] } }),
  rule("r2", { match: { tool_names: ["a", "b"], identities: ["ann"] } }),
  rule("r3", { match: { workspace_prefixes: ["/srv", "/s"] } }),
  rule("r4", { match: { require_delegation: true } }),
  rule("r5", { match: { max_delegation_depth: 3 } }),
  rule("r6", { match: { target_values: ["x", "y"] } }),
  rule("r7", { match: {} }),
  rule("r8", { match: { tool_annotations: { readOnlyHint: true } } }),
];

const found = (json: JsonObject): readonly string[] => {
  const policy = compiled({ rules: FILED });
  const places = candidates(policy.index, callOf(intent(json))).flat();
  return [...new Set(places)].sort((a, b) => a - b).map((place) => policy.rules[place]?.rule.name ?? "?");
};

Deno.test("index: only rules whose rarest condition can hold are looked at", () => {
  const elsewhere = inContext({ workspace: "/home" });
  assertEquals(found(elsewhere), ["r7"]);
  assertEquals(found({ ...elsewhere, tool_name: "a" }), ["r0", "r7"]);
  assertEquals(found(request()), ["r3", "r7"]);
  assertEquals(found(inContext({ identity: "ann", workspace: "/s" })), ["r2", "r3", "r7"]);
  assertEquals(found({ ...elsewhere, delegation: { requester_identity: "me" } }), ["r4", "r5", "r7"]);
  assertEquals(found({ ...elsewhere, targets: [{ kind: "topic", value: "y" }, { kind: "topic", value: "x" }] }), ["r6", "r7"]);
  assertEquals(found({ ...elsewhere, targets: [{ kind: "topic", value: "z", read_only_hint: true }] }), ["r7", "r8"]);
});

Deno.test("index: a rule under many texts of a call is taken once, and in its place", () => {
  const values = Array.from({ length: 40 }, (_, i) => `v${i}`);
  const rules = [
    rule("all", { match: { target_values: values } }),
    ...values.map((value, i) => rule(`one-${i}`, { match: { target_values: [value] } })),
  ];
  const targets = values.map((value) => ({ kind: "topic", value }));
  const taken = takenRules(compiled({ rules }), callOf(intent(request({ targets })))).map((one) => one.rule.name);
  assertEquals(taken, rules.map(({ name }) => name).sort());
});
