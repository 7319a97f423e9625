// What the calls of a run came to, in numbers (spec 04, section 6). Results that reference capture stripped say nothing of verdicts.
import { isJsonList, type Json, type JsonObject } from "../base/json_value.ts";
import { ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import type { RunpackScan } from "./scan.ts";

/** The numbers. */
export type RunMetrics = {
  readonly tool_calls_total: number;
  readonly tool_calls_success: number;
  readonly tool_calls_success_rate: number;
  readonly policy_blocked: number;
  readonly approval_required: number;
  readonly regress_failures: number;
};

/** Those of a run without calls, and of what is no run. */
export const NO_METRICS: RunMetrics = {
  tool_calls_total: 0,
  tool_calls_success: 0,
  tool_calls_success_rate: 0,
  policy_blocked: 0,
  approval_required: 0,
  regress_failures: 0,
};

/** The numbers of a run, and how often its results name each verdict. */
export type RunCounts = { readonly metrics: RunMetrics; readonly verdicts: ReadonlyMap<string, number> };

const word = (value: Json | undefined): string => typeof value === "string" ? lower(trim(value)) : "";

const ASKED = ["require_approval", "approval_required", "needs_approval", "needsapproval"];
const FAILED = ["fail", "failed", "regress_failed"];

const above0 = (value: Json | undefined): boolean => typeof value === "number" && Math.trunc(value) > 0;

const tellsDrift = (value: Json | undefined): boolean => {
  const said = word(value);
  return said.includes("regress") && (said.includes("fail") || said.includes("drift"));
};

/** Whether the result of a call tells of a regression that failed. */
function failedRegression(result: JsonObject): boolean {
  const { regress_failures, failed, regress_status, status, result_status, reason_codes, reason, failure_reason } = result;
  return above0(regress_failures) || above0(failed) ||
    [regress_status, status, result_status].some((value) => FAILED.includes(word(value))) ||
    [...(isJsonList(reason_codes) ? reason_codes : []), reason, failure_reason].some(tellsDrift);
}

/** Goes through a runpack once and counts. Faults of walking. */
export async function runCounts(scan: RunpackScan): Promise<Result<RunCounts>> {
  let [intents, results, success, blocked, asked, failures] = [0, 0, 0, 0, 0, 0];
  const verdicts = new Map<string, number>();
  const called = await scan.intents(() => void intents++);
  if (!called.ok) return called;
  const answered = await scan.results(({ status, result = {} }) => {
    results++;
    if (word(status) === "ok") success++;
    const verdict = word(result["verdict"]);
    if (verdict !== "") verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    if (verdict === "block") blocked++;
    if (ASKED.includes(verdict)) asked++;
    if (failedRegression(result)) failures++;
  });
  if (!answered.ok) return answered;
  const total = results === 0 ? intents : results;
  const metrics = {
    tool_calls_total: total,
    tool_calls_success: success,
    tool_calls_success_rate: total === 0 ? 0 : success / total,
    policy_blocked: blocked,
    approval_required: asked,
    regress_failures: failures,
  };
  return ok({ metrics, verdicts });
}
