// The line of a decided call in the journal of the server.
import type { ServedCall } from "../../core/schema/serve_journal.ts";
import type { BoundaryDecision } from "../boundary.ts";

/** What a line says of a call beside the decision. */
export type AboutCall = Pick<ServedCall, "session_id" | "trace_path" | "request_id">;

/**
 * The line, with its line break. `traced` is the line of the trace: it stands there byte for byte as in its file, so that the file can
 * be made again.
 */
export function callLine(decision: BoundaryDecision, traced: string, about: AboutCall, sequence: number): string {
  const { decided: { intent, final }, trace, adapter, run_id, job_id } = decision;
  const head = {
    sequence,
    served_at: trace.unsigned.facts.observed_at,
    adapter,
    run_id,
    ...(about.session_id === "" ? {} : { session_id: about.session_id }),
    ...(job_id === "" ? {} : { job_id }),
    tool_name: intent.tool_name,
    verdict: final.verdict,
    ...(final.reason_codes.length === 0 ? {} : { reason_codes: final.reason_codes }),
    ...(about.request_id === "" ? {} : { request_id: about.request_id }),
    trace_path: about.trace_path,
  };
  return `{"record_type":"call","call":${JSON.stringify(head).slice(0, -1)},"trace":${traced.slice(0, -1)}}}\n`;
}
