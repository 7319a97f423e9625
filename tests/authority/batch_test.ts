// Batches: one signature, approvals that each stand alone and fit nothing but their own call.
import { batchedToken, batchFailure, signBatch } from "../../core/authority/batch.ts";
import { callOf } from "../../core/authority/approver_decision.ts";
import { anyApprovalFailure, readAnyApproval } from "../../core/authority/shown_approval.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { prettyText } from "../../core/base/pretty.ts";
import { sealRecord } from "../../core/base/record.ts";
import { writeShape } from "../../core/base/shape.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import { type BatchApproval, BatchApprovalShape } from "../../core/schema/batch_approval.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { crypto, deletion, keyOf, LATER, mail, NOW, requested, script, SOON, tokenOf } from "./requests.ts";

const CALLS: readonly Json[] = [mail(), deletion(), script(), mail({ args: { to: "bo@example.test" } }), mail()];
const KEY = await keyOf(7);

const tokens = () => CALLS.map((call, i) => tokenOf(call, i));
const batch = () => signBatch(crypto, tokens(), digestSigner(crypto, KEY));
const fileOf = (one: BatchApproval): string => prettyText(writeShape(BatchApprovalShape, one));
const callAt = (i: number) => callOf(requested(CALLS[i] ?? null, i));
const at = <T>(all: readonly T[], i: number): T => {
  const one = all[i];
  if (one === undefined) throw new Error(`nothing at ${i}`);
  return one;
};

Deno.test("batch: each approval holds for its own call, and for no other that differs", async () => {
  const all = await batch();
  for (const [i, one] of all.entries()) {
    for (const j of CALLS.keys()) {
      const failure = await batchFailure(crypto, one, callAt(j), KEY, NOW);
      const same = callAt(i).intent_digest === callAt(j).intent_digest;
      assertEquals(failure, same ? undefined : "approval_token_intent_mismatch", `${i} for ${j}`);
    }
  }
});

Deno.test("batch: the checks of a token, in its words", async () => {
  const one = at(await batch(), 1);
  const call = callAt(1);
  const failure = (change: Partial<typeof call>, now = NOW) => batchFailure(crypto, one, { ...call, ...change }, KEY, now);
  assertEquals(await failure({}), undefined);
  assertEquals(await failure({ intent_digest: "0".repeat(64) }), "approval_token_intent_mismatch");
  assertEquals(await failure({ policy_digest: "0".repeat(64) }), "approval_token_policy_mismatch");
  assertEquals(await failure({ delegation_digest: "0".repeat(64) }), "approval_token_delegation_binding_mismatch");
  assertEquals(await failure({ required_scope: [...call.required_scope, "tool:more"] }), "approval_token_scope_mismatch");
  assertEquals(await failure({ targets: 2 }), "approval_token_max_targets_exceeded");
  assertEquals(await failure({ operations: 2 }), "approval_token_max_ops_exceeded");
  assertEquals(await failure({}, "2026-03-14T10:29:59.999999999Z"), undefined);
  assertEquals(await failure({}, SOON), "approval_token_expired");
  assertEquals(await batchFailure(crypto, one, call, await keyOf(8), NOW), "approval_token_signature_invalid");
  assertEquals(
    await batchFailure(crypto, { ...one, token: { ...one.token, scope: [] } }, call, KEY, NOW),
    "approval_token_invalid",
  );
  assertEquals(await batchFailure(crypto, { ...one, tree_size: 2 ** 21 }, call, KEY, NOW), "approval_token_invalid");
});

Deno.test("batch: parts of two approvals do not make a third", async () => {
  const [one, other] = [at(await batch(), 0), at(await batch(), 3)];
  const [alone] = await signBatch(crypto, [tokenOf(mail(), 9)], digestSigner(crypto, KEY));
  for (const name of ["token", "leaf_index", "proof"] as const) {
    for (const [a, b, call] of [[one, other, callAt(0)], [other, one, callAt(3)], [one, other, callAt(3)]] as const) {
      const mixed = { ...a, [name]: b[name] };
      assertEquals(await batchFailure(crypto, mixed, call, KEY, NOW), "approval_token_signature_invalid", name);
    }
  }
  const foreign = { ...one, root: alone?.root ?? "", tree_size: 1, signature: alone?.signature ?? one.signature };
  assertEquals(await batchFailure(crypto, foreign, callAt(0), KEY, NOW), "approval_token_signature_invalid");
});

Deno.test("batch: a file is read back as it was written, beside ordinary tokens", async () => {
  for (const one of await batch()) {
    const read = assertOk(readAnyApproval(utf8(fileOf(one)), "b.json"));
    assertEquals(read.batch, one);
    assertEquals(read.token, batchedToken(one));
    assertEquals(read.written_scope, one.token.scope);
  }
  const token = tokenOf(mail());
  const sealed = await sealRecord(crypto, ApprovalTokenShape, token, digestSigner(crypto, KEY));
  const read = assertOk(readAnyApproval(utf8(prettyText(sealed)), "t.json"));
  assertEquals(read.batch, undefined);
  assertEquals(await anyApprovalFailure(crypto, read, callOf(requested(mail())), KEY, NOW), undefined);
});

Deno.test("batch: the signature of a batch is none of a token, and the other way round", async () => {
  const one = at(await batch(), 0);
  const asToken = { ...writeShape(ApprovalTokenShape, { ...batchedToken(one), signature: one.signature }) };
  const read = assertOk(readAnyApproval(utf8(JSON.stringify(asToken)), "t.json"));
  assertEquals(await anyApprovalFailure(crypto, read, callAt(0), KEY, NOW), "approval_token_signature_invalid");
  const token = tokenOf(mail());
  const sealed = await sealRecord(crypto, ApprovalTokenShape, token, digestSigner(crypto, KEY));
  const signature = assertOk(readAnyApproval(utf8(JSON.stringify(sealed)), "t.json")).token.signature;
  assert(signature !== undefined);
  assertEquals(await batchFailure(crypto, { ...one, signature }, callAt(0), KEY, NOW), "approval_token_signature_invalid");
});

Deno.test("batch: a file of another spelling is refused, whatever it says", async () => {
  const text = fileOf(at(await batch(), 0));
  const refused = (find: string, replace: string, code: Parameters<typeof assertFault>[1] = "document_shape") => {
    assert(text.includes(find), find);
    assertFault(readAnyApproval(utf8(text.replace(find, replace)), "b.json"), code, `${find} to ${replace}`);
  };
  refused('"leaf_index": 0', '"leaf_index": 0, "more": 1');
  refused('"max_ops": 1', '"max_ops": 1, "more": 1');
  refused('"max_ops": 1', '"max_ops": 1, "delegation_binding_digest": null');
  refused("2026-03-14T10:30:00Z", "2026-03-14T10:30:00.0Z");
  refused("2026-03-14T10:30:00Z", "2026-03-14T10:30:00+00:00");
  refused('"leaf_index": 0', '"leaf_index": -1');
  refused('"leaf_index": 0,', "");
  refused('"tree_size": 5', '"tree_size": 0');
  refused('"root": "', '"root": "A');
  refused('"leaf_index": 0', '"leaf_index": 0, "leaf_index": 0', "json_duplicate_key");
});

Deno.test("batch: one alone is a tree too, and its approvals end with their time", async () => {
  const [only] = await signBatch(crypto, [tokenOf(mail(), 0, { expires_at: LATER })], digestSigner(crypto, KEY));
  assert(only !== undefined);
  assertEquals([only.tree_size, only.leaf_index, only.proof], [1, 0, []]);
  assertEquals(await batchFailure(crypto, only, callAt(0), KEY, SOON), undefined);
  assertEquals(await batchFailure(crypto, only, callAt(0), KEY, LATER), "approval_token_expired");
});
