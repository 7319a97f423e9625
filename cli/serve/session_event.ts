// What the journal of a session says of a call that the server decided (spec 05, section 3.4, step 3).
import type { EventDraft } from "../../core/run/session_event.ts";
import { relationshipOf } from "../../core/trace/build.ts";
import type { BoundaryDecision } from "../boundary.ts";

/** The event of a call. */
export function eventOf({ decided, trace, stop }: BoundaryDecision, trace_path: string): EventDraft {
  const { intent, final, digests, policy_digest } = decided;
  const { policy_id, policy_version, matched_rule_ids } = trace.unsigned.facts;
  const job = "job" in stop ? stop.job : undefined;
  return {
    tool_name: intent.tool_name,
    verdict: final.verdict,
    intent_digest: digests.intent_digest,
    policy_digest,
    policy_id,
    policy_version,
    matched_rule_ids,
    trace_id: trace.trace_id,
    trace_path,
    reason_codes: final.reason_codes,
    violations: final.violations,
    actor: intent.context.identity,
    agent_chain: relationshipOf(trace.unsigned)?.agent_chain ?? [],
    safety_invariant_version: job?.safety_invariant_version ?? "",
    safety_invariant_hash: job?.safety_invariant_hash ?? "",
  };
}
