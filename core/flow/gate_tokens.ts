// The tokens that a call brings along, judged against it (spec 03, sections 3.3, 3.4 and 4.6): entries for the facts and the audits.
import type { ApprovedCall } from "../authority/approval_token.ts";
import { type DelegatedHop, type DelegationFailure, delegationFlaw, hopFailure } from "../authority/delegation_token.ts";
import type { HopEntry } from "../authority/granted.ts";
import { type AnyApproval, anyApprovalFailure } from "../authority/shown_approval.ts";
import type { Crypto } from "../base/host.ts";
import type { VerifyKey } from "../base/sign.ts";
import { toUtc, ZERO_TIME } from "../base/time.ts";
import type { Intent, IntentDigests } from "../gate/types.ts";
import type { ApprovalEntry } from "../schema/approval_audit.ts";
import type { DelegationToken } from "../schema/delegation_token.ts";
import type { Delegation } from "../schema/intent.ts";
import { destroys } from "./gate_widening.ts";

/** What a call that is to be approved is bound by. */
export type BoundCall = {
  readonly intent: Intent;
  readonly digests: IntentDigests;
  readonly policy_digest: string;
  readonly delegation_digest: string;
};

/** What an approval of a call has to name and may not exceed. */
export function approvedCall({ intent, digests, policy_digest, delegation_digest }: BoundCall): ApprovedCall {
  const { script, targets, tool_name } = intent;
  const inSteps = (script?.steps ?? []).reduce((sum, step) => sum + step.targets.length, 0);
  return {
    intent_digest: digests.intent_digest,
    policy_digest,
    delegation_digest,
    required_scope: [`tool:${tool_name}`, ...(destroys(intent) ? ["phase:apply", "destructive:apply"] : [])],
    targets: inSteps > 0 ? inSteps : targets.length,
    operations: script === undefined ? Math.max(1, targets.length) : script.steps.length,
  };
}

/** Every approval token as the audit has it; none stops the look at the next. */
export async function approvalEntries(
  crypto: Crypto,
  shown: readonly AnyApproval[],
  call: ApprovedCall,
  key: VerifyKey,
  now: string,
): Promise<readonly ApprovalEntry[]> {
  const entries: ApprovalEntry[] = [];
  for (const approval of shown) {
    const failure = await anyApprovalFailure(crypto, approval, call, key, now);
    const { token, written_scope } = approval;
    const { token_id, approver_identity, reason_code } = token;
    entries.push({
      token_id,
      approver_identity,
      reason_code,
      scope: written_scope,
      expires_at: toUtc(token.expires_at) ?? ZERO_TIME,
      valid: failure === undefined,
      error_code: failure ?? "",
    });
  }
  return entries;
}

/** Between whom a hop is; without a delegator anybody may have delegated. */
type Hop = { readonly delegator?: string; readonly delegate: string };

/** The hops of a delegation, each of which wants a token of its own; without a chain one hop to the requester. */
export const hopsOf = ({ chain, requester_identity }: Delegation): readonly Hop[] =>
  chain.length === 0 ? [{ delegate: requester_identity }] : chain.map(({ delegator_identity, delegate_identity }) => ({
    delegator: delegator_identity,
    delegate: delegate_identity,
  }));

const entryOf = (token: DelegationToken, error_code: string): HopEntry => ({
  token_id: token.token_id,
  delegator_identity: token.delegator_identity,
  delegate_identity: token.delegate_identity,
  scope: token.scope,
  granted: token.scope_class === "" ? token.scope : [...token.scope, token.scope_class],
  expires_at: toUtc(token.expires_at) ?? ZERO_TIME,
  valid: error_code === "",
  error_code,
});

const lacking = ({ delegator = "", delegate }: Hop): HopEntry => ({
  token_id: "",
  delegator_identity: delegator,
  delegate_identity: delegate,
  scope: [],
  expires_at: ZERO_TIME,
  valid: false,
  error_code: "delegation_token_missing",
});

/** What a delegation is checked against beside its hops. */
export type Delegated = Pick<DelegatedHop, "scopes" | "intent_digest" | "policy_digest">;

/** Every delegation token and every hop without one, as the audit has them. Tokens serve hops in the order of both, one hop each. */
export async function delegationEntries(
  crypto: Crypto,
  tokens: readonly DelegationToken[],
  hops: readonly Hop[],
  wanted: Delegated,
  key: VerifyKey,
  now: string,
): Promise<readonly HopEntry[]> {
  const flaws = new Map<DelegationToken, DelegationFailure | undefined>(); // a signature is checked once, however many hops there are
  const failure = async (token: DelegationToken, hop: Hop): Promise<DelegationFailure | undefined> => {
    if (!flaws.has(token)) flaws.set(token, await delegationFlaw(crypto, token, key, now));
    return flaws.get(token) ?? hopFailure(token, { ...hop, ...wanted });
  };
  const unused = [...tokens];
  const open: Hop[] = [];
  const entries: HopEntry[] = [];
  for (const hop of hops) {
    const at = await firstFitting(unused, (token) => failure(token, hop));
    const [token] = at < 0 ? [] : unused.splice(at, 1);
    if (token === undefined) open.push(hop);
    else entries.push(entryOf(token, ""));
  }
  const [first] = open;
  for (const token of unused) {
    const code = first === undefined ? undefined : await failure(token, first);
    entries.push(entryOf(token, code ?? "delegation_token_chain_mismatch"));
  }
  return [...entries, ...open.map(lacking)];
}

async function firstFitting<T>(items: readonly T[], failure: (item: T) => Promise<unknown>): Promise<number> {
  for (const [index, item] of items.entries()) if (await failure(item) === undefined) return index;
  return -1;
}
