// What `regress run` says: the members of its JSON, and a report for people with the first divergence as a diff of the two calls.
import type { RegressResult } from "../core/schema/regress.ts";
import type { CallDivergence } from "../core/regress/divergence.ts";
import { failureText } from "../core/regress/reports.ts";
import { failedGrades, regressCommand, SUITE_FILE, topFailureReason } from "../core/regress/result.ts";
import { shellWord } from "./runpacks.ts";

/** Where a run first leaves the recorded one. */
export type ToldDivergence = Omit<CallDivergence, "lines"> & { readonly diff: readonly string[] };

/** What a run of a suite came to. */
export type RunReport = {
  readonly ok: boolean;
  readonly status: "pass" | "fail";
  readonly fixture_set: string;
  readonly graders: number;
  readonly failed: number;
  readonly top_failure_reason: string;
  readonly next_command: string;
  readonly artifact_paths: readonly string[];
  readonly output: string;
  readonly junit: string;
  readonly sarif: string;
  readonly first_divergence?: ToldDivergence;
  readonly warnings: readonly string[];
  /** Each failure in words. */
  readonly failures: readonly string[];
};

/** The files that a run writes, as the user named them; blank ones are not asked for. */
export type ReportPaths = { readonly output: string; readonly junit: string; readonly sarif: string };

/** The report of a result. */
export function runReport(
  result: RegressResult,
  paths: ReportPaths,
  { config, divergence, warnings }: {
    readonly config: string;
    readonly divergence: CallDivergence | undefined;
    readonly warnings: readonly string[];
  },
): RunReport {
  const failed = failedGrades(result);
  const ok = failed.length === 0;
  const { output, junit, sarif } = paths;
  const told = divergence === undefined ? {} : { first_divergence: toldDivergence(divergence) };
  return {
    ok,
    status: result.status,
    fixture_set: result.fixture_set,
    graders: result.graders.length,
    failed: failed.length,
    top_failure_reason: topFailureReason(result),
    next_command: ok ? "" : regressCommand(config, shellWord),
    artifact_paths: [output, junit, sarif].filter((path) => path !== ""),
    output,
    junit,
    sarif,
    ...told,
    warnings,
    failures: failed.flatMap((grade) =>
      grade.reason_codes.map((code) => `${grade.name}: ${code}: ${failureText(grade, code)}`)
    ),
  };
}

const toldDivergence = ({ lines, ...rest }: CallDivergence): ToldDivergence => ({ ...rest, diff: lines });

/** Most failures that are listed. */
const LISTED = 20;

/** The report for people. */
export function runLines(
  verb: string,
  report: Omit<RunReport, "fixture_set" | "graders"> & Partial<Pick<RunReport, "fixture_set" | "graders">>,
): readonly string[] {
  const { status, fixture_set, graders, failed, failures, first_divergence: first, warnings } = report;
  const about = fixture_set === undefined || graders === undefined ? [] : [`fixture set ${fixture_set}, ${graders} graders`];
  const failing = failed === 0 ? [] : [`${failed} failed`];
  return [
    `${verb} ${status}${about.length + failing.length === 0 ? "" : `: ${[...about, ...failing].join(", ")}`}`,
    ...failures.slice(0, LISTED).map((failure) => `  ${failure}`),
    ...(failures.length > LISTED ? [`  and ${failures.length - LISTED} more`] : []),
    ...(first === undefined ? [] : divergenceLines(first)),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...report.artifact_paths.map((path) => `written: ${path}`),
    ...(report.next_command === "" ? [] : [`next: ${report.next_command}`]),
  ];
}

const divergenceLines = (
  { fixture, step, intent_id, why = [], recorded, candidate, diff }: ToldDivergence,
): readonly string[] => [
  `first divergence: fixture ${fixture}${step === undefined ? "" : `, step ${step}`}${
    intent_id === undefined ? "" : `, call ${intent_id}`
  }`,
  ...(why.length === 0 ? [] : [`why: ${why.join(", ")}`]),
  `--- ${recorded}`,
  `+++ ${candidate}`,
  ...diff,
];

/** The path of a suite that a flag names; a blank one is the usual one. */
export const suitePath = (config: string): string => config === "" ? SUITE_FILE : config;
