// Counting calls where all processes count: the gate's limits and destructive budgets.
import { ok, type Result } from "../core/base/result.ts";
import { type Caller, type Counted, countOne } from "../core/gate/limits.ts";
import type { Limit } from "../core/gate/types.ts";
import type { Ports } from "../core/ports.ts";

/**
 * Counts one call against a limit in the state at `path`, by the real clock. Only an answer counts: after a fault the call must not
 * go ahead. Faults: those of the port and of `countOne`.
 */
export const countCall = (
  path: string,
  limit: Limit,
  caller: Caller,
  { state, clock }: Pick<Ports, "state" | "clock">,
): Promise<Result<Counted>> => {
  const now = clock.now();
  return state.update(path, (bytes) => {
    const counted = countOne(bytes, limit, caller, now, path);
    return counted.ok ? ok({ value: counted.value, next: counted.value.next }) : counted;
  });
};
