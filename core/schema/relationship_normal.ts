// Relationship envelopes that gait builds itself, in their normal form (spec 01, section 5.6): known kinds only, no repeats,
// everything in one order.
import { by, inOrder } from "../base/order.ts";
import { lower, trim, trimmedSet } from "../base/text.ts";
import type { Relationship } from "./relationship.ts";

/** One thing, by its kind and id. */
export type Ref = { readonly kind: string; readonly id: string };

const PARENTS = new Set(["trace", "run", "session", "intent", "policy", "agent", "evidence"]);
const ENTITIES = new Set(["agent", "tool", "resource", "policy", "run", "trace", "delegation", "evidence"]);
const ROLES = new Set(["requester", "delegator", "delegate"]);
const EDGES = new Set(["delegates_to", "calls", "governed_by", "targets", "derived_from", "emits_evidence"]);

const EMPTY: Relationship = {
  parent_ref: undefined,
  entity_refs: [],
  policy_ref: undefined,
  agent_chain: [],
  edges: [],
  parent_record_id: "",
  related_record_ids: [],
  related_entity_ids: [],
  agent_lineage: [],
};

const cleanRef = ({ kind, id }: Ref): Ref => ({ id: trim(id), kind: lower(trim(kind)) });
const isWhole = ({ kind, id }: Ref): boolean => kind !== "" && id !== "";

type Agent = Relationship["agent_chain"][number];
type Edge = Relationship["edges"][number];
type Lineage = Relationship["agent_lineage"][number];

const REFS = by<Ref>(({ kind }) => kind, ({ id }) => id);
const AGENTS = by<Agent>(({ role }) => role, ({ identity }) => identity);
const EDGE_ORDER = by<Edge>(
  ({ kind }) => kind,
  ({ from }) => from.kind,
  ({ from }) => from.id,
  ({ to }) => to.kind,
  ({ to }) => to.id,
);
const LINEAGES = by<Lineage>(
  ({ agent_id }) => agent_id,
  ({ delegated_by }) => delegated_by,
  ({ delegation_record_id }) => delegation_record_id,
);

const policyRef = (given: Relationship["policy_ref"]): Relationship["policy_ref"] => {
  if (given === undefined) return undefined;
  const policy = {
    policy_id: trim(given.policy_id),
    policy_version: trim(given.policy_version),
    policy_digest: lower(trim(given.policy_digest)),
    matched_rule_ids: trimmedSet(given.matched_rule_ids),
  };
  return policy.policy_id + policy.policy_version + policy.policy_digest === "" && policy.matched_rule_ids.length === 0
    ? undefined
    : policy;
};

/** Brings what was gathered into normal form; undefined when nothing is left of it. Members that are absent count as empty. */
export function relationship(gathered: Partial<Relationship>): Relationship | undefined {
  const given = { ...EMPTY, ...gathered };
  const parent = given.parent_ref === undefined ? undefined : cleanRef(given.parent_ref);
  const entities = given.entity_refs.map(cleanRef).filter((ref) => isWhole(ref) && ENTITIES.has(ref.kind));
  const chain = given.agent_chain.map(({ identity, role }) => ({ identity: trim(identity), role: lower(trim(role)) }));
  const edges = given.edges.map(({ kind, from, to }) => ({ from: cleanRef(from), kind: lower(trim(kind)), to: cleanRef(to) }));
  const lineage = given.agent_lineage.map((one) => ({
    agent_id: trim(one.agent_id),
    delegated_by: trim(one.delegated_by),
    delegation_record_id: trim(one.delegation_record_id),
  })).filter(({ agent_id }) => agent_id !== "");
  const refs = inOrder(entities, REFS);
  const made: Relationship = {
    parent_ref: parent !== undefined && isWhole(parent) && PARENTS.has(parent.kind) ? parent : undefined,
    entity_refs: refs,
    policy_ref: policyRef(given.policy_ref),
    agent_chain: inOrder(chain.filter(({ identity, role }) => identity !== "" && ROLES.has(role)), AGENTS),
    edges: inOrder(edges.filter(({ kind, from, to }) => EDGES.has(kind) && isWhole(from) && isWhole(to)), EDGE_ORDER),
    parent_record_id: trim(given.parent_record_id),
    related_record_ids: trimmedSet(given.related_record_ids),
    related_entity_ids: trimmedSet(refs.map(({ id }) => id)),
    agent_lineage: inOrder(lineage, LINEAGES),
  };
  const { parent_ref, policy_ref, parent_record_id, ...lists } = made;
  const nothing = parent_ref === undefined && policy_ref === undefined && parent_record_id === "" &&
    Object.values(lists).every((list) => list.length === 0);
  return nothing ? undefined : made;
}
