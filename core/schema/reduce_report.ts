// What `gait run reduce` says about its work (spec 01, section 7.5).
import { type Infer, integer, object, oneOf, text, truth } from "../base/shape.ts";
import { heading } from "./heading.ts";

export const REDUCE_REPORT_ID = "gait.runpack.reduce_report";

/** What a reduced run still shows: a call without result, or one that went wrong. */
export const PREDICATES = ["missing_result", "non_ok_status"] as const;
export type Predicate = typeof PREDICATES[number];

export const ReduceReportShape = object("How a run was reduced to the smallest one that still fails", () => ({
  ...heading(REDUCE_REPORT_ID),
  run_id: text("Id of the original run"),
  reduced_run_id: text("Id of the reduced run"),
  predicate: oneOf(PREDICATES, "What both runs show"),
  selected_intent_id: text("The call that shows it"),
  original_intent_count: integer("Calls in the original run"),
  reduced_intent_count: integer("Calls in the reduced run"),
  original_result_count: integer("Results in the original run"),
  reduced_result_count: integer("Results in the reduced run"),
  original_ref_count: integer("Receipts in the original run"),
  reduced_ref_count: integer("Receipts in the reduced run"),
  still_failing: truth("Whether the reduced run, read back, shows the predicate"),
}));

export type ReduceReport = Infer<typeof ReduceReportShape>;
