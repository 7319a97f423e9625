// What a run pack says of its run (spec 04, section 3.2). Apart from the building of packs, since verifying needs it too.
import { trim } from "../base/text.ts";
import { isZeroTime, toUtc } from "../base/time.ts";
import type { Runpack } from "../run/open.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { PACK_EPOCH } from "../schema/pack.ts";
import { PACK_RUN_ID, type PackRun } from "../schema/pack_run.ts";
import type { Receipt } from "../schema/runpack.ts";

const privacyMode = (receipts: readonly Receipt[]): string => {
  const modes = new Set(receipts.map(({ redaction_mode }) => trim(redaction_mode) || "unknown"));
  const [first = "", second] = modes;
  return second === undefined ? first : "mixed";
};

/** What a run pack says of a run. */
export const runPayload = ({ manifest, records: { run, intents, results, refs } }: Runpack): PackRun => ({
  schema_id: PACK_RUN_ID,
  schema_version: VERSION_1,
  created_at: isZeroTime(run.created_at) ? PACK_EPOCH : toUtc(run.created_at) ?? PACK_EPOCH,
  run_id: manifest.run_id,
  capture_mode: manifest.capture_mode,
  manifest_digest: manifest.manifest_digest,
  intents_count: intents.length,
  results_count: results.length,
  refs_count: refs.receipts.length,
  context_set_digest: refs.context_set_digest,
  context_ref_count: refs.context_ref_count,
  context_evidence_mode: refs.context_evidence_mode,
  context_privacy_mode: privacyMode(refs.receipts),
});
