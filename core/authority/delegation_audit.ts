// The record of the delegation of one decision (spec 03, section 4.7), made of the tokens that were looked at.
import { by } from "../base/order.ts";
import { DELEGATION_AUDIT_ID, type DelegationAudit, type DelegationEntry } from "../schema/delegation_audit.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { delegationIds } from "./granted.ts";
import { type Audited, auditRelationship } from "./relationship.ts";

const ORDER = by<DelegationEntry>(
  ({ delegator_identity }) => delegator_identity,
  ({ delegate_identity }) => delegate_identity,
  ({ token_id }) => token_id,
);

/**
 * The record; `entries` are all tokens that were looked at and all hops without one, in any order; `ref` names the tokens that cover
 * the chain, and is empty when it has a gap.
 */
export function delegationAudit(audited: Audited, ref: string, entries: readonly DelegationEntry[]): DelegationAudit {
  const count = delegationIds(entries).length;
  return {
    ...audited,
    schema_id: DELEGATION_AUDIT_ID,
    schema_version: VERSION_1,
    delegation_required: true,
    valid_delegations: count,
    delegated: count > 0,
    delegation_ref: ref,
    relationship: auditRelationship(audited, [], entries),
    entries: [...entries].sort(ORDER),
  };
}
