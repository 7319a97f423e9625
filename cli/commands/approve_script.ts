// `gait approve-script`: signs the approval of one exact script and files it in a registry.
import { approvedScript } from "../../core/authority/approved_script.ts";
import { scopeHolds } from "../../core/authority/approved_script_match.ts";
import { NO_SCRIPTS, readScripts, scriptsBytes, withScript } from "../../core/authority/approved_script_registry.ts";
import { expiry, isOver } from "../../core/authority/token.ts";
import { sealRecord } from "../../core/base/record.ts";
import { fail, ok } from "../../core/base/result.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { lowerSet } from "../../core/base/text.ts";
import { scriptCall } from "../../core/flow/approved_scripts.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { INTENT_LIMIT, readIntent } from "../../core/gate/intent_read.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { ApprovedScriptShape } from "../../core/schema/approved_script.ts";
import { command } from "../command.ts";
import { loadSigner, PRIVATE_KEY_FLAGS } from "../key_sources.ts";
import { loadPolicy } from "../policy_file.ts";

type Approved = {
  readonly ok: true;
  readonly pattern_id: string;
  readonly policy_digest: string;
  readonly script_hash: string;
  readonly tool_sequence: readonly string[];
  readonly registry_path: string;
  readonly expires_at: string;
  readonly warnings: readonly string[];
};

const THROWAWAY = "Key mode dev: the key is gone after this run, so no gate can verify the entry, nor use the registry with it";

export default command({
  path: ["approve-script"],
  summary: "Approve one exact script in advance",
  explain: "Signs an entry that lets the gate pass one exact script under one exact policy, and puts it into a registry.",
  flags: {
    policy: { kind: "text", doc: "Policy under which it counts", value: "file", complete: "path", required: true },
    intent: { kind: "text", doc: "The script, as the call that it is", value: "file", complete: "path", required: true },
    registry: {
      kind: "text",
      doc: "Registry to put it into; made if it is not there",
      value: "file",
      complete: "path",
      required: true,
    },
    approver: { kind: "text", doc: "Who approves", value: "name", required: true },
    "pattern-id": {
      kind: "text",
      doc: "Name of the entry, in the place of those that have it; made of the script unless given",
      value: "id",
    },
    ttl: { kind: "text", doc: "How long it lasts, such as 30m", value: "duration", default: "168h" },
    scope: {
      kind: "text",
      doc: "What has to hold of the call too, comma-separated: risk:, tool:, workspace_prefix: or endpoint: and a word",
      value: "list",
    },
    "key-mode": { kind: "text", doc: "dev signs with a throwaway key, prod with yours", value: "dev|prod", default: "dev" },
    ...PRIVATE_KEY_FLAGS,
  },
  examples: [
    "gait approve-script --policy .gait.yaml --intent script.json --registry approved_scripts.json --approver ann " +
    "--key-mode prod --private-key approver.key",
  ],
  needs: ["files", "state", "env", "clock", "random", "host"],
  async run(values, ports, program) {
    const created_at = ports.clock.now();
    const expires_at = expiry(created_at, values.ttl);
    if (!expires_at.ok) return expires_at;
    const policy = await loadPolicy(values.policy, ports.files);
    if (!policy.ok) return policy;
    const bytes = await ports.files.read(values.intent, INTENT_LIMIT);
    if (!bytes.ok) return bytes;
    const intent = readIntent(bytes.value, values.intent);
    if (!intent.ok) return intent;
    const { script } = intent.value;
    if (script === undefined) {
      return fail("intent_invalid", `Cannot approve "${values.intent}": it is no script, expected member "/script/steps"`);
    }
    const keys = { "private-key": values["private-key"], "private-key-env": values["private-key-env"] };
    const signer = await loadSigner(values["key-mode"], keys, ports);
    if (!signer.ok) return signer;

    const { crypto } = ports.host;
    const policy_digest = policyDigest(crypto, policy.value.policy);
    const { script_hash } = intentDigests(crypto, intent.value);
    const call = scriptCall(intent.value, script.steps, script_hash, policy_digest);
    const { tool_sequence } = call;
    const scope = lowerSet((values.scope ?? "").split(","));
    const entry = approvedScript({
      created_at,
      producer_version: program.version,
      pattern_id: values["pattern-id"] ?? "",
      policy_digest,
      script_hash,
      tool_sequence,
      approver_identity: values.approver,
      scope,
      expires_at: expires_at.value,
    });
    const written = await sealRecord(crypto, ApprovedScriptShape, entry, digestSigner(crypto, signer.value.key));
    const path = values.registry;
    const filed = await ports.state.update(path, (now) => {
      const before = now === undefined ? ok(NO_SCRIPTS) : readScripts(now, path);
      if (!before.ok) return before;
      const after = withScript(before.value, { entry, written });
      return ok({ value: after.scripts, next: scriptsBytes(after) });
    });
    if (!filed.ok) return filed;

    const over = filed.value.filter((one) => isOver(one.entry, created_at)).map((one) => one.entry.pattern_id);
    const warnings = [
      ...(signer.value.dev ? [THROWAWAY] : []),
      ...scope.filter((word) => !scopeHolds(word, call)).map((word) =>
        `Scope "${word}" does not hold of this call: no gate will pass it`
      ),
      ...over.map((name) => `Entry "${name}" is over: no gate uses the registry until it is renewed or removed`),
    ];
    const { pattern_id } = entry;
    const data: Approved = {
      ok: true,
      pattern_id,
      policy_digest,
      script_hash,
      tool_sequence,
      registry_path: path,
      expires_at: entry.expires_at,
      warnings,
    };
    return ok({ exit: "ok", data });
  },
  lines: (data: Approved) => [
    `approve-script: pattern=${data.pattern_id}`,
    `${data.tool_sequence.join(", ")}: approved until ${data.expires_at}`,
    `written to ${data.registry_path}`,
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});
