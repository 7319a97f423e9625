// What `policy test` says of a folder of fixtures: JSON, text, JUnit and SARIF of the same result.
import { cellsOf } from "../core/base/cells.ts";
import { junitText } from "../core/base/junit.ts";
import { locate } from "../core/base/json_locate.ts";
import { quoted } from "../core/base/json_words.ts";
import { prettyText } from "../core/base/pretty.ts";
import { safeLine } from "../core/base/safe_text.ts";
import { sarifLog, type SarifResult, type SarifRule } from "../core/base/sarif.ts";
import type { RuleCoverage } from "../core/gate/coverage.ts";
import type { Deviation, FixtureResult, SuiteResult } from "../core/gate/policy_suite.ts";
import { type LoadedPolicy, placeOf } from "../core/gate/policy_source.ts";
import type { FixtureFile } from "./policy_fixtures.ts";

/** A rule and how the fixtures reach it. `reached` and `decided` count fixtures. */
type RuleRow = {
  readonly name: string;
  readonly priority: number;
  readonly effect: string;
  readonly reached: number;
  readonly decided: number;
  readonly line: number;
  readonly column: number;
};

type FixtureRow = Pick<FixtureResult, "path" | "status" | "intent_digest" | "verdict" | "reason_codes" | "violations"> & {
  readonly about?: string;
  readonly matched_rule?: string;
  readonly misfits?: readonly Deviation[];
  readonly warnings?: readonly string[];
};

/** What the command prints as JSON. */
export type SuiteReport = {
  readonly ok: boolean;
  readonly schema_id: "gait.policytest.suite";
  readonly schema_version: "1.0.0";
  readonly policy_path: string;
  readonly policy_digest: string;
  readonly fixtures_total: number;
  readonly passed: number;
  readonly failed: number;
  readonly reported: number;
  readonly rules_total: number;
  readonly rules_reached: number;
  readonly rules_decided: number;
  readonly fixtures: readonly FixtureRow[];
  readonly rules: readonly RuleRow[];
  readonly summary: string;
  readonly junit?: string;
  readonly sarif?: string;
};

/** Members that are printed also when they are 0. */
export const SUITE_COUNTS = ["passed", "failed", "reported", "rules_reached", "rules_decided"];

const fixtureRow = ({ about, matched_rule, misfits, warnings, ...rest }: FixtureResult): FixtureRow => ({
  ...rest,
  ...(about === "" ? {} : { about }),
  ...(matched_rule === "" ? {} : { matched_rule }),
  ...(misfits.length === 0 ? {} : { misfits }),
  ...(warnings.length === 0 ? {} : { warnings }),
});

const ruleRow = (
  { rule: { name, priority, effect, index }, reached, decided }: RuleCoverage,
  { source }: LoadedPolicy,
): RuleRow => {
  const { line = 1, column = 1 } = placeOf(source, `/rules/${index}`);
  return { name, priority, effect, reached, decided, line, column };
};

/** The JSON view. */
export function suiteReport(
  { fixtures, rules }: SuiteResult,
  policy: LoadedPolicy,
  about: { readonly policy_path: string; readonly policy_digest: string },
): SuiteReport {
  const count = (status: FixtureResult["status"]): number => fixtures.filter((one) => one.status === status).length;
  const [passed, failed, reported] = [count("passed"), count("failed"), count("reported")];
  const rules_reached = rules.filter(({ reached }) => reached > 0).length;
  const rules_decided = rules.filter(({ decided }) => decided > 0).length;
  return {
    ok: failed === 0,
    schema_id: "gait.policytest.suite",
    schema_version: "1.0.0",
    ...about,
    fixtures_total: fixtures.length,
    passed,
    failed,
    reported,
    rules_total: rules.length,
    rules_reached,
    rules_decided,
    fixtures: fixtures.map(fixtureRow),
    rules: rules.map((rule) => ruleRow(rule, policy)),
    summary: `policy test fixtures=${fixtures.length} passed=${passed} failed=${failed} reported=${reported} ` +
      `rules=${rules.length} reached=${rules_reached} decided=${rules_decided}`,
  };
}

const misfitWords = ({ member, expected, actual }: Deviation): string => `${member} is ${actual}, expected is ${expected}`;

const whyNot = ({ reached, decided }: RuleRow): string | undefined =>
  reached === 0
    ? "no fixture reaches the rule"
    : decided === 0
    ? "the rule never decides: a stronger one always does"
    : undefined;

// As wide as the terminal will show it.
const filled = (text: string, width: number): string => {
  const shown = safeLine(text);
  return `${shown}${" ".repeat(Math.max(0, width - cellsOf(shown)))}`;
};

/** The human view. */
export function suiteLines({ summary, fixtures, rules, junit, sarif }: SuiteReport): readonly string[] {
  const width = Math.max(0, ...fixtures.map(({ path }) => cellsOf(safeLine(path))));
  const wide = Math.max(4, ...rules.map(({ name }) => cellsOf(safeLine(name))));
  return [
    summary,
    ...fixtures.flatMap(({ status, path, verdict, matched_rule, misfits = [], warnings = [] }) => [
      `${status.padEnd(8)}  ${filled(path, width)}  ${verdict}${matched_rule === undefined ? "" : ` by ${matched_rule}`}`,
      ...misfits.map((misfit) => `          ${misfitWords(misfit)}`),
      ...warnings.map((warning) => `          warning: ${warning}`),
    ]),
    ...(rules.length === 0 ? [] : [`${"rule".padEnd(wide)}  reached  decided`]),
    ...rules.map((rule) => {
      const { name, reached, decided, line } = rule;
      const why = whyNot(rule);
      const note = why === undefined ? "" : `  line ${line}: ${why}`;
      return `${filled(name, wide)}  ${String(reached).padStart(7)}  ${String(decided).padStart(7)}${note}`;
    }),
    ...(junit === undefined ? [] : [`JUnit written to ${junit}`]),
    ...(sarif === undefined ? [] : [`SARIF written to ${sarif}`]),
  ];
}

/** One suite of fixtures and one of rules, in which a rule that no fixture reaches is skipped. */
export const suiteJunit = ({ policy_path, fixtures, rules }: SuiteReport): string =>
  junitText([
    {
      name: "gait.policytest.fixtures",
      cases: fixtures.map(({ path, misfits = [], status }) => ({
        classname: policy_path,
        name: path,
        ...(status === "failed"
          ? {
            failure: {
              message: misfits.map(({ member }) => member).join(","),
              type: "policy_test_failure",
              text: misfits.map(misfitWords).join("\n"),
            },
          }
          : {}),
        ...(status === "reported" ? { skipped: "nothing is expected of it" } : {}),
      })),
    },
    {
      name: "gait.policytest.rules",
      cases: rules.map((rule) => {
        const skipped = whyNot(rule);
        return { classname: policy_path, name: rule.name, ...(skipped === undefined ? {} : { skipped }) };
      }),
    },
  ]);

const SARIF_RULES: readonly SarifRule[] = [
  {
    id: "expectation_failed",
    summary: "A policy says something else of a call than its fixture expects",
    help: "Mend the policy, or the fixture if the policy was meant to change",
    level: "error",
  },
  {
    id: "rule_not_reached",
    summary: "No fixture reaches a rule of the policy",
    help: "Add a fixture that the rule decides, or take the rule out",
    level: "warning",
  },
  {
    id: "rule_never_decides",
    summary: "Fixtures reach a rule, and a stronger rule of its tier always decides",
    help: "Add a fixture that this rule decides, or take the rule out",
    level: "note",
  },
];

/** Failed expectations at the member of the fixture, rules without coverage at their place in the policy. */
export function suiteSarif(
  { policy_path, fixtures, rules }: SuiteReport,
  files: readonly FixtureFile[],
  version: string,
): string {
  const bytesOf = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const failed = fixtures.flatMap(({ path, misfits = [] }) =>
    misfits.map((misfit): SarifResult => {
      const place = locate(bytesOf.get(path) ?? new Uint8Array(), `/expect/${misfit.member}`);
      return { rule: "expectation_failed", message: misfitWords(misfit), file: path, ...place };
    })
  );
  const uncovered = rules.flatMap((rule): SarifResult[] => {
    const why = whyNot(rule);
    const { name, line, column, reached } = rule;
    const message = `Rule ${quoted(name)}: ${why}`;
    return why === undefined
      ? []
      : [{ rule: reached === 0 ? "rule_not_reached" : "rule_never_decides", message, file: policy_path, line, column }];
  });
  return prettyText(sarifLog(version, SARIF_RULES, [...failed, ...uncovered]));
}
