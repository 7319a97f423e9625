// SARIF logs: the members that the format demands, the order of results, and paths as URI references.
import { fromSarifText, sarifLog } from "../../core/base/sarif.ts";
import { assertEquals } from "../assert.ts";

const RULES = [
  { id: "b_rule", summary: "B", help: "Do b", level: "error" },
  { id: "a_rule", summary: "A", help: "Do a", level: "note" },
] as const;

Deno.test("sarif: exactly this log", () => {
  const log = sarifLog("1.2.3", RULES, [
    { rule: "a_rule", message: "later", file: "p.yaml", line: 9, column: 1 },
    { rule: "b_rule", message: "first", file: "p.yaml", line: 2, column: 5 },
    { rule: "a_rule", message: "other file", file: "a/ü #?.json", line: 1, column: 1 },
  ]);
  const at = (uri: string, startLine: number, startColumn: number) => [{
    physicalLocation: { artifactLocation: { uri }, region: { startLine, startColumn } },
  }];
  assertEquals(log, {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "gait",
          semanticVersion: "1.2.3",
          rules: [
            { id: "b_rule", shortDescription: { text: "B" }, help: { text: "Do b" }, defaultConfiguration: { level: "error" } },
            { id: "a_rule", shortDescription: { text: "A" }, help: { text: "Do a" }, defaultConfiguration: { level: "note" } },
          ],
        },
      },
      columnKind: "unicodeCodePoints",
      results: [
        {
          ruleId: "a_rule",
          ruleIndex: 1,
          level: "note",
          message: { text: "other file" },
          locations: at("a/%C3%BC%20%23%3F.json", 1, 1),
        },
        { ruleId: "b_rule", ruleIndex: 0, level: "error", message: { text: "first" }, locations: at("p.yaml", 2, 5) },
        { ruleId: "a_rule", ruleIndex: 1, level: "note", message: { text: "later" }, locations: at("p.yaml", 9, 1) },
      ],
    }],
  });
});

const uri = (file: string) =>
  JSON.stringify(sarifLog("1", RULES, [{ rule: "a_rule", message: "m", file, line: 1, column: 1 }])).match(/"uri":"([^"]*)"/)
    ?.[1];

Deno.test("sarif: absolute paths are file URIs, others stay relative, nothing can throw", () => {
  assertEquals(uri("/srv/p%q.yaml"), "file:///srv/p%25q.yaml");
  assertEquals(uri("C:\\work\\p.yaml"), "file:///C:/work/p.yaml");
  assertEquals(uri("sub\\p.yaml"), "sub/p.yaml");
  assertEquals(uri("a:b/p.yaml"), "a%3Ab/p.yaml");
  assertEquals(uri("../p.yaml"), "../p.yaml");
  assertEquals(uri("\ud800.yaml"), "%EF%BF%BD.yaml");
});

Deno.test("sarif: no text of a user is a placeholder, a link or unseen, and it can be read back", () => {
  const rows: readonly (readonly [given: string, text: string, shown?: string])[] = [
    ["plain [a] (b), rules[].match, C:\\x\\[y]", "plain [a] (b), rules[].match, C:\\x\\[y]"],
    ["{0} and {x} }{", "{{0}} and {{x}} }}{{"],
    ["{{0}}", "{{{{0}}}}"],
    ["see [this](1)", "see [this\\](1)"],
    ["[a](https://x) [b](2)", "[a\\](https://x) [b\\](2)"],
    ["[a [b](1) ](2)", "[a [b\\](1) \\](2)"],
    ["[a\\](1)", "[a\\\\\\](1)"],
    ["[a\\\\](1)", "[a\\\\\\\\\\](1)"],
    ["\\[a](1)", "\\[a\\](1)"],
    ["[{0}](1)", "[{{0}}\\](1)"],
    ["a\u202eb\x1b[2J\nc", "a\\u202eb\\x1b[2J\\nc", "a\\u202eb\\x1b[2J\\nc"],
    ["[\u202e](1)", "[\\u202e\\](1)", "[\\u202e](1)"],
  ];
  for (const [given, text, shown = given] of rows) {
    const rules = [{ id: "r", summary: given, help: given, level: "note" }] as const;
    const found = { rule: "r", message: given, file: "p.yaml", line: 1, column: 1 };
    const log = JSON.parse(JSON.stringify(sarifLog("1", rules, [found])));
    const { tool: { driver: { rules: [rule] } }, results: [result] } = log.runs[0];
    assertEquals([result.message, rule.shortDescription, rule.help], [{ text }, { text }, { text }], given);
    assertEquals(fromSarifText(text), shown, given);
  }
});

Deno.test("sarif: a text of backslashes takes no longer than another", () => {
  const began = performance.now();
  const message = "\\".repeat(1_000_000);
  sarifLog("1", RULES, [{ rule: "a_rule", message, file: "p.yaml", line: 1, column: 1 }]);
  assertEquals([fromSarifText(message) === message, performance.now() - began < 5000], [true, true]);
});
