// Arbitrary policies and calls for properties. They are drawn from a list of choices as the seeded ones are from dice, so what is
// found shrinks to few and simple members.
import fc from "fast-check";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { type Dice, pick } from "../runtimes/dice.ts";
import {
  drawEnvelope,
  drawIntent,
  drawInventory,
  drawKillSwitch,
  drawSurroundings,
  spoiled,
  type Surroundings,
} from "./gate_intents.ts";
import { drawPolicy, drawRule, yamlOf } from "./gate_policies.ts";
import { drawPairs, type Pair } from "./gate_seeded.ts";

export { type Pair, seededIntents, seededPairs, seededPolicies } from "./gate_seeded.ts";
export { type Surroundings } from "./gate_intents.ts";
export { yamlOf } from "./gate_policies.ts";

const MOST_CHOICES = 400;
const LARGEST_CHOICE = 2 ** 20;

/** Values drawn from arbitrary choices; those beyond the last are all 0, the simplest. */
export const drawn = <T>(draw: (roll: Dice) => T): fc.Arbitrary<T> =>
  fc.array(fc.nat({ max: LARGEST_CHOICE }), { maxLength: MOST_CHOICES, size: "max", depthIdentifier: "choices" }).map(
    (choices) => {
      let at = 0;
      return draw((sides) => (choices[at++] ?? 0) % sides);
    },
  );

/** Policies as written, as JSON: each loads. */
export const policyJson: fc.Arbitrary<JsonObject> = drawn(drawPolicy);

/** One rule as written. */
export const ruleJson: fc.Arbitrary<JsonObject> = drawn((roll) => drawRule(roll, "drawn rule"));

/** Policies as YAML text, in several spellings. */
export const policyYaml: fc.Arbitrary<string> = drawn((roll) => {
  const style = pick(roll, ["block", "flow", "json"] as const);
  return yamlOf(drawPolicy(roll), style);
});

/** Requests as callers hand them over, as JSON: each is a valid intent. */
export const intentJson: fc.Arbitrary<JsonObject> = drawn((roll) => drawIntent(roll));

/** A policy, a call that is likely to meet its rules, and all else that the verdict depends on. */
export const pairJson: fc.Arbitrary<Pair> = drawn((roll) => {
  const [pair] = drawPairs(roll, 1);
  if (pair === undefined) throw new Error("one pair was drawn");
  return pair;
});

/** Moments, kill switches, inventories, envelopes. */
export const surroundingsJson: fc.Arbitrary<Surroundings> = drawn(drawSurroundings);
export const killSwitchJson: fc.Arbitrary<JsonObject> = drawn(drawKillSwitch);
export const inventoryJson: fc.Arbitrary<Json> = drawn(drawInventory);
export const envelopeJson: fc.Arbitrary<JsonObject> = drawn(drawEnvelope);

/** Policies and requests with one place spoiled: mostly refused, and never to be thrown on. */
export const spoiledPolicy: fc.Arbitrary<Json> = drawn((roll) => spoiled(roll, drawPolicy(roll)));
export const spoiledIntent: fc.Arbitrary<Json> = drawn((roll) => spoiled(roll, drawIntent(roll)));
