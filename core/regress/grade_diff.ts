// Grader `diff` (spec 06, section 4.4): which entries of the runpack differ from the recorded ones, whatever names the run.
import type { GradeEvidence, Grader, Opinion } from "./evidence.ts";

/** The grader. */
export const DIFF: Grader = {
  name: "diff",
  deterministic: true,
  grade({ fixture: { diff_allow_changed_files: allowed_files }, candidate, compared }: GradeEvidence): Opinion {
    const candidate_runpack = candidate.path;
    if (!compared.ok) {
      const code = candidate.absent ? "candidate_path_invalid" as const : "diff_error" as const;
      return { pass: false, reason_codes: [code], details: { candidate_runpack, error: compared.fault.message } };
    }
    const { changed_files } = compared.value;
    const unexpected_files = changed_files.filter((path) => !allowed_files.includes(path));
    const pass = unexpected_files.length === 0;
    return {
      pass,
      reason_codes: pass ? [] : ["unexpected_diff"],
      details: { candidate_runpack, changed_files, allowed_files, ...(pass ? {} : { unexpected_files }) },
    };
  },
};
