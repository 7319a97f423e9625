// Requests of decisions: made only where approval is asked for, and refused where what they show is not what they are bound to.
import { pendingFile } from "../../core/authority/pending.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import { argsDigest } from "../../core/gate/intent_digest.ts";
import { openPending, requestFlaw, writePending } from "../../core/flow/pending_request.ts";
import type { PendingRequest } from "../../core/schema/pending_request.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { changed, crypto, decided, deletion, LATER, mail, NOW, requested, script } from "../authority/requests.ts";
import { approval } from "./decisions.ts";

const ASKING = { dir: "out//in/./box", now: NOW, expires_at: LATER, nonce: new Uint8Array(16), producer_version: "test" };

Deno.test("pending request: what it holds of a plain call", () => {
  const { intent, ...request } = requested(mail());
  const on = decided(mail());
  assertEquals(request, {
    schema_id: "gait.gate.pending_request",
    schema_version: "1.0.0",
    created_at: NOW,
    producer_version: "test",
    expires_at: LATER,
    nonce: "0".repeat(32),
    trace_id: sha256Hex(crypto, new TextEncoder().encode(`${on.policy_digest}:${on.digests.intent_digest}:require_approval`))
      .slice(0, 24),
    args_digest: argsDigest(crypto, on.intent),
    intent_digest: on.digests.intent_digest,
    policy_digest: on.policy_digest,
    delegation_binding_digest: "",
    reason_codes: ["approval_token_missing", "asked"],
    violations: ["approval_not_granted"],
    matched_rules: [{ name: "mails", priority: 0, effect: "require_approval" }],
    composite_risk_class: "",
    step_verdicts: [],
    required_scope: ["tool:mail.send"],
    target_count: 1,
    operation_count: 1,
    required_approvals: 1,
    distinct_approvers: false,
  });
  assertEquals([intent.tool_name, intent.args], ["mail.send", { to: "ann@example.test", text: "hello" }]);
});

Deno.test("pending request: approvals by different people, and the steps of a script", () => {
  const twice = requested(deletion());
  assertEquals([twice.required_approvals, twice.distinct_approvers], [2, true]);
  const steps = requested(script());
  assertEquals([steps.target_count, steps.operation_count, steps.composite_risk_class], [2, 2, "high"]);
  assertEquals(steps.step_verdicts.map(({ tool_name, verdict }) => [tool_name, verdict]), [["a", "require_approval"], [
    "b",
    "require_approval",
  ]]);
  assert(steps.intent.script_hash !== "");
});

Deno.test("pending request: none for a call that is not asked about, is approved, or is only simulated", () => {
  const read = { ...mail(), tool_name: "file.read" };
  for (
    const on of [decided(read), decided({ ...mail(), tool_name: "x" }), decided(mail(), { approvals: [approval("t", "ann")] })]
  ) {
    assert(on.final.verdict !== "require_approval");
    assertEquals(writePending(crypto, on, ASKING), undefined);
  }
  assertEquals(writePending(crypto, decided(mail(), { simulate: true }), ASKING), undefined);
});

Deno.test("pending request: as a file it lies in the inbox under its id, and is opened again", () => {
  for (const call of [mail(), deletion(), script(), mail({ args: {}, targets: [] })]) {
    const file = writePending(crypto, decided(call), ASKING);
    assert(file !== undefined);
    assertEquals(file.path, `out/in/box/request_${file.id}.json`);
    assertEquals(pendingFile(crypto, assertOk(openPending(crypto, file.bytes, file.id))).id, file.id);
  }
});

Deno.test("pending request: one that shows another call than it is bound to is refused, also under its right id", () => {
  const good = requested(deletion());
  assertEquals(requestFlaw(crypto, good), undefined);
  const other = "0".repeat(64);
  const wrong: readonly (readonly [string, Partial<PendingRequest>])[] = [
    ["intent_digest", { intent_digest: other }],
    ["intent_digest", { intent: requested(mail()).intent }],
    ["intent_digest", { intent: { ...good.intent, args: { path: "/srv/app/other.txt" } } }],
    ["intent_digest", { intent: { ...good.intent, context: { ...good.intent.context, identity: "svc" } } }],
    ["args_digest", { args_digest: other }],
    ["delegation_binding_digest", { delegation_binding_digest: other }],
    ["trace_id", { trace_id: "0".repeat(24) }],
    ["trace_id", { policy_digest: other }],
    ["target_count", { target_count: 2 }],
    ["operation_count", { operation_count: 2 }],
    ["intent", { intent: { ...good.intent, script_hash: other } }],
    ["required_scope", { required_scope: ["tool:file.delete"] }],
    ["required_scope", { required_scope: ["*", ...good.required_scope] }],
  ];
  for (const [member, change] of wrong) {
    const request = { ...good, ...change };
    assertEquals(requestFlaw(crypto, request), member, JSON.stringify(change).slice(0, 80));
    const { id, bytes, name } = pendingFile(crypto, request);
    const fault = assertFault(openPending(crypto, bytes, id), "request_changed");
    assertEquals(fault.at, { file: name, pointer: `/${member}` });
  }
});

Deno.test("pending request: a member that is not known cannot be hidden in one", () => {
  const { bytes } = pendingFile(crypto, requested(mail()));
  const hidden = changed(bytes, '"trace_id"', '"hidden": 1, "trace_id"');
  assertFault(openPending(crypto, hidden, sha256Hex(crypto, hidden)), "document_shape");
});
