// The views of one decision (spec 02, sections 1.1 and 10; spec 03, section 2): trace, explain document, result, record of a stream.
import { writeShape } from "../../core/base/shape.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { NOT_LOOKED_UP } from "../../core/flow/approved_scripts.ts";
import { untimely } from "../../core/flow/gate_delegation.ts";
import type { Decided } from "../../core/flow/gate_decided.ts";
import { explainDocument } from "../../core/flow/gate_explain.ts";
import { type Facts, finish, NO_FACTS } from "../../core/flow/gate_finish.ts";
import { faultRecord } from "../../core/flow/gate_record.ts";
import { gateResult } from "../../core/flow/gate_result.ts";
import { noteOf, traceOf } from "../../core/flow/gate_trace.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { Decision } from "../../core/gate/types.ts";
import { PolicyExplainShape } from "../../core/schema/policy_explain.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { approval, counted, decision, facts, hop } from "./decisions.ts";

const { crypto } = nodeHost;
const POLICY = assertOk(readPolicy(new Uint8Array(), "p")).policy;
const D = "d".repeat(64);
const AT = "2026-03-14T09:30:00Z";

/** A call that was decided so. */
function decided(request: JsonObject = {}, of: Partial<Decision> = {}, known: Facts = NO_FACTS): Decided {
  const given = {
    tool_name: "t",
    args: {},
    ...request,
    context: { identity: "i", workspace: "w", risk_class: "low", ...context(request) },
  };
  const { intent } = assertOk(prepareIntent(assertOk(intentOf(given, "call")), {}));
  const on = decision(of);
  return {
    policy: POLICY,
    policy_digest: D,
    intent,
    digests: intentDigests(crypto, intent),
    delegation_digest: intent.delegation === undefined ? "" : D,
    context_source: "",
    lookup: NOT_LOOKED_UP,
    decision: on,
    facts: known,
    final: finish(on, known),
  };
}
const context = (request: JsonObject): JsonObject => Object(request["context"]);

const SEEN = {
  observed_at: "2026-03-14T09:30:00Z",
  producer_version: "1",
  correlation_id: "c",
  latency_ms: 0,
  approval_token_ref: "chg-1",
};

Deno.test("trace of a decision: only scripts name their rules, sorted and each once", () => {
  assertEquals(traceOf(nodeHost.crypto, decided(), SEEN).facts.matched_rule_ids, []);
  const step = (index: number, matched_rule: string) => ({
    index,
    tool_name: "a",
    verdict: "allow" as const,
    reason_codes: [],
    violations: [],
    matched_rule,
  });
  const script = { composite_risk_class: "low" as const, steps: [step(0, "z,b"), step(1, ""), step(2, "b,a")] };
  const { facts } = traceOf(nodeHost.crypto, decided({ script: { steps: [{ tool_name: "a" }] } }, { script }), SEEN);
  assertEquals([facts.matched_rule_ids, facts.script, facts.step_count, facts.composite_risk_class], [
    ["a", "b", "z"],
    true,
    1,
    "low",
  ]);
});

Deno.test("trace of a decision: the delegation is named by its tokens, else by what the call claims", () => {
  const delegation = {
    requester_identity: "leaf",
    scope_class: "Egress",
    token_refs: ["r2", "r1"],
    chain: [{ delegator_identity: "root", delegate_identity: "leaf" }],
  };
  const needs = { delegation: { required: true, scopes: [] } };
  const ref = (known: Facts) => traceOf(nodeHost.crypto, decided({ delegation }, needs, known), SEEN).facts.delegation_ref;
  const base = { requester_identity: "leaf", delegation_depth: 1, scope_class: "egress", chain_digest: D };
  assertEquals(ref(NO_FACTS), { delegation_token_ref: "r1", ...base, reason_codes: ["delegation_token_missing"] });
  assertEquals(ref(facts({ delegation: { untimely: [], hops: 1, entries: [hop("t9")] } })), {
    delegation_token_ref: "t9",
    ...base,
    reason_codes: ["delegation_granted"],
  });
  assertEquals(traceOf(nodeHost.crypto, decided(), SEEN).facts.delegation_ref, undefined);
});

Deno.test("trace of a decision: approvals that were granted stand before what the caller calls them", () => {
  const ask = { verdict: "require_approval" } as const;
  assertEquals(traceOf(nodeHost.crypto, decided({}, ask), SEEN).facts.approval_token_ref, "chg-1");
  const granted = decided({}, ask, facts({ approvals: [approval("t2", "a"), approval("t1", "b")] }));
  assertEquals(traceOf(nodeHost.crypto, granted, SEEN).facts.approval_token_ref, "t1,t2");
});

Deno.test("trace and note of a simulation: the trace says what was told, the note what it would have been", () => {
  const simulated = decided({}, { verdict: "block", violations: ["v"] }, facts({ simulate: true }));
  const trace = traceOf(nodeHost.crypto, simulated, SEEN).facts;
  assertEquals([trace.verdict, trace.violations], ["allow", []]);
  const note = noteOf(simulated, { trace_id: "t", created_at: AT, signed_digest: D }, "1");
  assertEquals([note.simulated, note.simulated_verdict, note.simulated_reason_codes], [true, "block", ["ok"]]);
  assertEquals(noteOf(decided(), { trace_id: "t", created_at: AT, signed_digest: D }, "1").simulated, false);
});

Deno.test("a delegation holds at a moment, its links too; where no rule looks at it its times say nothing", () => {
  const on = (change: JsonObject, link: JsonObject = {}) => ({
    requester_identity: "leaf",
    ...change,
    chain: [{ delegator_identity: "root", delegate_identity: "leaf", ...link }],
  });
  const at = (delegation: JsonObject, delegation_matters = true) =>
    untimely(decision({ delegation_matters }), decided({ delegation }).intent.delegation, "2026-03-14T09:30:00.5Z");
  assertEquals(at(on({})), []);
  assertEquals(at(on({ expires_at: "2026-03-14T09:30:00.500000001Z" })), []);
  assertEquals(at(on({ expires_at: "2026-03-14T09:30:00.5Z" })), ["delegation_expired"]);
  assertEquals(at(on({ expires_at: "2026-03-14T10:30:00.5+01:00" })), ["delegation_expired"]);
  assertEquals(at(on({}, { expires_at: "2026-03-14T09:30:00.499999999Z" })), ["delegation_expired"]);
  assertEquals(at(on({ issued_at: "2026-03-14T09:30:00.5Z" })), []);
  assertEquals(at(on({}, { issued_at: "2026-03-14T09:30:00.500000001Z" })), ["delegation_not_yet_valid"]);
  assertEquals(at(on({ expires_at: "2026-01-01T00:00:00Z" }, { issued_at: "2027-01-01T00:00:00Z" })), [
    "delegation_expired",
    "delegation_not_yet_valid",
  ]);
  assertEquals(at(on({ expires_at: "2026-01-01T00:00:00Z" }), false), []);
  assertEquals(untimely(decision({ delegation_matters: true }), undefined, "2026-03-14T09:30:00Z"), []);
});

const explain = (on: Decided) => writeShape(PolicyExplainShape, explainDocument(on, "1", {}));

Deno.test("explain: exactly these members where nothing is asked for", () => {
  assertEquals(explain(decided()), {
    ok: true,
    schema_id: "gait.gate.policy_explain",
    schema_version: "1.0.0",
    created_at: "1980-01-01T00:00:00Z",
    producer_version: "1",
    verdict: "allow",
    matched_rule: "r",
    matched_rules: [{ name: "r", priority: 0, effect: "allow" }],
    reason_codes: ["ok"],
    credential_posture: { present: false },
    context_evidence_status: "not_required",
    proof_refs: {},
    final_verdict: "allow",
    final_reason_codes: ["ok"],
  });
});

Deno.test("explain: what is missing is told by its name", () => {
  const reason_codes = [
    "broker_credential_missing",
    "credential_evidence_missing",
    "fail_closed_missing_repo",
    "fail_closed_endpoint_class_unknown",
    "kill_switch_state_unavailable",
    "sandbox_evidence_missing",
    "sandbox_metadata_missing",
  ];
  const { missing_fields, fail_closed_reason_codes } = explain(decided({}, { verdict: "block", reason_codes }));
  assertEquals(missing_fields, [
    "broker_credential",
    "credential_evidence",
    "kill_switch_state",
    "repo",
    "sandbox",
    "sandbox_evidence",
  ]);
  assertEquals(fail_closed_reason_codes, ["fail_closed_missing_repo", "fail_closed_endpoint_class_unknown"]);
});

Deno.test("explain: evidence of the context is verified, missing, present or not asked for", () => {
  const status = (change: Partial<Decided["intent"]["context"]>, reason_codes: readonly string[] = ["ok"]) => {
    const on = decided({}, { reason_codes });
    return explain({
      ...on,
      intent: { ...on.intent, context: { ...on.intent.context, ...change } },
    })["context_evidence_status"];
  };
  assertEquals(status({}), "not_required");
  assertEquals(status({}, ["context_evidence_missing"]), "missing");
  assertEquals(status({ context_evidence_mode: "required", context_set_digest: D }), "verified");
  assertEquals(status({ context_evidence_mode: "required" }), "missing");
  assertEquals(status({ context_evidence_mode: "best_effort", context_set_digest: D }), "present");
  assertEquals(status({ context_refs: ["r"] }), "present");
});

Deno.test("result: limits, and nothing of what there was not", () => {
  const setting = { profile: "standard", proof: {}, warnings: [] };
  const plain = gateResult(decided(), setting);
  assertEquals("rate_limit_key" in plain, false);
  const limited = gateResult(decided({}, {}, facts({ rate_limit: counted(true) })), setting);
  assertEquals([limited.verdict, Reflect.get(limited, "rate_limit_key"), Reflect.get(limited, "rate_limit_used")], [
    "block",
    "t",
    1,
  ]);
});

Deno.test("record of a bad line: a block, whatever its fault says", () => {
  const record = faultRecord({ code: "internal", message: "m", exit: "ok" }, 7, true, D);
  assertEquals([record["verdict"], record["ok"], record["line"]], ["block", false, 7]);
});
