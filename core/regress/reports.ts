// A result for CI systems: JUnit in the form of spec 06, section 3.6, and SARIF with each failure at the member that expects otherwise.
import { junitText } from "../base/junit.ts";
import { locate } from "../base/json_locate.ts";
import { prettyText } from "../base/pretty.ts";
import { sarifLog, type SarifResult, type SarifRule } from "../base/sarif.ts";
import { byBytes } from "../base/text.ts";
import type { Grade, RegressResult } from "../schema/regress.ts";
import { FAILURE_WORDS, isFailureCode } from "./reasons.ts";
import { failedGrades } from "./result.ts";

const parts = ({ name }: Grade): readonly [classname: string, name: string] => {
  const at = name.indexOf("/");
  return [name.slice(0, at), name.slice(at + 1)];
};

/** The JUnit report. */
export function regressJunit(result: RegressResult): string {
  const cases = result.graders.map((grade) => {
    const [classname, name] = parts(grade);
    const words = grade.reason_codes.join(",") || "failed";
    const failure = grade.status === "pass" ? {} : { failure: { message: words, type: "regress_failure", text: words } };
    return { classname, name, ...failure };
  });
  return junitText([{ name: `gait.regress.${result.fixture_set}`, cases }]);
}

// The member of fixture.json that a failure is about; the whole document for all others.
const MEMBERS: Readonly<Record<string, string>> = {
  candidate_path_invalid: "/candidate_runpack",
  candidate_runpack_invalid: "/candidate_runpack",
  context_evidence_missing: "/context_conformance",
  context_runtime_drift_blocked: "/context_conformance",
  context_semantic_drift: "/context_conformance",
  context_set_digest_mismatch: "/expected_context_set_digest",
  unexpected_diff: "/candidate_runpack",
  unexpected_exit_code: "/expected_replay_exit_code",
  unexpected_tool_sequence: "/expected_tool_sequence",
  unexpected_verdict_sequence: "/expected_verdict_sequence",
};

/** The SARIF log; `files` are the `fixture.json` of the fixtures, by the name of the fixture. */
export function regressSarif(
  result: RegressResult,
  files: ReadonlyMap<string, { readonly path: string; readonly bytes: Uint8Array }>,
  version: string,
): string {
  const found = failedGrades(result).flatMap((grade): SarifResult[] => {
    const file = files.get(String(grade.details?.["fixture"]));
    if (file === undefined) throw new Error(`no fixture for grade ${grade.name}`);
    return (grade.reason_codes.length === 0 ? ["grader_error"] : grade.reason_codes).map((rule) => ({
      rule,
      message: `${grade.name}: ${failureText(grade, rule)}`,
      file: file.path,
      ...locate(file.bytes, MEMBERS[rule] ?? ""),
    }));
  });
  const rules = [...new Set(found.map(({ rule }) => rule))].sort(byBytes).filter(isFailureCode)
    .map((id): SarifRule => ({ id, ...FAILURE_WORDS[id], level: "error" }));
  return prettyText(sarifLog(version, rules, found));
}

const shown = (value: unknown): string => Array.isArray(value) ? value.join(", ") : String(value);

/** A failure in words: what is not as expected, where the grader tells it. */
export function failureText({ details = {} }: Grade, code: string): string {
  const { error, unexpected_files, actual_exit_code, expected_exit_code } = details;
  if (error !== undefined) return shown(error);
  switch (code) {
    case "unexpected_diff":
      return `${shown(unexpected_files)} ${
        Array.isArray(unexpected_files) && unexpected_files.length > 1 ? "differ" : "differs"
      }`;
    case "unexpected_exit_code":
      return `replay ends with ${shown(actual_exit_code)}, expected is ${shown(expected_exit_code)}`;
    case "unexpected_tool_sequence":
      return mismatchText("tool", details);
    case "unexpected_verdict_sequence":
      return mismatchText("verdict", details);
    default:
      return isFailureCode(code) ? FAILURE_WORDS[code].summary : code;
  }
}

const mismatchText = (kind: "tool" | "verdict", details: NonNullable<Grade["details"]>): string => {
  const { [`${kind}_sequence_mismatch_index`]: index, [`${kind}_sequence_expected_at_mismatch`]: expected } = details;
  const { [`${kind}_sequence_actual_at_mismatch`]: actual } = details;
  return `${kind} ${Number(index) + 1} is ${shown(actual)}, expected is ${shown(expected)}`;
};
