// The result of a suite, its reports, and what is said to run next.
import { utf8 } from "../../core/base/bytes.ts";
import { regressCommand, regressResult, resultBytes, topFailureReason } from "../../core/regress/result.ts";
import { regressJunit, regressSarif } from "../../core/regress/reports.ts";
import { RegressResultShape } from "../../core/schema/regress.ts";
import { readDocument } from "../../core/base/document.ts";
import { FAILURE_WORDS } from "../../core/regress/reasons.ts";
import type { Grade } from "../../core/schema/regress.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { shared } from "../shared.ts";

const grade = (name: string, codes: readonly string[] = [], details = {}): Grade => ({
  name,
  status: codes.length === 0 ? "pass" : "fail",
  reason_codes: codes,
  context_conformance: "",
  details: { fixture: name.split("/")[0] ?? "", ...details },
});

const result = (grades: readonly Grade[], began = "2026-03-01T10:00:00.5+02:00") =>
  regressResult({ fixture_set: "nightly", began, producer_version: "1.2.3", grades });

Deno.test("regress result: nothing of the clock, sorted by bytes, equal bytes for equal inputs", () => {
  const grades = ["a/trajectory", "a-b/diff", "B/diff", "a/diff"].map((name) => grade(name));
  const text = new TextDecoder().decode(resultBytes(result(grades)));
  assertEquals(text, new TextDecoder().decode(resultBytes(result(grades.toReversed()))));
  const { graders, ...head } = JSON.parse(text);
  assertEquals(head, {
    schema_id: "gait.regress.result",
    schema_version: "1.0.0",
    created_at: "2026-03-01T08:00:00.5Z",
    producer_version: "1.2.3",
    fixture_set: "nightly",
    status: "pass",
  });
  assertEquals(graders.map(({ name }: Grade) => name), ["B/diff", "a-b/diff", "a/diff", "a/trajectory"]);
  assertEquals(graders[0], { name: "B/diff", status: "pass", reason_codes: [], details: { fixture: "B" } });
  assertEquals(result(grades, "0001-01-01T00:00:00Z").created_at, "1980-01-01T00:00:00Z");
  assertEquals(assertOk(readDocument(RegressResultShape, utf8(text), "r.json", {})).value, result(grades));
});

Deno.test("regress result: the reason of the first failure, and the command that shows it again", () => {
  assertEquals(topFailureReason(result([grade("a/diff")])), "");
  assertEquals(topFailureReason(result([grade("b/diff", ["x"]), grade("a/trajectory", ["y", "z"]), grade("a/diff")])), "y");
  assertEquals(topFailureReason(result([{ ...grade("a/diff"), status: "fail" }])), "grader_failed");
  const quote = (word: string) => `'${word}'`;
  const rows = [["", ""], ["  ", ""], ["gait.yaml", ""], [" gait.yaml ", ""], ["./gait.yaml", "--config './gait.yaml' "]];
  for (const [config = "", words] of rows) assertEquals(regressCommand(config, quote), `gait regress run ${words}--json`);
});

const FAILED = [
  grade("alpha/diff", ["unexpected_diff"], { unexpected_files: ["intents.jsonl", "refs.json"] }),
  grade("alpha/expected_exit_code", ["unexpected_exit_code"], { actual_exit_code: 2, expected_exit_code: 0 }),
  grade("alpha/trajectory", ["unexpected_tool_sequence"], {
    tool_sequence_mismatch_index: 1,
    tool_sequence_expected_at_mismatch: "a",
    tool_sequence_actual_at_mismatch: "b",
  }),
  grade("beta/context_conformance", ["context_semantic_drift"]),
  grade("beta/diff"),
];

Deno.test("regress junit: one suite, a case for each grader, split at the first slash", () => {
  assertEquals(
    regressJunit(result([grade("a/x/diff", ["one", "two"]), { ...grade("b/diff"), status: "fail" }, grade("c/diff")])),
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites tests="3" failures="2" errors="0" skipped="0" time="0">',
      '  <testsuite name="gait.regress.nightly" tests="3" failures="2" errors="0" skipped="0" time="0">',
      '    <testcase name="x/diff" classname="a" time="0">',
      '      <failure message="one,two" type="regress_failure">one,two</failure>',
      "    </testcase>",
      '    <testcase name="diff" classname="b" time="0">',
      '      <failure message="failed" type="regress_failure">failed</failure>',
      "    </testcase>",
      '    <testcase name="diff" classname="c" time="0"></testcase>',
      "  </testsuite>",
      "</testsuites>",
      "",
    ].join("\n"),
  );
});

Deno.test("regress sarif: each failure at the member that expects otherwise, with a rule that says what to do", () => {
  const bytes = utf8('{\n  "name": "alpha",\n  "expected_replay_exit_code": 0,\n  "expected_tool_sequence": ["a"]\n}\n');
  const files = new Map(["alpha", "beta"].map((name) => [name, { path: `fixtures/${name}/fixture.json`, bytes }]));
  const { runs: [run] } = JSON.parse(regressSarif(result(FAILED), files, "1.2.3"));
  const rules = run.tool.driver.rules.map(({ id }: { id: string }) => id);
  assertEquals(rules, ["context_semantic_drift", "unexpected_diff", "unexpected_exit_code", "unexpected_tool_sequence"]);
  type Found = {
    ruleId: string;
    message: { text: string };
    locations: [
      { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; startColumn: number } } },
    ];
  };
  const found = run.results.map(({ ruleId, message, locations: [{ physicalLocation: at }] }: Found) => [
    ruleId,
    message.text,
    at.artifactLocation.uri,
    at.region.startLine,
    at.region.startColumn,
  ]);
  assertEquals(found, [
    ["unexpected_diff", "alpha/diff: intents.jsonl, refs.json differ", "fixtures/alpha/fixture.json", 1, 1],
    [
      "unexpected_exit_code",
      "alpha/expected_exit_code: replay ends with 2, expected is 0",
      "fixtures/alpha/fixture.json",
      3,
      32,
    ],
    ["unexpected_tool_sequence", "alpha/trajectory: tool 2 is b, expected is a", "fixtures/alpha/fixture.json", 4, 29],
    [
      "context_semantic_drift",
      "beta/context_conformance: The agent saw another context than was recorded",
      "fixtures/beta/fixture.json",
      1,
      1,
    ],
  ]);
});

Deno.test("regress reasons: every code of the specification is one that is known", () => {
  const spec = shared("spec/06-regress-ops-sdk.md");
  if (spec === undefined) return;
  const [, section = ""] = /### 4\.6 All reason codes\n([^#]*)/.exec(Deno.readTextFileSync(spec)) ?? [];
  const codes = [...section.matchAll(/`([a-z_]+)`/g)].map(([, code = ""]) => code);
  assert(codes.length > 25, `${codes.length} codes`);
  const passing = [
    "context_conformance_not_required",
    "context_conformance_pass",
    "trajectory_match",
    "trajectory_not_required",
  ];
  const known = [...Object.keys(FAILURE_WORDS), ...passing, "grader_failed"].sort();
  assertEquals([...codes].sort(), known);
});
