// Approvals that are shown with a call at the boundary. Without any nobody is asked for one, and what wants approval stays that.
import type { AnyApproval } from "../core/authority/shown_approval.ts";
import { asks, type Facts, finish } from "../core/flow/gate_finish.ts";
import { approvalEntries, approvedCall, type BoundCall } from "../core/flow/gate_tokens.ts";
import type { Profile } from "../core/flow/gate_profile.ts";
import type { Decision } from "../core/gate/types.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import type { Ports } from "../core/ports.ts";
import type { ApprovalSet } from "./boundary_types.ts";
import { type Authority, tokenKey, usedApprovals } from "./gate_authority.ts";
import type { KeyPorts, KeyValues } from "./key_sources.ts";

/** How shown approvals are checked. */
export type ApprovalRules = { readonly profile: Profile; readonly approval: KeyValues; readonly ledger: string };

/** What is shown with a call, and what its caller has found for it. */
export type Shown = { readonly approvals: readonly AnyApproval[]; readonly sets: readonly ApprovalSet[] };

/** Authority by approvals; `own` is the gate's key, which checks them where no other key is named. */
export function authorityShown(
  { approvals, sets }: Shown,
  { profile, approval, ledger }: ApprovalRules,
  own: VerifyKey,
  ports: KeyPorts & Pick<Ports, "clock" | "state">,
): Authority {
  // What counts of some approvals; those of single use are used up when the call goes through with them.
  async function used(some: ApprovalSet, call: BoundCall, decision: Decision, known: Facts): Promise<Result<Facts>> {
    const named = some.key === "own" ? [] : [["approval-", approval] as const];
    const key = await tokenKey("approval", named, profile, own, ports);
    if (!key.ok) return key;
    const now = ports.clock.now();
    const entries = await approvalEntries(ports.host.crypto, some.approvals, approvedCall(call), key.value, now);
    return await usedApprovals(ledger, entries, decision, known, ports);
  }
  return {
    async examine(_policy, call, decision, known): Promise<Result<Facts>> {
      if (!asks(decision, known).approvals) return ok(known);
      for (const set of sets) {
        const facts = await used(set, call, decision, known);
        if (!facts.ok || finish(decision, facts.value).approval_ref !== "") return facts;
      }
      if (approvals.length === 0) return ok({ ...known, unasked: true });
      return await used({ approvals, key: "approver" }, call, decision, known);
    },
  };
}
