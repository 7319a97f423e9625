// Verdicts are total: whatever stands in the place of a policy, a call and what else is decided by, there is a verdict and nothing is
// thrown; and what cannot be read, or does not say so, allows nothing.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { intentOf, readIntent } from "../../core/gate/intent_read.ts";
import { readKillSwitch } from "../../core/gate/kill_switch_state.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { nodeHost } from "../../host/node.ts";
import { evaluateDocument, explanation } from "../../wasm/gate.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { object } from "../run/packs.ts";
import { type Dice, pick } from "../runtimes/dice.ts";
import { drawn, policyJson, seededPairs } from "./gate_arbitrary.ts";
import { chance } from "./gate_draw.ts";
import { spoiled } from "./gate_intents.ts";
import { drawPairs } from "./gate_seeded.ts";
import { property } from "./run.ts";

const { crypto } = nodeHost;

/** The texts that a call is decided by: JSON, or anything. */
type Texts = {
  readonly policy: string;
  readonly intent: string;
  readonly kill_switch: string | undefined;
  readonly inventory: string | undefined;
  readonly context_envelope: string | undefined;
};

const AT = "2026-03-14T09:30:00Z";

const maybeSpoiled = (roll: Dice, json: Json): string => JSON.stringify(chance(roll, 3) ? spoiled(roll, json) : json);

/** A policy and a call that were made for each other, each spoiled at times. */
const related: fc.Arbitrary<Texts> = drawn((roll) => {
  const [pair] = drawPairs(roll, 1);
  assert(pair !== undefined);
  return {
    policy: maybeSpoiled(roll, pair.policy),
    intent: maybeSpoiled(roll, pair.intent),
    kill_switch: pick(roll, [undefined, undefined, '{"entries":1}']),
    inventory: undefined,
    context_envelope: undefined,
  };
});

const text = fc.oneof(fc.json(), fc.string({ unit: "binary" }), fc.constant(""));
const unrelated: fc.Arbitrary<Texts> = fc.record({
  policy: fc.oneof(text, policyJson.map((json) => JSON.stringify(json))),
  intent: text,
  kill_switch: fc.option(text, { nil: undefined }),
  inventory: fc.option(text, { nil: undefined }),
  context_envelope: fc.option(text, { nil: undefined }),
});

/** Whether a call may be allowed: all that it is decided by can be read, and the policy allows something. */
function mayAllow({ policy, intent, kill_switch }: Texts): boolean {
  const [rules, call] = [readPolicy(utf8(policy), "policy"), readIntent(utf8(intent), "intent")];
  if (!rules.ok || !call.ok) return false;
  if (kill_switch !== undefined && !readKillSwitch(utf8(kill_switch), "kill switch").ok) return false;
  const { policy: { default_verdict, rules: all } } = rules.value;
  return default_verdict === "allow" || all.some(({ effect }) => effect === "allow");
}

const verdictOf = (texts: Texts): string => {
  const input = { ...texts, intent: utf8(texts.intent), evaluation_time: AT };
  const { verdict, reason_codes } = object(JSON.stringify(evaluateDocument(crypto, input)));
  assert(typeof verdict === "string" && VERDICTS.some((one) => one === verdict), `verdict ${verdict}`);
  assert(Array.isArray(reason_codes) && reason_codes.length > 0, "no reason");
  explanation(crypto, input);
  return verdict;
};

property("there is a verdict on anything, and it allows only what a policy allows", fc.oneof(related, unrelated), (texts) => {
  const verdict = verdictOf(texts);
  if (verdict === "allow") assert(mayAllow(texts), "nothing that can be read allows it");
  const read = readPolicy(utf8(texts.policy), "policy").ok && readIntent(utf8(texts.intent), "intent").ok;
  if (!read) assertEquals(verdict, "block");
});

Deno.test("verdicts on what was drawn: some calls are allowed, so that the property says something", () => {
  const none = { kill_switch: undefined, inventory: undefined, context_envelope: undefined };
  const texts = seededPairs(5, 40, 3).map(({ policy, intent }) => {
    assertOk(intentOf(intent, "i"));
    return { policy: JSON.stringify(policy), intent: JSON.stringify(intent), ...none };
  });
  const verdicts = new Set(texts.map(verdictOf));
  assert(verdicts.has("allow") && verdicts.has("block"), [...verdicts].join(" "));
});
