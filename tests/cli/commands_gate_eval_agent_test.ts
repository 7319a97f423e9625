// What the gate says of an agent's life cycle: a rule may demand its states, and the trace carries them under its signature.
import { assertEquals } from "../assert.ts";
import { call, evalOf, gateMachine, SIGNED } from "./gate_world.ts";

const POLICY = `default_verdict: block
rules:
  - name: reviewed-agents
    effect: allow
    match: {tool_names: [go]}
    required_agent_lifecycle_states: [active, reviewed]
    require_unexpired_agent: true
`;
const IDENTITY = {
  lifecycle_states: ["reviewed", "active"],
  owner: "fin-ops",
  publisher: "Fin Corp",
  source: "Registry",
  issued_at: "2026-01-01T00:00:00Z",
  approved_at: "2026-01-02T00:00:00Z",
  expires_at: "2999-01-01T00:00:00Z",
};
const by = (identity: object) => {
  const { context, ...rest } = JSON.parse(call("go"));
  return JSON.stringify({
    ...rest,
    context: { ...context, agent_id: "agent-7", agent_identity: { ...IDENTITY, ...identity } },
  });
};

const decide = async (identity: object) => {
  const on = gateMachine({ files: { "p.yaml": POLICY, "go.json": by(identity) } });
  const [exit, { reason_codes }] = await on.json(
    ...evalOf("go.json", ...SIGNED, "--trace-out", "t.json", "--evaluation-time", "2026-03-14T09:30:00Z"),
  );
  return { on, said: [exit, reason_codes], trace: JSON.parse(on.file("t.json")) };
};

Deno.test("gate eval: the life cycle of an agent stands in the trace, and nobody can change it there", async () => {
  const { on, said, trace } = await decide({});
  assertEquals(said, [0, ["matched_rule_reviewed_agents"]]);
  assertEquals([trace.agent_id, trace.agent_identity], ["agent-7", {
    ...IDENTITY,
    lifecycle_states: ["active", "reviewed"],
    source: "registry",
  }]);
  assertEquals((await on.json("trace", "verify", "t.json", "--public-key", "pub"))[0], 0);
  for (
    const change of [{ lifecycle_states: ["active"] }, { revoked: true }, { expires_at: "2998-01-01T00:00:00Z" }, { owner: "" }]
  ) {
    const text = JSON.stringify({ ...trace, agent_identity: { ...trace.agent_identity, ...change } });
    const edited = gateMachine({ files: { "t.json": text } });
    assertEquals((await edited.json("trace", "verify", "t.json", "--public-key", "pub"))[0], 2, JSON.stringify(change));
  }
});

Deno.test("gate eval: an agent in another state is blocked, and the trace says in which", async () => {
  const table: readonly (readonly [object, string])[] = [
    [{ lifecycle_states: ["active"] }, "agent_lifecycle_state_invalid"],
    [{ lifecycle_states: [] }, "agent_lifecycle_state_invalid"],
    [{ revoked: true }, "agent_revoked"],
    [{ expires_at: "2026-01-03T00:00:00Z" }, "agent_expired"],
  ];
  for (const [identity, code] of table) {
    const { said, trace } = await decide(identity);
    assertEquals(said, [3, [code, "matched_rule_reviewed_agents"]]);
    assertEquals([trace.verdict, trace.agent_identity.revoked ?? false], ["block", "revoked" in identity]);
    if ("lifecycle_states" in identity) assertEquals(trace.agent_identity.lifecycle_states ?? [], identity.lifecycle_states);
  }
});
