// Rules for the results of tools: how they are read, and what they make of a result.
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { readYaml } from "../../core/base/yaml.ts";
import { type Judged, judgeResult, type ResultFacts, type ResultRules, resultRulesFrom } from "../../core/flow/result_rules.ts";
import { resultTexts } from "../../core/mcp/result_texts.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const load = (text: string) => resultRulesFrom(assertOk(readYaml(utf8(text), "r.yaml")), "r.yaml");

const rules = (...all: readonly JsonObject[]): ResultRules => assertOk(load(JSON.stringify({ rules: all })));

const judge = (
  given: ResultRules,
  facts: Partial<Omit<ResultFacts, "texts">> & { readonly text?: string; readonly most?: number },
) => {
  const { text = "", most, ...rest } = facts;
  const frame = { result: { content: [{ type: "text", text }] } };
  const around = { tool: "web.get", bytes: 100, is_error: false, labels: [], ...rest };
  return judgeResult(given, { ...around, texts: () => resultTexts(frame, most) });
};

const said = ({ effect, rules, reason_codes }: Judged): string =>
  `${effect ?? "-"} ${rules.join()} ${reason_codes.join()}`.trim();

// --- Reading.

const FLAWS: readonly (readonly [name: string, text: string, at: string, words: string])[] = [
  [
    "an unknown field",
    "rules:\n  - name: a\n    efect: block\n",
    "3:5",
    `field "efect" is not known here, did you mean "effect"`,
  ],
  ["a field in another place", "rules:\n  - name: a\n    contains: [x]\n", "3:5", "it belongs in rules[].match"],
  ["an effect that is none", "rules:\n  - name: a\n    effect: blok\n", "3:13", `did you mean "block"`],
  ["no effect", "rules:\n  - name: a\n", "2:5", `needs an "effect": pass, label, block`],
  ["no name", "rules:\n  - effect: block\n", "2:5", `rule 1 needs a "name"`],
  [
    "a name that comes twice",
    "rules:\n  - {name: a, effect: block}\n  - {name: ' a', effect: pass}\n",
    "3:12",
    `rule "a" is there already`,
  ],
  ["labels of a block", "rules:\n  - {name: a, effect: block, labels: [x]}\n", "2:30", "with effect label alone"],
  ["a source of a pass", "rules:\n  - {name: a, effect: pass, source: external}\n", "2:37", "with effect label alone"],
  ["a reason of a label", "rules:\n  - {name: a, effect: label, reason_code: x}\n", "2:43", "with effect block alone"],
  ["a source that taints nothing", "rules:\n  - {name: a, effect: label, source: user}\n", "2:38", "tool_output, external"],
  ["a malformed glob", "rules:\n  - {name: a, effect: block, match: {tool_names: ['web.[']}}\n", "2:38", `not "web.["`],
  ["blanks alone", "rules:\n  - {name: a, effect: block, match: {contains: [' ']}}\n", "2:38", "more than blanks"],
  ["U+0000", `{"rules":[{"name":"a","effect":"block","match":{"contains":["a\\u0000b"]}}]}`, "1:49", "none of them U+0000"],
  ["a long text", `rules:\n  - {name: a, effect: block, match: {contains: [${"x".repeat(257)}]}}\n`, "2:38", "at most 256"],
  ["a negative length", "rules:\n  - {name: a, effect: block, match: {min_bytes: -1}}\n", "2:49", "must not be negative"],
  ["another document", "schema_id: gait.gate.policy\nrules: []\n", "1:12", "must be gait.mcp.result_rules"],
  ["another version", "schema_version: 2.0.0\n", "1:17", "must be 1.0.0"],
  ["no rules", "rules: []\n", "1:1", "at least one rule"],
  ["nothing", "# to be written\n", "1:1", "at least one rule"],
  ["too many", `rules:\n${"  - {name: a, effect: pass}\n".repeat(257)}`, "258:5", "256 rules at most"],
];

for (const [name, text, at, words] of FLAWS) {
  Deno.test(`result rules: a file with ${name} is refused at its place`, () => {
    const { message } = assertFault(load(text), "result_rules_shape");
    const [line, column] = at.split(":");
    assert(message.startsWith(`Cannot read result rules "r.yaml": line ${line}, column ${column}: `), message);
    assert(message.includes(words), message);
  });
}

Deno.test("result rules: what is left out has its default", () => {
  const [block, label] = rules({ name: "No Keys-here", effect: "block" }, { name: "b", effect: "LABEL ", labels: ["B", "a"] });
  assertEquals([block?.reason_code, block?.priority, block?.tools, block?.contains], [
    "result_rule_no_keys_here",
    0,
    undefined,
    [],
  ]);
  assertEquals(label?.mark, { rule: "b", source: "tool_output", labels: ["a", "b"] });
});

// --- Conditions.

const one = (match: JsonObject, effect = "block"): ResultRules => rules({ name: "r", effect, match });

const holds = (match: JsonObject, facts: Parameters<typeof judge>[1], effect = "block"): boolean =>
  judge(one(match, effect), facts).effect !== undefined;

Deno.test("result rules: every condition that is given has to hold", () => {
  assertEquals(holds({}, {}), true);
  assertEquals(holds({ tool_names: ["web.get"] }, { tool: "Web.GET" }), true);
  assertEquals(holds({ tool_names: ["WEB.*"] }, {}), true);
  assertEquals(holds({ tool_names: ["web.?", "mail.*"] }, {}), false);
  assertEquals(holds({ contains: ["Key"] }, { text: "the KEY is" }), true);
  assertEquals(holds({ contains: ["key", "lock"] }, { text: "the loch" }), false);
  assertEquals(holds({ min_bytes: 100 }, {}), true);
  assertEquals(holds({ min_bytes: 101 }, {}), false);
  assertEquals([true, false].map((is_error) => holds({ is_error: true }, { is_error })), [true, false]);
  assertEquals([true, false].map((is_error) => holds({ is_error: false }, { is_error })), [false, true]);
  assertEquals(holds({ labels_present: ["pii", "web"] }, { labels: ["web"] }), true);
  assertEquals(holds({ labels_present: ["pii"] }, { labels: ["web"] }), false);
  assertEquals(holds({ tool_names: ["web.get"], contains: ["key"] }, { text: "none" }), false);
  assertEquals(holds({ tool_names: ["mail.get"], contains: ["key"] }, { text: "key" }), false);
});

Deno.test("result rules: whose tool nobody knows is of every tool, but for what lets pass", () => {
  assertEquals(["block", "label", "pass"].map((effect) => holds({ tool_names: ["x"] }, { tool: undefined }, effect)), [
    true,
    true,
    false,
  ]);
});

Deno.test("result rules: what is not looked at whole is held back where a rule asks for texts", () => {
  const long = { text: "x".repeat(50), most: 10 };
  const match = { contains: ["key"] };
  assertEquals(said(judge(one(match, "label"), long)), "block r mcp_result_unexamined");
  assertEquals(said(judge(one(match, "block"), long)), "block r mcp_result_unexamined");
  assertEquals(said(judge(one({ ...match, tool_names: ["other"] }), long)), "-");
  assertEquals(said(judge(one({ min_bytes: 1 }, "label"), long)), "label r");
  const exempt = [{ name: "p", priority: 1, effect: "pass", match }, { name: "b", priority: 2, effect: "block" }];
  assertEquals(said(judge(rules(...exempt), long)), "block b result_rule_b", "what lets pass must be certain");
});

// --- Several rules.

Deno.test("result rules: the strongest effect of the first tier counts, its reasons alone", () => {
  const all = rules(
    { name: "late", priority: 2, effect: "block", reason_code: "late" },
    { name: "b2", priority: 1, effect: "block", reason_code: "z", match: { contains: ["key"] } },
    { name: "b1", priority: 1, effect: "block", reason_code: "y", match: { contains: ["key"] } },
    { name: "l1", priority: 1, effect: "label", labels: ["web"], source: "external", match: { tool_names: ["web.*"] } },
    { name: "l2", priority: 1, effect: "label", labels: ["big"], match: { min_bytes: 50 } },
    { name: "trusted", priority: 0, effect: "pass", match: { tool_names: ["docs.get"] } },
  );
  assertEquals(said(judge(all, { text: "a key" })), "block b1,b2,l1,l2 y,z");
  assertEquals(judge(all, { text: "a key" }).marks, [], "what does not pass is not read");
  const labelled = judge(all, { text: "no" });
  assertEquals(said(labelled), "label l1,l2");
  assertEquals(labelled.marks, [
    { rule: "l1", source: "external", labels: ["web"] },
    { rule: "l2", source: "tool_output", labels: ["big"] },
  ]);
  assertEquals(said(judge(all, { tool: "docs.get", text: "a key" })), "pass trusted");
  assertEquals(said(judge(all, { tool: "x", bytes: 1 })), "block late late");
  assertEquals(said(judge(all.filter(({ name }) => name !== "late"), { tool: "x", bytes: 1 })), "-");
});

Deno.test("result rules: texts are asked for only where a rule looks for some", () => {
  const facts: ResultFacts = {
    tool: "web.get",
    bytes: 1,
    is_error: false,
    labels: [],
    texts: () => {
      throw new Error("nobody needs them");
    },
  };
  assertEquals(
    said(judgeResult(rules({ name: "a", effect: "block", match: { tool_names: ["x"], contains: ["k"] } }), facts)),
    "-",
  );
  assertEquals(said(judgeResult(rules({ name: "a", effect: "label" }), facts)), "label a");
});
