// The full form of a policy: every field but aliases, in the order of the language, as text that is fixed to the letter.
import { utf8 } from "../../core/base/bytes.ts";
import { type AnyShape, fieldsOf } from "../../core/base/shape.ts";
import { printPolicy } from "../../core/gate/policy_print.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { MatchShape, PolicyShape, RuleShape } from "../../core/schema/policy.ts";
import { assertEquals, assertOk } from "../assert.ts";

const print = (text: string): string => printPolicy(assertOk(readPolicy(utf8(text), "p.yaml")).policy);

const EMPTY = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: require_approval
scripts:
  max_steps: 0
  require_approval_above: 0
  block_mixed_risk: false
fail_closed:
  enabled: false
  risk_classes: []
  required_fields: []
  required_high_risk_fields: []
mcp_trust:
  enabled: false
  snapshot: ""
  action: ""
  required_risk_classes: []
  min_score: 0
  max_age: ""
  publisher_allowlist: []
  require_registry: false
rules: []
`;

Deno.test("canonical: the empty policy in full", () => {
  assertEquals(print("# a comment\n"), EMPTY);
});

Deno.test("canonical: sections that are on have their defaults filled in", () => {
  const full = print("fail_closed: {enabled: true}\nmcp_trust: {snapshot: t.json, max_age: 90m, min_score: 0.5}\n");
  assertEquals(
    full,
    EMPTY.replace(
      "  enabled: false\n  risk_classes: []\n",
      "  enabled: true\n  risk_classes:\n  - critical\n  - high\n",
    ).replace(
      '  enabled: false\n  snapshot: ""\n  action: ""\n  required_risk_classes: []\n  min_score: 0\n  max_age: ""\n',
      "  enabled: true\n  snapshot: t.json\n  action: block\n  required_risk_classes:\n  - critical\n  - high\n" +
        "  min_score: 0.5\n  max_age: 1h30m0s\n",
    ),
  );
});

Deno.test("canonical: a rule begins and goes on so", () => {
  const full = print(
    "rules:\n- {effect: Allow, name: ' a: b ', match: {tool_name: X, max_delegation_depth: 0, tool_annotations: {readOnlyHint: false}}, min_approvals: 2}\n",
  );
  const expected = `rules:
- name: "a: b"
  priority: 0
  effect: allow
  match:
    tool_names:
    - x
    risk_classes: []
    target_kinds: []
    target_values: []
    endpoint_classes: []
    discovery_method: []
    tool_annotations:
      readOnlyHint: false
      destructiveHint: null
      idempotentHint: null
      openWorldHint: null
    skill_publishers: []
`;
  assertEquals(full.slice(full.indexOf("rules:"), full.indexOf("    skill_sources:")), expected);
  assertEquals(full.includes("    max_delegation_depth: 0\n"), true);
  assertEquals(
    full.includes("  min_approvals: 2\n  require_distinct_approvers: true\n"),
    true,
    "what follows from a field is there",
  );
  assertEquals(full.includes("  endpoint:\n    enabled: false\n    path_allowlist: []\n"), true, "a section that is off");
  assertEquals(full.includes('  rate_limit:\n    requests: 0\n    window: ""\n    scope: ""\n'), true, "a limit that is off");
});

Deno.test("canonical: rules that share name and priority stay in their order, however what is off is written", () => {
  const full = print(
    "rules:\n- {name: a, effect: block, match: {tool_annotations: {}, require_delegation: true}}\n- {name: a, effect: block, match: {tool_annotations: {openWorldHint: true}}}\n",
  );
  assertEquals(print(full), full);
});

// Every field that the shapes know, in their order.
const names = (shape: AnyShape): readonly string[] =>
  shape.items === undefined
    ? Object.entries(fieldsOf(shape)).flatMap(([name, field]) => [name, ...names(field)])
    : names(shape.items);

Deno.test("canonical: no field is left out but the four aliases", () => {
  const full = print("rules:\n- name: a\n  effect: block\n  freeze_window: {timezone: UTC, windows: [{start: a, end: b}]}\n");
  const printed = [...full.matchAll(/^[ -]*(\w+):/gm)].map(([, name]) => name);
  const aliases: readonly (readonly [AnyShape, string])[] = [
    [PolicyShape, "default_action"],
    [RuleShape, "action"],
    [MatchShape, "tool_name"],
    [MatchShape, "endpoint_class"],
  ];
  const all = [...names(PolicyShape)];
  for (const [shape, alias] of aliases) {
    const before = Object.keys(fieldsOf(shape));
    const follower = before[before.indexOf(alias) + 1] ?? "";
    const at = all.findIndex((name, i) => name === alias && all[i + 1] === follower);
    all.splice(at, 1);
  }
  assertEquals(printed, all);
});
