// Delegation tokens: each check with its code, in its order.
import { type DelegatedHop, delegationFailure, readDelegation } from "../../core/authority/delegation_token.ts";
import type { JsonObject } from "../../core/base/json.ts";
import type { DelegationToken } from "../../core/schema/delegation_token.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { bytesOf, crypto, delegationJson, HOP, KEY, NOW, OTHER } from "./tokens.ts";

const judged = async (json: JsonObject, hop: Partial<DelegatedHop> = {}, now = NOW, key = KEY) =>
  await delegationFailure(crypto, assertOk(readDelegation(bytesOf(json), "t.json")), { ...HOP, ...hop }, key, now) ?? "good";

Deno.test("delegation token: one for the hop is good; any of the scopes will do, or the class", async () => {
  const json = await delegationJson();
  assertEquals(await judged(json), "good");
  assertEquals(await judged(json, { scopes: ["read", "write"] }), "good");
  assertEquals(await judged(json, { scopes: ["net"] }), "good");
  assertEquals(await judged(json, { scopes: [] }), "good");
  assertEquals(await judged(await delegationJson({ scope: ["*"] }), { scopes: ["anything"] }), "good");
});

Deno.test("delegation token: what does not fit has its code", async () => {
  const of = async (part: Partial<DelegationToken>, hop: Partial<DelegatedHop> = {}) =>
    await judged(await delegationJson(part), hop);
  assertEquals(
    [
      await of({ scope: [] }),
      await of({ delegate_identity: "" }),
      await of({ expires_at: NOW }),
      await of({ delegator_identity: "Lead" }),
      await of({ delegate_identity: "other" }),
      await of({ intent_digest: "3".repeat(64) }),
      await of({ policy_digest: "3".repeat(64) }),
      await of({}, { scopes: ["read"] }),
    ],
    [
      "delegation_token_invalid",
      "delegation_token_invalid",
      "delegation_token_expired",
      "delegation_token_delegator_mismatch",
      "delegation_token_delegate_mismatch",
      "delegation_token_intent_mismatch",
      "delegation_token_policy_mismatch",
      "delegation_token_scope_mismatch",
    ],
  );
});

Deno.test("delegation token: the end stands before the hop; the signature before both", async () => {
  const late = await delegationJson({ expires_at: NOW, delegate_identity: "other" });
  assertEquals(await judged(late), "delegation_token_expired");
  assertEquals(await judged(late, {}, NOW, OTHER), "delegation_token_signature_invalid");
  const { signature: _, ...bare } = late;
  assertEquals(await judged(bare), "delegation_token_signature_missing");
});
