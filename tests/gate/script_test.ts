// Scripts: steps are calls of their own, and what they say and demand is merged.
import type { JsonObject } from "../../core/base/json.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import type { Decision } from "../../core/gate/types.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";
import { AROUND, compiled, decide, said } from "./decide.ts";
import { CONTEXT, intent, request } from "./intents.ts";

const POLICY = {
  default_verdict: "block",
  rules: [
    { name: "rd", priority: 1, effect: "allow", match: { tool_names: ["rd"] }, reason_codes: ["rd"], violations: ["vr"] },
    {
      name: "wr",
      effect: "require_approval",
      min_approvals: 2,
      match: { tool_names: ["wr"] },
      reason_codes: ["wr"],
      rate_limit: { requests: 5 },
      broker_reference: "vault/w",
    },
    {
      name: "ok",
      effect: "allow",
      match: { tool_names: ["ok"] },
      reason_codes: ["ok"],
      rate_limit: { requests: 3 },
      require_broker_credential: true,
      broker_reference: "vault/o",
    },
  ],
};

const step = (tool_name: string, ...targets: readonly JsonObject[]): JsonObject => ({ tool_name, targets });
const script = (...steps: readonly JsonObject[]): JsonObject => request({ script: { steps } });
const by = (steps: readonly JsonObject[], policy: JsonObject = POLICY): Decision => decide(policy, script(...steps));

Deno.test("script: the strongest verdict counts, and all steps speak", () => {
  const decision = by([step("rd"), step("wr")]);
  assertEquals(said(decision), ["require_approval", "rd wr", "vr"]);
  assertEquals([decision.matched_rule, decision.required_approvals], ["rd,wr", 2]);
  assertEquals(decision.matched_rules.map(({ name }) => name), ["wr", "rd"]);
  assertEquals(decision.script?.steps, [
    { index: 0, tool_name: "rd", verdict: "allow", reason_codes: ["rd"], violations: ["vr"], matched_rule: "rd" },
    { index: 1, tool_name: "wr", verdict: "require_approval", reason_codes: ["wr"], violations: [], matched_rule: "wr" },
  ]);
});

Deno.test("script: the rule of a script is what its steps say, each once", () => {
  const rule = (name: string, ...tool_names: readonly string[]) => ({
    name,
    priority: 1,
    effect: "allow",
    match: { tool_names },
  });
  const policy = { default_verdict: "block", rules: [rule("three", "a", "b"), rule("also", "b")] };
  const matched = (...tools: readonly string[]) => by(tools.map((tool) => step(tool)), policy).matched_rule;
  assertEquals(matched("a", "b"), "also,three,three");
  assertEquals([matched("a", "a"), matched("b", "b"), matched("a", "c"), matched("c")], ["three", "also,three", "three", ""]);
});

Deno.test("script: what weaker steps demand stays demanded", () => {
  const blocked = by([step("wr"), step("none"), step("ok")]);
  assertEquals([blocked.verdict, blocked.required_approvals], ["block", 2]);
  assertEquals(blocked.rate_limit, { requests: 3, window: "minute", scope: "tool_identity" });
  assertEquals(blocked.broker, { required: true, reference: "vault/w", scopes: [] });
  assertEquals(by([step("ok"), step("wr")]).broker.reference, "vault/o");
});

Deno.test("script: a step has the context of the script and its own targets", () => {
  const policy = {
    default_verdict: "block",
    rules: [{ name: "r", effect: "allow", match: { target_kinds: ["topic"], identities: ["svc.clerk"] } }],
  };
  const verdicts = by([step("a", { kind: "topic", value: "x" }), step("b", { kind: "queue", value: "x" })], policy).script
    ?.steps;
  assertEquals(verdicts?.map(({ verdict }) => verdict), ["allow", "block"]);
});

const READ = { kind: "path", value: "/x", operation: "read" };
const WRITE = { kind: "path", value: "/x", operation: "write" };
const DELETE = { kind: "path", value: "/x", operation: "unlink" };
const limited = (scripts: JsonObject): JsonObject => ({ default_verdict: "allow", scripts });
const many = (count: number) => Array.from({ length: count }, () => step("a"));

Deno.test("script: at most max_steps, of which 64 is the most", () => {
  assertEquals(said(by(many(2), limited({ max_steps: 2 }))), ["allow", "default_allow", ""]);
  assertEquals(said(by(many(3), limited({ max_steps: 2 }))), [
    "block",
    "default_allow script_max_steps_exceeded",
    "script_max_steps_exceeded",
  ]);
  assertEquals(by(many(64), limited({})).verdict, "allow");
});

Deno.test("script: above a number of steps it needs approval", () => {
  const scripts = { require_approval_above: 2 };
  assertEquals(said(by(many(2), limited(scripts))), ["allow", "default_allow", ""]);
  const asked = by(many(3), limited(scripts));
  assertEquals([...said(asked), asked.required_approvals], [
    "require_approval",
    "default_allow script_step_threshold_approval",
    "",
    1,
  ]);
  const both = by(many(3), limited({ ...scripts, max_steps: 2 }));
  assertEquals([both.verdict, both.required_approvals], ["block", 1]);
  const more = by([step("wr"), step("rd"), step("rd")], { ...POLICY, scripts });
  assertEquals(more.required_approvals, 2);
});

Deno.test("script: steps of different risk may be refused", () => {
  const mixed = limited({ block_mixed_risk: true });
  assertEquals(said(by([step("a", READ), step("b", WRITE)], mixed)), [
    "block",
    "default_allow script_mixed_risk_blocked",
    "script_mixed_risk",
  ]);
  assertEquals(by([step("a", READ), step("b")], mixed).verdict, "allow");
  assertEquals(by([step("a", WRITE), step("b", WRITE)], mixed).verdict, "allow");
});

Deno.test("script: one without steps is no intent, and blocked", () => {
  const empty = { ...intent(script(step("a"))), script: { steps: [] } };
  const decision = evaluate(nodeHost.crypto, compiled(limited({})), empty, AROUND);
  assertEquals(said(decision), ["block", "fail_closed_intent_invalid", "intent_not_evaluable"]);
});

Deno.test("script: the composite risk is the highest", () => {
  const risk = (...targets: readonly JsonObject[]) =>
    by(targets.map((target) => step("a", target)), limited({})).script?.composite_risk_class;
  assertEquals([risk(READ), risk(READ, WRITE), risk(DELETE, READ)], ["low", "medium", "high"]);
});

Deno.test("script: an inventory is asked for each step, and not for the script", () => {
  const policy = {
    default_verdict: "block",
    rules: [{ name: "w", effect: "allow", match: { context_data_classes: ["public"] } }],
  };
  const item = (tool_name: string, data_class: string) =>
    [tool_name, { tool_name, data_class, endpoint_class: "", autonomy_level: "" }] as const;
  const inventory = new Map([item("a", "public"), item("b", "pii"), item("script", "public")]);
  const json = request({
    script: { steps: [step("a"), step("b"), step("c")] },
    context: { ...CONTEXT, auth_context: { "wrkr.data_class": "public" } },
  });
  const verdicts = decide(policy, json, { inventory }).script?.steps.map(({ verdict }) => verdict);
  assertEquals(verdicts, ["allow", "block", "allow"]);
});

Deno.test("script: the phase counts step by step", () => {
  const policy = { default_verdict: "block", rules: [{ name: "r", effect: "allow", reason_codes: ["ok"] }] };
  const plan = decide(policy, { ...script(step("a", READ), step("b", DELETE)), context: { ...CONTEXT, phase: "plan" } });
  assertEquals(plan.script?.steps.map(({ verdict }) => verdict), ["allow", "dry_run"]);
  assertEquals(said(plan), ["dry_run", "ok plan_phase_non_destructive", ""]);
});

Deno.test("script: the worst freeze window of the steps is told", () => {
  const freeze = { timezone: "UTC", windows: [{ name: "w", start: "2026-03-14T00:00:00", end: "2026-03-15T00:00:00" }] };
  const policy = {
    rules: [
      { name: "a", effect: "allow", match: { tool_names: ["a"] }, freeze_window: { ...freeze, risk_classes: ["high"] } },
      { name: "b", effect: "allow", match: { tool_names: ["b"] }, freeze_window: freeze },
    ],
  };
  assertEquals(by([step("a"), step("b")], policy).freeze_window?.status, "active");
  assertEquals(by([step("a"), step("a")], policy).freeze_window?.status, "inactive");
});
