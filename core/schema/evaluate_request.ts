// What a caller sends to the server of the boundary (spec 05, section 3.2): a call, and what is to be done about it beside deciding.
import { type Infer, integer, payload, strict, text, truth } from "../base/shape.ts";

export const EvaluateRequestShape = strict("A call to be decided by the server; members of other names are refused", () => ({
  adapter: text("The form of the call; that of the server when absent"),
  call: payload("The call, in the form that its adapter names"),
  run_id: text("The run that it belongs to"),
  session_id: text("The session that it belongs to; before the one that the call names"),
  session_journal: text("Journal of the session, where the server lets callers name paths"),
  checkpoint_interval: integer("Seals the session after so many events; 0 never"),
  trace_path: text("Where the trace goes, where the server lets callers name paths"),
  runpack_out: text("Where a runpack goes, where the server lets callers name paths"),
  emit_runpack: truth("Whether to write a runpack"),
  pack_out: text("Where a pack goes, where the server lets callers name paths"),
  emit_pack: truth("Whether to write a pack"),
}));

export type EvaluateRequest = Infer<typeof EvaluateRequestShape>;
