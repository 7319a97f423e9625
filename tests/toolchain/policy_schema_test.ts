// The policy's JSON Schema as editors use it: it takes what loads, and marks what a newcomer gets wrong.
import { type Schema, Validator } from "@cfworker/json-schema";
import type { Json } from "../../core/base/json.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { readYaml } from "../../core/base/yaml.ts";
import { isNull, type YamlNode } from "../../core/base/yaml_tree.ts";
import { printPolicy } from "../../core/gate/policy_print.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { policySchema } from "../../scripts/gen/policy.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
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

// As an editor sees it: plain scalars by their usual meaning.
function seen(node: YamlNode): Json {
  if (node.kind === "list") return node.items.map(seen);
  if (node.kind === "mapping") return Object.fromEntries(node.members.map(({ key, value }) => [key.text, seen(value)]));
  if (node.style !== "plain") return node.text;
  return isNull(node) ? null : /^(?:true|false|-?[0-9]+)$/.test(node.text) ? JSON.parse(node.text) : node.text;
}

Deno.test("policy schema: it takes what gait writes, and null wherever that is read as nothing", () => {
  const files = ["examples/mcp/policy.yaml", "examples/policy/base_high_risk.yaml", "examples/policy/base_medium_risk.yaml"];
  for (const file of files) {
    const { policy } = assertOk(readPolicy(Deno.readFileSync(new URL(`../../${file}`, import.meta.url)), file));
    const { root } = assertOk(readYaml(utf8(printPolicy(policy)), file));
    assertEquals(root === undefined ? [] : validator.validate(seen(root)).errors, [], file);
    assertEquals(root?.members.length, 7);
  }
  assert(valid({ scripts: null, mcp_trust: null, rules: [{ ...rule, match: null, endpoint: null, priority: null }] }));
});

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
