// Approval tokens: each check with its code, in its order, and the edges of time and bounds.
import { approvalFailure, type ApprovedCall, readApproval } from "../../core/authority/approval_token.ts";
import type { JsonObject } from "../../core/base/json.ts";
import type { ApprovalToken } from "../../core/schema/approval_token.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { approvalJson, bytesOf, CALL, crypto, KEY, NOW, OTHER } from "./tokens.ts";

const judged = async (json: JsonObject, call: Partial<ApprovedCall> = {}, now = NOW, key = KEY) => {
  const { token } = assertOk(readApproval(bytesOf(json), "t.json"));
  return await approvalFailure(crypto, token, { ...CALL, ...call }, key, now) ?? "good";
};

Deno.test("approval token: one for the call is good", async () => {
  assertEquals(await judged(await approvalJson()), "good");
  assertEquals(await judged(await approvalJson({ scope: ["*"] }), { required_scope: ["tool:x", "phase:apply"] }), "good");
  assertEquals(await judged(await approvalJson({ max_targets: 0, max_ops: 0 }), { targets: 99, operations: 99 }), "good");
});

Deno.test("approval token: what does not fit has its code", async () => {
  const of = async (part: Partial<ApprovalToken>, call: Partial<ApprovedCall> = {}) =>
    await judged(await approvalJson(part), call);
  assertEquals(
    [
      await of({ token_id: "" }),
      await of({ schema_id: "gait.gate.other" }),
      await of({ scope: [] }),
      await of({ max_ops: -1 }),
      await of({ approver_identity: "" }),
      await of({ intent_digest: "3".repeat(64) }),
      await of({ policy_digest: "3".repeat(64) }),
      await of({}, { delegation_digest: "4".repeat(64) }),
      await of({ scope: ["tool:mail.read"] }),
      await of({}, { required_scope: ["tool:mail.send", "destructive:apply"] }),
      await of({}, { targets: 3 }),
      await of({}, { operations: 3 }),
    ],
    [
      ...Array.from({ length: 5 }, () => "approval_token_invalid"),
      "approval_token_intent_mismatch",
      "approval_token_policy_mismatch",
      "approval_token_delegation_binding_mismatch",
      "approval_token_scope_mismatch",
      "approval_token_scope_mismatch",
      "approval_token_max_targets_exceeded",
      "approval_token_max_ops_exceeded",
    ],
  );
});

Deno.test("approval token: it ends at its end, to the nanosecond", async () => {
  const json = await approvalJson();
  assertEquals(await judged(json, {}, "2026-03-14T10:00:00Z"), "good");
  assertEquals(await judged(json, {}, "2026-03-14T10:00:00.000000001Z"), "approval_token_expired");
  assertEquals(await judged(json, {}, "2026-03-14T11:00:00.000000001+01:00"), "approval_token_expired");
});

Deno.test("approval token: without signature, by another key, with another's signature", async () => {
  const { signature: _, ...bare } = await approvalJson();
  assertEquals(await judged(bare), "approval_token_signature_missing");
  assertEquals(await judged(await approvalJson({}, OTHER)), "approval_token_signature_invalid");
  const swapped = { ...await approvalJson(), signature: (await approvalJson({ reason_code: "b" }))["signature"] ?? null };
  assertEquals(await judged(swapped), "approval_token_signature_invalid");
});

Deno.test("approval token: the signature stands before the call, the call before the time", async () => {
  const late = await approvalJson({ expires_at: "2026-03-14T09:10:00Z", intent_digest: "3".repeat(64) });
  assertEquals(await judged(late), "approval_token_intent_mismatch");
  assertEquals(await judged(late, {}, NOW, OTHER), "approval_token_signature_invalid");
});

Deno.test("approval token: a file that is no token is a fault", () => {
  const read = (text: string) => readApproval(new TextEncoder().encode(text), "t.json");
  assertFault(read("[]"), "document_shape");
  assertFault(read('{"scope":"x"}'), "document_shape");
  assertFault(read('{"token_id":"a","token_id":"b"}'), "json_duplicate_key");
  assertFault(read("{"), "json_syntax");
});

Deno.test("approval token: the audit is told the scope as the file spells it", async () => {
  const json = { ...await approvalJson(), scope: ["Tool:Mail.Send ", "tool:mail.send"] };
  assertEquals(assertOk(readApproval(bytesOf(json), "t.json")).written_scope, ["Tool:Mail.Send", "tool:mail.send"]);
  assertEquals(await judged(json), "good");
});
