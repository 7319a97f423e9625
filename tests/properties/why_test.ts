// Explanations of arbitrary calls: what they claim is so.
import type { Json } from "../../core/base/json.ts";
import { isJsonList, isJsonObject } from "../../core/base/json_value.ts";
import { pointerStep } from "../../core/base/pointer.ts";
import { edited } from "../../core/gate/why_edit.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { whyLines } from "../../core/gate/why_words.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { pairJson } from "./gate_arbitrary.ts";
import { gate } from "../gate/why_world.ts";
import { property } from "./run.ts";
import fc from "fast-check";

property("a suggested change, made, gives the verdict that it claims", pairJson, ({ policy, intent, ...around }) => {
  const { decide, explain } = gate(policy, around);
  const before = decide(intent);
  const explained = explain(intent);
  if (!before.ok) return assertEquals(explained.ok, false);
  const { verdict, search } = assertOk(explained);
  assertEquals(verdict, before.value.verdict);
  if (search.change === undefined) return;
  assert(search.change.edits.length <= 2 && search.change.verdict !== verdict);
  assertEquals(assertOk(decide(edited(intent, search.change.edits))).verdict, search.change.verdict);
});

property("the rules that are told are those taken, and no near rule is one", pairJson, ({ policy, intent, ...around }) => {
  const { decide, explain } = gate(policy, around);
  const before = decide(intent);
  if (!before.ok || before.value.script !== undefined) return;
  const { rules, near } = assertOk(explain(intent));
  const named = rules.map(({ name, priority, effect }): Json => ({ name, priority, effect }));
  assertEquals(named, before.value.matched_rules.map((rule): Json => ({ ...rule })));
  for (const { holds, of, failed, failing, priority } of near) {
    assertEquals([failing.length, failing[0]], [of - holds, failed]);
    const taken = rules[0]?.priority;
    if (taken !== undefined && failed !== undefined) assert(priority <= taken);
    if (taken !== undefined && failed === undefined) assert(priority > taken);
  }
});

property(
  "an explanation has a line for the verdict and one for what would change it",
  pairJson,
  ({ policy, intent, ...around }) => {
    const explained = gate(policy, around).explain(intent);
    if (!explained.ok) return;
    const lines = whyLines(explained.value);
    assert(lines[0]?.startsWith(`${explained.value.verdict}: decided by `));
    assert(/^(?:would be |no change |none of the changes )/.test(lines.at(-1) ?? ""), lines.at(-1));
  },
);

const textsOf = (json: Json): readonly string[] =>
  typeof json === "string"
    ? [json]
    : isJsonList(json)
    ? json.flatMap(textsOf)
    : isJsonObject(json)
    ? Object.values(json).flatMap(textsOf)
    : [];

// The pointers of all that a request says, but of its arguments, which no rule reads. Without its script it would be another call.
const pointersOf = (json: Json, at = ""): readonly string[] => {
  const members = isJsonList(json) ? json.entries() : isJsonObject(json) ? Object.entries(json) : [];
  return [...members].flatMap(([name, member]) => {
    const pointer = at + pointerStep(name);
    if (name === "args") return [];
    return pointer === "/script" ? pointersOf(member, pointer) : [pointer, ...pointersOf(member, pointer)];
  });
};

const OF_TARGETS = ["kind", "value", "operation", "sensitivity", "endpoint_class", "discovery_method"];
const NOBODYS = ["nobody-s", "/nobody/s", "https://nobody.test/"];
const MOST_TEXTS = 40;

property(
  "where two changes are told, or none, no one member left out, or set to a text of the policy or to another one, does more",
  pairJson,
  ({ policy, intent, ...around }) => {
    const { decide, explain } = gate(policy, around);
    const explained = explain(intent);
    if (!explained.ok) return;
    const { verdict, search: { change, bounded } } = explained.value;
    if (bounded || change?.edits.length === 1 && change.verdict === "allow") return;
    const least = Math.min(
      ...[verdict, change?.edits.length === 1 ? change.verdict : verdict].map((one) => VERDICTS.indexOf(one)),
    );
    const there = pointersOf(intent);
    const pointers = there.flatMap((pointer) => {
      const members = /\/targets\/\d+$/.test(pointer) ? OF_TARGETS.map((name) => `${pointer}/${name}`) : [];
      return [pointer, ...members.filter((member) => !there.includes(member))];
    });
    for (const to of [undefined, ...NOBODYS, ...[...new Set(textsOf(policy))].slice(0, MOST_TEXTS)]) {
      for (const pointer of pointers) {
        const after = decide(edited(intent, [{ pointer, to }]));
        const told = `${pointer} ${to}`;
        if (after.ok) assert(VERDICTS.indexOf(after.value.verdict) >= least, `${told} gives ${after.value.verdict}`);
      }
    }
  },
);

const TOOLS = ["a", "b", "c", "d", "e", "f"];
const RISKS = ["low", "medium", "high"];
const PEOPLE = ["ann", "bob", "cy"];

const smallRule = fc.record({
  priority: fc.nat(3),
  effect: fc.constantFrom("allow", "block", "require_approval", "dry_run"),
  match: fc.record({
    tool_names: fc.subarray(TOOLS),
    risk_classes: fc.subarray(RISKS),
    identities: fc.subarray(PEOPLE),
  }),
});

const smallPolicy = fc.record({
  default_verdict: fc.constantFrom("allow", "block"),
  rules: fc.array(smallRule, { maxLength: 5 }).map((rules) => rules.map((rule, i) => ({ ...rule, name: `r${i}` }))),
});

const smallCall = fc.record({
  tool_name: fc.constantFrom(...TOOLS),
  risk_class: fc.constantFrom(...RISKS),
  identity: fc.constantFrom(...PEOPLE),
});

property(
  "where no change is found and nothing is left to try, no one or two members that any rule names give another verdict",
  fc.record({ policy: smallPolicy, call: smallCall }),
  ({ policy, call: { tool_name, risk_class, identity } }) => {
    const request = { tool_name, context: { workspace: "/srv", risk_class, identity } };
    const { decide, explain } = gate(policy);
    const { verdict, search } = assertOk(explain(request));
    if (search.change !== undefined || search.bounded) return;
    const named = (field: "tool_names" | "risk_classes" | "identities") => policy.rules.flatMap(({ match }) => match[field]);
    const edits = [
      ...named("tool_names").map((to) => ({ pointer: "/tool_name", to })),
      ...named("risk_classes").map((to) => ({ pointer: "/context/risk_class", to })),
      ...named("identities").map((to) => ({ pointer: "/context/identity", to })),
    ];
    for (const one of edits) {
      for (const other of edits) assertEquals(assertOk(decide(edited(request, [one, other]))).verdict, verdict);
    }
  },
);
