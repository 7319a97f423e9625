// The documents of a regression suite (spec 06, sections 2 and 3.5): the suite, what a fixture expects, and what grading came to.
import {
  count,
  filled,
  type Infer,
  label,
  labelSet,
  listOf,
  object,
  oneOf,
  payload,
  term,
  text,
  time,
  truth,
} from "../base/shape.ts";
import { heading } from "./heading.ts";

export const REGRESS_SUITE_ID = "gait.regress.config";
export const REGRESS_FIXTURE_ID = "gait.regress.fixture";
export const REGRESS_RESULT_ID = "gait.regress.result";

const SuiteEntryShape = object("One fixture of the suite", () => ({
  name: text("Name of the fixture, which its fixture.json repeats"),
  run_id: filled(text("Id of the run; where it is given, fixture.json has to say the same")),
  runpack: text("The runpack of the fixture, from the folder that gait runs in; fixture.json stands beside it"),
}));

export const RegressSuiteShape = object("Which fixtures a regression suite has", () => ({
  schema_id: text(`${REGRESS_SUITE_ID}, which nothing stands for too`),
  schema_version: text("1.0.0, which nothing stands for too"),
  fixture_set: text("Name of the suite in reports; default unless given"),
  fixtures: listOf(SuiteEntryShape, "The fixtures, sorted by name"),
}));

export const RegressFixtureShape = object("What a run has to come to", () => ({
  schema_id: text(`Always ${REGRESS_FIXTURE_ID}`),
  schema_version: text("Always 1.0.0"),
  name: text("Name of the fixture, which is that of its folder"),
  run_id: text("Id of the recorded run"),
  runpack: text("File of the recorded run, in the folder of the fixture"),
  expected_replay_exit_code: count("0 where every call has a result, 2 where some have none"),
  expected_tool_sequence: filled(
    listOf(label("Name of a tool"), "The tools in the order of their calls; not looked at unless given"),
  ),
  expected_verdict_sequence: filled(
    listOf(text("A verdict, or another word for one"), "What the results say, in their order; not looked at unless given"),
  ),
  candidate_runpack: filled(label("The run to grade, from the folder of the fixture; the recorded one unless given")),
  context_conformance: filled(term("Whether the context has to be the recorded one", ["required", "none"])),
  allow_context_runtime_drift: filled(truth("Whether the context may have been fetched at other times")),
  expected_context_set_digest: filled(label("Digest of the context that is expected, 64 hexadecimal digits")),
  diff_allow_changed_files: filled(labelSet("Entries of the runpack that may differ")),
  session_chain: filled(text("The chain of the session that the run is a checkpoint of")),
  checkpoint_index: filled(count("Which checkpoint")),
}));

export const GradeShape = object("What one grader said of one fixture", () => ({
  name: text("Fixture and grader, with a slash between"),
  status: oneOf(["pass", "fail"], "What it came to"),
  reason_codes: listOf(text("One of them"), "Why, sorted"),
  context_conformance: filled(text("none, runtime_only, semantic or missing: how the context drifted")),
  details: payload("What the grader looked at"),
}));

export const RegressResultShape = object("What grading a suite came to; the same for the same inputs", () => ({
  ...heading(REGRESS_RESULT_ID),
  created_at: time("When the run of the first fixture began"),
  fixture_set: text("Name of the suite"),
  status: oneOf(["pass", "fail"], "pass where every grader says so"),
  graders: listOf(GradeShape, "What each grader said, sorted by name"),
}));

export type RegressSuite = Infer<typeof RegressSuiteShape>;
export type WrittenRegressFixture = Infer<typeof RegressFixtureShape>;
export type Grade = Infer<typeof GradeShape>;
export type RegressResult = Infer<typeof RegressResultShape>;
