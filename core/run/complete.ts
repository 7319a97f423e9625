// From a run as given to a run as recorded (spec 01, section 6, steps 11 to 14): defaults, digests, normal form, capture.
import type { Crypto } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { isZeroTime } from "../base/time.ts";
import type { RecordInput } from "../schema/record_input.ts";
import { VERSION_1 } from "../schema/heading.ts";
import {
  type Intent,
  INTENT_ID,
  REFS_ID,
  RESULT_ID,
  type ResultRecord,
  type Run,
  RUN_ID,
  type RunRecords,
} from "../schema/runpack.ts";
import { digestIntents, digestReceipts, digestResults } from "./digests.ts";
import { normalizeRefs } from "./refs.ts";

/** How much of a run is kept: digests only, or arguments and results too. */
export type CaptureMode = "reference" | "raw";

/** What a run gets where it says nothing itself. */
export type Defaults = {
  readonly created_at: string;
  readonly producer_version: string;
  readonly env: { readonly os: string; readonly arch: string; readonly runtime: string };
};

type Heading = {
  readonly schema_id: string;
  readonly schema_version: string;
  readonly created_at: string;
  readonly producer_version: string;
  readonly run_id: string;
};

const inherit = (run: Run, given: Heading, schemaId: string): Heading => ({
  schema_id: given.schema_id || schemaId,
  schema_version: given.schema_version || VERSION_1,
  created_at: isZeroTime(given.created_at) ? run.created_at : given.created_at,
  producer_version: given.producer_version || run.producer_version,
  run_id: given.run_id || run.run_id,
});

const completeHead = (run: Run, defaults: Defaults): Run => ({
  schema_id: run.schema_id || RUN_ID,
  schema_version: run.schema_version || VERSION_1,
  created_at: isZeroTime(run.created_at) ? defaults.created_at : run.created_at,
  producer_version: run.producer_version || defaults.producer_version,
  run_id: run.run_id,
  env: {
    os: run.env.os || defaults.env.os,
    arch: run.env.arch || defaults.env.arch,
    runtime: run.env.runtime || defaults.env.runtime,
  },
  timeline: run.timeline,
});

// Payloads are dropped only after their digests were taken.
const withoutArgs = (intent: Intent): Intent => ({ ...intent, args: undefined });
const withoutResult = (record: ResultRecord): ResultRecord => ({ ...record, result: undefined });

/** Completes a run. The faults are those of `digests.ts` and `refs.ts`. */
export function completeRun(crypto: Crypto, input: RecordInput, capture: CaptureMode, defaults: Defaults): Result<RunRecords> {
  const run = completeHead(input.run, defaults);
  const { intent_args, result_payloads } = input.normalization;
  const intents = digestIntents(
    crypto,
    input.intents.map((intent) => ({ ...intent, ...inherit(run, intent, INTENT_ID) })),
    intent_args,
  );
  if (!intents.ok) return intents;
  const results = digestResults(
    crypto,
    input.results.map((record) => ({ ...record, ...inherit(run, record, RESULT_ID) })),
    result_payloads,
  );
  if (!results.ok) return results;
  const receipts = digestReceipts(crypto, input.refs.receipts, intents.value, results.value);
  if (!receipts.ok) return receipts;
  const refs = normalizeRefs({ ...input.refs, ...inherit(run, input.refs, REFS_ID), receipts: receipts.value });
  if (!refs.ok) return refs;
  return ok({
    run,
    intents: capture === "raw" ? intents.value : intents.value.map(withoutArgs),
    results: capture === "raw" ? results.value : results.value.map(withoutResult),
    refs: refs.value,
  });
}
