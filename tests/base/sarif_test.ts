// SARIF logs: the members that the format demands, the order of results, and paths as URI references.
import { sarifLog } from "../../core/base/sarif.ts";
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
