// What the boundary tells of a call that it decided (spec 05, section 2.2): by the proxy, by the server and to the library the same.
import { writeShape } from "../base/shape.ts";
import { RelationshipShape } from "../schema/relationship.ts";
import { KillSwitchShape, McpTrustShape } from "../schema/trace.ts";
import { relationshipOf, type SignedTrace } from "../trace/build.ts";
import type { Decided } from "./gate_decided.ts";

/** A call that was decided at the boundary. */
export type BoundaryCall = {
  readonly decided: Decided;
  /** Trimmed and in lowercase, `mcp` where none was named. */
  readonly adapter: string;
  /** The first of the request's and the call's that comes to something, else one made of the intent's digest. */
  readonly run_id: string;
  /** Those that the call itself names; empty where it names none. */
  readonly session_id: string;
  readonly job_id: string;
  readonly trace: SignedTrace;
  /** Whole milliseconds. */
  readonly latency_ms: number;
  readonly warnings: readonly string[];
};

/** What was written about a call, by path; absent where nothing was. */
export type BoundaryRefs = {
  readonly trace_path?: string;
  readonly runpack_path?: string;
  readonly pack_path?: string;
  readonly pack_id?: string;
  readonly log_export?: string;
  readonly otel_export?: string;
};

/** The members of the result. */
export type BoundaryResult = ReturnType<typeof boundaryResult>;

/** Makes the result. Empty members are left out where it is printed, all but `ok` and `executed`. */
export function boundaryResult(call: BoundaryCall, refs: BoundaryRefs) {
  const { decided, adapter, run_id, session_id, job_id, trace: { trace_id, unsigned } } = call;
  const { facts } = unsigned;
  const relationship = relationshipOf(unsigned);
  const { intent, final, mcp_trust, decision: { kill_switch } } = decided;
  return {
    ok: true,
    executed: false,
    adapter,
    run_id,
    job_id,
    phase: intent.context.phase,
    session_id,
    tool_name: intent.tool_name,
    verdict: final.verdict,
    reason_codes: final.reason_codes,
    violations: final.violations,
    policy_digest: decided.policy_digest,
    policy_id: facts.policy_id,
    policy_version: facts.policy_version,
    matched_rule_ids: facts.matched_rule_ids,
    intent_digest: decided.digests.intent_digest,
    decision_latency_ms: call.latency_ms,
    trace_id,
    ...refs,
    kill_switch: kill_switch === undefined ? undefined : writeShape(KillSwitchShape, kill_switch),
    mcp_trust: mcp_trust === undefined ? undefined : writeShape(McpTrustShape, mcp_trust),
    warnings: call.warnings,
    relationship: relationship === undefined ? undefined : writeShape(RelationshipShape, relationship),
  } as const;
}
