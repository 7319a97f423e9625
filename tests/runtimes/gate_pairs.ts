// The gate's part of the corpus: policies and calls that follow from a seed, some of them spoiled, each asked of `evaluate`, and some
// of `explain` too.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { drawIntent, drawSurroundings, spoiled } from "../properties/gate_intents.ts";
import { ZONES } from "../properties/gate_draw.ts";
import { drawPolicy, yamlOf } from "../properties/gate_policies.ts";
import type { Item } from "./corpus_file.ts";
import { damaged, type Dice, diceOf, pick } from "./dice.ts";

/** Calls for each policy. */
export const CALLS = 8;

const SEED = 20_260_314;
const lossy = new TextDecoder();

// Mostly a policy that loads; now and then one with a wrong member, or a text that is hardly YAML.
const policyText = (roll: Dice, policy: JsonObject): string => {
  const text = yamlOf(policy, pick(roll, ["block", "block", "flow", "json"] as const));
  switch (roll(12)) {
    case 0:
      return JSON.stringify(spoiled(roll, policy));
    case 1:
      return lossy.decode(damaged(roll, new TextEncoder().encode(text)));
    default:
      return text;
  }
};

const request = (operation: string, policy: string, intent: Json, around: object): string =>
  JSON.stringify({ operation, policy, intent, ...around });

function requestsFor(roll: Dice): string[] {
  const written = drawPolicy(roll);
  const policy = policyText(roll, written);
  return Array.from({ length: CALLS }, (_, i) => {
    const drawn = drawIntent(roll, written);
    const intent = roll(8) === 0 ? spoiled(roll, drawn) : drawn;
    const around = drawSurroundings(roll);
    const asked = [request("evaluate", policy, intent, around)];
    return i === 0 ? [...asked, request("explain", policy, intent, around)] : asked;
  }).flat();
}

/** So many policies, each with its calls. */
export function gateItems(policies: number): Item[] {
  const roll = diceOf(SEED);
  return Array.from({ length: policies }, (_, i) => ({ name: `policy ${i}`, requests: requestsFor(roll), artifacts: [] }));
}

type Window = readonly [start: string, end: string, inside: string];

// When zones have changed their clocks, or not: before 1970, in spring and autumn, around the day that some of them skipped.
const PAST: readonly Window[] = [
  ["1950-07-01T12:00:00", "1950-07-05T12:00:00", "1950-07-03T12:00:00Z"],
  ["1986-04-27T02:30:00", "1986-05-27T02:30:00", "1986-05-15T12:00:00Z"],
  ["2011-12-29T06:00:00", "2011-12-31T06:00:00", "2011-12-30T12:00:00Z"],
  ["2022-03-13T02:30:00", "2022-03-27T02:30:00", "2022-03-20T12:00:00Z"],
  ["2022-10-30T01:30:00", "2022-11-06T01:30:00", "2022-11-03T12:00:00Z"],
];

const COMING: readonly Window[] = [
  ["2026-03-08T02:30:00", "2026-03-29T02:30:00", "2026-03-20T12:00:00Z"],
  ["2026-10-25T01:30:00", "2026-11-01T01:30:00", "2026-10-28T12:00:00Z"],
  ["2037-07-01T00:00:00", "2037-12-01T00:00:00", "2037-09-01T12:00:00Z"],
];

const CALL = { tool_name: "t", context: { identity: "i", workspace: "/", risk_class: "low" } };

const zoneItem = (timezone: string, spans: readonly Window[]): Item => {
  const windows = spans.map(([start, end]) => ({ start, end }));
  const policy = JSON.stringify({ rules: [{ name: "r", effect: "allow", freeze_window: { timezone, windows } }] });
  const requests = spans.map(([, , evaluation_time]) => request("evaluate", policy, CALL, { evaluation_time }));
  return { name: `zone ${timezone}`, requests, artifacts: [] };
};

/**
 * Every so-manieth of the time zones that this runtime names, asked in windows of the past, and some in windows to come: the replies
 * hold the ends of each window in UTC. Of what is to come runtimes know the law of the day when they were built, so of zones whose law is
 * being changed they say different things.
 */
export const zoneItems = (every: number): Item[] => [
  ...Intl.supportedValuesOf("timeZone").filter((_, i) => i % every === 0).map((zone) => zoneItem(zone, PAST)),
  ...ZONES.map((zone) => zoneItem(zone, COMING)),
];
