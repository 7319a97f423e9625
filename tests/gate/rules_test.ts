// Which rules are taken and how they are merged (spec 02, section 5.2).
import type { JsonObject } from "../../core/base/json.ts";
import type { Decision } from "../../core/gate/types.ts";
import { assertEquals } from "../assert.ts";
import { decide, rows, ruled, said } from "./decide.ts";
import { inContext, request } from "./intents.ts";

const rule = (name: string, effect: string, change: JsonObject = {}): JsonObject => ({ name, effect, ...change });
const by = (...rules: readonly JsonObject[]): Decision => decide({ default_verdict: "block", rules }, request());

Deno.test("rules: the first priority at which a rule matches decides, and none after it", () => {
  const decision = by(
    rule("late", "block", { priority: 10 }),
    rule("other", "block", { priority: -9, match: { tool_names: ["x"] } }),
    rule("early", "allow", { priority: -2 }),
  );
  assertEquals([decision.verdict, decision.matched_rule], ["allow", "early"]);
  assertEquals(decision.matched_rules, [{ name: "early", priority: -2, effect: "allow" }]);
});

Deno.test("rules: of one priority the strongest effect wins, all are named, only its rules speak", () => {
  const decision = by(
    rule("ok", "allow", { reason_codes: ["fine"], violations: ["no"] }),
    rule("ask-b", "require_approval", { reason_codes: ["b", "shared"], violations: ["vb"], min_approvals: 3 }),
    rule("ask-a", "require_approval", { reason_codes: ["a", "shared"], require_distinct_approvers: true }),
  );
  assertEquals(said(decision), ["require_approval", "a b shared", "vb"]);
  assertEquals(decision.matched_rule, "ask-a,ask-b,ok");
  assertEquals([decision.required_approvals, decision.distinct_approvers], [3, true]);
});

Deno.test("rules: an effect counts as it is after its constraints", () => {
  const decision = by(
    rule("a", "allow", { sandbox: { max_timeout_seconds: 1 } }),
    rule("b", "require_approval", { reason_codes: ["b"] }),
  );
  assertEquals(said(decision), ["block", "matched_rule_a sandbox_metadata_missing", "sandbox_metadata_missing"]);
});

Deno.test("rules: approvals are wanted by a verdict that asks for them alone", () => {
  assertEquals(by(rule("a", "require_approval")).required_approvals, 1);
  assertEquals(by(rule("a", "require_approval", { min_approvals: 2 })).required_approvals, 2);
  assertEquals(by(rule("a", "allow", { min_approvals: 2 })).required_approvals, 0);
  assertEquals(by(rule("a", "allow", { min_approvals: 2 })).distinct_approvers, false);
  assertEquals(by(rule("a", "block", { min_approvals: 2 }), rule("b", "require_approval")).required_approvals, 0);
});

Deno.test("rules: what several demand is merged", () => {
  const demand = (change: JsonObject) => rule(`r${JSON.stringify(change)}`, "allow", change);
  const merged = by(
    demand({ require_broker_credential: true, broker_reference: "vault/b", broker_scopes: ["w"] }),
    demand({ broker_reference: "vault/a", broker_scopes: ["r", "w"] }),
  );
  assertEquals(merged.broker, { required: true, reference: "vault/a,vault/b", scopes: ["r", "w"] });
  const limits = (...limits: readonly JsonObject[]) => {
    const of = (name: string) => limits.map((limit) => demand({ [name]: limit }));
    const [a, b] = [by(...of("rate_limit")).rate_limit, by(...of("destructive_budget")).destructive_budget];
    assertEquals(a, b);
    return a;
  };
  assertEquals(limits({ requests: 3 }, { requests: 2, window: "hour", scope: "tool" }), {
    requests: 2,
    window: "hour",
    scope: "tool",
  });
  assertEquals(limits({ requests: 2, window: "hour" }, { requests: 2 })?.window, "minute");
  assertEquals(limits({ requests: 2, scope: "tool" }, { requests: 2, scope: "identity" })?.scope, "identity");
  assertEquals(by(rule("a", "allow")).rate_limit, undefined);
});

Deno.test("rules: demands of rules that lost do not count", () => {
  const decision = by(
    rule("a", "allow", { require_broker_credential: true, rate_limit: { requests: 1 } }),
    rule("b", "dry_run"),
  );
  assertEquals([decision.broker.required, decision.rate_limit], [false, undefined]);
});

Deno.test("rules: of several freeze windows and sandboxes the worst is told", () => {
  const frozen = (name: string, change: JsonObject) =>
    rule(name, "block", {
      freeze_window: {
        timezone: "UTC",
        windows: [{ name, start: "2026-03-14T00:00:00", end: "2026-03-15T00:00:00" }],
        ...change,
      },
    });
  const told = (...rules: readonly JsonObject[]) =>
    [by(...rules), by(...rules.toReversed())].map(({ freeze_window: one }) => `${one?.status} ${one?.window_name}`);
  assertEquals(told(frozen("b", {}), frozen("a", {})), ["active a", "active a"]);
  assertEquals(told(frozen("b", {}), frozen("a", { effect: "require_approval" })), ["active b", "active b"]);
  assertEquals(told(frozen("b", { timezone: "Moon/Base" }), frozen("a", {})), ["invalid ", "invalid "]);
  assertEquals(told(frozen("b", {}), frozen("a", { risk_classes: ["high"] })), ["active b", "active b"]);
  const sandbox = {
    user_mode: "root",
    network_mode: "full",
    env_exposure_mode: "none",
    filesystem_isolation: "none",
    timeout_seconds: 9,
    evidence_ref: "ref:1",
    evidence_digest: "ab".repeat(32),
  };
  const boxes = [
    rule("a", "block", { sandbox: { max_timeout_seconds: 9 } }),
    rule("b", "block", { sandbox: { allowed_user_modes: ["default"] } }),
  ];
  assertEquals(decide({ rules: boxes }, inContext({ sandbox })).sandbox?.status, "disallowed");
});

for (const verdict of ["allow", "dry_run", "require_approval", "block"]) {
  Deno.test(`rules: none matches, and the default is ${verdict}`, () => {
    const decision = decide(
      { default_verdict: verdict, rules: [rule("x", "block", { match: { tool_names: ["x"] } })] },
      request(),
    );
    assertEquals(said(decision), [verdict, `default_${verdict}`, ""]);
    assertEquals([decision.matched_rule, decision.matched_rules], ["", []]);
    assertEquals(decision.required_approvals, verdict === "require_approval" ? 1 : 0);
  });
}

const under = (times: JsonObject, link: JsonObject = {}): JsonObject =>
  request({
    delegation: { requester_identity: "me", chain: [{ delegator_identity: "a", delegate_identity: "me", ...link }], ...times },
  });
const PAST = "2026-03-14T09:30:00Z";
const AHEAD = "2026-03-14T09:30:00.000000001Z";
const EXPIRED = ["block", "delegation_expired ok", "delegation_not_granted"] as const;
const EARLY = ["block", "delegation_not_yet_valid ok", "delegation_not_granted"] as const;
const OK = ["allow", "ok", ""] as const;

rows("rules: times of a delegation", ruled({ match: { max_delegation_depth: 9 } }), [
  ["none are given", under({}), OK],
  ["it holds", under({ issued_at: PAST, expires_at: AHEAD }), OK],
  ["it has ended", under({ expires_at: PAST }), EXPIRED],
  ["it has not begun", under({ issued_at: AHEAD }), EARLY],
  ["a link has ended", under({}, { expires_at: PAST }), EXPIRED],
  ["a link has not begun", under({}, { issued_at: AHEAD }), EARLY],
  ["both", under({ issued_at: AHEAD }, { expires_at: PAST }), [
    "block",
    "delegation_expired delegation_not_yet_valid ok",
    "delegation_not_granted",
  ]],
]);
rows("rules: times of a delegation that no rule looks at", ruled({}), [["are only recorded", under({ expires_at: PAST }), OK]]);

Deno.test("rules: a rule that lost looks at the times of a delegation too", () => {
  const rules = [
    rule("a", "allow", { match: { require_delegation: true } }),
    rule("b", "require_approval", { reason_codes: ["b"] }),
  ];
  const decision = decide({ rules }, under({ expires_at: PAST }));
  assertEquals(said(decision), ["block", "b delegation_expired", "delegation_not_granted"]);
  assertEquals([decision.required_approvals, decision.delegation.required, decision.delegation_matters], [1, false, true]);
});
