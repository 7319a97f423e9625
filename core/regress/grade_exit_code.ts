// Grader `expected_exit_code` (spec 06, section 4.2): what replaying the recorded run with recorded results alone comes to.
import { byBytes } from "../base/text.ts";
import type { GradeEvidence, Grader, Opinion } from "./evidence.ts";

const repeats = (ids: readonly string[]): string | undefined => {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
};

/** The grader. */
export const EXPECTED_EXIT_CODE: Grader = {
  name: "expected_exit_code",
  deterministic: true,
  grade({ fixture: { expected_replay_exit_code }, source }: GradeEvidence): Opinion {
    const refuse = (error: string): Opinion => ({ pass: false, reason_codes: ["replay_error"], details: { error } });
    if (!source.ok) return refuse(source.fault.message);
    const called = source.run.records.intents.map(({ intent_id }) => intent_id);
    const answered = source.run.records.results.map(({ intent_id }) => intent_id);
    const call = repeats(called);
    if (call !== undefined) return refuse(`the run has several calls with the id ${JSON.stringify(call)}`);
    const answer = repeats(answered);
    if (answer !== undefined) return refuse(`the run has several results for the id ${JSON.stringify(answer)}`);
    const known = new Set(answered);
    const missing_results = called.filter((id) => !known.has(id)).sort(byBytes);
    const actual_exit_code = missing_results.length === 0 ? 0 : 2;
    const pass = actual_exit_code === expected_replay_exit_code;
    return {
      pass,
      reason_codes: pass ? [] : ["unexpected_exit_code"],
      details: { expected_exit_code: expected_replay_exit_code, actual_exit_code, missing_results },
    };
  },
};
