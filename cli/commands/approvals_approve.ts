// `gait approvals approve`: approves requests of an inbox: one by a token of its own, several by one signature over all of them.
import { signBatch } from "../../core/authority/batch.ts";
import { tokenFor } from "../../core/authority/approver_decision.ts";
import { expiry, wholeSeconds } from "../../core/authority/token.ts";
import type { Crypto } from "../../core/base/host.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { sealRecord } from "../../core/base/record.ts";
import { type Fault, ok } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { type DigestSigner, digestSigner } from "../../core/base/sign.ts";
import { type ApprovalToken, ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import { BatchApprovalShape } from "../../core/schema/batch_approval.ts";
import { chosen, DECIDE_FLAGS, signerOf, stand } from "../approvals_decide.ts";
import { command } from "../command.ts";
import { MINT_FLAGS, THROWAWAY } from "../mint.ts";

type Given = { readonly request_id: string; readonly token_id: string; readonly token_path: string };

type Approved = {
  readonly ok: boolean;
  readonly approved: readonly Given[];
  /** Requests that others closed meanwhile: their tokens were thrown away. */
  readonly lost: readonly { readonly request_id: string; readonly error: string }[];
  readonly batch_root: string;
  readonly expires_at: string;
  readonly reason_code: string;
  readonly key_id: string;
  readonly warnings: readonly string[];
  readonly description: string;
};

export default command({
  path: ["approvals", "approve"],
  summary: "Approve requests of the inbox",
  explain: "Signs tokens of single use, each for exactly one request; several requests are approved by one signature.",
  flags: {
    ...DECIDE_FLAGS,
    all: { kind: "switch", doc: "All that wait, instead of --id" },
    set: { kind: "text", doc: "With --all: only if what waits is still the set that list printed", value: "hex", default: "" },
    ttl: MINT_FLAGS.ttl,
  },
  examples: [
    "gait approvals approve --id <id> --approver ann --reason-code change_7 --ttl 30m --private-key approver.key",
    "gait approvals approve --all --set <hex> --approver ann --reason-code change_7 --ttl 30m --private-key approver.key",
  ],
  needs: ["files", "store", "env", "clock", "random", "host", "progress"],
  async run(values, ports, { version }) {
    const { crypto } = ports.host;
    const { dir, approver } = values;
    const created_at = ports.clock.now();
    const expires_at = expiry(created_at, values.ttl);
    if (!expires_at.ok) return expires_at;
    const requests = await chosen(dir, values, approver, created_at, ports);
    if (!requests.ok) return requests;
    const signer = await signerOf(values, ports);
    if (!signer.ok) return signer;
    const deciding = {
      created_at,
      producer_version: version,
      approver_identity: approver,
      reason_code: values["reason-code"],
      expires_at: expires_at.value,
    };
    const tokens = requests.value.map(({ id, request }) => tokenFor(crypto, id, request, deciding));
    const { documents, batch_root } = await signed(crypto, tokens, digestSigner(crypto, signer.value.key));

    const approved: Given[] = [];
    const lost: { readonly request_id: string; readonly error: string }[] = [];
    let fault: Fault | undefined;
    for (const [i, found] of requests.value.entries()) {
      ports.progress.report("approved", i, requests.value.length);
      const [token, document] = [tokens[i], documents[i]];
      if (token === undefined || document === undefined) throw new Error("each request has its token");
      const path = await stand(dir, found, document, { approver, token_id: token.token_id }, ports);
      if (path.ok) approved.push({ request_id: found.id, token_id: token.token_id, token_path: path.value });
      else {
        lost.push({ request_id: found.id, error: path.fault.message });
        fault ??= path.fault;
      }
    }
    const end = wholeSeconds(expires_at.value);
    const data: Approved = {
      ok: fault === undefined,
      approved,
      lost,
      batch_root,
      expires_at: end,
      reason_code: values["reason-code"],
      key_id: signer.value.key.keyId,
      warnings: signer.value.dev ? [THROWAWAY] : [],
      description: `${approver} approves ${
        approved.length === 1 ? "1 request" : `${approved.length} requests`
      }, once, until ${end}`,
    };
    return ok(fault === undefined ? { exit: "ok", data } : { exit: "usage", data, fault });
  },
  lines: (data: Approved) => [
    `approvals approve: ${data.description}`,
    ...data.approved.map(({ request_id, token_path }) => `${request_id}: ${token_path}`),
    ...data.lost.map(({ error }) => `lost: ${error}`),
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});

/** The documents of tokens: one that is signed itself, or all of a batch. */
async function signed(
  crypto: Crypto,
  tokens: readonly ApprovalToken[],
  sign: DigestSigner,
): Promise<{ readonly documents: readonly JsonObject[]; readonly batch_root: string }> {
  const [only, ...others] = tokens;
  if (only !== undefined && others.length === 0) {
    return { documents: [await sealRecord(crypto, ApprovalTokenShape, only, sign)], batch_root: "" };
  }
  const batch = await signBatch(crypto, tokens, sign);
  return { documents: batch.map((one) => writeShape(BatchApprovalShape, one)), batch_root: batch[0]?.root ?? "" };
}
