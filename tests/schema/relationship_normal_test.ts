// Relationship envelopes that gait builds: one normal form, whatever order and spelling the parts came in.
import { relationship } from "../../core/schema/relationship_normal.ts";
import { assertEquals } from "../assert.ts";

Deno.test("relationship: known kinds, no repeats, one order", () => {
  const made = relationship({
    parent_ref: { kind: " Session ", id: " s1 " },
    entity_refs: [
      { kind: "tool", id: "b" },
      { kind: "TOOL", id: " b " },
      { kind: "tool", id: "a" },
      { kind: "agent", id: "z" },
      { kind: "planet", id: "x" },
      { kind: "tool", id: " " },
    ],
    policy_ref: { policy_id: "", policy_version: "", policy_digest: " ABC ", matched_rule_ids: ["r2", "r1", "r2", " "] },
    agent_chain: [
      { identity: "b", role: "requester" },
      { identity: "a", role: "requester" },
      { identity: "c", role: "Delegate" },
      { identity: "c", role: "boss" },
    ],
    edges: [
      { kind: "calls", from: { kind: "agent", id: "z" }, to: { kind: "anything", id: "goes" } },
      { kind: "calls", from: { kind: "agent", id: "a" }, to: { kind: "tool", id: "b" } },
      { kind: "calls", from: { kind: "agent", id: "" }, to: { kind: "tool", id: "b" } },
      { kind: "likes", from: { kind: "agent", id: "a" }, to: { kind: "tool", id: "b" } },
    ],
    related_record_ids: ["y", "x", "y"],
  });
  assertEquals(made, {
    parent_ref: { kind: "session", id: "s1" },
    entity_refs: [{ kind: "agent", id: "z" }, { kind: "tool", id: "a" }, { kind: "tool", id: "b" }],
    policy_ref: { policy_id: "", policy_version: "", policy_digest: "abc", matched_rule_ids: ["r1", "r2"] },
    agent_chain: [
      { identity: "c", role: "delegate" },
      { identity: "a", role: "requester" },
      { identity: "b", role: "requester" },
    ],
    edges: [
      { kind: "calls", from: { kind: "agent", id: "a" }, to: { kind: "tool", id: "b" } },
      { kind: "calls", from: { kind: "agent", id: "z" }, to: { kind: "anything", id: "goes" } },
    ],
    parent_record_id: "",
    related_record_ids: ["x", "y"],
    related_entity_ids: ["a", "b", "z"],
    agent_lineage: [],
  });
});

Deno.test("relationship: nothing is nothing, and what is of no kind leaves nothing", () => {
  assertEquals(relationship({}), undefined);
  const policy_ref = { policy_id: " ", policy_version: "", policy_digest: "", matched_rule_ids: [""] };
  assertEquals(relationship({ parent_ref: { kind: "tool", id: "x" }, policy_ref, parent_record_id: " " }), undefined);
});
