// The index of rules: whichever text of its condition a call has, the rule is found.
import type { JsonObject } from "../../core/base/json.ts";
import { callOf } from "../../core/gate/call.ts";
import { takenRules } from "../../core/gate/match.ts";
import { assertEquals } from "../assert.ts";
import { compiled } from "./decide.ts";
import { inContext, intent, request } from "./intents.ts";

type Row = readonly [field: string, texts: readonly string[], call: (text: string) => JsonObject];

const ofContext = (member: string) => (text: string): JsonObject => inContext({ [member]: text });
const ofTarget = (member: string) => (text: string): JsonObject =>
  request({ targets: [{ kind: "path", value: "/srv/books/a", operation: "read", [member]: text }] });

const ROWS: readonly Row[] = [
  ["tool_names", ["tool.a", "tool.b", "tool.c"], (tool_name) => request({ tool_name })],
  ["risk_classes", ["critical", "high", "medium"], ofContext("risk_class")],
  ["identities", ["alice", "bob", "carol"], ofContext("identity")],
  ["workspace_prefixes", ["/a", "/bb/b", "/c"], ofContext("workspace")],
  ["target_kinds", ["bucket", "host", "table"], ofTarget("kind")],
  ["target_values", ["one", "three", "two"], ofTarget("value")],
  ["data_classes", ["internal", "public", "secret"], ofTarget("sensitivity")],
  [
    "provenance_sources",
    ["external", "tool_output", "user"],
    (source) => request({ arg_provenance: [{ arg_path: "$.a", source }] }),
  ],
];

// A rule for another tool, so that there is something to tell apart.
const OTHER = { name: "other", effect: "block", match: { tool_names: ["tool.nobody"] } };

for (const [field, texts, call] of ROWS) {
  Deno.test(`index: a rule is found by each of its ${field}`, () => {
    const policy = compiled({ rules: [OTHER, { name: "wanted", effect: "allow", match: { [field]: texts } }] });
    assertEquals(policy.index.rest, [], "every rule is filed");
    for (const text of texts) {
      const taken = takenRules(policy, callOf(intent(call(text))));
      assertEquals(taken.map(({ rule }) => rule.name), ["wanted"], text);
    }
  });
}
