// What a policy means does not depend on how it is written: order of fields, of rules and of sets, repeats, letter case, spacing and
// style say nothing, and bringing it into normal form twice does no more than once.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { type AnyShape, readShape } from "../../core/base/shape.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { normalizePolicy } from "../../core/gate/policy_normal.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import type { Policy } from "../../core/gate/types.ts";
import { PolicyShape } from "../../core/schema/policy.ts";
import { nodeHost } from "../../host/node.ts";
import { type Dice, diceOf, pick } from "../runtimes/dice.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { drawn, policyJson } from "./gate_arbitrary.ts";
import { drawPolicy, yamlOf } from "./gate_policies.ts";
import { dress } from "./policy_dress.ts";
import { property } from "./run.ts";

const digest = (policy: Policy): string => policyDigest(nodeHost.crypto, policy);
const load = (text: string): Policy => assertOk(readPolicy(utf8(text), "p.yaml"), text).policy;
const normal = (json: Json): Policy => assertOk(normalizePolicy(assertOk(readShape(PolicyShape, json, "p"))));

// A policy without the places of its rules: those follow the file.
const meaning = (policy: Policy): Json =>
  JSON.parse(JSON.stringify({ ...policy, rules: policy.rules.map((rule) => ({ ...rule, index: 0 })) }));

function shuffled<T>(roll: Dice, list: readonly T[]): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const at = roll(i + 1);
    const [a, b] = [out[i], out[at]];
    if (a === undefined || b === undefined) throw new Error("a list without holes");
    [out[i], out[at]] = [b, a];
  }
  return out;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !isList(value);

// Blanks around it, and letters in the other case where the shape takes any.
const respelled = (roll: Dice, text: string, anyCase: boolean): string => {
  const blank = (): string => pick(roll, ["", "", " ", "\t", "\u00a0"]);
  return `${blank()}${anyCase && roll(3) === 0 ? text.toUpperCase() : text}${blank()}`;
};

const isFolded = (shape: AnyShape): boolean => {
  const read = shape.reading.schema()["~standard"].validate("A");
  return shape.words !== undefined || (!(read instanceof Promise) && read.issues === undefined && read.value === "a");
};

// The same policy written otherwise. Names of fields and the windows of a freeze keep their order where it counts.
function rewritten(roll: Dice, shape: AnyShape, value: Json, name = ""): Json {
  const { fields, items } = shape;
  if (isObject(value)) {
    const members = shuffled(roll, Object.entries(value));
    return Object.fromEntries(members.map(([key, member]) => {
      const field = fields?.()[key];
      if (field === undefined) throw new Error(key);
      return [key, rewritten(roll, field, member, key)];
    }));
  }
  if (isList(value)) {
    if (items === undefined) throw new Error(name);
    const again = value.map((item) => rewritten(roll, items, item));
    if (items.fields !== undefined) return name === "rules" ? shuffled(roll, again) : again;
    const repeated = value.flatMap((item) => roll(4) === 0 ? [rewritten(roll, items, item), roll(2) === 0 ? " " : null] : []);
    return shuffled(roll, [...again, ...repeated]);
  }
  return typeof value === "string" && shape.scalar === "text" && name !== "max_age"
    ? respelled(roll, value, isFolded(shape))
    : value;
}

const dice = fc.integer({ min: 1, max: 2 ** 31 - 2 }).map(diceOf);

const pairs = fc.tuple(policyJson, dice).map(([policy, roll]) => ({
  policy,
  other: rewritten(roll, PolicyShape, policy),
  style: pick(roll, ["block", "flow", "json"] as const),
}));

property("policy: written otherwise it is the same, digest and all", pairs, ({ policy, other, style }) => {
  assert(isObject(other));
  const [one, two] = [load(yamlOf(policy)), load(yamlOf(other, style))];
  assertEquals(digest(two), digest(one));
  assertEquals(meaning(two), meaning(one));
});

property(
  "policy: however it is typed, it is the same",
  drawn((roll) => {
    const policy = drawPolicy(roll);
    return { policy, text: dress(roll, policy).text };
  }),
  ({ policy, text }) => assertEquals(load(text), load(yamlOf(policy)), text),
);

property("policy: the normal form of the normal form is itself", policyJson, (json) => {
  const once = normal(json);
  const { rules, mcp_trust, ...rest } = once;
  const again: Json = JSON.parse(JSON.stringify({
    ...rest,
    ...(mcp_trust === undefined ? {} : { mcp_trust: { ...mcp_trust, enabled: true } }),
    rules: rules.map(({ index: _, ...rule }) => rule),
  }));
  const twice = normal(again);
  assertEquals(meaning(twice), meaning(once));
  assertEquals(digest(twice), digest(once));
});

property("policy: what is digested is in canonical form", policyJson, (json) => {
  let digested = "";
  const sha256Text = (text: string): string => nodeHost.crypto.sha256Text(digested = text);
  policyDigest({ ...nodeHost.crypto, sha256Text }, normal(json));
  assertEquals(digested, canonicalText(JSON.parse(digested)));
});

property(
  "policy: a digest tells policies apart that differ in one field",
  drawn((roll) => {
    const policy = drawPolicy(roll);
    return {
      policy,
      changed: { ...policy, default_verdict: "dry_run", rules: [...rulesOf(policy), { name: "one more", effect: "block" }] },
    };
  }),
  ({ policy, changed }) => assert(digest(normal(policy)) !== digest(normal(changed))),
);

function rulesOf({ rules }: JsonObject): readonly Json[] {
  return rules !== undefined && isList(rules) ? rules : [];
}
