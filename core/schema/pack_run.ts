// What a run pack says of its run (spec 04, section 3.2).
import { count, filled, type Infer, strict, text } from "../base/shape.ts";
import { payloadHeading } from "./pack_heading.ts";

export const PACK_RUN_ID = "gait.pack.run";

/** The entry that holds it. */
export const RUN_PAYLOAD = "run_payload.json";

export const PackRunShape = strict("What a run pack says of its run", () => ({
  ...payloadHeading(PACK_RUN_ID, "When the run began"),
  run_id: text("Id of the run"),
  capture_mode: text("reference or raw"),
  manifest_digest: text("That of the runpack"),
  intents_count: count("How many calls it records"),
  results_count: count("How many results"),
  refs_count: count("How many receipts"),
  context_set_digest: filled(text("Digest of the context that the agent saw, where the run states one")),
  context_ref_count: filled(count("How many pieces of context the run states")),
  context_evidence_mode: filled(text("best_effort or required")),
  context_privacy_mode: filled(text("The redaction that all receipts share, or mixed")),
}));

export type PackRun = Infer<typeof PackRunShape>;
