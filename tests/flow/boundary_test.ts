// What the boundary adds to a decision (spec 05, sections 2.4 and 4.3): reasons in any case, and never a weaker verdict.
import { withStop, withTrust } from "../../core/flow/boundary.ts";
import { finish, NO_FACTS } from "../../core/flow/gate_finish.ts";
import { atLeast } from "../../core/gate/verdict.ts";
import { trustDecision, type TrustDemand, type TrustSnapshotState } from "../../core/mcp/trust.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { assertEquals } from "../assert.ts";
import { approval, decision, facts } from "./decisions.ts";

const NOW = "2031-06-01T00:00:00Z";
const EMPTY: TrustSnapshotState = { status: "read", servers: new Map() };
const SERVER = { server_id: "s", server_name: "", publisher: "", source: "", endpoint: "" };

const demand = (action: TrustDemand["action"]): TrustDemand => ({
  snapshot: "snap.json",
  action,
  required_risk_classes: ["high"],
  min_score: 0,
  max_age: "",
  publisher_allowlist: [],
  require_registry: false,
});

Deno.test("boundary: trust that is enforced raises a verdict to its action and never lowers it", () => {
  for (const action of ["block", "require_approval"] as const) {
    for (const verdict of VERDICTS) {
      const trust = trustDecision(demand(action), EMPTY, SERVER, "high", NOW);
      const on = withTrust(decision({ verdict, reason_codes: ["z", "a"], violations: ["v"] }), demand(action), trust);
      assertEquals(
        [on.verdict, on.reason_codes, on.violations],
        [atLeast(verdict, action), ["a", "mcp_trust_server_unknown", "z"], ["mcp_trust_policy", "v"]],
        `${verdict} ${action}`,
      );
    }
  }
});

Deno.test("boundary: trust that is not demanded of a call only adds its reasons", () => {
  for (const verdict of VERDICTS) {
    const trust = trustDecision(demand("block"), EMPTY, SERVER, "", NOW);
    const on = withTrust(decision({ verdict }), demand("block"), trust);
    assertEquals([on.verdict, on.reason_codes, on.violations], [verdict, ["mcp_trust_server_unknown", "ok"], []], verdict);
  }
});

Deno.test("boundary: what trust asks an approval for can be approved; what it blocks cannot", () => {
  for (const [action, verdict] of [["require_approval", "allow"], ["block", "block"]] as const) {
    const trust = trustDecision(demand(action), EMPTY, SERVER, "high", NOW);
    const on = withTrust(decision(), demand(action), trust);
    assertEquals(finish(on, facts({ approvals: [approval("t", "ann")] })).verdict, verdict, action);
  }
});

Deno.test("boundary: a stopped job blocks whatever was decided or granted, and keeps the reasons", () => {
  for (const stop of ["emergency_stop_preempted", "emergency_stop_state_unavailable"] as const) {
    for (const verdict of VERDICTS) {
      const final = finish(decision({ verdict }), { ...NO_FACTS, unasked: true });
      const stopped = withStop(final, stop);
      assertEquals(
        [stopped.verdict, stopped.exit, stopped.reason_codes, stopped.violations],
        ["block", "blocked", [stop, "ok"], ["emergency_stop_active"]],
        verdict,
      );
      assertEquals(withStop(final, undefined), final);
    }
  }
  const granted = finish(decision({ verdict: "require_approval" }), facts({ approvals: [approval("t", "ann")] }));
  assertEquals([granted.verdict, withStop(granted, "emergency_stop_preempted").verdict], ["allow", "block"]);
});

Deno.test("boundary: where nobody is asked for an approval, none that is lacking is a reason; one that is shown is judged", () => {
  const on = decision({ verdict: "require_approval", reason_codes: ["asked"], violations: ["v"] });
  const unasked = finish(on, { ...NO_FACTS, unasked: true });
  assertEquals([unasked.verdict, unasked.exit, unasked.reason_codes, unasked.violations], ["require_approval", "approval", [
    "asked",
  ], ["v"]]);
  const shown = finish(on, { ...facts({ approvals: [approval("t", "ann", "approval_token_expired")] }), unasked: true });
  assertEquals(
    [shown.verdict, shown.reason_codes],
    ["require_approval", ["approval_chain_insufficient", "approval_token_expired", "asked"]],
  );
});

Deno.test("boundary: what the boundary cannot meet blocks", () => {
  const unasked = { ...NO_FACTS, unasked: true } as const;
  const broker = { required: true, reference: "", scopes: [] };
  assertEquals(finish(decision({ broker }), unasked).verdict, "block");
  assertEquals(finish(decision({ delegation: { required: true, scopes: [] } }), unasked).verdict, "block");
});
