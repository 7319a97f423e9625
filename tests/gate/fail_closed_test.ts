// What blocks when it is missing, before any rule.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { invalidIntent } from "../../core/gate/fail_closed.ts";
import { HIGH_RISK_FIELDS } from "../../core/schema/gate_words.ts";
import { assertEquals } from "../assert.ts";
import { decide, killSwitch, type Said, said } from "./decide.ts";
import { CONTEXT, request } from "./intents.ts";

const closed = (section: JsonObject): JsonObject => ({
  default_verdict: "allow",
  fail_closed: { enabled: true, ...section },
  rules: [{ name: "ok", priority: -9, effect: "allow" }],
});

const high = (change: JsonObject = {}, context: JsonObject = {}): JsonObject =>
  request({ context: { ...CONTEXT, risk_class: "High", ...context }, ...change });

const by = (section: JsonObject, json: Json): Said => said(decide(closed(section), json));
const missing = (...fields: readonly string[]): Said => [
  "block",
  fields.map((field) => `fail_closed_missing_${field}`).join(" "),
  fields.map((field) => `missing_${field}`).join(" "),
];
const OK: Said = ["allow", "matched_rule_ok", ""];
const TARGETS = [{ kind: "path", value: "/a", operation: "read" }];
const UNKNOWN = [{ kind: "table", value: "t" }];
const PROVENANCE = [{ arg_path: "a", source: "user" }];

Deno.test("fail closed: each required field alone", () => {
  const one = (field: string, json: Json) => by({ required_fields: [field] }, json);
  assertEquals(one("targets", high()), missing("targets"));
  assertEquals(one("targets", high({ targets: TARGETS })), OK);
  assertEquals(one("arg_provenance", high()), missing("arg_provenance"));
  assertEquals(one("arg_provenance", high({ arg_provenance: PROVENANCE })), OK);
  assertEquals(one("delegation", high()), missing("delegation"));
  assertEquals(one("delegation", high({ delegation: { requester_identity: "me" } })), OK);
  assertEquals(one("context_evidence", high()), ["block", "context_evidence_missing", "missing_context_evidence"]);
  assertEquals(one("endpoint_class", high()), OK);
  assertEquals(one("endpoint_class", high({ targets: UNKNOWN })), [
    "block",
    "fail_closed_endpoint_class_unknown fail_closed_missing_endpoint_class",
    "endpoint_class_unknown missing_endpoint_class",
  ]);
});

Deno.test("fail closed: an endpoint class that says nothing is refused even where nothing is required", () => {
  assertEquals(by({}, high({ targets: UNKNOWN })), ["block", "fail_closed_endpoint_class_unknown", "endpoint_class_unknown"]);
  assertEquals(by({}, high({ targets: TARGETS })), OK);
});

const PRESENT: Readonly<Record<string, Json>> = {
  agent_identity: {},
  credential_source: "env",
  credential_access_type: "jit",
  credential_ttl_seconds: 1,
};

for (const field of HIGH_RISK_FIELDS) {
  Deno.test(`fail closed: ${field} has to be there`, () => {
    const section = { required_high_risk_fields: [field] };
    assertEquals(by(section, high()), missing(field));
    assertEquals(by(section, high({}, { [field]: PRESENT[field] ?? "x" })), OK);
  });
}

Deno.test("fail closed: only for its risk classes, and only when enabled", () => {
  const section = { required_fields: ["targets"] };
  assertEquals(by(section, high({}, { risk_class: "critical" })), missing("targets"));
  assertEquals(by(section, high({}, { risk_class: "low" })), OK);
  assertEquals(by({ ...section, risk_classes: ["low"] }, high({}, { risk_class: "low" })), missing("targets"));
  assertEquals(by({ ...section, risk_classes: ["low"] }, high()), OK);
  assertEquals(by({ ...section, enabled: false }, high()), OK);
});

Deno.test("fail closed: no rule is named, and nothing is demanded", () => {
  const decision = decide(closed({ required_fields: ["targets"] }), high());
  assertEquals([decision.matched_rule, decision.matched_rules, decision.required_approvals], ["", [], 0]);
});

Deno.test("fail closed: every step of a script has to name it, whatever the whole names", () => {
  const step = (change: JsonObject) => ({ tool_name: "t", ...change });
  const script = (...steps: readonly JsonObject[]) => high({ script: { steps }, targets: TARGETS, arg_provenance: PROVENANCE });
  const full = step({ targets: TARGETS, arg_provenance: PROVENANCE });
  const section = { required_fields: ["targets", "arg_provenance"] };
  assertEquals(by(section, script(full, full)), OK);
  assertEquals(by(section, script(full, step({ targets: TARGETS }))), missing("arg_provenance"));
  assertEquals(by(section, script(full, step({ arg_provenance: PROVENANCE }))), missing("targets"));
  assertEquals(by({}, script(full, step({ targets: UNKNOWN }))), [
    "block",
    "fail_closed_endpoint_class_unknown",
    "endpoint_class_unknown",
  ]);
});

Deno.test("fail closed: an active kill switch is told beside it", () => {
  const decision = decide(closed({ required_fields: ["targets"] }), high(), {
    kill_switch: killSwitch({ identity: "svc.clerk" }),
  });
  assertEquals(said(decision), [
    "block",
    "fail_closed_missing_targets kill_switch_active kill_switch_identity_active",
    "kill_switch_active missing_targets",
  ]);
});

Deno.test("fail closed: a call that is no intent is a block too", () => {
  assertEquals(said(invalidIntent()), ["block", "fail_closed_intent_invalid", "intent_not_evaluable"]);
});
