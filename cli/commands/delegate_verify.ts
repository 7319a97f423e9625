// `gait delegate verify`: says whether a delegation token holds, and for what.
import { delegationFailure, readShownDelegation } from "../../core/authority/delegation_token.ts";
import { TOKEN_LIMIT, wholeSeconds } from "../../core/authority/token.ts";
import { fail, ok } from "../../core/base/result.ts";
import { lowerSet } from "../../core/base/text.ts";
import { command } from "../command.ts";
import { loadVerifyKey, PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "../key_sources.ts";
import { digestFlag } from "../mint.ts";
import { uncoveredWarning } from "../uncovered.ts";

type Verified = {
  readonly ok: boolean;
  readonly token_id: string;
  readonly token_path: string;
  readonly delegator_identity?: string;
  readonly delegate_identity?: string;
  readonly scope?: readonly string[];
  readonly scope_class?: string;
  readonly expires_at?: string;
  readonly key_id?: string;
  readonly warnings: readonly string[];
};

const given = (text: string | undefined): { readonly text: string } | undefined => text ? { text } : undefined;

export default command({
  path: ["delegate", "verify"],
  summary: "Verify a delegation token",
  explain: "Checks the signature and the end of a delegation token, and whether it fits what is expected of it.",
  flags: {
    token: { kind: "text", doc: "Token file", value: "file", complete: "path", required: true },
    delegator: { kind: "text", doc: "Who has to have delegated", value: "name" },
    delegate: { kind: "text", doc: "To whom", value: "name" },
    scope: { kind: "text", doc: "One of these has to be granted, comma-separated", value: "list" },
    "intent-digest": { kind: "text", doc: "The call; a token that is bound to another fails", value: "hex" },
    "policy-digest": { kind: "text", doc: "The policy; a token that is bound to another fails", value: "hex" },
    ...PUBLIC_KEY_FLAGS,
    ...PRIVATE_KEY_FLAGS,
  },
  verdict: true,
  examples: ["gait delegate verify --token delegation_0123.json --public-key lead.pub --delegate leaf.agent --scope egress"],
  needs: ["files", "env", "clock", "host"],
  async run(values, ports) {
    const intent = digestFlag("intent-digest", values["intent-digest"]);
    if (!intent.ok) return intent;
    const policy = digestFlag("policy-digest", values["policy-digest"]);
    if (!policy.ok) return policy;
    const key = await loadVerifyKey(values, ports);
    if (!key.ok) return key;
    if (key.value === undefined) {
      return fail("key_source", "Cannot verify the token: expected --public-key, --public-key-env or a private key source");
    }
    const path = values.token;
    const bytes = await ports.files.read(path, TOKEN_LIMIT);
    if (!bytes.ok) return bytes;
    const read = readShownDelegation(bytes.value, path);
    if (!read.ok) return read;
    const { token, uncovered } = read.value;
    const warnings = uncoveredWarning(uncovered);
    const [delegator, delegate] = [given(values.delegator), given(values.delegate)];
    const hop = {
      ...(delegator === undefined ? {} : { delegator: delegator.text }),
      ...(delegate === undefined ? {} : { delegate: delegate.text }),
      scopes: lowerSet((values.scope ?? "").split(",")),
      intent_digest: intent.value,
      policy_digest: policy.value,
    };
    const failure = await delegationFailure(ports.host.crypto, token, hop, key.value, ports.clock.now());
    const { token_id } = token;
    if (failure !== undefined) {
      const message = `Cannot trust delegation token "${path}": ${failure}`;
      const data: Verified = { ok: false, token_id, token_path: path, warnings };
      return ok({ exit: "verification", data, fault: { code: "token_refused", message, reason: failure, at: { file: path } } });
    }
    const { delegator_identity, delegate_identity, scope, scope_class } = token;
    const data: Verified = {
      ok: true,
      token_id,
      token_path: path,
      delegator_identity,
      delegate_identity,
      scope,
      scope_class,
      expires_at: wholeSeconds(token.expires_at),
      key_id: key.value.keyId,
      warnings,
    };
    return ok({ exit: "ok", data });
  },
  lines: (data: Verified) => [
    `delegate verify ${data.ok ? "ok" : "failed"}: ${data.token_path}`,
    ...(data.ok
      ? [
        `${data.delegator_identity} lets ${data.delegate_identity} act until ${data.expires_at}, for ${data.scope?.join(", ")}`,
      ]
      : []),
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});
