// Grader `trajectory` (spec 06, section 4.3): the tools that were called and the verdicts that came of it, each in order.
import type { JsonObject } from "../base/json_value.ts";
import type { GradeEvidence, Grader, Opinion } from "./evidence.ts";
import type { ReasonCode } from "./reasons.ts";
import { firstMismatch, type Mismatch, toolSequence, verdictSequence } from "./sequences.ts";

/** Where a run leaves the sequences that a fixture expects; undefined where it keeps to one, or none is expected. */
export function trajectoryMismatches({ fixture, candidate }: Pick<GradeEvidence, "fixture" | "candidate">): {
  readonly tool?: Mismatch;
  readonly verdict?: Mismatch;
} {
  if (!candidate.run.ok) return {};
  const { records } = candidate.run.value;
  const wanted = (expected: readonly string[], actual: readonly string[]): Mismatch | undefined =>
    expected.length === 0 ? undefined : firstMismatch(expected, actual);
  const tool = wanted(fixture.expected_tool_sequence, toolSequence(records));
  const verdict = wanted(fixture.expected_verdict_sequence, verdictSequence(records));
  return { ...(tool === undefined ? {} : { tool }), ...(verdict === undefined ? {} : { verdict }) };
}

const mismatchDetails = (kind: "tool" | "verdict", mismatch: Mismatch | undefined): JsonObject =>
  mismatch === undefined ? {} : {
    [`${kind}_sequence_mismatch_index`]: mismatch.index,
    [`${kind}_sequence_expected_at_mismatch`]: mismatch.expected,
    [`${kind}_sequence_actual_at_mismatch`]: mismatch.actual,
  };

/** The grader. */
export const TRAJECTORY: Grader = {
  name: "trajectory",
  deterministic: true,
  grade(evidence: GradeEvidence): Opinion {
    const { fixture: { expected_tool_sequence, expected_verdict_sequence }, candidate } = evidence;
    const { path, absent, run } = candidate;
    if (!run.ok) {
      const code: ReasonCode = absent ? "candidate_path_invalid" : "candidate_runpack_invalid";
      return { pass: false, reason_codes: [code], details: { candidate_runpack: path, error: run.fault.message } };
    }
    const { tool, verdict } = trajectoryMismatches(evidence);
    const failures: readonly ReasonCode[] = [
      ...(tool === undefined ? [] : ["unexpected_tool_sequence" as const]),
      ...(verdict === undefined ? [] : ["unexpected_verdict_sequence" as const]),
    ];
    const wanted = expected_tool_sequence.length + expected_verdict_sequence.length > 0;
    return {
      pass: failures.length === 0,
      reason_codes: failures.length > 0 ? failures : [wanted ? "trajectory_match" : "trajectory_not_required"],
      details: {
        candidate_runpack: path,
        expected_tool_sequence,
        actual_tool_sequence: toolSequence(run.value.records),
        expected_verdict_sequence,
        actual_verdict_sequence: verdictSequence(run.value.records),
        ...mismatchDetails("tool", tool),
        ...mismatchDetails("verdict", verdict),
      },
    };
  },
};
