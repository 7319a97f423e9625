// Policies and calls that follow from a seed alone: what the corpus of the runtimes and the benchmarks are made of.
import type { JsonObject } from "../../core/base/json.ts";
import { type Dice, diceOf } from "../runtimes/dice.ts";
import { drawIntent, drawSurroundings, type Surroundings } from "./gate_intents.ts";
import { drawPolicy } from "./gate_policies.ts";

const many = <T>(seed: number, n: number, draw: (roll: Dice) => T): T[] => {
  const roll = diceOf(seed);
  return Array.from({ length: n }, () => draw(roll));
};

/** So many policies as written, as JSON; the seed is from 1 to 2^31 - 2. */
export const seededPolicies = (seed: number, n: number): JsonObject[] => many(seed, n, drawPolicy);

/** So many requests, as JSON. */
export const seededIntents = (seed: number, n: number): JsonObject[] => many(seed, n, (roll) => drawIntent(roll));

/** A policy, a call that is likely to meet its rules, and all else that the verdict depends on. */
export type Pair = { readonly policy: JsonObject; readonly intent: JsonObject } & Surroundings;

/** Draws a policy and calls for it. */
export const drawPairs = (roll: Dice, calls: number): Pair[] => {
  const policy = drawPolicy(roll);
  return Array.from({ length: calls }, () => ({ policy, intent: drawIntent(roll, policy), ...drawSurroundings(roll) }));
};

/** So many policies, each with so many calls. */
export const seededPairs = (seed: number, policies: number, calls: number): Pair[] =>
  many(seed, policies, (roll) => drawPairs(roll, calls)).flat();
