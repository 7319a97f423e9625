// The lines that a call at the boundary leaves in the log exports (spec 05, section 2.5), each with its line break.
import { writeShape } from "../base/shape.ts";
import { epochNanoseconds } from "../base/time.ts";
import { type BoundaryLog, BoundaryLogShape, BoundaryRecordShape } from "../schema/boundary_export.ts";
import type { BoundaryCall } from "./boundary_result.ts";

function logOf({ decided, run_id, session_id, job_id, trace, latency_ms }: BoundaryCall, trace_path: string): BoundaryLog {
  const { intent, final, digests, policy_digest } = decided;
  const { delegation_ref } = trace.unsigned.facts;
  return {
    created_at: trace.created_at,
    producer_version: trace.unsigned.facts.producer_version,
    run_id,
    session_id,
    job_id,
    phase: intent.context.phase,
    trace_id: trace.trace_id,
    trace_path,
    tool_name: intent.tool_name,
    verdict: final.verdict,
    reason_codes: final.reason_codes,
    policy_digest,
    intent_digest: digests.intent_digest,
    decision_latency_ms: latency_ms,
    delegation_ref: delegation_ref?.delegation_token_ref || delegation_ref?.chain_digest || "",
    delegation_depth: delegation_ref?.delegation_depth ?? 0,
  };
}

/** The line of the log export. */
export const logLine = (call: BoundaryCall, trace_path: string): string =>
  `${JSON.stringify(writeShape(BoundaryLogShape, logOf(call, trace_path)))}\n`;

/** The line of the export with the names of OpenTelemetry. */
export function otelLine(call: BoundaryCall, trace_path: string): string {
  const log = logOf(call, trace_path);
  const record = writeShape(BoundaryRecordShape, {
    severity_text: "INFO",
    body: "gait.mcp.proxy.decision",
    trace_id: log.trace_id,
    attributes: {
      "gait.run_id": log.run_id,
      "gait.session_id": log.session_id,
      "gait.job_id": log.job_id,
      "gait.phase": log.phase,
      "gait.trace_path": log.trace_path,
      "gait.tool_name": log.tool_name,
      "gait.verdict": log.verdict,
      "gait.policy_digest": log.policy_digest,
      "gait.intent_digest": log.intent_digest,
      "gait.decision_latency_ms": log.decision_latency_ms,
      "gait.delegation_ref": log.delegation_ref,
      "gait.delegation_depth": log.delegation_depth,
      "gait.reason_codes": log.reason_codes,
    },
  });
  // By hand: no number of JavaScript holds the nanoseconds.
  return `{"time_unix_nano":${epochNanoseconds(log.created_at) ?? 0n},${JSON.stringify(record).slice(1)}\n`;
}
