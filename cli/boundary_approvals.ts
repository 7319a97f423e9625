// Approvals that are shown with a call at the boundary. Without any nobody is asked for one, and what wants approval stays that.
import type { AnyApproval } from "../core/authority/shown_approval.ts";
import { asks, type Facts } from "../core/flow/gate_finish.ts";
import { approvalEntries, approvedCall } from "../core/flow/gate_tokens.ts";
import type { Profile } from "../core/flow/gate_profile.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import type { Ports } from "../core/ports.ts";
import { type Authority, tokenKey, usedApprovals } from "./gate_authority.ts";
import type { KeyPorts, KeyValues } from "./key_sources.ts";

/** How shown approvals are checked. */
export type ApprovalRules = { readonly profile: Profile; readonly approval: KeyValues; readonly ledger: string };

/** Authority by approvals that are shown; `own` is the gate's key, which checks them where no other key is named. */
export const authorityShown = (
  shown: readonly AnyApproval[],
  { profile, approval, ledger }: ApprovalRules,
  own: VerifyKey,
  ports: KeyPorts & Pick<Ports, "clock" | "state">,
): Authority => ({
  async examine(_policy, call, decision, known): Promise<Result<Facts>> {
    if (!asks(decision, known).approvals) return ok(known);
    const key = await tokenKey("approval", [["approval-", approval]], profile, own, ports);
    if (!key.ok) return key;
    const entries = await approvalEntries(ports.host.crypto, shown, approvedCall(call), key.value, ports.clock.now());
    return await usedApprovals(ledger, entries, decision, known, ports);
  },
});
