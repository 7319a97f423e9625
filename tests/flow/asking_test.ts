// Whether the user of a client can approve a call, and what his accept comes to: one approval of that call, and of nothing that an
// approver's key has to open.
import { approvalFailure } from "../../core/authority/approval_token.ts";
import { userApproval, userCanHelp } from "../../core/flow/asking.ts";
import { approvedCall } from "../../core/flow/gate_tokens.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { assertEquals } from "../assert.ts";
import { crypto, decided, deletion, keyOf, mail } from "../authority/requests.ts";

const KEY = await keyOf(3);
const NOW = "2026-01-01T00:00:00Z";
const ACCEPT = {
  approver_identity: "elicitation:probe",
  created_at: NOW,
  expires_at: "2026-01-01T00:01:00Z",
  producer_version: "v",
};

Deno.test("asking: a call that waits for one approval can be helped, one that takes two, or destroys, cannot", () => {
  assertEquals(userCanHelp(decided(mail()), "standard"), true);
  assertEquals(userCanHelp(decided(mail()), "oss-prod"), false);
  assertEquals(userCanHelp(decided(deletion()), "standard"), false);
  const destroys = mail({ targets: [{ kind: "path", value: "/srv/app/old.txt", operation: "delete" }] });
  assertEquals(userCanHelp(decided(destroys), "standard"), false);
  assertEquals(userCanHelp(decided({ ...mail(), tool_name: "file.read" }), "standard"), false, "nobody waits");
});

Deno.test("asking: an accept is a token like any other, for exactly this call, for a moment", async () => {
  const call = decided(mail());
  const token = await userApproval(crypto, call, ACCEPT, digestSigner(crypto, KEY));
  const failure = (about: Partial<ReturnType<typeof approvedCall>>, now = NOW, key = KEY) =>
    approvalFailure(crypto, token, { ...approvedCall(call), ...about }, key, now);
  assertEquals(await failure({}), undefined);
  assertEquals(await failure({ intent_digest: "0".repeat(64) }), "approval_token_intent_mismatch");
  assertEquals(await failure({ policy_digest: "0".repeat(64) }), "approval_token_policy_mismatch");
  assertEquals(
    await failure({ required_scope: [...approvedCall(call).required_scope, "destructive:apply"] }),
    "approval_token_scope_mismatch",
  );
  assertEquals(await failure({}, ACCEPT.expires_at), "approval_token_expired");
  assertEquals(await failure({}, NOW, await keyOf(4)), "approval_token_signature_invalid");
});
