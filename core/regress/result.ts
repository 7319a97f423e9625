// What grading a suite came to (spec 06, sections 3.3 and 3.5): nothing in it is of the clock, so equal inputs give equal bytes.
import { utf8 } from "../base/bytes.ts";
import { prettyText } from "../base/pretty.ts";
import { writeShape } from "../base/shape.ts";
import { byBytes, trim } from "../base/text.ts";
import { isZeroTime, toUtc } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type Grade, REGRESS_RESULT_ID, type RegressResult, RegressResultShape } from "../schema/regress.ts";

/** When a run began that does not say it. */
const UNKNOWN_START = "1980-01-01T00:00:00Z";

/** When a run began, as results tell it: UTC, and a fixed moment for one that does not say it. */
export const startOf = (began: string): string => isZeroTime(began) ? UNKNOWN_START : toUtc(began) ?? UNKNOWN_START;

/** The result of a suite; `began` is when the run of its first fixture did. */
export function regressResult(
  { fixture_set, began, producer_version, grades }: {
    readonly fixture_set: string;
    readonly began: string;
    readonly producer_version: string;
    readonly grades: readonly Grade[];
  },
): RegressResult {
  return {
    schema_id: REGRESS_RESULT_ID,
    schema_version: VERSION_1,
    created_at: startOf(began),
    producer_version,
    fixture_set,
    status: grades.some(({ status }) => status === "fail") ? "fail" : "pass",
    graders: grades.toSorted((a, b) => byBytes(a.name, b.name)),
  };
}

/** The result as a file. */
export const resultBytes = (result: RegressResult): Uint8Array => utf8(prettyText(writeShape(RegressResultShape, result)));

/** The grades that fail, in the order of the result. */
export const failedGrades = ({ graders }: RegressResult): readonly Grade[] => graders.filter(({ status }) => status === "fail");

/** Why the first of them does; empty where none fails. */
export function topFailureReason(result: RegressResult): string {
  const [first] = failedGrades(result);
  return first === undefined ? "" : first.reason_codes[0] ?? "grader_failed";
}

/** The name of the suite's own file. */
export const SUITE_FILE = "gait.yaml";

/** What to run to see a suite graded again; `quote` spells a word for a shell. */
export const regressCommand = (config: string, quote: (word: string) => string): string => {
  const path = trim(config);
  return `gait regress run ${path === "" || path === SUITE_FILE ? "" : `--config ${quote(path)} `}--json`;
};
