// What is told of each call of a stream: a decision in short, or why a line could not be decided, which blocks it.
import type { JsonObject } from "../base/json.ts";
import { envelope } from "../base/envelope.ts";
import type { Fault } from "../base/result.ts";
import type { Decided } from "./gate_decided.ts";
import { wouldHaveBlocked } from "./gate_finish.ts";

const some = (list: readonly string[]): readonly string[] | undefined => list.length === 0 ? undefined : list;
const word = (name: string, value: string | number | boolean): JsonObject => value ? { [name]: value } : {};

/** The record of a decision; members that are undefined are left out. `line` is that of the call, from 1. */
export function decisionRecord(
  { decision, final, digests, policy_digest, intent }: Decided,
  { line, trace_id, correlation_id }: { readonly line: number; readonly trace_id: string; readonly correlation_id: string },
) {
  const { simulated } = final;
  return {
    correlation_id,
    intent_digest: digests.intent_digest,
    line,
    matched_rule: decision.matched_rule || undefined,
    ok: true,
    policy_digest,
    reason_codes: some(final.reason_codes),
    required_approvals: decision.required_approvals || undefined,
    simulate_mode: simulated !== undefined || undefined,
    simulated_reason_codes: simulated && some(simulated.reason_codes),
    simulated_verdict: simulated?.verdict,
    step_count: intent.script?.steps.length || undefined,
    trace_id,
    verdict: final.verdict,
    violations: some(final.violations),
    would_have_blocked: wouldHaveBlocked(final) || undefined,
  } as const;
}

/** The record of a line that could not be decided: a block, whatever it was. `own` says whether the line itself is at fault. */
export const faultRecord = (fault: Fault, line: number, own: boolean, policy_digest: string): JsonObject => {
  const { pointer, column } = fault.at ?? {};
  return {
    ...word("column", column ?? 0),
    ...envelope(fault).members,
    line,
    policy_digest,
    ...word("pointer", pointer ?? ""),
    ...(own ? { reason_codes: ["fail_closed_intent_invalid"] } : {}),
    verdict: "block",
    ...(own ? { violations: ["intent_not_evaluable"] } : {}),
  };
};
