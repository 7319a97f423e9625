// The tokens of a call, judged together: which serves which hop, what the rest is told, and that no signature is checked twice.
import { readDelegation } from "../../core/authority/delegation_token.ts";
import type { Crypto } from "../../core/base/host.ts";
import { delegationEntries } from "../../core/flow/gate_tokens.ts";
import type { DelegationToken } from "../../core/schema/delegation_token.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { bytesOf, crypto, delegationJson, HOP, KEY, NOW, OTHER } from "../authority/tokens.ts";

const WANTED = { scopes: HOP.scopes, intent_digest: HOP.intent_digest, policy_digest: HOP.policy_digest };
const HOPS = ["b", "c", "d"].map((delegate, i) => ({ delegator: "abc"[i] ?? "", delegate }));

const token = async (delegator: string, delegate: string, of: Partial<DelegationToken> = {}, key = KEY) =>
  assertOk(
    readDelegation(
      bytesOf(await delegationJson({ delegator_identity: delegator, delegate_identity: delegate, ...of }, key)),
      "t.json",
    ),
  );

/** Crypto that counts what it verifies. */
const counting = () => {
  const made = { verified: 0 };
  const counted: Crypto = {
    ...crypto,
    verify(...of) {
      made.verified++;
      return crypto.verify(...of);
    },
  };
  return { made, crypto: counted };
};

const said = (entries: Awaited<ReturnType<typeof delegationEntries>>) =>
  entries.map(({ delegator_identity, delegate_identity, error_code }) =>
    `${delegator_identity}>${delegate_identity} ${error_code || "good"}`
  );

Deno.test("delegation entries: each hop takes the first token that fits, in whatever order they are shown", async () => {
  const tokens = [await token("c", "d"), await token("b", "c"), await token("a", "b")];
  const on = counting();
  const entries = await delegationEntries(on.crypto, tokens, HOPS, WANTED, KEY, NOW);
  assertEquals(said(entries), ["a>b good", "b>c good", "c>d good"]);
  assertEquals(on.made.verified, 3, "each signature once, though the first hop saw all three");
});

Deno.test("delegation entries: the class of a token is among what it grants, and not in the scope that the audit tells", async () => {
  const [entry] = await delegationEntries(crypto, [await token("a", "b")], HOPS.slice(0, 1), WANTED, KEY, NOW);
  assertEquals([entry?.scope, entry?.granted], [["egress", "write"], ["egress", "write", "net"]]);
});

Deno.test("delegation entries: what serves no hop is told why, against the first hop that is open", async () => {
  const late = await token("a", "b", { expires_at: NOW });
  const forged = await token("a", "b", {}, OTHER);
  const entries = await delegationEntries(crypto, [late, forged, await token("b", "c")], HOPS, WANTED, KEY, NOW);
  assertEquals(said(entries), [
    "b>c good",
    "a>b delegation_token_expired",
    "a>b delegation_token_signature_invalid",
    "a>b delegation_token_missing",
    "c>d delegation_token_missing",
  ]);
  const whole = [await token("a", "b"), await token("b", "c"), await token("c", "d")];
  const spare = await delegationEntries(crypto, [...whole, await token("a", "d")], HOPS, WANTED, KEY, NOW);
  assertEquals(said(spare).at(-1), "a>d delegation_token_chain_mismatch");
  assertEquals(
    said(await delegationEntries(crypto, [await token("a", "d")], HOPS, WANTED, KEY, NOW))[0],
    "a>d delegation_token_delegate_mismatch",
  );
});
