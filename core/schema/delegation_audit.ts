// The record of which delegation a decision asked for and which tokens were looked at (spec 03, section 4.7). It is not signed.
import { filled, type Infer, integer, listOf, object, present, text, time, truth } from "../base/shape.ts";
import { heading } from "./heading.ts";
import { RelationshipShape } from "./relationship.ts";

export const DELEGATION_AUDIT_ID = "gait.gate.delegation_audit_record";

const word = (doc: string) => filled(text(doc));

export const DelegationEntryShape = object("One delegation token that was looked at, or a hop that has none", () => ({
  token_id: word("Its id; none for a hop without token"),
  delegator_identity: word("Who delegates"),
  delegate_identity: word("To whom"),
  scope: filled(listOf(text("One of them"), "What it delegates")),
  expires_at: time("When it ends"),
  valid: truth("Whether it counts"),
  error_code: word("Why it does not count"),
}));

export const DelegationAuditShape = object("Which delegation a decision asked for and which it got", () => ({
  ...heading(DELEGATION_AUDIT_ID),
  trace_id: text("Id of the decision"),
  tool_name: text("The tool"),
  intent_digest: text("Digest of the normalized intent"),
  policy_digest: text("Digest of the normalized policy"),
  delegation_required: truth("Whether one was asked for"),
  valid_delegations: integer("How many tokens counted"),
  delegated: truth("Whether any counted; the chain may still have a gap"),
  delegation_ref: word("Ids of the tokens that cover the chain"),
  relationship: present(RelationshipShape),
  entries: listOf(DelegationEntryShape, "The tokens and the hops without one"),
}));

export type DelegationEntry = Infer<typeof DelegationEntryShape>;
export type DelegationAudit = Infer<typeof DelegationAuditShape>;
