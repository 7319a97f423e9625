// Reducing a run to the smallest one that still fails in the same way (spec 01, section 7.5).
import type { Json } from "../base/json.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { byBytes, lower, trim } from "../base/text.ts";
import { toUtc } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type Predicate, REDUCE_REPORT_ID, type ReduceReport } from "../schema/reduce_report.ts";
import type { ResultRecord, RunRecords } from "../schema/runpack.ts";

/** A reduced run, and the call that was kept. */
export type Reduced = { readonly records: RunRecords; readonly selected: string };

/** The least id whose call shows the predicate, or undefined. Calls without an id are passed over. */
export function findFailure({ intents, results }: RunRecords, predicate: Predicate): string | undefined {
  const failing = new Set(results.filter(isFailing).map((record) => record.intent_id));
  const answered = new Set(results.map((record) => record.intent_id));
  const shows = (id: string): boolean => predicate === "missing_result" ? !answered.has(id) : failing.has(id);
  let least: string | undefined;
  for (const { intent_id: id } of intents) {
    if (id !== "" && shows(id) && (least === undefined || byBytes(id, least) < 0)) least = id;
  }
  return least;
}

const isFailing = ({ status }: ResultRecord): boolean => !["ok", "success"].includes(lower(trim(status)));

/** Reduces a run. Fault `nothing_to_reduce` when no call shows the predicate. Digests and counts of the context set are kept. */
export function reduceRun(given: RunRecords, predicate: Predicate): Result<Reduced> {
  const { run, intents, results, refs } = given;
  const selected = findFailure(given, predicate);
  if (selected === undefined) {
    const wanted = predicate === "missing_result" ? "no call lacks a result" : "no call has a result that went wrong";
    return fail("nothing_to_reduce", `Cannot reduce run ${JSON.stringify(run.run_id)}: ${wanted}`);
  }
  const run_id = reducedRunId(run.run_id, predicate);
  const isSelected = ({ intent_id }: { readonly intent_id: string }): boolean => intent_id === selected;
  const intent = intents.find(isSelected);
  const result = predicate === "missing_result" ? undefined : results.find((record) => isSelected(record) && isFailing(record));
  const cited = new Set<string>();
  collectRefs(intent?.args, cited);
  collectRefs(result?.result, cited);
  const records: RunRecords = {
    run: { ...run, run_id, timeline: run.timeline?.filter(({ ref }) => ref === "" || ref === selected) ?? null },
    intents: intent === undefined ? [] : [{ ...intent, run_id }],
    results: result === undefined ? [] : [{ ...result, run_id }],
    refs: { ...refs, run_id, receipts: refs.receipts.filter(({ ref_id }) => cited.has(ref_id)) },
  };
  return ok({ records, selected });
}

const reducedRunId = (runId: string, predicate: Predicate): string =>
  `${runId.startsWith("run_") ? "" : "run_"}${runId}_reduced_${predicate.replaceAll("_", "")}`;

/** Ids of context that a payload cites: texts under a name with `ref` in it, and items of lists that begin with `ref_`. */
function collectRefs(value: Json | undefined, into: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "string" && item.startsWith("ref_")) into.add(item);
  } else {
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === "string" && lower(name).includes("ref")) into.add(trim(member));
    }
  }
  for (const member of Object.values(value)) collectRefs(member, into);
}

/** The report on a reduction; `stillFailing` is what reading the reduced run back has shown. */
export const reduceReport = (
  original: RunRecords,
  { records, selected }: Reduced,
  predicate: Predicate,
  producer_version: string,
  stillFailing: boolean,
): ReduceReport => ({
  schema_id: REDUCE_REPORT_ID,
  schema_version: VERSION_1,
  created_at: toUtc(original.run.created_at) ?? original.run.created_at,
  producer_version,
  run_id: original.run.run_id,
  reduced_run_id: records.run.run_id,
  predicate,
  selected_intent_id: selected,
  original_intent_count: original.intents.length,
  reduced_intent_count: records.intents.length,
  original_result_count: original.results.length,
  reduced_result_count: records.results.length,
  original_ref_count: original.refs.receipts.length,
  reduced_ref_count: records.refs.receipts.length,
  still_failing: stillFailing,
});
