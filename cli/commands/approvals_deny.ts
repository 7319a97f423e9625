// `gait approvals deny`: says no to requests of an inbox, signed.
import { denialOf } from "../../core/authority/approver_decision.ts";
import { sealRecord } from "../../core/base/record.ts";
import { type Fault, ok } from "../../core/base/result.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { ApprovalDenialShape } from "../../core/schema/approval_denial.ts";
import { chosen, DECIDE_FLAGS, signerOf, stand } from "../approvals_decide.ts";
import { command } from "../command.ts";
import { THROWAWAY } from "../mint.ts";

type Denied = {
  readonly ok: boolean;
  readonly denied: readonly { readonly request_id: string; readonly denial_path: string }[];
  /** Requests that others closed meanwhile. */
  readonly lost: readonly { readonly request_id: string; readonly error: string }[];
  readonly reason_code: string;
  readonly key_id: string;
  readonly warnings: readonly string[];
};

export default command({
  path: ["approvals", "deny"],
  summary: "Deny requests of the inbox",
  explain: "Signs that requests are denied: nobody can approve them any more, whatever approvals they have so far.",
  flags: { ...DECIDE_FLAGS, id: { ...DECIDE_FLAGS.id, required: true } },
  examples: [
    "gait approvals deny --id <id> --approver ann --reason-code not_now --private-key approver.key",
  ],
  needs: ["files", "store", "env", "clock", "random", "host"],
  async run(values, ports, { version }) {
    const { crypto } = ports.host;
    const created_at = ports.clock.now();
    const { dir, approver } = values;
    const requests = await chosen(dir, { id: values.id, all: false, set: "" }, "", created_at, ports);
    if (!requests.ok) return requests;
    const signer = await signerOf(values, ports);
    if (!signer.ok) return signer;
    const sign = digestSigner(crypto, signer.value.key);
    const reason_code = values["reason-code"];
    const denied: { readonly request_id: string; readonly denial_path: string }[] = [];
    const lost: { readonly request_id: string; readonly error: string }[] = [];
    let fault: Fault | undefined;
    for (const found of requests.value) {
      const deciding = { created_at, producer_version: version, approver_identity: approver, reason_code };
      const denial = await sealRecord(crypto, ApprovalDenialShape, denialOf(found.id, found.request, deciding), sign);
      const path = await stand(dir, found, denial, { approver: "", token_id: "" }, ports);
      if (path.ok) denied.push({ request_id: found.id, denial_path: path.value });
      else {
        lost.push({ request_id: found.id, error: path.fault.message });
        fault ??= path.fault;
      }
    }
    const data: Denied = {
      ok: fault === undefined,
      denied,
      lost,
      reason_code,
      key_id: signer.value.key.keyId,
      warnings: signer.value.dev ? [THROWAWAY] : [],
    };
    return ok(fault === undefined ? { exit: "ok", data } : { exit: "usage", data, fault });
  },
  lines: (data: Denied) => [
    `approvals deny: ${data.denied.length === 1 ? "1 request" : `${data.denied.length} requests`}`,
    ...data.denied.map(({ request_id, denial_path }) => `${request_id}: ${denial_path}`),
    ...data.lost.map(({ error }) => `lost: ${error}`),
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});
