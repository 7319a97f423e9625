// Where an audit record stands: below its trace, with the tool, the policy and the agents that it names (spec 03, 3.5 and 4.7).
import { relationship } from "../schema/relationship_normal.ts";
import type { Relationship } from "../schema/relationship.ts";

/** The decision that an audit is about. */
export type Audited = {
  /** That of the trace. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly trace_id: string;
  readonly tool_name: string;
  readonly intent_digest: string;
  readonly policy_digest: string;
};

/** One agent handing authority to another. */
export type Hop = { readonly delegator_identity: string; readonly delegate_identity: string };

/** The relationship envelope of an audit that names these agents and hops. */
export function auditRelationship(
  { trace_id, tool_name, policy_digest }: Audited,
  agents: readonly string[],
  hops: readonly Hop[],
): Relationship | undefined {
  const trace = { kind: "trace", id: trace_id };
  const tool = { kind: "tool", id: tool_name };
  const policy = { kind: "policy", id: policy_digest };
  const agent = (id: string) => ({ kind: "agent", id });
  const sides = hops.flatMap(({ delegator_identity, delegate_identity }) => [delegator_identity, delegate_identity]);
  return relationship({
    parent_ref: trace,
    parent_record_id: trace_id,
    entity_refs: [trace, tool, policy, ...[...agents, ...sides].map(agent)],
    policy_ref: { policy_id: "", policy_version: "", policy_digest, matched_rule_ids: [] },
    agent_chain: hops.flatMap(({ delegator_identity, delegate_identity }) => [
      { role: "delegator", identity: delegator_identity },
      { role: "delegate", identity: delegate_identity },
    ]),
    edges: [
      { kind: "governed_by", from: tool, to: policy },
      ...hops.map(({ delegator_identity, delegate_identity }) => ({
        kind: "delegates_to",
        from: agent(delegator_identity),
        to: agent(delegate_identity),
      })),
    ],
  });
}
