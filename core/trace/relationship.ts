// Where a decision stands among policy, tool and agents: the relationship envelope of its trace (spec 03, section 2.3).
import { lower, trim, trimmedSet } from "../base/text.ts";
import { relationship } from "../schema/relationship_normal.ts";
import type { Relationship } from "../schema/relationship.ts";
import type { Trace } from "../schema/trace.ts";

/** Who takes part in a decision beside what its trace names. */
export type TraceParties = {
  /** Who calls. */
  readonly identity: string;
  /** Empty when there is none. */
  readonly session_id: string;
  readonly delegation: {
    readonly requester_identity: string;
    readonly chain: readonly { readonly delegator_identity: string; readonly delegate_identity: string }[];
  } | undefined;
};

/** What of a trace its relationship names. */
export type RelationshipNames = Pick<
  Trace,
  "tool_name" | "policy_id" | "policy_version" | "policy_digest" | "matched_rule_ids"
>;

/** The relationship envelope of a trace. */
export const traceRelationship = (
  trace_id: string,
  trace: RelationshipNames,
  parties: TraceParties,
): Relationship | undefined => ofOneAgent(trace_id, trace, parties) ?? ofAll(trace_id, trace, parties);

/**
 * That of a call without delegation whose names are whole, which is nearly every one: it is in normal form as it is written down. The
 * small objects have their members in canonical order, so that `shapeText` need not copy them.
 */
function ofOneAgent(trace_id: string, trace: RelationshipNames, parties: TraceParties): Relationship | undefined {
  const tool = { id: trim(trace.tool_name), kind: "tool" };
  const agent = { id: trim(parties.identity), kind: "agent" };
  const policy = { id: trim(trace.policy_digest), kind: "policy" };
  const itself = { id: trim(trace_id), kind: "trace" };
  const session_id = trim(parties.session_id);
  if (parties.delegation !== undefined || tool.id === "" || agent.id === "" || policy.id === "" || itself.id === "") {
    return undefined;
  }
  return {
    parent_ref: session_id === "" ? undefined : { id: session_id, kind: "session" },
    entity_refs: [agent, policy, tool, itself],
    policy_ref: {
      policy_id: trim(trace.policy_id),
      policy_version: trim(trace.policy_version),
      policy_digest: lower(policy.id),
      matched_rule_ids: trimmedSet(trace.matched_rule_ids),
    },
    agent_chain: [{ identity: agent.id, role: "requester" }],
    edges: [{ from: agent, kind: "calls", to: tool }, { from: tool, kind: "governed_by", to: policy }],
    parent_record_id: "",
    related_record_ids: [],
    related_entity_ids: trimmedSet([policy.id, itself.id, tool.id, agent.id]),
    agent_lineage: [],
  };
}

/** That of any call, brought into normal form. */
function ofAll(
  trace_id: string,
  trace: RelationshipNames,
  { identity, session_id, delegation }: TraceParties,
): Relationship | undefined {
  const tool = { kind: "tool", id: trace.tool_name };
  const agent = { kind: "agent", id: identity };
  const policy = { kind: "policy", id: trace.policy_digest };
  const links = delegation?.chain ?? [];
  return relationship({
    parent_ref: { kind: "session", id: session_id },
    entity_refs: [{ kind: "trace", id: trace_id }, tool, agent, policy],
    policy_ref: {
      policy_id: trace.policy_id,
      policy_version: trace.policy_version,
      policy_digest: trace.policy_digest,
      matched_rule_ids: trace.matched_rule_ids,
    },
    agent_chain: [
      { role: "requester", identity: delegation?.requester_identity ?? identity },
      ...links.flatMap(({ delegator_identity, delegate_identity }) => [
        { role: "delegator", identity: delegator_identity },
        { role: "delegate", identity: delegate_identity },
      ]),
    ],
    edges: [
      { kind: "calls", from: agent, to: tool },
      { kind: "governed_by", from: tool, to: policy },
      ...links.map(({ delegator_identity, delegate_identity }) => ({
        kind: "delegates_to",
        from: { kind: "agent", id: delegator_identity },
        to: { kind: "agent", id: delegate_identity },
      })),
    ],
  });
}
