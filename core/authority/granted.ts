// What the tokens that were looked at grant: those that count, each once.
import { trimmedSet } from "../base/text.ts";
import type { ApprovalEntry } from "../schema/approval_audit.ts";
import type { DelegationEntry } from "../schema/delegation_audit.ts";

const valid = <T extends { readonly valid: boolean }>(entries: readonly T[]): readonly T[] =>
  entries.filter((entry) => entry.valid);

/** The ids of the approvals that count, each once, in byte order: a token counts once, however many files carry it. */
export const approvalIds = (entries: readonly ApprovalEntry[]): readonly string[] =>
  trimmedSet(valid(entries).map(({ token_id }) => token_id));

/** Whose approvals count, each once, in byte order. */
export const approversOf = (entries: readonly ApprovalEntry[]): readonly string[] =>
  trimmedSet(valid(entries).map(({ approver_identity }) => approver_identity));

/** A delegation token that was looked at, with all that it grants, its scopes and its class; or a hop without one. */
export type HopEntry = DelegationEntry & { readonly granted?: readonly string[] };

/** The ids of the delegations that count, each once, in byte order. */
export const delegationIds = (entries: readonly DelegationEntry[]): readonly string[] =>
  trimmedSet(valid(entries).map(({ token_id }) => token_id));
