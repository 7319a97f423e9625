// The relationship envelope: optional graph data that records carry (spec 01, section 5.6). Here it is read and carried
// as given; whoever builds one normalizes it first.
import { filled, type Infer, listOf, object, orZero, present, text } from "../base/shape.ts";

const ref = (doc: string) => object(doc, () => ({ kind: text("What it is"), id: text("Which one") }));

export const RelationshipShape = object("Where a record stands among runs, tools, agents and policies", () => ({
  parent_ref: present(ref("What the record belongs to")),
  entity_refs: filled(listOf(ref("One thing that takes part"), "The things that take part")),
  policy_ref: present(object("The policy that governed it", () => ({
    policy_id: filled(text("Id of the policy")),
    policy_version: filled(text("Version of the policy")),
    policy_digest: filled(text("Digest of the policy")),
    matched_rule_ids: filled(listOf(text("Id of a rule"), "The rules that matched")),
  }))),
  agent_chain: filled(listOf(
    object("One agent", () => ({ identity: text("Who"), role: text("requester, delegator or delegate") })),
    "Who acted for whom",
  )),
  edges: filled(listOf(
    object("One edge", () => ({
      kind: text("What the edge says"),
      from: orZero(ref("Where it starts")),
      to: orZero(ref("Where it ends")),
    })),
    "How the things hang together",
  )),
  parent_record_id: filled(text("Id of the record that this one follows")),
  related_record_ids: filled(listOf(text("Id of a record"), "Records that belong with this one")),
  related_entity_ids: filled(listOf(text("Id of an entity"), "The ids of entity_refs")),
  agent_lineage: filled(listOf(
    object("One agent", () => ({
      agent_id: text("Which agent"),
      delegated_by: filled(text("Who delegated to it")),
      delegation_record_id: filled(text("The record of that delegation")),
    })),
    "Where the agents' authority came from",
  )),
}));

/** A relationship envelope. */
export type Relationship = Infer<typeof RelationshipShape>;

/** How the id of a piece of evidence begins that is the digest of a tool as its server declares it. */
export const TOOL_DEFINITION = "tool_definition:";
