// The times inside a delegation (spec 03, section 4.6): where a rule looks at the delegation, it has to hold at the moment for which
// is decided, whatever its tokens say.
import { byTime, ZERO_TIME } from "../base/time.ts";
import type { Decision } from "../gate/types.ts";
import type { Delegation } from "../schema/intent.ts";
import type { Untimely } from "./gate_finish.ts";

/** Why the delegation of a call does not hold at `at`; nothing where no rule that was taken looks at it. */
export function untimely(decision: Decision, delegation: Delegation | undefined, at: string): readonly Untimely[] {
  if (!decision.delegation_matters || delegation === undefined) return [];
  const parts = [delegation, ...delegation.chain];
  return [
    ...(parts.some(({ expires_at }) => expires_at !== ZERO_TIME && byTime(expires_at, at) <= 0)
      ? ["delegation_expired"] as const
      : []),
    ...(parts.some(({ issued_at }) => issued_at !== ZERO_TIME && byTime(issued_at, at) > 0)
      ? ["delegation_not_yet_valid"] as const
      : []),
  ];
}
