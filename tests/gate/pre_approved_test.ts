// Scripts that were approved in advance (spec 03, section 5.4 step 6): what the approval stands for, and what it does not.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { evaluatePreApproved, wantsContextEvidence } from "../../core/gate/pre_approved.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { Conditions, Decision } from "../../core/gate/types.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { AROUND, compiled, killSwitch, policyOf, ruled, said } from "./decide.ts";
import { CONTEXT, intent, request } from "./intents.ts";

const step = (tool_name: string, ...targets: readonly JsonObject[]): JsonObject => ({ tool_name, targets });
const WRITE = { kind: "path", value: "/srv/books/a", operation: "write" };
const SCRIPT = request({ script: { steps: [step("rd"), step("wr", WRITE)] } });

/** The decision on a script that a registry approves. */
const approved = (policy: JsonObject, json: Json = SCRIPT, around: Partial<Conditions> = {}): Decision => {
  const { intent: prepared } = assertOk(prepareIntent(intent(json), {}));
  return evaluatePreApproved(compiled(policy), prepared, prepared.script?.steps ?? [], { ...AROUND, ...around });
};

const MATCH = "approved_script_match";

Deno.test("pre-approved: neither effects, nor constraints, nor the default, nor the script section count", () => {
  const harsh = {
    default_verdict: "block",
    scripts: { max_steps: 1, require_approval_above: 1, block_mixed_risk: true },
    rules: [
      {
        name: "no",
        effect: "block",
        match: { tool_names: ["wr"] },
        violations: ["v"],
        endpoint: { enabled: true, path_denylist: ["/**"] },
      },
    ],
  };
  const decision = approved(harsh);
  assertEquals(said(decision), ["allow", MATCH, ""]);
  assertEquals([decision.matched_rule, decision.required_approvals, decision.kill_switch], ["", 0, undefined]);
  assertEquals(decision.matched_rules, [{ name: "no", priority: 0, effect: "block" }], "what its rules demand still counts");
  assertEquals(decision.script, {
    composite_risk_class: "medium",
    steps: ["rd", "wr"].map((tool_name, index) => ({
      index,
      tool_name,
      verdict: "allow",
      reason_codes: [MATCH],
      violations: [],
      matched_rule: "",
    })),
  });
});

Deno.test("pre-approved: what the rules of all steps demand is demanded, whatever their effect", () => {
  const policy = {
    default_verdict: "block",
    rules: [
      {
        name: "rd",
        effect: "block",
        match: { tool_names: ["rd"] },
        rate_limit: { requests: 5 },
        require_broker_credential: true,
        broker_reference: "vault/r",
        broker_scopes: ["r"],
      },
      {
        name: "wr",
        effect: "require_approval",
        min_approvals: 3,
        match: { tool_names: ["wr"], require_delegation: true, delegation_scopes: ["books"] },
        rate_limit: { requests: 2, window: "hour" },
        destructive_budget: { requests: 1 },
        broker_reference: "vault/w",
        broker_scopes: ["w"],
      },
      { name: "later", priority: 9, effect: "allow", match: { tool_names: ["wr"] }, rate_limit: { requests: 1 } },
    ],
  };
  const delegation = { requester_identity: "svc.clerk", scope_class: "books" };
  const decision = approved(policy, { ...SCRIPT, delegation });
  assertEquals(said(decision), ["allow", MATCH, ""]);
  assertEquals([decision.required_approvals, decision.distinct_approvers], [0, false]);
  assertEquals(decision.broker, { required: true, reference: "vault/r", scopes: ["r", "w"] });
  assertEquals(decision.delegation, { required: true, scopes: ["books"] });
  assertEquals(decision.rate_limit, { requests: 2, window: "hour", scope: "tool_identity" });
  assertEquals(decision.destructive_budget?.requests, 1);
  assertEquals([decision.delegation_matters, decision.matched_rules.map(({ name }) => name)], [true, ["rd", "wr"]]);
});

Deno.test("pre-approved: a delegation outside of its times blocks where a rule looks at it", () => {
  const delegation = { requester_identity: "svc.clerk", expires_at: "2026-03-14T09:30:00Z" };
  const json = { ...SCRIPT, delegation };
  const looking = ruled({ match: { tool_names: ["wr"], allowed_delegate_identities: ["svc.clerk"] } });
  assertEquals(said(approved(looking, json)), ["block", `${MATCH} delegation_expired`, "delegation_not_granted"]);
  assertEquals(approved(looking, json, { evaluation_time: "2026-03-14T09:29:59Z" }).verdict, "allow");
  assertEquals(approved(ruled({ match: { tool_names: ["wr"] } }), json).verdict, "allow");
});

Deno.test("pre-approved: an emergency stop blocks, whichever step it names, and so does one that cannot be read", () => {
  const stop = killSwitch({ tool_name: "wr" });
  const stopped = approved(ruled({}), SCRIPT, { kill_switch: stop });
  assertEquals(said(stopped), ["block", `${MATCH} kill_switch_active kill_switch_tool_name_active`, "kill_switch_active"]);
  assertEquals(stopped.script?.steps.length, 2);
  assertEquals(approved(ruled({}), SCRIPT, { kill_switch: killSwitch({ tool_name: "other" }) }).verdict, "allow");
  const unread = approved(ruled({}), SCRIPT, { kill_switch: { status: "unavailable" } });
  assertEquals(said(unread), ["block", `${MATCH} kill_switch_state_unavailable`, "kill_switch_state_unavailable"]);
});

Deno.test("pre-approved: what has to be named is wanted of every step, and an emergency stop is told beside it", () => {
  const closed = { ...ruled({}), fail_closed: { enabled: true, risk_classes: ["low"], required_fields: ["targets"] } };
  const whole = request({ script: { steps: [step("rd", WRITE), step("wr", WRITE)] } });
  assertEquals(approved(closed, whole).verdict, "allow");
  assertEquals(said(approved(closed)), ["block", `${MATCH} fail_closed_missing_targets`, "missing_targets"]);
  const stopped = approved(closed, SCRIPT, { kill_switch: killSwitch({ identity: CONTEXT.identity }) });
  assertEquals(said(stopped), [
    "block",
    `${MATCH} fail_closed_missing_targets kill_switch_active kill_switch_identity_active`,
    "kill_switch_active missing_targets",
  ]);
});

Deno.test("pre-approved: an inventory knows a tool by what the step calls it", () => {
  const policy = ruled({ match: { context_data_classes: ["secret"] }, rate_limit: { requests: 4 } });
  const item = { tool_name: "wr", data_class: "secret", endpoint_class: "", autonomy_level: "" };
  assertEquals(approved(policy).rate_limit, undefined);
  assertEquals(approved(policy, SCRIPT, { inventory: new Map([["wr", item]]) }).rate_limit?.requests, 4);
});

Deno.test("pre-approved: which policies want evidence of the context", () => {
  const wants = (policy: JsonObject) => wantsContextEvidence(policyOf(policy));
  const closed = (enabled: boolean, field: string) => ({
    ...ruled({}),
    fail_closed: { enabled, risk_classes: ["low"], required_fields: [field] },
  });
  assertEquals(
    [
      ruled({}),
      ruled({ require_context_evidence: true }),
      ruled({ required_context_evidence_mode: "required" }),
      ruled({ max_context_age_seconds: 60 }),
      closed(true, "context_evidence"),
      closed(false, "context_evidence"),
      closed(true, "targets"),
    ].map(wants),
    [false, true, true, true, true, false, false],
  );
});
