// What a gate answers to a caller (spec 05, sections 2.2 and 3.2; 02, section 1.1), as far as a caller acts on it: the same members
// from `mcp proxy`, `gate eval` and the server. Others are not looked at.
import { filled, type Infer, integer, listOf, object, oneOf, optional, text, truth } from "../base/shape.ts";
import { VERDICTS } from "./trace.ts";

const words = (doc: string) => filled(listOf(text("One of them"), doc));
const mark = (doc: string) => filled(text(doc));

export const BoundaryAnswerShape = object("What was decided of a call", () => ({
  ok: truth("True for every verdict"),
  error: mark("Always empty: what could not be decided has no verdict"),
  executed: optional(truth("Never true: the caller acts on the verdict; `gate eval` does not say it")),
  verdict: oneOf(VERDICTS, "Whether the call may go ahead"),
  reason_codes: words("Why"),
  violations: words("What was violated"),
  tool_name: mark("The tool"),
  run_id: mark("Id of the run"),
  policy_digest: text("Digest of the policy"),
  intent_digest: text("Digest of the intent"),
  trace_id: text("Id of the trace"),
  trace_path: mark("Where the trace is"),
  exit_code: optional(integer("How a program ends that decided so; a server tells it")),
  simulate_mode: filled(truth("It was a simulation, which decides nothing")),
  warnings: words("What is to be said beside it"),
}));

/** How a gate says that it could not decide. */
export const BoundaryErrorShape = object("Why nothing was decided", () => ({
  ok: truth("Always false"),
  error: mark("In words"),
  error_code: mark("In a word"),
  fault: mark("The name of the fault"),
}));

export type BoundaryAnswer = Infer<typeof BoundaryAnswerShape>;
