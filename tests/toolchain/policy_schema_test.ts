// The policy's JSON Schema as editors use it: it takes what loads, and marks what a newcomer gets wrong.
import { type Schema, Validator } from "@cfworker/json-schema";
import type { Json } from "../../core/base/json.ts";
import { policySchema } from "../../scripts/gen/policy.ts";
import { assert, assertEquals } from "../assert.ts";
import { policyJson } from "../properties/gate_arbitrary.ts";
import { property } from "../properties/run.ts";

const schema: Schema = JSON.parse(policySchema());
const validator = new Validator(schema, "2020-12");
const valid = (policy: Json): boolean => validator.validate(policy).valid;

// Texts in another letter case load, and an editor marks them: the drawn ones are written as the schema has them.
property(
  "the policy's schema takes every policy that loads",
  policyJson,
  (policy) => assert(valid(policy), JSON.stringify(policy)),
);

const rule = { name: "r", effect: "allow" };

Deno.test("policy schema: it marks what does not load", () => {
  assert(valid({ rules: [rule, { name: "s", action: "block", priority: -1 }] }));
  const wrong: readonly Json[] = [
    { rulez: [] },
    { default_verdict: "deny" },
    { rules: [{ effect: "allow" }] },
    { rules: [{ name: "r" }] },
    { rules: [{ ...rule, prioritiy: 1 }] },
    { rules: [{ ...rule, match: { tool_names: "tool.read" } }] },
    { rules: [{ ...rule, match: { endpoint_classes: ["fs.chmod"] } }] },
    { rules: [{ ...rule, min_approvals: -1 }] },
    { rules: [{ ...rule, priority: 1.5 }] },
    { rules: [{ ...rule, freeze_window: { windows: [] } }] },
  ];
  assertEquals(wrong.filter(valid), []);
});
