// What is told of each call of a stream: a decision in short, or why a line could not be decided, which blocks it.
import type { JsonObject } from "../base/json.ts";
import { envelope } from "../base/envelope.ts";
import type { Fault } from "../base/result.ts";
import type { Decided } from "./gate_decided.ts";

const some = (name: string, list: readonly string[]): JsonObject => list.length === 0 ? {} : { [name]: list };
const word = (name: string, value: string | number | boolean): JsonObject => value ? { [name]: value } : {};

/** The record of a decision. `line` is that of the call, from 1. */
export function decisionRecord({ decision, final, digests, policy_digest, intent }: Decided, line: number, trace_id: string) {
  const { simulated } = final;
  return {
    intent_digest: digests.intent_digest,
    line,
    ...word("matched_rule", decision.matched_rule),
    ok: true,
    policy_digest,
    ...some("reason_codes", final.reason_codes),
    ...word("required_approvals", decision.required_approvals),
    ...word("simulate_mode", simulated !== undefined),
    ...(simulated === undefined ? {} : some("simulated_reason_codes", simulated.reason_codes)),
    ...word("simulated_verdict", simulated?.verdict ?? ""),
    ...word("step_count", intent.script?.steps.length ?? 0),
    trace_id,
    verdict: final.verdict,
    ...some("violations", final.violations),
  } as const;
}

/** The record of a line that could not be decided: a block, whatever it was. */
export const faultRecord = (fault: Fault, line: number, policy_digest: string): JsonObject => {
  const { pointer, column } = fault.at ?? {};
  return {
    ...word("column", column ?? 0),
    ...envelope(fault).members,
    line,
    policy_digest,
    ...word("pointer", pointer ?? ""),
    reason_codes: ["fail_closed_intent_invalid"],
    verdict: "block",
    violations: ["intent_not_evaluable"],
  };
};
