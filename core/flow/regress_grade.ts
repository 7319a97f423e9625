// Grading one fixture (spec 06, section 4): what its graders look at is gathered, they are asked, and where the run first diverges is
// found for the report.
import type { Host, Source } from "../base/host.ts";
import type { JsonObject } from "../base/json_value.ts";
import { fail, type Fault, type Result } from "../base/result.ts";
import { valueDiff } from "../regress/call_diff.ts";
import { atCall, atOrder, type CallDivergence } from "../regress/divergence.ts";
import type { CandidateRun, GradedRun, GradeEvidence, Grader, SourceRun } from "../regress/evidence.ts";
import type { RegressFixture } from "../regress/fixture.ts";
import { gradeOf } from "../regress/graders.ts";
import { verifyRunpack } from "../run/verify.ts";
import type { Grade } from "../schema/regress.ts";
import { compareRuns, refsValue, type RunComparison } from "./regress_compare.ts";

/** A fixture to be graded. `path` is where the recorded run was read. */
export type Graded = {
  readonly fixture: RegressFixture;
  readonly path: string;
  readonly source: SourceRun;
  /** Undefined: the recorded run itself is graded. */
  readonly candidate: CandidateRun | undefined;
};

/** What the graders say of one fixture, and where its run first diverges. */
export type FixtureGrades = { readonly grades: readonly Grade[]; readonly divergence: CallDivergence | undefined };

/** What is wrong with a recorded run that could not be opened. */
export async function brokenSource(host: Host, source: Source, what: string, fault: Fault): Promise<SourceRun> {
  const trust = { key: undefined, requireSignature: false, refuseUndeclared: false };
  const report = await verifyRunpack(host, source, what, trust);
  return report.ok
    ? {
      ok: false,
      fault,
      missing_files: report.value.missing_files,
      hash_mismatches: report.value.hash_mismatches.map(({ path }) => path),
    }
    : { ok: false, fault, missing_files: [], hash_mismatches: [] };
}

/** Asks every grader. */
export async function gradeFixture(
  { fixture, path, source, candidate: given }: Graded,
  graders: readonly Grader[],
  asked: GradeEvidence["asked"],
): Promise<FixtureGrades> {
  const itself: Result<GradedRun> = source.ok ? { ok: true, value: source.run } : { ok: false, fault: source.fault };
  const candidate = given ?? { path, absent: false, run: itself };
  const compared: Result<RunComparison> = !itself.ok
    ? itself
    : candidate.run.ok
    ? await compareRuns(itself.value, candidate.run.value)
    : fail(candidate.run.fault.code, candidate.run.fault.message);
  const evidence: GradeEvidence = { fixture, source, candidate, compared, asked };
  const grades = graders.map((grader) => gradeOf(grader, evidence));
  const failed = grades.some(({ status }) => status === "fail");
  const both = failed && itself.ok && candidate.run.ok && compared.ok;
  const divergence = both
    ? divergenceOf(evidence, { path, run: itself.value }, candidate.run.value, compared.value)
    : undefined;
  return { grades, divergence };
}

function divergenceOf(
  evidence: GradeEvidence,
  recorded: { readonly path: string; readonly run: GradedRun },
  now: GradedRun,
  { first, changed_files }: RunComparison,
): CallDivergence | undefined {
  if (first !== undefined) return atCall(evidence, recorded, now, first);
  const order = atOrder(evidence, recorded, now);
  if (order !== undefined || changed_files.length === 0) return order;
  const { fixture, candidate } = evidence;
  return {
    fixture: fixture.name,
    recorded: recorded.path,
    candidate: candidate.path,
    lines: valueDiff(documentsOf(recorded.run), documentsOf(now)),
  };
}

// What of a run belongs to no call.
const documentsOf = (run: GradedRun): JsonObject => {
  const { capture_mode, files } = run.manifest;
  return { manifest: { capture_mode, files: files?.map(({ path }) => path) ?? [] }, refs: refsValue(run) };
};
