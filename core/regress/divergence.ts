// Where a run first leaves the recorded one, for people: the step, and the two calls as a diff.
import { trim } from "../base/text.ts";
import { callDiff } from "./call_diff.ts";
import type { GradedRun, GradeEvidence } from "./evidence.ts";
import { trajectoryMismatches } from "./grade_trajectory.ts";

/** The first step of which something differs, and why, in the words of `run diff`. */
export type FirstStep = {
  readonly intent_id: string;
  readonly step: number | undefined;
  readonly why: readonly string[];
};

/** The first divergence of a fixture. */
export type CallDivergence = {
  readonly fixture: string;
  /** Position of the call in its run, from 1; undefined for what belongs to no call. */
  readonly step?: number;
  readonly intent_id?: string;
  readonly why?: readonly string[];
  readonly recorded: string;
  readonly candidate: string;
  /** The two as a diff: lines that begin with `-`, `+` or a blank. */
  readonly lines: readonly string[];
};

const callAt = ({ records }: GradedRun, kind: "tool" | "verdict", index: number): string | undefined =>
  kind === "tool"
    ? records.intents.filter(({ tool_name }) => trim(tool_name) !== "")[index]?.intent_id
    : records.results[index]?.intent_id;

// Behind the end of a run there is no call, and no id of one.
const NONE = "";

/** The divergence of two calls of one id. */
export const atCall = (
  { fixture, candidate }: GradeEvidence,
  recorded: { readonly path: string; readonly run: GradedRun },
  now: GradedRun,
  { intent_id, step, why }: FirstStep,
): CallDivergence => ({
  fixture: fixture.name,
  ...(step === undefined ? {} : { step }),
  intent_id,
  why,
  recorded: recorded.path,
  candidate: candidate.path,
  lines: callDiff(recorded.run.records, intent_id, now.records, intent_id),
});

/** The divergence of the order alone: the two calls that stand where the sequences part; undefined where they do not. */
export function atOrder(
  evidence: GradeEvidence,
  recorded: { readonly path: string; readonly run: GradedRun },
  now: GradedRun,
): CallDivergence | undefined {
  const { tool, verdict } = trajectoryMismatches(evidence);
  const [kind, mismatch] = tool === undefined ? ["verdict", verdict] as const : ["tool", tool] as const;
  if (mismatch === undefined) return undefined;
  const [left, right] = [recorded.run, now].map((run) => callAt(run, kind, mismatch.index) ?? NONE);
  if (left === undefined || right === undefined || left === right) return undefined;
  return {
    fixture: evidence.fixture.name,
    step: mismatch.index + 1,
    intent_id: right === NONE ? left : right,
    recorded: recorded.path,
    candidate: evidence.candidate.path,
    lines: callDiff(recorded.run.records, left, now.records, right),
  };
}
