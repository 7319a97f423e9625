// Pending requests for tests: decided by a policy as the gate decides, and the keys and tokens to approve them with.
import { type Deciding, tokenFor } from "../../core/authority/approver_decision.ts";
import { pendingFile } from "../../core/authority/pending.ts";
import { fromBase64, utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { keyId, type SigningKey } from "../../core/base/sign.ts";
import type { Decided } from "../../core/flow/gate_decided.ts";
import { type Facts, finish, NO_FACTS } from "../../core/flow/gate_finish.ts";
import { pendingRequest } from "../../core/flow/pending_request.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { delegationDigest, intentDigests } from "../../core/gate/intent_digest.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { ApprovalToken } from "../../core/schema/approval_token.ts";
import type { PendingRequest } from "../../core/schema/pending_request.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";
import { AROUND, policyOf } from "../gate/decide.ts";
import { intent } from "../gate/intents.ts";

export const { crypto } = nodeHost;

export const NOW = "2026-03-14T10:00:00Z";
export const SOON = "2026-03-14T10:30:00Z";
export const LATER = "2026-03-15T10:00:00Z";

/** Asks for every call, twice for deletions. */
export const POLICY: JsonObject = {
  default_verdict: "block",
  rules: [
    { name: "mails", effect: "require_approval", match: { tool_names: ["mail.send"] }, reason_codes: ["asked"] },
    { name: "deletes", effect: "require_approval", match: { tool_names: ["file.delete"] }, min_approvals: 2 },
    { name: "scripts", effect: "require_approval", match: { tool_names: ["a", "b"] } },
    { name: "reads", effect: "allow", match: { tool_names: ["file.read"] } },
  ],
};

const CONTEXT = { identity: "agent.lead", workspace: "/srv/app", risk_class: "low" };

/** A mail, with changes. */
export const mail = (change: JsonObject = {}): JsonObject => ({
  tool_name: "mail.send",
  args: { to: "ann@example.test", text: "hello" },
  targets: [{ kind: "url", value: "https://mail.example.test/send", operation: "post" }],
  context: CONTEXT,
  ...change,
});

/** A deletion. */
export const deletion = (path = "/srv/app/old.txt"): JsonObject => ({
  tool_name: "file.delete",
  args: { path },
  targets: [{ kind: "path", value: path, operation: "delete" }],
  context: { ...CONTEXT, risk_class: "high" },
});

/** A script of two steps. */
export const script = (): JsonObject => ({
  script: {
    steps: [
      { tool_name: "a", args: { n: 1 }, targets: [{ kind: "path", value: "/srv/app/a" }] },
      { tool_name: "b", args: { n: 2 }, targets: [{ kind: "path", value: "/srv/app/b", operation: "delete" }] },
    ],
  },
  context: CONTEXT,
});

/** What the gate decides of a call. */
export function decided(call: Json, facts: Partial<Facts> = {}): Decided {
  const policy = policyOf(POLICY);
  const prepared = assertOk(prepareIntent(intent(call), {}));
  const decision = evaluate(crypto, compilePolicy(policy), prepared.intent, AROUND);
  const known = { ...NO_FACTS, ...facts };
  const { delegation } = prepared.intent;
  return {
    policy,
    policy_digest: policyDigest(crypto, policy),
    intent: prepared.intent,
    digests: intentDigests(crypto, prepared.intent),
    delegation_digest: delegation === undefined ? "" : delegationDigest(crypto, delegation),
    context_source: prepared.context_source,
    lookup: { pre_approved: false, pattern_id: "", registry_reason: "" },
    decision,
    facts: known,
    final: finish(decision, known),
  };
}

const ASKING = { now: NOW, expires_at: LATER, producer_version: "test" };

/** The request for a call; requests of different numbers are different. */
export function requested(call: Json, number = 0): PendingRequest {
  const request = pendingRequest(crypto, decided(call), { ...ASKING, nonce: new Uint8Array(16).fill(number) });
  if (request === undefined) throw new Error("the call asks for no approval");
  return request;
}

/** A request, its id and its file. */
export const filed = (call: Json, number = 0) => {
  const request = requested(call, number);
  return { request, ...pendingFile(crypto, request) };
};

/** The request with this text in its place of another, as somebody might change it. */
export const changed = (bytes: Uint8Array, find: string, replace: string): Uint8Array => {
  const text = new TextDecoder().decode(bytes);
  if (!text.includes(find)) throw new Error(`no ${find} in it`);
  return utf8(text.replace(find, replace));
};

/** A key of which the seed is one byte, 32 times. */
export async function keyOf(byte: number): Promise<SigningKey> {
  const seed = new Uint8Array(32).fill(byte);
  const publicKey = await crypto.publicKey(seed);
  return { seed, publicKey, keyId: keyId(crypto, publicKey) };
}

/** Its file. */
export const keyText = ({ seed, publicKey }: SigningKey): string => btoa(String.fromCharCode(...seed, ...publicKey));

/** Ann decides for half an hour. */
export const DECIDING: Deciding & { readonly expires_at: string } = {
  created_at: NOW,
  producer_version: "test",
  approver_identity: "ann",
  reason_code: "change_7",
  expires_at: SOON,
};

/** A token for a request, not signed. */
export const tokenOf = (call: Json, number = 0, deciding: Partial<typeof DECIDING> = {}): ApprovalToken => {
  const { id, request } = filed(call, number);
  return tokenFor(crypto, id, request, { ...DECIDING, ...deciding });
};

/** The bytes of base64 text. */
export const bytesOf = (text: string): Uint8Array => fromBase64(text) ?? new Uint8Array();
