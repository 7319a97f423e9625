// What a runpack records, call by call (spec 01, section 7.2).
import type { Json } from "../base/json.ts";
import { byBytes, trim, trimmedSet } from "../base/text.ts";
import { toUtc } from "../base/time.ts";
import type { Intent, ResultRecord } from "../schema/runpack.ts";
import type { Runpack } from "./open.ts";

/** What a result says about its call; lists are empty and texts blank where it says nothing. */
type Answered = {
  readonly status: string;
  readonly result_digest: string;
  readonly verdict: string;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
};

/** One recorded call with its first result; `answer` is undefined where none was recorded. */
export type InspectedCall = {
  readonly index: number;
  readonly intent: Intent;
  readonly created_at: string;
  readonly answer: Answered | undefined;
};

/** A result that answers no recorded call. */
export type Orphan = Answered & { readonly intent_id: string };

/** A runpack laid open. */
export type Inspection = {
  readonly run_id: string;
  readonly capture_mode: string;
  readonly intents_total: number;
  readonly results_total: number;
  readonly calls: readonly InspectedCall[];
  readonly orphans: readonly Orphan[];
  readonly warnings: readonly string[];
};

const words = (value: Json | undefined): string[] => {
  if (typeof value === "string") return trimmedSet([value]);
  return Array.isArray(value) ? trimmedSet(value.filter((item: Json) => typeof item === "string")) : [];
};

const answered = (record: ResultRecord): Answered => {
  const verdict = record.result?.verdict;
  return {
    status: record.status,
    result_digest: record.result_digest,
    verdict: typeof verdict === "string" ? trim(verdict) : "",
    reason_codes: words(record.result?.reason_codes),
    violations: words(record.result?.violations),
  };
};

/** Lays a runpack open: calls in recorded order, results without a call apart. */
export function inspectRunpack({ manifest, records }: Runpack): Inspection {
  const byId = new Map<string, ResultRecord[]>();
  for (const record of records.results) {
    const known = byId.get(record.intent_id);
    if (known === undefined) byId.set(record.intent_id, [record]);
    else known.push(record);
  }
  const called = new Set(records.intents.map((intent) => intent.intent_id));
  const repeated = [...byId].filter(([, list]) => list.length > 1).map(([id]) => id).sort(byBytes);
  return {
    run_id: manifest.run_id,
    capture_mode: manifest.capture_mode,
    intents_total: records.intents.length,
    results_total: records.results.length,
    calls: records.intents.map((intent, position) => {
      const first = byId.get(intent.intent_id)?.[0];
      return {
        index: position + 1,
        intent,
        created_at: toUtc(intent.created_at) ?? intent.created_at,
        answer: first === undefined ? undefined : answered(first),
      };
    }),
    orphans: records.results.filter((record) => !called.has(record.intent_id))
      .map((record) => ({ intent_id: record.intent_id, ...answered(record) }))
      .sort((a, b) => byBytes(a.intent_id, b.intent_id) || byBytes(a.result_digest, b.result_digest)),
    warnings: repeated.map((id) => `Intent ${JSON.stringify(id)} has several results; the first one is shown`),
  };
}
