// What a run pack says of its run (spec 04, section 3.2). Apart from the building of packs, since verifying needs it too.
import { trim } from "../base/text.ts";
import { isZeroTime, toUtc } from "../base/time.ts";
import { ok, type Result } from "../base/result.ts";
import type { RunpackScan } from "../run/scan.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { PACK_EPOCH } from "../schema/pack.ts";
import { PACK_RUN_ID, type PackRun } from "../schema/pack_run.ts";
import type { Intent, Receipt, ResultRecord } from "../schema/runpack.ts";

const privacyMode = (receipts: readonly Receipt[]): string => {
  const modes = new Set(receipts.map(({ redaction_mode }) => trim(redaction_mode) || "unknown"));
  const [first = "", second] = modes;
  return second === undefined ? first : "mixed";
};

/** Looks at the records of a run as they pass: all calls, then all answers. */
export type Onlooker = { intent(record: Intent): void; result(record: ResultRecord): void };

const NOBODY: Onlooker = { intent: () => {}, result: () => {} };

/**
 * What a run pack says of a run. Its records pass one at a time and are not held; they are then what the manifest says. Faults of
 * `Records`.
 */
export async function runPayload(
  { manifest, run, refs, intents, results }: RunpackScan,
  onlooker = NOBODY,
): Promise<Result<PackRun>> {
  let [called, answered] = [0, 0];
  const calls = await intents((record) => {
    called++;
    onlooker.intent(record);
  });
  if (!calls.ok) return calls;
  const answers = await results((record) => {
    answered++;
    onlooker.result(record);
  });
  if (!answers.ok) return answers;
  return ok({
    schema_id: PACK_RUN_ID,
    schema_version: VERSION_1,
    created_at: isZeroTime(run.created_at) ? PACK_EPOCH : toUtc(run.created_at) ?? PACK_EPOCH,
    run_id: manifest.run_id,
    capture_mode: manifest.capture_mode,
    manifest_digest: manifest.manifest_digest,
    intents_count: called,
    results_count: answered,
    refs_count: refs.receipts.length,
    context_set_digest: refs.context_set_digest,
    context_ref_count: refs.context_ref_count,
    context_evidence_mode: refs.context_evidence_mode,
    context_privacy_mode: privacyMode(refs.receipts),
  });
}
