// `gait approve`: signs an approval of one exact call.
import { approvalToken } from "../../core/authority/approval_token.ts";
import { expiry, wholeSeconds } from "../../core/authority/token.ts";
import { sealRecord } from "../../core/base/record.ts";
import { fail, ok } from "../../core/base/result.ts";
import { lowerSet } from "../../core/base/text.ts";
import { ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import { command } from "../command.ts";
import { boundFlag, digestFlag, mint, MINT_FLAGS } from "../mint.ts";

type Approved = {
  readonly ok: true;
  readonly token_id: string;
  readonly token_path: string;
  readonly expires_at: string;
  readonly reason_code: string;
  readonly scope: readonly string[];
  readonly max_targets: number;
  readonly max_ops: number;
  readonly key_id: string;
  readonly warnings: readonly string[];
  readonly description: string;
};

export default command({
  path: ["approve"],
  summary: "Approve one exact call",
  explain: "Signs a token that approves the one call with this digest under the policy with that digest, for a while.",
  flags: {
    "intent-digest": { kind: "text", doc: "Digest of the call, as gate eval prints it", value: "hex", required: true },
    "policy-digest": { kind: "text", doc: "Digest of the policy, as gate eval prints it", value: "hex", required: true },
    "delegation-binding-digest": { kind: "text", doc: "Digest of the call's delegation, if it has one", value: "hex" },
    approver: { kind: "text", doc: "Who approves", value: "name", required: true },
    "reason-code": { kind: "text", doc: "Why", value: "code", required: true },
    "max-targets": { kind: "text", doc: "Most targets that the call may have; 0 is no bound", value: "n", default: "0" },
    "max-ops": { kind: "text", doc: "Most operations that the call may have; 0 is no bound", value: "n", default: "0" },
    ...MINT_FLAGS,
  },
  examples: [
    "gait approve --intent-digest <hex> --policy-digest <hex> --ttl 30m --scope tool:mail.send --approver ann --reason-code change_7 " +
    "--key-mode prod --private-key approver.key",
  ],
  needs: ["files", "store", "env", "clock", "random", "host"],
  async run(values, ports, program) {
    const intent = digestFlag("intent-digest", values["intent-digest"]);
    if (!intent.ok) return intent;
    const policy = digestFlag("policy-digest", values["policy-digest"]);
    if (!policy.ok) return policy;
    const delegation = digestFlag("delegation-binding-digest", values["delegation-binding-digest"]);
    if (!delegation.ok) return delegation;
    const targets = boundFlag("max-targets", values["max-targets"]);
    if (!targets.ok) return targets;
    const operations = boundFlag("max-ops", values["max-ops"]);
    if (!operations.ok) return operations;
    const scope = lowerSet(values.scope.split(","));
    if (scope.length === 0) {
      return fail("flag_value", `Cannot read value "${values.scope}" of --scope: wanted is at least one word`);
    }
    const created_at = ports.clock.now();
    const expires_at = expiry(created_at, values.ttl);
    if (!expires_at.ok) return expires_at;
    const { crypto } = ports.host;
    const token = approvalToken(crypto, {
      created_at,
      producer_version: program.version,
      approver_identity: values.approver,
      reason_code: values["reason-code"],
      intent_digest: intent.value,
      policy_digest: policy.value,
      delegation_binding_digest: delegation.value,
      scope,
      max_targets: targets.value,
      max_ops: operations.value,
      expires_at: expires_at.value,
    });
    const name = `approval_${token.token_id}.json`;
    const minted = await mint(values, name, (sign) => sealRecord(crypto, ApprovalTokenShape, token, sign), ports);
    if (!minted.ok) return minted;
    const { path, key_id, warnings } = minted.value;
    const data: Approved = {
      ok: true,
      token_id: token.token_id,
      token_path: path,
      expires_at: wholeSeconds(token.expires_at),
      reason_code: token.reason_code,
      scope,
      max_targets: token.max_targets,
      max_ops: token.max_ops,
      key_id,
      warnings,
      description: `${token.approver_identity} approves one call until ${wholeSeconds(token.expires_at)}`,
    };
    return ok({ exit: "ok", data });
  },
  lines: (data: Approved) => [
    `approve: token=${data.token_id}`,
    `${data.description}, for ${data.scope.join(", ")}`,
    `written to ${data.token_path}`,
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});
