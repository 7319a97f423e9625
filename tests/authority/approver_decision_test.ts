// Where a request stands by its decisions: approved only by enough approvals that are about it, and every doubt is none.
import {
  type ApproverDecision,
  callOf,
  decisionFailure,
  denialOf,
  readDecision,
  standing,
  tokenFor,
} from "../../core/authority/approver_decision.ts";
import { requestWord } from "../../core/authority/single_use.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { sealRecord } from "../../core/base/record.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { digestSigner, type SigningKey } from "../../core/base/sign.ts";
import { ApprovalDenialShape } from "../../core/schema/approval_denial.ts";
import { type ApprovalToken, ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { crypto, DECIDING, deletion, filed, keyOf, LATER, mail, NOW, script, SOON } from "./requests.ts";

const KEY = await keyOf(7);
const OTHER = await keyOf(8);

const sealed = (token: ApprovalToken, key: SigningKey = KEY): Promise<JsonObject> =>
  sealRecord(crypto, ApprovalTokenShape, token, digestSigner(crypto, key));
const read = (json: Json): Result<ApproverDecision> => readDecision(utf8(JSON.stringify(json)), "d.json");

/** A call's request, with the decisions that people take about it. */
function about(call: Json, number = 0) {
  const { id, request } = filed(call, number);
  return {
    id,
    request,
    async approval(who = "ann", change: Partial<ApprovalToken> = {}, key: SigningKey = KEY) {
      const token = tokenFor(crypto, id, request, { ...DECIDING, approver_identity: who });
      return read(await sealed({ ...token, ...change }, key));
    },
    async denial(who = "cy", key: SigningKey = KEY) {
      const { expires_at: _, ...deciding } = DECIDING;
      const denial = denialOf(id, request, { ...deciding, approver_identity: who });
      return read(await sealRecord(crypto, ApprovalDenialShape, denial, digestSigner(crypto, key)));
    },
    state: (decisions: readonly Result<ApproverDecision>[], now = NOW) => standing(id, request, decisions, now).state,
  };
}

Deno.test("decision: the token of a request covers exactly it", () => {
  for (
    const [call, scope, targets, operations] of [
      [mail(), ["tool:mail.send"], 1, 1],
      [deletion(), ["destructive:apply", "phase:apply", "tool:file.delete"], 1, 1],
      [script(), ["destructive:apply", "phase:apply", "tool:script"], 2, 2],
    ] as const
  ) {
    const { id, request } = filed(call);
    const token = tokenFor(crypto, id, request, DECIDING);
    assertEquals(token.scope, [...scope, requestWord(id)].sort());
    assertEquals([token.max_targets, token.max_ops], [targets, operations]);
    assertEquals([token.intent_digest, token.policy_digest, token.expires_at], [
      request.intent_digest,
      request.policy_digest,
      SOON,
    ]);
  }
  assert(
    tokenFor(crypto, filed(mail()).id, filed(mail()).request, DECIDING).token_id !==
      tokenFor(crypto, filed(mail(), 1).id, filed(mail(), 1).request, DECIDING).token_id,
  );
});

Deno.test("decision: a request waits, is approved or denied, and ends", async () => {
  const { state, approval, denial } = about(mail());
  assertEquals(state([]), "pending");
  assertEquals(state([], "2026-03-15T09:59:59Z"), "pending");
  assertEquals(state([], LATER), "expired");
  assertEquals(state([await approval()]), "approved");
  assertEquals(state([await approval()], "2026-03-14T10:29:59Z"), "approved");
  assertEquals(state([await approval()], SOON), "expired");
  assertEquals(state([await denial()]), "denied");
  assertEquals(state([await denial()], LATER), "denied");
  assertEquals(state([await approval(), await denial()]), "denied");
});

Deno.test("decision: two approvals are two people's", async () => {
  const { state, approval, denial } = about(deletion());
  const [ann, bo] = [await approval("ann"), await approval("bo")];
  assertEquals(state([ann]), "pending");
  assertEquals(state([ann, ann]), "pending");
  assertEquals(state([ann, await approval("ann", { token_id: "another" })]), "pending");
  assertEquals(state([ann, bo]), "approved");
  assertEquals(state([ann, await denial()]), "denied");
  assertEquals(state([ann, await approval("bo", { expires_at: "2026-03-14T10:10:00Z" })], "2026-03-14T10:10:00Z"), "expired");
});

Deno.test("decision: what is about another request, or asks for more or less, is no decision", async () => {
  const { state, approval, id } = about(mail());
  const twin = about(mail(), 1);
  const word = requestWord(id);
  const wrong = [
    await twin.approval(),
    await twin.denial(),
    await about(deletion()).approval(),
    await approval("ann", { scope: ["tool:mail.send"] }),
    await approval("ann", { scope: ["*"] }),
    await approval("ann", { scope: [word] }),
    await approval("ann", { scope: ["tool:mail.send", word, requestWord(twin.id)] }),
    await approval("ann", { intent_digest: "0".repeat(64) }),
    await approval("ann", { policy_digest: "0".repeat(64) }),
    fail("json_syntax", "Cannot read it"),
    read({ schema_id: "gait.gate.approval_denial" }),
    read({}),
  ];
  for (const [i, decision] of wrong.entries()) {
    assertEquals(state([decision]), "damaged", `${i}`);
    assertEquals(state([await approval("bo"), decision]), "damaged", `${i} beside a good one`);
  }
});

Deno.test("decision: a delegation binds the approval too", async () => {
  const call = mail({
    delegation: { requester_identity: "agent.lead", chain: [{ delegator_identity: "ann", delegate_identity: "agent.lead" }] },
  });
  const { state, approval, request } = about(call);
  assert(request.delegation_binding_digest !== "");
  assertEquals(callOf(request).delegation_digest, request.delegation_binding_digest);
  assertEquals(state([await approval()]), "approved");
  assertEquals(state([await approval("ann", { delegation_binding_digest: "" })]), "damaged");
});

Deno.test("decision: a key says whether a decision stands", async () => {
  const { request, approval, denial } = about(mail());
  const failure = async (decision: Result<ApproverDecision>, now = NOW, key = KEY) =>
    await decisionFailure(crypto, assertOk(decision), request, key, now);
  assertEquals(await failure(await approval()), undefined);
  assertEquals(await failure(await approval(), SOON), "approval_token_expired");
  assertEquals(await failure(await approval("ann", {}, OTHER)), "approval_token_signature_invalid");
  assertEquals(await failure(await denial()), undefined);
  assertEquals(await failure(await denial("cy", OTHER)), "denial_signature_invalid");
  const { expires_at: _, ...deciding } = DECIDING;
  const { id } = about(mail());
  assertEquals(await failure(ok({ kind: "denial", denial: denialOf(id, request, deciding) })), "denial_signature_missing");
});

Deno.test("decision: a denial covers each of its members", async () => {
  const { request, denial } = about(mail());
  const good = assertOk(await denial());
  assert(good.kind === "denial");
  for (
    const [name, value] of Object.entries({
      created_at: LATER,
      producer_version: "x",
      request_id: "0".repeat(64),
      intent_digest: "0".repeat(64),
      policy_digest: "0".repeat(64),
      approver_identity: "eve",
      reason_code: "x",
    })
  ) {
    const other = { kind: "denial", denial: { ...good.denial, [name]: value } } as const;
    assertEquals(await decisionFailure(crypto, other, request, KEY, NOW), "denial_signature_invalid", name);
  }
  assertFault(read({ ...JSON.parse(JSON.stringify(good.denial)), more: 1 }), "document_shape");
});
