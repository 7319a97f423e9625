// The times inside a delegation (spec 03, section 4.6; decision 11): it counts only while it and each of its links holds.
import type { Delegation } from "../schema/intent.ts";
import { isAhead, isGiven, isReached } from "./moment.ts";

/** Why a delegation does not hold at a moment; empty when it does. Times that are not given do not count. */
export function delegationFlaws(
  delegation: Delegation,
  now: string,
): readonly ("delegation_expired" | "delegation_not_yet_valid")[] {
  const parts = [delegation, ...delegation.chain];
  const ended = parts.some(({ expires_at: time }) => isGiven(time) && !isAhead(time, now));
  const early = parts.some(({ issued_at: time }) => isGiven(time) && !isReached(time, now));
  return [...(ended ? ["delegation_expired"] as const : []), ...(early ? ["delegation_not_yet_valid"] as const : [])];
}
