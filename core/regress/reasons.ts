// Why a grader says what it says (spec 06, section 4.6): the closed list of its codes, each with what it means and what to do.

type Reason = { readonly summary: string; readonly help: string };

const FAILURES = {
  candidate_path_invalid: {
    summary: "The run to grade is not there",
    help: "Record it, or mend candidate_runpack in fixture.json",
  },
  candidate_runpack_invalid: {
    summary: "The run to grade is no runpack, or was changed after it was recorded",
    help: "Record the run again",
  },
  context_diff_error: { summary: "The context of both runs cannot be compared", help: "Record the run again" },
  context_evidence_missing: {
    summary: "The run does not say which context the agent saw",
    help: "Record it with --context-envelope",
  },
  context_runtime_drift_blocked: {
    summary: "The context is the recorded one, fetched at other times",
    help: "Set allow_context_runtime_drift in fixture.json if the times do not matter",
  },
  context_semantic_drift: {
    summary: "The agent saw another context than was recorded",
    help: "Find out which source changed; make the fixture again if it was meant to",
  },
  context_set_digest_mismatch: {
    summary: "The context is not the one that the fixture expects",
    help: "Find out which source changed; make the fixture again if it was meant to",
  },
  diff_error: { summary: "Both runs cannot be compared", help: "Record the run again" },
  grader_error: { summary: "A grader failed by itself", help: "Read the error in the details of the grader" },
  hash_mismatch: { summary: "The recorded run was changed", help: "Restore the runpack of the fixture" },
  intent_schema_invalid: { summary: "A call of the recorded run is of another format", help: "Record the run again with gait" },
  manifest_schema_invalid: { summary: "The manifest is of another format", help: "Record the run again with gait" },
  missing_files: { summary: "The recorded run lacks an entry", help: "Restore the runpack of the fixture" },
  refs_schema_invalid: {
    summary: "The receipts of the recorded run are of another format",
    help: "Record the run again with gait",
  },
  replay_error: {
    summary: "The recorded run has two calls, or two results, of one id",
    help: "Record the run again, each call once",
  },
  result_schema_invalid: {
    summary: "A result of the recorded run is of another format",
    help: "Record the run again with gait",
  },
  run_schema_invalid: { summary: "run.json of the recorded run is of another format", help: "Record the run again with gait" },
  runpack_parse_error: { summary: "A document of the recorded run cannot be read", help: "Restore the runpack of the fixture" },
  schema_validation_error: { summary: "The recorded run cannot be verified", help: "Restore the runpack of the fixture" },
  source_runpack_invalid: { summary: "The recorded run cannot be read", help: "Restore the runpack of the fixture" },
  unexpected_diff: {
    summary: "The run differs from the recorded one",
    help: "Mend what changed the run; name entries that may differ in diff_allow_changed_files of fixture.json",
  },
  unexpected_exit_code: {
    summary: "The recorded run has other gaps than the fixture expects",
    help: "Record the run again, or mend expected_replay_exit_code in fixture.json",
  },
  unexpected_tool_sequence: {
    summary: "The run calls other tools, or in another order",
    help: "Mend what changed the run; make the fixture again if it was meant to change",
  },
  unexpected_verdict_sequence: {
    summary: "The results of the run say something else",
    help: "Find out which policy or tool answers otherwise; make the fixture again if it was meant to",
  },
} as const satisfies Readonly<Record<string, Reason>>;

/** Why a grader fails. */
export type FailureCode = keyof typeof FAILURES;

/** Why a grader fails or, where it has more to say than that, passes. */
export type ReasonCode =
  | FailureCode
  | "context_conformance_not_required"
  | "context_conformance_pass"
  | "trajectory_match"
  | "trajectory_not_required";

/** What each failure means, and what to do about it. */
export const FAILURE_WORDS: Readonly<Record<FailureCode, Reason>> = FAILURES;

/** Whether a code of a result is one of a failure. */
export const isFailureCode = (code: string): code is FailureCode => Object.hasOwn(FAILURES, code);
