// What the graders of one fixture look at, gathered before they do, and what a grader is.
import type { JsonObject } from "../base/json_value.ts";
import { fail, type Fault, ok, type Result } from "../base/result.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { RunRecords } from "../schema/runpack.ts";
import type { RegressFixture } from "./fixture.ts";
import type { ReasonCode } from "./reasons.ts";

/** A run whose entries are what its manifest says. */
export type GradedRun = { readonly manifest: Manifest; readonly records: RunRecords };

/** The run that was recorded: it holds, or what is wrong with it. */
export type SourceRun =
  | { readonly ok: true; readonly run: GradedRun }
  | {
    readonly ok: false;
    readonly fault: Fault;
    readonly missing_files: readonly string[];
    readonly hash_mismatches: readonly string[];
  };

/** The run to grade. `absent`: there is no such file. */
export type CandidateRun = { readonly path: string; readonly absent: boolean; readonly run: Result<GradedRun> };

/** How the context of two runs drifted. */
export type RegressDrift = "none" | "runtime_only" | "semantic";

/** How the run to grade differs from the recorded one. */
export type RegressComparison = {
  /** Entries of the runpack, sorted. */
  readonly changed_files: readonly string[];
  readonly drift: RegressDrift;
};

/** All that is looked at. */
export type GradeEvidence = {
  readonly fixture: RegressFixture;
  readonly source: SourceRun;
  readonly candidate: CandidateRun;
  readonly compared: Result<RegressComparison>;
  /** What the command line asks of every fixture. */
  readonly asked: { readonly contextConformance: boolean; readonly allowRuntimeDrift: boolean };
};

/** What a grader says of a fixture. */
export type Opinion = {
  readonly pass: boolean;
  readonly reason_codes: readonly ReasonCode[];
  readonly context_conformance?: RegressDrift | "missing";
  readonly details: JsonObject;
};

/** A grader. One that may say something else the next time says so, and runs only with leave. */
export type Grader = {
  readonly name: string;
  readonly deterministic: boolean;
  grade(evidence: GradeEvidence): Opinion;
};

/** That a grader may only run with leave. Fault `grader_nondeterministic`. */
export function mayRun(graders: readonly Grader[], allowed: boolean): Result<void> {
  const odd = graders.find(({ deterministic }) => !deterministic);
  return odd === undefined || allowed
    ? ok(undefined)
    : fail("grader_nondeterministic", `Cannot run grader "${odd.name}": it may say something else the next time`);
}
