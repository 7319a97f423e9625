// What the evaluator promises for any policy and any call: there is always a decision, nothing but the rules' meaning decides it, and
// what is added to a rule or a tier never makes it weaker.
import fc from "fast-check";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { byBytes } from "../../core/base/text.ts";
import { callOf } from "../../core/gate/call.ts";
import type { CompiledPolicy } from "../../core/gate/compile.ts";
import { holds } from "../../core/gate/condition.ts";
import { effectOf } from "../../core/gate/effect.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { takenRules } from "../../core/gate/match.ts";
import type { Decision, Intent, KillSwitch, Verdict } from "../../core/gate/types.ts";
import { atLeast } from "../../core/gate/verdict.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { killSwitch } from "../gate/decide.ts";
import { gate } from "../gate/why_world.ts";
import { type Pair, pairJson, ruleJson } from "./gate_arbitrary.ts";
import { property } from "./run.ts";

const { crypto } = nodeHost;

/** A pair with its policy made ready and its intent prepared. */
const world = ({ policy, intent, ...around }: Pair) => {
  const { compiled, conditions, prepare } = gate(policy, around);
  const prepared = prepare(intent);
  return { compiled, conditions, intent: prepared.ok ? prepared.value : undefined };
};

/** Runs a check on the pairs whose call can be decided: an envelope may contradict what a call claims. */
const onPairs = (name: string, check: (one: Required<ReturnType<typeof world>> & { readonly intent: Intent }) => void): void =>
  property(name, pairJson, (pair) => {
    const { intent, ...rest } = world(pair);
    if (intent !== undefined) check({ ...rest, intent });
  });

/** The same policy without an index: every rule is looked at for every call. */
const unindexed = (compiled: CompiledPolicy): CompiledPolicy => ({
  ...compiled,
  index: { filed: [], prefix_lengths: [], rest: compiled.rules.map(({ place }) => place) },
});

const isSet = (texts: readonly string[]): boolean => texts.every((text, i) => i === 0 || byBytes(texts[i - 1] ?? "", text) < 0);

onPairs("a decision has a verdict, a reason, and its lists in order", ({ compiled, conditions, intent }) => {
  const decision = evaluate(crypto, compiled, intent, conditions);
  assert(VERDICTS.includes(decision.verdict));
  assert(decision.reason_codes.length > 0, "no reason");
  assert(isSet(decision.reason_codes) && isSet(decision.violations), "lists");
  if (intent.script !== undefined && decision.script !== undefined) {
    assertEquals(decision.script.steps.length, intent.script.steps.length);
    const strongest = decision.script.steps.map(({ verdict }) => verdict).reduce(atLeast);
    assertEquals(atLeast(decision.verdict, strongest), decision.verdict, "a step is stronger than its script");
  }
  if (decision.verdict === "require_approval") assert(decision.required_approvals > 0, "nobody has to approve");
});

onPairs("the index and a plain scan of all rules agree", ({ compiled, conditions, intent }) => {
  assertEquals(
    evaluate(crypto, compiled, intent, conditions),
    evaluate(crypto, unindexed(compiled), intent, conditions),
  );
  for (const step of intent.script?.steps ?? [intent]) {
    const call = callOf(intent, step);
    const matching = compiled.rules.filter((rule) => rule.conditions.every((condition) => holds(condition, call)));
    const first = matching.filter(({ rule }) => rule.priority === matching[0]?.rule.priority);
    assertEquals(takenRules(compiled, call), first);
  }
});

onPairs("no constraint makes a rule weaker than its effect", ({ compiled, conditions, intent }) => {
  const call = callOf(intent);
  for (const rule of compiled.rules) {
    const { verdict } = effectOf(crypto, rule, call, conditions.evaluation_time);
    assertEquals(atLeast(verdict, rule.rule.effect), verdict, rule.rule.name);
  }
  const decision = evaluate(crypto, compiled, intent, conditions);
  const effects = decision.matched_rules.map(({ effect }) => effect);
  if (intent.script === undefined) assertEquals(effects.reduce(atLeast, decision.verdict), decision.verdict);
});

property(
  "the order of the rules in the file never matters",
  fc.tuple(pairJson, fc.infiniteStream(fc.nat())),
  ([pair, stream]) => {
    const order = new Map((pair.policy.rules as readonly Json[] ?? []).map((rule) => [rule, stream.next().value ?? 0]));
    const rules = [...order.keys()].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const shuffled = { ...pair, policy: rules.length === 0 ? pair.policy : { ...pair.policy, rules } };
    const decided = [pair, shuffled].map((one): Decision | undefined => {
      const { compiled, conditions, intent } = world(one);
      return intent === undefined ? undefined : evaluate(crypto, compiled, intent, conditions);
    });
    assertEquals(decided[0], decided[1]);
  },
);

const stricter: fc.Arbitrary<JsonObject> = fc.tuple(ruleJson, fc.constantFrom<Verdict>("block", "require_approval")).map(
  ([{ action: _, ...rule }, effect]) => ({ ...rule, effect }),
);

property(
  "a rule that blocks or asks for approval never loosens the verdict of its tier",
  fc.tuple(pairJson, stricter),
  ([pair, added]) => {
    const before = world(pair);
    if (before.intent === undefined || before.intent.script !== undefined) return;
    const [tier] = takenRules(before.compiled, callOf(before.intent));
    if (tier === undefined) return; // a default is no tier
    const rules = [...(pair.policy.rules as readonly Json[]), { ...added, priority: tier.rule.priority }];
    const after = world({ ...pair, policy: { ...pair.policy, rules } });
    assert(after.intent !== undefined);
    const { verdict: was } = evaluate(crypto, before.compiled, before.intent, before.conditions);
    const { verdict: is } = evaluate(crypto, after.compiled, after.intent, after.conditions);
    assertEquals(atLeast(is, was), is, `${was} became ${is}`);
  },
);

onPairs("a stop for every call blocks every call, and an unreadable kill switch too", ({ compiled, conditions, intent }) => {
  const stops: readonly KillSwitch[] = [killSwitch({}), { status: "unavailable" }];
  for (const kill_switch of stops) {
    assertEquals(evaluate(crypto, compiled, intent, { ...conditions, kill_switch }).verdict, "block");
  }
});

property(
  "texts that are no times, paths or domains are decided too",
  fc.tuple(pairJson, fc.string({ unit: "binary" })),
  ([pair, text]) => {
    const { compiled, conditions, intent } = world(pair);
    if (intent === undefined) return;
    const strange = intent.targets.map((target) => ({ ...target, value: text, endpoint_domain: text.toLowerCase() }));
    const context = { ...intent.context, workspace: text, environment: text };
    const decision = evaluate(crypto, compiled, { ...intent, targets: strange, context }, {
      ...conditions,
      evaluation_time: text,
    });
    assert(VERDICTS.includes(decision.verdict));
  },
);

Deno.test("evaluate: a policy of many rules is decided by those that can match", () => {
  const rules = Array.from(
    { length: 2000 },
    (_, i) => ({ name: `r${i}`, effect: "allow", priority: i, match: { tool_names: [`t${i}`] } }),
  );
  const { decide } = gate({ default_verdict: "block", rules });
  const call = (tool_name: string) => ({ tool_name, context: { identity: "a", workspace: "/", risk_class: "low" } });
  assertEquals(assertOk(decide(call("t1999"))).matched_rule, "r1999");
  assertEquals(assertOk(decide(call("t2000"))).verdict, "block");
});
