// How a run differs from the recorded one (spec 06, sections 4.4 and 4.5), and where first.
import type { JsonObject } from "../base/json_value.ts";
import { ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { byBytes } from "../base/text.ts";
import { ZERO_TIME } from "../base/time.ts";
import type { FirstStep } from "../regress/divergence.ts";
import type { GradedRun, RegressComparison } from "../regress/evidence.ts";
import { diffScans } from "../run/diff.ts";
import { compareRefs } from "../run/diff_documents.ts";
import type { DiffSummary } from "../run/diff_report.ts";
import type { Records, RunpackScan } from "../run/scan.ts";
import { type Refs, RefsShape } from "../schema/runpack.ts";

/** How two runs differ, and at which step first. */
export type RunComparison = RegressComparison & {
  readonly first: FirstStep | undefined;
};

const walk = <T>(records: readonly T[]): Records<T> => (see) => {
  records.forEach(see);
  return Promise.resolve(ok(undefined));
};

const scanOf = ({ manifest, records: { run, refs, intents, results } }: GradedRun): RunpackScan => ({
  manifest,
  run,
  refs,
  intents: walk(intents),
  results: walk(results),
});

const changedFiles = (
  { files_changed = [], manifest_changed, intents_changed, results_changed, refs_changed }: DiffSummary,
): readonly string[] =>
  [
    ...new Set([
      ...files_changed,
      ...(manifest_changed ? ["manifest.json"] : []),
      ...(intents_changed ? ["intents.jsonl"] : []),
      ...(results_changed ? ["results.jsonl"] : []),
      ...(refs_changed ? ["refs.json"] : []),
    ]),
  ].sort(byBytes);

// Which run it is and who recorded it are no drift of its context.
const unnamed = (refs: Refs): Refs => ({ ...refs, run_id: "", producer_version: "", created_at: ZERO_TIME });

/** The receipts of a run without what names the run. */
export const refsValue = ({ records: { refs } }: GradedRun): JsonObject => writeShape(RefsShape, unnamed(refs));

/** Compares a run with the recorded one. */
export async function compareRuns(recorded: GradedRun, now: GradedRun): Promise<Result<RunComparison>> {
  const diff = await diffScans(scanOf(recorded), scanOf(now), "full");
  if (!diff.ok) return diff;
  const { summary, first_divergence: first } = diff.value;
  return ok({
    changed_files: changedFiles(summary),
    drift: compareRefs(unnamed(recorded.records.refs), unnamed(now.records.refs), "full").drift,
    first: first?.intent_id === undefined ? undefined : { intent_id: first.intent_id, step: first.step, why: first.why ?? [] },
  });
}
