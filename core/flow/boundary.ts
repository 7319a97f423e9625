// What the boundary adds to a decision (spec 05, sections 2.1, 2.4 and 4.3): trust in the server of the tool, and an emergency stop of
// the job. Both can only make a verdict stricter (decision 1).
import { trimmedSet } from "../base/text.ts";
import type { Decision } from "../gate/types.ts";
import { atLeast } from "../gate/verdict.ts";
import { type TrustDecision, type TrustDemand, trustRuling } from "../mcp/trust.ts";
import { exitOf, type Final } from "./gate_finish.ts";

/**
 * What the policy says of a call, with what it demands of the tool's server. An approval can grant what trust asks an approval for;
 * its reasons are told in any case.
 */
export function withTrust(decision: Decision, demand: TrustDemand, trust: TrustDecision): Decision {
  const { least, reason_codes, violations } = trustRuling(demand, trust);
  return {
    ...decision,
    verdict: atLeast(decision.verdict, least),
    reason_codes: trimmedSet([...decision.reason_codes, ...reason_codes]),
    violations: trimmedSet([...decision.violations, ...violations]),
  };
}

/** Why the job of a call keeps it from going ahead. */
export type JobStop = "emergency_stop_preempted" | "emergency_stop_state_unavailable";

/** What was decided in the end, blocked by the job's stop; nothing that was granted to the call counts against that. */
export const withStop = (final: Final, stop: JobStop | undefined): Final =>
  stop === undefined ? final : {
    ...final,
    verdict: "block",
    exit: exitOf("block"),
    reason_codes: trimmedSet([...final.reason_codes, stop]),
    violations: trimmedSet([...final.violations, "emergency_stop_active"]),
  };

/**
 * What the policy says of a call, asking for an approval because its caller does; none of `reasons` leaves it as it is. An approval can
 * grant that, so what is but a rehearsal stays one.
 */
export const withAsking = (decision: Decision, reasons: readonly string[]): Decision =>
  reasons.length === 0 ? decision : {
    ...decision,
    verdict: decision.verdict === "allow" ? "require_approval" : decision.verdict,
    reason_codes: trimmedSet([...decision.reason_codes, ...reasons]),
  };

/** What was decided in the end, blocked because the caller cannot tell what the call would do; none of `reasons` leaves it as it is. */
export const withRefusal = (final: Final, reasons: readonly string[]): Final =>
  reasons.length === 0 ? final : {
    ...final,
    verdict: "block",
    exit: exitOf("block"),
    reason_codes: trimmedSet([...final.reason_codes, ...reasons]),
    violations: trimmedSet([...final.violations, "call_unresolved"]),
  };
