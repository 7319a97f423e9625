// Lint is sound: what it calls dead never decides anything, and what it shows does happen. Policies here are dense, so that rules shade
// and meet each other, and calls are made to fit the very rules that are claimed to be dead.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { lintPolicy } from "../../core/gate/lint.ts";
import { exampleCalls } from "../../core/gate/lint_example.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { Decision, Intent } from "../../core/gate/types.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { drawn, intentJson, pairJson, policyJson } from "./gate_arbitrary.ts";
import { type Dice, diceOf, pick } from "../runtimes/dice.ts";
import { property, RUNS } from "./run.ts";

const some = (roll: Dice, words: readonly string[], most: number): readonly string[] =>
  Array.from({ length: 1 + roll(most) }, () => pick(roll, words));

const KINDS = ["path", "url", "host", "repo", "bucket", "table", "queue", "topic", "other"];

// Few words for each field, some of which no call can have, and now and then all of a closed list.
const FIELDS: Readonly<Record<string, (roll: Dice) => unknown>> = {
  tool_names: (roll) => some(roll, ["a", "b"], 2),
  risk_classes: (roll) => some(roll, ["low", "high"], 2),
  identities: (roll) => some(roll, ["a", "b"], 2),
  target_kinds: (roll) => roll(3) === 0 ? KINDS : some(roll, ["path", "url", "odd"], 2),
  destination_kinds: (roll) => some(roll, ["path", "url"], 2),
  target_values: (roll) => some(roll, ["/x", "pii"], 2),
  endpoint_classes: (roll) => some(roll, ["fs.read", "net.http", "other", "other"], 2),
  data_classes: (roll) => some(roll, ["pii", "public"], 2),
  tool_annotations: (roll) => ({ [pick(roll, ["readOnlyHint", "destructiveHint"])]: roll(2) === 0 }),
  provenance_sources: (roll) =>
    roll(3) === 0 ? ["user", "tool_output", "external", "system"] : some(roll, ["user", "external", "odd"], 2),
  workspace_prefixes: (roll) => some(roll, ["/w", "/w/a", "/v", "\\w"], 2),
  require_delegation: () => true,
  allowed_delegator_identities: (roll) => some(roll, ["a", "b"], 2),
  allowed_delegate_identities: (roll) => some(roll, ["a", "b"], 2),
  delegation_scopes: (roll) => some(roll, ["read", "write"], 2),
  max_delegation_depth: (roll) => roll(3),
  skill_sources: (roll) => some(roll, ["git", "hub"], 2),
  context_data_classes: (roll) => some(roll, ["pii", "public"], 2),
};

const EFFECTS = ["allow", "dry_run", "require_approval", "block"];

// Fields that bear on each other.
const THEMES: readonly (readonly string[])[] = [
  Object.keys(FIELDS),
  [
    "max_delegation_depth",
    "allowed_delegator_identities",
    "allowed_delegate_identities",
    "delegation_scopes",
    "require_delegation",
  ],
  ["endpoint_classes", "risk_classes"],
  ["tool_names", "identities", "target_values", "data_classes", "context_data_classes"],
];

/** A policy of rules that share few words; names are apart. */
function dense(roll: Dice): JsonObject {
  const theme = pick(roll, THEMES);
  const names = Array.from({ length: 1 + roll(3) }, () => pick(roll, theme));
  const rules = Array.from({ length: 2 + roll(5) }, (_, i) => {
    const fields = Array.from({ length: roll(4) }, () => pick(roll, names));
    return {
      name: `r${i}`,
      priority: roll(3),
      effect: pick(roll, EFFECTS),
      match: Object.fromEntries(fields.map((name) => [name, FIELDS[name]?.(roll)])),
      ...(roll(6) === 0 ? { dataflow: { enabled: true, action: "block" } } : {}),
    };
  });
  const closed = { enabled: true, risk_classes: some(roll, ["low", "high"], 2) };
  return JSON.parse(JSON.stringify({ default_verdict: "block", ...(roll(3) === 0 ? { fail_closed: closed } : {}), rules }));
}

const target = (roll: Dice) => ({
  kind: pick(roll, ["path", "url", "table"]),
  value: pick(roll, ["/x", "pii", "/z"]),
  ...(roll(2) === 0 ? { endpoint_class: pick(roll, ["fs.read", "other", "net.http"]) } : {}),
  ...(roll(2) === 0 ? { sensitivity: pick(roll, ["pii", "public"]) } : {}),
  ...(roll(3) === 0 ? { read_only_hint: true } : {}),
});

const step = (roll: Dice) => ({
  tool_name: pick(roll, ["a", "b", "c"]),
  targets: Array.from({ length: roll(3) }, () => target(roll)),
  arg_provenance: Array.from({ length: roll(2) }, () => ({ arg_path: "p", source: pick(roll, ["user", "external"]) })),
});

/** A call in the same words, a script now and then. */
function call(roll: Dice): JsonObject {
  const links = roll(3);
  const people = Array.from({ length: links + 1 }, () => pick(roll, ["a", "b", "c"]));
  const scope = () => roll(2) === 0 ? {} : { scope_class: pick(roll, ["read", "write"]) };
  return JSON.parse(JSON.stringify({
    ...step(roll),
    ...(roll(5) === 0 ? { script: { steps: [step(roll), step(roll)] } } : {}),
    ...(roll(2) === 0 ? {} : {
      delegation: {
        requester_identity: people[links],
        ...scope(),
        chain: people.slice(1).map((to, i) => ({ delegator_identity: people[i], delegate_identity: to, ...scope() })),
      },
    }),
    ...(roll(2) === 0 ? {} : { skill_provenance: { skill_name: "s", source: pick(roll, ["git", "hub"]), publisher: "p" } }),
    context: {
      identity: pick(roll, ["a", "b"]),
      workspace: pick(roll, ["/w", "/w/a", "/v/b", "\\w"]),
      risk_class: pick(roll, ["low", "high"]),
      ...(roll(2) === 0 ? {} : { auth_context: { "wrkr.data_class": pick(roll, ["pii", "public"]) } }),
    },
  }));
}

const load = (policy: JsonObject) => assertOk(readPolicy(utf8(JSON.stringify(policy)), "p.json"));

const NOON = "2026-03-14T12:00:00Z";

/** What a policy decides of intents. */
const gate = (policy: JsonObject): (intent: Intent) => Decision => {
  const compiled = compilePolicy(load(policy).policy);
  const conditions = { evaluation_time: NOON, kill_switch: { status: "none" as const }, inventory: undefined };
  return (intent) => evaluate(nodeHost.crypto, compiled, assertOk(prepareIntent(intent, {})).intent, conditions);
};

const taken = (decision: Decision): readonly string[] => decision.matched_rules.map(({ name }) => name);

/** Calls that meet the conditions of a rule, as well as lint can make them. */
const fitting = (policy: JsonObject, name: string): readonly Intent[] => {
  const compiled = compilePolicy(load(policy).policy).rules.find(({ rule }) => rule.name === name);
  return exampleCalls(compiled?.conditions ?? [], load(policy).policy, 40).map(({ call }) => intentOf(call, "call"))
    .flatMap((read) => read.ok ? [read.value] : []);
};

const calls = (list: readonly JsonObject[]): readonly Intent[] => list.map((json) => assertOk(intentOf(json, "call")));

/** Holds what lint claims of a policy against calls: those given, and those made to fit. Returns the codes that claimed something. */
function hold(policy: JsonObject, given: readonly Intent[]): readonly string[] {
  const decide = gate(policy);
  const rules: readonly JsonObject[] = JSON.parse(JSON.stringify(policy["rules"] ?? []));
  return lintPolicy(load(policy)).flatMap(({ code, rule, related: [other = ""] = [], example }) => {
    const words = (intent: unknown) => `${code} ${rule} ${other}: ${JSON.stringify([policy, intent])}`;
    const dead = code === "shadowed" || code === "never_matches";
    if (!dead && code !== "never_wins" && example === undefined) return [];
    for (const intent of [...given, ...fitting(policy, rule)]) {
      const { matched_rules, verdict } = decide(intent);
      const own = matched_rules.find(({ name }) => name === rule);
      if (dead) assert(own === undefined, words(intent));
      if (code === "never_wins" && intent.script === undefined) assert(verdict !== own?.effect, words(intent));
    }
    if (example === undefined) return [code];
    const intent = assertOk(intentOf(example, "example"));
    const names = taken(decide(intent));
    assert(names.includes(rule), words(example));
    assertEquals(names.includes(other), code !== "allow_before_block", words(example));
    const only = { ...policy, rules: rules.filter(({ name }) => name === other) };
    assertEquals(taken(gate(only)(intent)), [other], words(example));
    return [code];
  });
}

property(
  "lint: what is called dead never decides, what is shown happens",
  fc.tuple(drawn(dense), fc.array(drawn(call), { minLength: 5, maxLength: 10 })),
  ([policy, requests]) => void hold(policy, calls(requests)),
);

property("lint: the same in policies of every kind", fc.tuple(pairJson, intentJson), ([pair, other]) => {
  const rules: readonly JsonObject[] = JSON.parse(JSON.stringify(pair.policy["rules"] ?? []));
  hold({ ...pair.policy, rules: rules.map((rule, i) => ({ ...rule, name: `r${i}` })) }, calls([pair.intent, other]));
});

Deno.test("lint: the same over seeded policies, in which every claim comes up often", () => {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= Math.max(400, 8 * RUNS); seed++) {
    const roll = diceOf(seed * 7919);
    const policy = dense(roll);
    const claims = hold(policy, calls(Array.from({ length: 10 }, () => call(roll))));
    for (const code of claims) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const codes = ["shadowed", "never_matches", "never_wins", "tier_disagrees", "tier_exception", "allow_before_block"];
  assert(codes.every((code) => (counts.get(code) ?? 0) > 2), JSON.stringify([...counts]));
});

property("lint: a copy of a rule behind it is told as dead", drawn(dense), (policy) => {
  const rules: readonly JsonObject[] = JSON.parse(JSON.stringify(policy["rules"]));
  const [first] = rules;
  const copied = { ...policy, rules: [...rules, { ...first, name: "copy", priority: 9 }] };
  const found = lintPolicy(load(copied)).filter(({ rule }) => rule === "copy").map(({ code }) => code);
  assert(found.includes("shadowed") || found.includes("never_matches"), JSON.stringify([copied, found]));
});

property("lint: finds places in any policy, and the order of rules in the file changes no claim", policyJson, (policy) => {
  const said = (json: JsonObject): readonly string[] =>
    lintPolicy(load(json)).filter(({ code }) => !["repeated_name", "oss_prod_escapes"].includes(code))
      .map(({ code, rule, line, column }) => {
        assert(line >= 1 && column >= 1);
        return `${code} ${rule}`;
      }).sort();
  const rules: readonly JsonObject[] = JSON.parse(JSON.stringify(policy["rules"] ?? []));
  assertEquals(said({ ...policy, rules: rules.toReversed() }), said(policy));
});
