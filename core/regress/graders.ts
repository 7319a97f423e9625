// The graders that gait has, which of them a suite calls for, and one asked safely.
import { trimmedSet } from "../base/text.ts";
import type { Grade } from "../schema/regress.ts";
import type { GradeEvidence, Grader, Opinion } from "./evidence.ts";
import type { RegressFixture } from "./fixture.ts";
import { CONTEXT_CONFORMANCE, minds } from "./grade_context.ts";
import { DIFF } from "./grade_diff.ts";
import { EXPECTED_EXIT_CODE } from "./grade_exit_code.ts";
import { SCHEMA_VALIDATION } from "./grade_schema.ts";
import { TRAJECTORY } from "./grade_trajectory.ts";

const ALWAYS: readonly Grader[] = [DIFF, EXPECTED_EXIT_CODE, SCHEMA_VALIDATION, TRAJECTORY];

/** The graders of a suite of these fixtures; the context is graded for all of them as soon as one of them minds it. */
export const gradersFor = (fixtures: readonly RegressFixture[], contextConformance: boolean): readonly Grader[] =>
  contextConformance || fixtures.some(minds) ? [CONTEXT_CONFORMANCE, ...ALWAYS] : ALWAYS;

/** What a grader says of a fixture, as the result holds it. */
export function gradeOf(grader: Grader, evidence: GradeEvidence): Grade {
  const { name, run_id } = evidence.fixture;
  const { pass, reason_codes, context_conformance = "", details } = opinionOf(grader, evidence);
  const all = Object.entries({ ...details, fixture: name, run_id }).sort(([a], [b]) => a < b ? -1 : 1);
  return {
    name: `${name}/${grader.name}`,
    status: pass ? "pass" : "fail",
    reason_codes: trimmedSet(reason_codes),
    context_conformance,
    details: Object.fromEntries(all),
  };
}

// A grader that throws has failed, and the others are asked none the less (spec 06, section 4): graders may be anybody's.
function opinionOf(grader: Grader, evidence: GradeEvidence): Opinion {
  try {
    return grader.grade(evidence);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    return { pass: false, reason_codes: ["grader_error"], details: { error } };
  }
}
