// The journal of the server (a format of ours): one line a decided call, on the disk before the reply leaves. Trace files that replies
// name are made again from it after a crash.
import { filled, type Infer, integer, listOf, object, payload, present, text, time } from "../base/shape.ts";
import { heading } from "./heading.ts";

export const SERVE_JOURNAL_ID = "gait.mcp.serve_journal";

export const ServeHeaderShape = object("Where the calls of this file were served; its first line", () => ({
  ...heading(SERVE_JOURNAL_ID),
  segment: integer("Number of the file, from 1"),
  trace_dir: text("The folder of traces that are made again when they are missing"),
}));

export const ServedCallShape = object("A call that was decided", () => ({
  sequence: integer("Position among the calls of this file, from 1 and without gaps"),
  served_at: time("When it was decided, by the clock of the machine"),
  adapter: text("The form that the call had"),
  run_id: text("The run that it belongs to"),
  session_id: filled(text("The session that it belongs to")),
  job_id: filled(text("The job that it belongs to")),
  tool_name: text("The tool"),
  verdict: text("allow, block, dry_run or require_approval"),
  reason_codes: filled(listOf(text("One of them"), "Why")),
  request_id: filled(text("The pending request that it left in the inbox, or that it was decided for again")),
  trace_path: text("Where the trace is"),
  trace: payload("The trace, signed: the text of its file but for the line break"),
}));

export const ServeRecordShape = object("One line of the journal of the server", () => ({
  record_type: text("header, call, removed or settled: the member that the line has beside this one"),
  header: present(ServeHeaderShape),
  call: present(ServedCallShape),
  removed: present(object("Trace files that were taken away because they were too many or too old", () => ({
    paths: listOf(text("One of them"), "The files"),
  }))),
  settled: present(object("Every trace of this file that is to stay is on the disk: it is not looked at again", () => ({
    calls: integer("How many calls the file holds"),
  }))),
}));

export type ServeHeader = Infer<typeof ServeHeaderShape>;
export type ServedCall = Infer<typeof ServedCallShape>;
export type ServeRecord = Infer<typeof ServeRecordShape>;
