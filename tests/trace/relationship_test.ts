// The relationship envelope of a trace (spec 03, section 2.3).
import { traceRelationship } from "../../core/trace/relationship.ts";
import fc from "fast-check";
import { assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

const D = "c".repeat(64);
const TRACE = {
  tool_name: "ledger.post",
  policy_id: "gait.gate.policy",
  policy_version: "1.0.0",
  policy_digest: D,
  matched_rule_ids: [],
};

Deno.test("trace relationship: trace, tool, agent and policy, the caller as requester, the session above", () => {
  assertEquals(traceRelationship("t1", TRACE, { identity: "svc.clerk", session_id: "s1", delegation: undefined }), {
    parent_ref: { kind: "session", id: "s1" },
    entity_refs: [
      { kind: "agent", id: "svc.clerk" },
      { kind: "policy", id: D },
      { kind: "tool", id: "ledger.post" },
      { kind: "trace", id: "t1" },
    ],
    policy_ref: { policy_id: "gait.gate.policy", policy_version: "1.0.0", policy_digest: D, matched_rule_ids: [] },
    agent_chain: [{ role: "requester", identity: "svc.clerk" }],
    edges: [
      { kind: "calls", from: { kind: "agent", id: "svc.clerk" }, to: { kind: "tool", id: "ledger.post" } },
      { kind: "governed_by", from: { kind: "tool", id: "ledger.post" }, to: { kind: "policy", id: D } },
    ],
    parent_record_id: "",
    related_record_ids: [],
    related_entity_ids: [D, "ledger.post", "svc.clerk", "t1"].sort(),
    agent_lineage: [],
  });
});

Deno.test("trace relationship: a delegation names its requester and both sides of every hop, each once", () => {
  const chain = [
    { delegator_identity: "root", delegate_identity: "lead" },
    { delegator_identity: "lead", delegate_identity: "leaf" },
  ];
  const made = traceRelationship("t1", { ...TRACE, matched_rule_ids: ["b", "a"] }, {
    identity: "svc.clerk",
    session_id: "",
    delegation: { requester_identity: "leaf", chain },
  });
  assertEquals(made?.parent_ref, undefined);
  assertEquals(made?.policy_ref?.matched_rule_ids, ["a", "b"]);
  assertEquals(made?.agent_chain.map(({ role, identity }) => `${role} ${identity}`), [
    "delegate lead",
    "delegate leaf",
    "delegator lead",
    "delegator root",
    "requester leaf",
  ]);
  assertEquals(made?.edges.map(({ kind, from, to }) => `${kind} ${from.id} ${to.id}`), [
    "calls svc.clerk ledger.post",
    "delegates_to lead leaf",
    "delegates_to root lead",
    `governed_by ledger.post ${D}`,
  ]);
});

const name = fc.oneof(fc.constantFrom("", " ", "a", "A", " a ", "t1", "ledger.post", D), fc.string());

property(
  "the relationship of a call without delegation is that of one in which the caller delegates to nobody",
  fc.record({
    trace_id: name,
    tool_name: name,
    policy_id: name,
    policy_version: name,
    policy_digest: name,
    matched_rule_ids: fc.array(name),
    identity: name,
    session_id: name,
  }),
  ({ trace_id, identity, session_id, ...trace }) => {
    const delegation = { requester_identity: identity, chain: [] };
    assertEquals(
      JSON.stringify(traceRelationship(trace_id, trace, { identity, session_id, delegation: undefined })),
      JSON.stringify(traceRelationship(trace_id, trace, { identity, session_id, delegation })),
    );
  },
);
