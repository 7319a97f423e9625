// The reference of policies tells every field, what it comes to when it is left out, every reason code and every lint finding.
import { type AnyShape, fieldsOf } from "../../core/base/shape.ts";
import { LINT } from "../../core/gate/lint_codes.ts";
import { REASONS } from "../../core/gate/reason_words.ts";
import { IntentRequestShape } from "../../core/schema/intent.ts";
import { PolicyShape } from "../../core/schema/policy.ts";
import { PolicyFixtureShape } from "../../core/schema/policy_fixture.ts";
import { policySchema } from "../../scripts/gen/policy.ts";
import { policyPage } from "../../scripts/gen/policy_page.ts";
import { assert, assertEquals } from "../assert.ts";

const page = policyPage();

/** The rows of the table below a heading: name of the field to what stands in the other cells. */
function rowsOf(heading: string): ReadonlyMap<string, readonly string[]> {
  const [, section = ""] = page.split(`${heading}\n`);
  const rows = (section.split(/^#/m)[0] ?? "").split("\n").filter((line) => line.startsWith("| `"));
  return new Map(rows.map((line) => {
    const [name = "", ...cells] = line.slice(2, -2).split(" | ");
    return [name.replaceAll("`", ""), cells];
  }));
}

const names = (shape: AnyShape): string[] => [
  ...Object.entries(fieldsOf(shape)).flatMap(([name, field]) => [name, ...names(field)]),
  ...(shape.items === undefined ? [] : names(shape.items)),
];

Deno.test("policy reference: every field, reason code and lint finding has a row", () => {
  const told = [PolicyShape, IntentRequestShape, PolicyFixtureShape].flatMap(names);
  const codes = [...REASONS.map(([code]) => code), ...Object.keys(LINT)];
  assertEquals([...told, ...codes].filter((name) => !page.includes(`| \`${name}\` | `)), []);
});

Deno.test("policy reference: what a field comes to when it is left out", () => {
  const leftOut = (heading: string, name: string): string | undefined => rowsOf(heading).get(name)?.[1];
  assertEquals(leftOut("# Policy reference", "default_verdict"), "require_approval");
  assertEquals(leftOut("## `fail_closed`", "risk_classes"), "critical, high");
  assertEquals(leftOut("## `rules[]`", "priority"), "0");
  assertEquals(leftOut("## `rules[].match`", "max_delegation_depth"), "");
  assertEquals(leftOut("## `rules[].endpoint`", "enabled"), "false");
  assertEquals(leftOut("## `rules[].endpoint`", "action"), "block");
  assertEquals(leftOut("## `rules[].dataflow`", "action"), "require_approval");
  assertEquals(leftOut("## `rules[].rate_limit`", "requests"), "0");
  assertEquals(leftOut("## `rules[].rate_limit`", "scope"), "tool_identity");
  assertEquals(leftOut("## `rules[].destructive_budget`", "requests"), "required");
  assertEquals(leftOut("# A call", "tool_name"), "required");
  assertEquals(leftOut("# A call", "created_at"), "1980-01-01T00:00:00Z");
  assertEquals(leftOut("## `request.targets[]`", "endpoint_class"), "inferred");
  assertEquals(leftOut("## `request.context`", "phase"), "apply");
  assertEquals(leftOut("## `request.context.agent_identity`", "expires_at"), "");
  assertEquals(leftOut("## `fixture.expect`", "verdict"), "required");
});

Deno.test("policy reference: what it calls required is what the schema for editors requires", () => {
  const required = (heading: string): string[] =>
    [...rowsOf(heading)].filter(([, [, absent]]) => absent === "required").map(([name]) => name);
  const { items: rule } = JSON.parse(policySchema()).properties.rules;
  const { items: window } = rule.properties.freeze_window.properties.windows;
  assertEquals(required("## `rules[]`"), [...rule.required, "effect"]);
  assertEquals(required("## `rules[].freeze_window`"), rule.properties.freeze_window.required);
  assertEquals(required("## `rules[].freeze_window.windows[]`"), window.required);
  assert(rule.anyOf.length === 2, "effect or its older name");
});
