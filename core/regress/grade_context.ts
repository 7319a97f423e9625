// Grader `context_conformance` (spec 06, section 4.5): whether the agent saw the context that was recorded.
import { lower } from "../base/text.ts";
import type { GradeEvidence, Grader, Opinion, RegressDrift } from "./evidence.ts";
import type { RegressFixture } from "./fixture.ts";
import type { ReasonCode } from "./reasons.ts";

/** Whether a fixture has something to say of its context: then the grader looks at all fixtures. */
export const minds = (fixture: RegressFixture): boolean =>
  fixture.context_conformance !== "" || fixture.expected_context_set_digest !== "" || fixture.allow_context_runtime_drift;

/** The grader. */
export const CONTEXT_CONFORMANCE: Grader = {
  name: "context_conformance",
  deterministic: true,
  grade(evidence: GradeEvidence): Opinion {
    const { source, candidate, compared } = evidence;
    const candidate_runpack = candidate.path;
    const without = (code: ReasonCode, error: string): Opinion => ({
      pass: false,
      reason_codes: [code],
      context_conformance: "missing",
      details: { candidate_runpack, error },
    });
    if (!candidate.run.ok) {
      return without(candidate.absent ? "candidate_path_invalid" : "candidate_runpack_invalid", candidate.run.fault.message);
    }
    if (!source.ok) return without("source_runpack_invalid", source.fault.message);
    if (!compared.ok) return without("context_diff_error", compared.fault.message);
    const { drift } = compared.value;
    const digest = candidate.run.value.records.refs.context_set_digest;
    const details = {
      candidate_runpack,
      context_set_digest_fixture: source.run.records.refs.context_set_digest,
      context_set_digest_candidate: digest,
      context_changed: drift !== "none",
      context_runtime_only: drift === "runtime_only",
    };
    const failure = failureOf(evidence, drift, digest);
    if (failure !== undefined) {
      const context_conformance = failure === "context_evidence_missing"
        ? "missing"
        : failure === "context_set_digest_mismatch"
        ? "semantic"
        : drift;
      return { pass: false, reason_codes: [failure], context_conformance, details };
    }
    const code: ReasonCode = isEnforced(evidence) ? "context_conformance_pass" : "context_conformance_not_required";
    return { pass: true, reason_codes: [code], context_conformance: drift, details };
  },
};

const isEnforced = ({ fixture, asked }: GradeEvidence): boolean =>
  asked.contextConformance || fixture.context_conformance === "required" || fixture.expected_context_set_digest !== "";

// The first rule that applies, in the order of the section.
function failureOf(evidence: GradeEvidence, drift: RegressDrift, digest: string): ReasonCode | undefined {
  const { fixture: { expected_context_set_digest: expected, allow_context_runtime_drift }, asked } = evidence;
  if (expected !== "" && lower(digest) !== expected && drift !== "runtime_only") return "context_set_digest_mismatch";
  if (!isEnforced(evidence)) return undefined;
  if (digest === "") return "context_evidence_missing";
  if (drift === "semantic") return "context_semantic_drift";
  return drift === "runtime_only" && !asked.allowRuntimeDrift && !allow_context_runtime_drift
    ? "context_runtime_drift_blocked"
    : undefined;
}
