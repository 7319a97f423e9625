// `gait delegate mint`: signs the delegation of a scope from one agent to another.
import { delegationToken } from "../../core/authority/delegation_token.ts";
import { expiry, wholeSeconds } from "../../core/authority/token.ts";
import { sealRecord } from "../../core/base/record.ts";
import { fail, ok } from "../../core/base/result.ts";
import { lower, lowerSet, trim } from "../../core/base/text.ts";
import { DelegationTokenShape } from "../../core/schema/delegation_token.ts";
import { command } from "../command.ts";
import { digestFlag, mint, MINT_FLAGS } from "../mint.ts";

type Delegated = {
  readonly ok: true;
  readonly token_id: string;
  readonly token_path: string;
  readonly delegator_identity: string;
  readonly delegate_identity: string;
  readonly scope: readonly string[];
  readonly scope_class: string;
  readonly expires_at: string;
  readonly key_id: string;
  readonly warnings: readonly string[];
  readonly description: string;
};

export default command({
  path: ["delegate", "mint"],
  summary: "Delegate a scope to another agent",
  explain: "Signs a token by which one agent lets another act within a scope, for a while.",
  flags: {
    delegator: { kind: "text", doc: "Who delegates", value: "name", required: true },
    delegate: { kind: "text", doc: "To whom", value: "name", required: true },
    "scope-class": { kind: "text", doc: "Class of the scope", value: "word" },
    "intent-digest": { kind: "text", doc: "Only for the call with this digest", value: "hex" },
    "policy-digest": { kind: "text", doc: "Only under the policy with this digest", value: "hex" },
    ...MINT_FLAGS,
  },
  examples: [
    "gait delegate mint --delegator lead.agent --delegate leaf.agent --scope egress --ttl 1h --key-mode prod --private-key lead.key",
  ],
  needs: ["files", "store", "env", "clock", "random", "host"],
  async run(values, ports, program) {
    const intent = digestFlag("intent-digest", values["intent-digest"]);
    if (!intent.ok) return intent;
    const policy = digestFlag("policy-digest", values["policy-digest"]);
    if (!policy.ok) return policy;
    const scope = lowerSet(values.scope.split(","));
    if (scope.length === 0) {
      return fail("flag_value", `Cannot read value "${values.scope}" of --scope: wanted is at least one word`);
    }
    const created_at = ports.clock.now();
    const expires_at = expiry(created_at, values.ttl);
    if (!expires_at.ok) return expires_at;
    const { crypto } = ports.host;
    const token = delegationToken(crypto, {
      created_at,
      producer_version: program.version,
      delegator_identity: values.delegator,
      delegate_identity: values.delegate,
      scope,
      scope_class: lower(trim(values["scope-class"] ?? "")),
      intent_digest: intent.value,
      policy_digest: policy.value,
      expires_at: expires_at.value,
    });
    const name = `delegation_${token.token_id}.json`;
    const minted = await mint(values, name, (sign) => sealRecord(crypto, DelegationTokenShape, token, sign), ports);
    if (!minted.ok) return minted;
    const { path, key_id, warnings } = minted.value;
    const { token_id, delegator_identity, delegate_identity, scope_class } = token;
    const until = wholeSeconds(token.expires_at);
    const data: Delegated = {
      ok: true,
      token_id,
      token_path: path,
      delegator_identity,
      delegate_identity,
      scope,
      scope_class,
      expires_at: until,
      key_id,
      warnings,
      description: `${delegator_identity} lets ${delegate_identity} act until ${until}`,
    };
    return ok({ exit: "ok", data });
  },
  lines: (data: Delegated) => [
    `delegate mint: token=${data.token_id}`,
    `${data.description}, for ${data.scope.join(", ")}`,
    `written to ${data.token_path}`,
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});
