// The lines that calls at the boundary leave in logs (spec 05, section 2.5): one for people and collectors of logs, one with the names of
// OpenTelemetry.
import { filled, type Infer, integer, listOf, object, text, time } from "../base/shape.ts";

const words = (doc: string) => listOf(text("One of them"), doc);

export const BoundaryLogShape = object("A call that was decided at the boundary; one line of a log", () => ({
  created_at: time("When the call was made, as it says itself"),
  producer_version: text("Version of the program that decided"),
  run_id: text("Id of the run"),
  session_id: filled(text("Id of the session")),
  job_id: filled(text("Id of the job")),
  phase: filled(text("plan or apply")),
  trace_id: text("Id of the trace"),
  trace_path: filled(text("Where the trace is")),
  tool_name: text("The tool"),
  verdict: text("allow, dry_run, require_approval or block"),
  reason_codes: filled(words("Why")),
  policy_digest: text("Digest of the policy"),
  intent_digest: text("Digest of the intent"),
  decision_latency_ms: filled(integer("How long the decision took, in milliseconds")),
  delegation_ref: filled(text("The delegation token, or the digest of the delegation")),
  delegation_depth: filled(integer("Number of its hops")),
}));

export const BoundaryAttributesShape = object("What is known of the call; every member is there", () => ({
  "gait.run_id": text("Id of the run"),
  "gait.session_id": text("Id of the session"),
  "gait.job_id": text("Id of the job"),
  "gait.phase": text("plan or apply"),
  "gait.trace_path": text("Where the trace is"),
  "gait.tool_name": text("The tool"),
  "gait.verdict": text("allow, dry_run, require_approval or block"),
  "gait.policy_digest": text("Digest of the policy"),
  "gait.intent_digest": text("Digest of the intent"),
  "gait.decision_latency_ms": integer("How long the decision took, in milliseconds"),
  "gait.delegation_ref": text("The delegation token, or the digest of the delegation"),
  "gait.delegation_depth": integer("Number of its hops"),
  "gait.reason_codes": words("Why"),
}));

const record = () => ({
  severity_text: text("Always INFO"),
  body: text("Always gait.mcp.proxy.decision"),
  trace_id: text("Id of the trace"),
  attributes: BoundaryAttributesShape,
});

/** All of a line but its time, which no number of JavaScript holds. */
export const BoundaryRecordShape = object("A log record without its time", record);

export const BoundaryOtelShape = object(
  "A call that was decided at the boundary; one line with the names of OpenTelemetry",
  () => ({
    time_unix_nano: integer("When the call was made, in nanoseconds since 1970: exact, so beyond what a double holds"),
    ...record(),
  }),
);

export type BoundaryLog = Infer<typeof BoundaryLogShape>;
