// What `gait capture` leaves behind (spec 01, section 7.6).
import { filled, type Infer, object, oneOf, text, truth } from "../base/shape.ts";
import { fixedHead } from "./heading.ts";

export const CAPTURE_RECEIPT_ID = "gait.capture.receipt";

export const CaptureReceiptShape = object("Which artifact was captured, and from where", () => ({
  ...fixedHead(CAPTURE_RECEIPT_ID),
  ok: truth("Always true: a source that does not hold leaves no receipt"),
  from: text("The source as it was named"),
  artifact_type: oneOf(["runpack", "trace"], "What the artifact is"),
  artifact_path: text("Where the artifact is"),
  session_chain_path: filled(text("The chain of the session that it is a checkpoint of")),
  run_id: filled(text("Id of the run, or of the session's run; traces have none")),
  output_path: text("Where this receipt was written"),
}));

export type CaptureReceipt = Infer<typeof CaptureReceiptShape>;
