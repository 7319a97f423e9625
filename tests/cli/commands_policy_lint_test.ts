// The lint part of `policy validate`: what it adds to the JSON and to the lines, when it changes the exit, and its SARIF.
import { LINT } from "../../core/gate/lint_codes.ts";
import { errors } from "../../core/base/errors.ts";
import { assertEquals } from "../assert.ts";
import { machine, refusal } from "./commands_world.ts";

const CLEAN = "default_verdict: block\nrules:\n- {name: r, effect: allow, match: {tool_name: x, risk_classes: [low]}}\n";
const INFO = CLEAN.replace(", risk_classes: [low]", "");
const BAD = `${CLEAN}- {name: copy, effect: block, priority: 1, match: {tool_name: x, risk_classes: [low]}}\n`;
const FILES = { "clean.yaml": CLEAN, "info.yaml": INFO, "bad.yaml": BAD };

const shadow = {
  code: "shadowed",
  severity: "error",
  rule: "copy",
  message: 'The rule is never looked at: "r" (allow, priority 0) takes every call that it matches',
  remedy: LINT.shadowed.remedy,
  related: ["r"],
  line: 4,
  column: 3,
};

Deno.test("policy validate: findings in the JSON, none left out, and the exit stays 0", async () => {
  const world = machine({ files: FILES });
  const [exit, { policy_digest, ...said }] = await world.json("policy", "validate", "bad.yaml");
  assertEquals([exit, typeof policy_digest], [0, "string"]);
  assertEquals(said, {
    ok: true,
    schema_id: "gait.gate.policy",
    schema_version: "1.0.0",
    default_verdict: "block",
    rule_count: 2,
    summary: `policy validate ok: default_verdict=block rules=2 policy_digest=${policy_digest}`,
    policy_path: "bad.yaml",
    findings: [shadow],
  });
  assertEquals("findings" in (await world.json("policy", "validate", "clean.yaml"))[1], false);
});

Deno.test("policy validate: a line with the place and one with the remedy for each finding", async () => {
  const world = machine({ files: FILES });
  const [exit, [, ...lines]] = await world.text("policy", "validate", "bad.yaml");
  assertEquals([exit, lines], [0, [
    "lint: 1 error",
    `bad.yaml:4:3: error shadowed: rule "copy": ${shadow.message}`,
    `  ${shadow.remedy}`,
  ]]);
  assertEquals((await world.text("policy", "validate", "clean.yaml"))[1].length, 1);
});

Deno.test("policy validate --strict: errors and warnings refuse, what is only worth knowing does not", async () => {
  const world = machine({ files: FILES });
  assertEquals((await world.json("policy", "validate", "clean.yaml", "--strict"))[0], 0);
  const [exit, { findings }] = await world.json("policy", "validate", "info.yaml", "--strict");
  assertEquals([exit, Array.isArray(findings) && findings.length], [0, 1]);
  const [refused, { policy_digest: _, summary: __, ...said }] = await world.json("policy", "validate", "bad.yaml", "--strict");
  const words = 'Cannot accept policy "bad.yaml" under --strict: lint has findings (1 error)';
  assertEquals([refused, said], [6, {
    ...refusal("policy_lint", words, errors().policy_lint.remedy, { file: "bad.yaml" }),
    schema_id: "gait.gate.policy",
    schema_version: "1.0.0",
    default_verdict: "block",
    rule_count: 2,
    policy_path: "bad.yaml",
    findings: [shadow],
  }]);
});

Deno.test("policy validate --sarif: every code as a rule, each finding at its place, also when it refuses", async () => {
  const world = machine({ files: FILES });
  assertEquals((await world.json("policy", "validate", "bad.yaml", "--strict", "--sarif", "out/l.sarif"))[0], 6);
  const { $schema, version, runs } = JSON.parse(world.file("out/l.sarif"));
  assertEquals([typeof $schema, version, runs.length], ["string", "2.1.0", 1]);
  const [{ tool: { driver }, results }] = runs;
  assertEquals(driver.rules.map(({ id }: { id: string }) => id), Object.keys(LINT));
  for (const { shortDescription, help, defaultConfiguration } of driver.rules) {
    assertEquals([typeof shortDescription.text, typeof help.text], ["string", "string"]);
    assertEquals(["error", "warning", "note"].includes(defaultConfiguration.level), true);
  }
  assertEquals(results, [{
    ruleId: "shadowed",
    ruleIndex: Object.keys(LINT).indexOf("shadowed"),
    level: "error",
    message: { text: `Rule "copy": ${shadow.message}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: "bad.yaml" }, region: { startLine: 4, startColumn: 3 } } }],
  }]);
  const [exit, { sarif }] = await world.json("policy", "validate", "clean.yaml", "--sarif", "c.sarif");
  assertEquals([exit, sarif, JSON.parse(world.file("c.sarif")).runs[0].results], [0, "c.sarif", []]);
  assertEquals((await world.json("policy", "validate", "clean.yaml", "--sarif", "clean.yaml"))[1]["fault"], "same_file");
});
