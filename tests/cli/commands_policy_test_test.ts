// The contract of `policy test` (spec 02, section 1.3, and issue additions): members, lines, exits and reports, for one call and for
// folders of fixtures.
import { cellsOf } from "../../core/base/cells.ts";
import { errors } from "../../core/base/errors.ts";
import { assert, assertEquals } from "../assert.ts";
import { machine, refusal } from "./commands_world.ts";

const POLICY = `default_verdict: dry_run
rules:
  - {name: ok, effect: allow, match: {tool_names: [a]}}
  - {name: no, effect: block, match: {tool_names: [b]}, violations: [nope]}
  - {name: ask, effect: require_approval, match: {tool_names: [c]}, reason_codes: [ask_first]}
`;
const POLICY_DIGEST = "0bf9bf5026490475285e11b62332301784895ba1111250a728e9cec86c77e418";
const context = { identity: "svc.clerk", workspace: "/srv/books", risk_class: "low" };
const intent = (tool_name: string) => ({
  schema_id: "gait.gate.intent_request",
  schema_version: "1.0.0",
  created_at: "2026-03-14T09:30:00Z",
  producer_version: "conf",
  tool_name,
  args: {},
  targets: [],
  context,
});
const json = (value: unknown) => JSON.stringify(value, undefined, 2);
const INTENTS = Object.fromEntries(["a", "b", "c", "d"].map((name) => [`${name}.json`, json(intent(name))]));

Deno.test("policy test: exactly these members, and an exit by verdict", async () => {
  const world = machine({ files: { "p.yaml": POLICY, ...INTENTS } });
  assertEquals(await world.json("policy", "test", "p.yaml", "b.json"), [3, {
    ok: true,
    schema_id: "gait.policytest.result",
    schema_version: "1.0.0",
    created_at: "2026-03-14T09:30:00Z",
    policy_digest: POLICY_DIGEST,
    intent_digest: "aed3056c713810358719a02eb61cb51601d89455239215f0d48329401fa01765",
    verdict: "block",
    reason_codes: ["matched_rule_no"],
    violations: ["nope"],
    matched_rule: "no",
    summary: "policy test verdict=block reasons=matched_rule_no violations=nope",
  }]);
  const exits = await Promise.all(
    ["a", "c", "d"].map(async (name) => (await world.json("policy", "test", "p.yaml", `${name}.json`))[0]),
  );
  assertEquals(exits, [0, 4, 0]);
  assertEquals(world.disk.files().size, 5); // nothing was written
});

Deno.test("policy test: lines for people; reasons one by one when the summary is cut", async () => {
  const codes = Array.from({ length: 12 }, (_, i) => `reason_number_${i + 10}_long_name`);
  const long = `rules: [{name: r, effect: block, reason_codes: [${codes.join(", ")}]}]\n`;
  const world = machine({
    files: {
      "p.yaml": POLICY,
      "long.yaml": long,
      ...INTENTS,
      "confirm.json": json({
        ...intent("order.confirm"),
        targets: [{ kind: "path", value: "/x" }],
      }),
    },
  });
  assertEquals(await world.text("policy", "test", "p.yaml", "c.json"), [4, [
    "policy test verdict=require_approval reasons=ask_first violations=none",
    "matched rule: ask",
  ]]);
  const [, [summary = "", rule, ...reasons]] = await world.text("policy", "test", "long.yaml", "a.json");
  assert(/\.\.\.\(\+\d+\)$/.test(summary) && summary.length === 240, summary);
  assertEquals([rule, reasons], ["matched rule: r", codes.map((code) => `reason: ${code}`)]);
  const [, lines] = await world.text("policy", "test", "p.yaml", "confirm.json");
  assertEquals(lines.at(-1), 'note: tool "order.confirm" contains "rm", which makes a target of kind path count as fs.delete');
});

const FIXTURES = {
  "p.yaml": POLICY,
  "fx/allowed.json": json({ about: "a is fine", intent: intent("a"), expect: { verdict: "allow", matched_rule: "ok" } }),
  "fx/deep/wrong.json": json({ intent: intent("b"), expect: { verdict: "allow", reason_codes: [], violations: ["nope"] } }),
  "fx/plain.JSON": json(intent("d")),
  "fx/notes.txt": "not a fixture",
};

const row = (path: string, status: string, digest: string, verdict: string, more: object) => ({
  path,
  status,
  intent_digest: digest,
  verdict,
  violations: [],
  ...more,
});

const SUITE = {
  ok: false,
  schema_id: "gait.policytest.suite",
  schema_version: "1.0.0",
  policy_path: "p.yaml",
  policy_digest: POLICY_DIGEST,
  fixtures_total: 3,
  passed: 1,
  failed: 1,
  reported: 1,
  rules_total: 3,
  rules_reached: 2,
  rules_decided: 2,
  fixtures: [
    row("fx/allowed.json", "passed", "09825756cbeba2c65d3ce1199625bfd1980ee98f3f2bb15c549734b84f7ab746", "allow", {
      about: "a is fine",
      matched_rule: "ok",
      reason_codes: ["matched_rule_ok"],
    }),
    row("fx/deep/wrong.json", "failed", "aed3056c713810358719a02eb61cb51601d89455239215f0d48329401fa01765", "block", {
      matched_rule: "no",
      reason_codes: ["matched_rule_no"],
      violations: ["nope"],
      misfits: [
        { member: "verdict", expected: "allow", actual: "block" },
        { member: "reason_codes", expected: "none", actual: "matched_rule_no" },
      ],
    }),
    row("fx/plain.JSON", "reported", "aab878bc69aa74c60fffdb662fd8d373b9031fcc5a5f8991b0f3abec79a104c3", "dry_run", {
      reason_codes: ["default_dry_run"],
    }),
  ],
  rules: [
    { name: "ok", priority: 0, effect: "allow", reached: 1, decided: 1, line: 3, column: 5 },
    { name: "no", priority: 0, effect: "block", reached: 1, decided: 1, line: 4, column: 5 },
    { name: "ask", priority: 0, effect: "require_approval", reached: 0, decided: 0, line: 5, column: 5 },
  ],
  summary: "policy test fixtures=3 passed=1 failed=1 reported=1 rules=3 reached=2 decided=2",
};

Deno.test("policy test: exactly these members of a folder of fixtures, and exit 5 where one does not hold", async () => {
  assertEquals(await machine({ files: FIXTURES }).json("policy", "test", "p.yaml", "./fx/"), [5, SUITE]);
});

Deno.test("policy test: exit 0 when all expectations hold, and a single fixture is a folder of one", async () => {
  const world = machine({ files: FIXTURES });
  const [exit, { ok, fixtures_total, failed, passed }] = await world.json("policy", "test", "p.yaml", "fx/allowed.json");
  assertEquals([exit, ok, fixtures_total, failed, passed], [0, true, 1, 0, 1]);
  assertEquals((await world.json("policy", "test", "p.yaml", "fx/deep/wrong.json"))[0], 5);
});

Deno.test("policy test: a folder of fixtures for people", async () => {
  assertEquals(await machine({ files: FIXTURES }).text("policy", "test", "p.yaml", "fx"), [5, [
    SUITE.summary,
    "passed    fx/allowed.json     allow by ok",
    "failed    fx/deep/wrong.json  block by no",
    "          verdict is block, expected is allow",
    "          reason_codes is matched_rule_no, expected is none",
    "reported  fx/plain.JSON       dry_run",
    "rule  reached  decided",
    "ok          1        1",
    "no          1        1",
    "ask         0        0  line 5: no fixture reaches the rule",
  ]]);
});

Deno.test("policy test: the columns stand below each other, whatever terminals make of the names", async () => {
  const rules = ["a\\nb", "\u4f60\u597d", "plain"].map((name) => `  - {name: "${name}", effect: block}\n`).join("");
  const files = { "p.yaml": `default_verdict: allow\nrules:\n${rules}`, "fx/allowed.json": FIXTURES["fx/allowed.json"] };
  const [, lines] = await machine({ files }).text("policy", "test", "p.yaml", "fx");
  const [head = "", ...rows] = lines.slice(lines.findIndex((line) => line.startsWith("rule ")));
  assertEquals(rows.length, 3);
  for (const row of rows) assertEquals(cellsOf(/^.*?\d/.exec(row)?.[0] ?? ""), head.indexOf("reached") + "reached".length, row);
});

Deno.test("policy test: reports in files, the same bytes each time", async () => {
  const world = machine({ files: FIXTURES });
  const argv = ["policy", "test", "p.yaml", "fx", "--junit", "out/./p.xml", "--sarif", "out/p.sarif"];
  const [exit, { junit, sarif, ...said }] = await world.json(...argv);
  assertEquals([exit, junit, sarif], [5, "out/p.xml", "out/p.sarif"]);
  assertEquals(said, SUITE);
  const texts = ["out/p.xml", "out/p.sarif"].map(world.file);
  assertEquals((await world.text(...argv))[1].slice(-2), ["JUnit written to out/p.xml", "SARIF written to out/p.sarif"]);
  assertEquals(["out/p.xml", "out/p.sarif"].map(world.file), texts);
  assertEquals(
    texts[0],
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="6" failures="1" errors="0" skipped="2" time="0">
  <testsuite name="gait.policytest.fixtures" tests="3" failures="1" errors="0" skipped="1" time="0">
    <testcase name="fx/allowed.json" classname="p.yaml" time="0"></testcase>
    <testcase name="fx/deep/wrong.json" classname="p.yaml" time="0">
      <failure message="verdict,reason_codes" type="policy_test_failure">verdict is block, expected is allow
reason_codes is matched_rule_no, expected is none</failure>
    </testcase>
    <testcase name="fx/plain.JSON" classname="p.yaml" time="0">
      <skipped message="nothing is expected of it"></skipped>
    </testcase>
  </testsuite>
  <testsuite name="gait.policytest.rules" tests="3" failures="0" errors="0" skipped="1" time="0">
    <testcase name="ok" classname="p.yaml" time="0"></testcase>
    <testcase name="no" classname="p.yaml" time="0"></testcase>
    <testcase name="ask" classname="p.yaml" time="0">
      <skipped message="no fixture reaches the rule"></skipped>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
  const { version, runs: [run] } = JSON.parse(texts[1] ?? "");
  assertEquals([version, run.tool.driver.name, run.columnKind], ["2.1.0", "gait", "unicodeCodePoints"]);
  const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id);
  assertEquals(ids, ["expectation_failed", "rule_not_reached", "rule_never_decides"]);
  type Result = {
    ruleId: string;
    ruleIndex: number;
    level: string;
    message: { text: string };
    locations: {
      physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; startColumn: number } };
    }[];
  };
  const results = run.results.map(({ ruleId, ruleIndex, level, message, locations }: Result) => {
    assertEquals(ids[ruleIndex], ruleId);
    const { artifactLocation: { uri }, region: { startLine, startColumn } } = locations[0]?.physicalLocation ??
      { artifactLocation: { uri: "" }, region: { startLine: 0, startColumn: 0 } };
    return `${uri}:${startLine}:${startColumn} ${level} ${ruleId} ${message.text}`;
  });
  assertEquals(results, [
    "fx/deep/wrong.json:17:16 error expectation_failed verdict is block, expected is allow",
    "fx/deep/wrong.json:18:21 error expectation_failed reason_codes is matched_rule_no, expected is none",
    'p.yaml:5:5 warning rule_not_reached Rule "ask": no fixture reaches the rule',
  ]);
});

Deno.test("policy test: a rule that fixtures reach and a stronger one always decides is told", async () => {
  const policy = `default_verdict: block
rules:
- {name: weak, effect: allow, match: {tool_name: a}}
- {name: strong, effect: block, match: {risk_classes: [low]}}
`;
  const world = machine({ files: { "p.yaml": policy, "fx/a.json": json(intent("a")) } });
  const [, lines] = await world.text("policy", "test", "p.yaml", "fx", "--sarif", "p.sarif");
  assertEquals(lines[3], "weak          1        0  line 3: the rule never decides: a stronger one always does");
  assertEquals(JSON.parse(world.file("p.sarif")).runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId), [
    "rule_never_decides",
  ]);
});

Deno.test("policy test: a name that SARIF would take for a link is none, and ci report tells it as it is", async () => {
  const policy = "default_verdict: block\nrules:\n- {name: '[x](1) {0}', effect: allow, match: {tool_name: x}}\n";
  const world = machine({ files: { "p.yaml": policy, "fx/a.json": json(intent("a")), "said.json": "{}" } });
  await world.json("policy", "test", "p.yaml", "fx", "--sarif", "p.sarif");
  const [{ message }] = JSON.parse(world.file("p.sarif")).runs[0].results;
  assertEquals(message, { text: 'Rule "[x\\](1) {{0}}": no fixture reaches the rule' });
  const report = ["ci", "report", "--command", "policy-test", "--said", "said.json", "--exit-code", "5", "--sarif", "p.sarif"];
  const [, { annotations }] = await world.json(...report);
  assertEquals(Array.isArray(annotations) && annotations[0].message, 'Rule "[x](1) {0}": no fixture reaches the rule');
});

Deno.test("policy test: refusals", async () => {
  const world = machine({
    files: {
      ...FIXTURES,
      ...INTENTS,
      "bad.yaml": "rules: 1\n",
      "fy/bad.json": '{"intent": {}}',
      "fz/x.txt": "",
      "fw/torn.json": "{",
    },
  });
  const cases = [
    [["p.yaml"], "missing_argument"],
    [["p.yaml", "a.json", "b.json"], "usage"],
    [["none.yaml", "a.json"], "file_missing"],
    [["bad.yaml", "a.json"], "policy_shape"],
    [["p.yaml", "none.json"], "file_missing"],
    [["p.yaml", "fy"], "document_shape"],
    [["p.yaml", "fz"], "file_missing"],
    [["p.yaml", "fw"], "json_syntax"],
    [["p.yaml", "a.json", "--junit", "a.xml"], "usage"],
    [["p.yaml", "fx", "--junit", "fx/allowed.json"], "same_file"],
    [["p.yaml", "fx", "--junit", "p.yaml"], "same_file"],
    [["p.yaml", "fx", "--junit", "x", "--sarif", "./x"], "same_file"],
    [["p.yaml", "fx", "--sarif", "../x"], "path_refused"],
  ] as const;
  for (const [argv, fault] of cases) {
    const [exit, said] = await world.json("policy", "test", ...argv);
    assertEquals([exit, said["fault"], said["error_code"]], [6, fault, "invalid_input"], argv.join(" "));
  }
  const words = 'Cannot read "fy/bad.json#/intent": member "/context" is missing';
  const place = { file: "fy/bad.json", line: 1, column: 12, pointer: "/intent/context" };
  assertEquals(await world.json("policy", "test", "p.yaml", "fy"), [
    6,
    refusal("document_shape", words, errors().document_shape.remedy, place),
  ]);
  assert([...world.disk.files().keys()].every((path) => !path.endsWith(".xml")), "a refusal writes nothing");
});

Deno.test("policy test: a member that is not known is told, of one call and of fixtures", async () => {
  const { targets, ...misspelt } = { ...intent("a"), tragets: [{ kind: "path", value: "/etc/passwd" }] };
  const warning = 'member "/tragets" is not known and was left out, did you mean "targets"';
  const world = machine({
    files: { "p.yaml": POLICY, "m.json": json(misspelt), "fx/m.json": json({ intent: { ...misspelt, targets } }) },
  });
  const [exit, { warnings }] = await world.json("policy", "test", "p.yaml", "m.json");
  assertEquals([exit, warnings], [0, [warning]]);
  assertEquals((await world.text("policy", "test", "p.yaml", "m.json"))[1].at(-1), `warning: ${warning}`);
  const [, { fixtures }] = await world.json("policy", "test", "p.yaml", "fx");
  assertEquals(JSON.stringify(fixtures).includes(JSON.stringify({ warnings: [warning] }).slice(1, -1)), true);
  const [, lines] = await world.text("policy", "test", "p.yaml", "fx");
  assertEquals(lines.filter((line) => line.trim() === `warning: ${warning}`).length, 1);
});

Deno.test("policy test: a blank path is no folder and no file", async () => {
  const world = machine({ files: { "p.yaml": POLICY, ...INTENTS } });
  for (const argv of [["test", "p.yaml", ""], ["test", "", "a.json"], ["validate", " "], ["fmt", ""], ["fmt", "", "--write"]]) {
    const [exit, { fault }] = await world.json("policy", ...argv);
    assertEquals([exit, fault], [6, "missing_argument"], argv.join(" "));
  }
});
