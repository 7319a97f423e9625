// Counting a call against the limits that the rules set (spec 02, section 7): first the rate limit, then the destructive budget.
import { ok, type Result } from "../core/base/result.ts";
import type { Facts } from "../core/flow/gate_finish.ts";
import type { Counted } from "../core/gate/limits.ts";
import type { Decision, Intent } from "../core/gate/types.ts";
import { isDestructive } from "../core/gate/verdict.ts";
import type { Ports } from "../core/ports.ts";
import { countCall } from "./limit_state.ts";

/** What counting came to. */
export type LimitFacts = Pick<Facts, "rate_limit" | "destructive_budget"> & { readonly warnings: readonly string[] };

/** Counts one call, each evaluation once, whatever its verdict. Faults of the state: the call must then not go ahead. */
export async function countLimits(
  path: string,
  decision: Decision,
  intent: Intent,
  ports: Pick<Ports, "state" | "clock">,
): Promise<Result<LimitFacts>> {
  const caller = { tool: intent.tool_name, identity: intent.context.identity };
  const { rate_limit, destructive_budget } = decision;
  const rate = rate_limit === undefined
    ? ok(undefined)
    : await countCall(path, rate_limit, { ...caller, budget: false }, ports);
  if (!rate.ok) return rate;
  const budget = destructive_budget === undefined || !isDestructive(intent)
    ? ok(undefined)
    : await countCall(path, destructive_budget, { ...caller, budget: true }, ports);
  if (!budget.ok) return budget;
  const behind = [rate.value, budget.value].some((counted: Counted | undefined) => counted?.behind === true);
  return ok({
    rate_limit: rate.value,
    destructive_budget: budget.value,
    warnings: behind ? ["The clock runs behind the counters of the limits: it was counted in their later window"] : [],
  });
}
