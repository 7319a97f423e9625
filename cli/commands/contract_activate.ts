// `gait contract activate`: signs that a proposed action contract is in force, for a policy, a target and a span of time.
import { activate } from "../../core/authority/contract_activate.ts";
import { judgeProposal } from "../../core/authority/contract_validate.ts";
import { ok } from "../../core/base/result.ts";
import { isHex64 } from "../../core/base/text.ts";
import { ACTIVATED_ID } from "../../core/schema/action_contract_activated.ts";
import { command } from "../command.ts";
import {
  contractDocument,
  contractLines,
  contractOutcome,
  oneFile,
  oneValue,
  plainVariable,
  PROPOSAL_FLAGS,
  proposalAt,
} from "../contract_command.ts";
import { writeActivation } from "../contract_out.ts";
import { checkSelected } from "../contract_selection.ts";
import { loadPrivateKey, PRIVATE_KEY_FLAGS } from "../key_sources.ts";

const listed = (csv = "", one = ""): readonly string[] => [...csv.split(","), one];

export default command({
  path: ["contract", "activate"],
  summary: "Put a proposed action contract into force",
  explain: "Signs that a selected proposal is in force under a policy, on a target, for a while; nothing is executed.",
  positionals: { name: "proposal", doc: "Proposal artifact", min: 0, max: Infinity, complete: "path" },
  flags: {
    ...PROPOSAL_FLAGS,
    selection: { kind: "text", doc: "Manifest that lists the current proposals", value: "file", complete: "path" },
    "policy-digest": { kind: "text", doc: "The policy that it holds under, as sha256: and 64 hex digits", value: "digest" },
    principal: { kind: "text", doc: "Who activates it", value: "name" },
    "activating-principal": { kind: "text", doc: "The same as --principal", value: "name" },
    "authority-refs": { kind: "text", doc: "What gives the right to, comma-separated", value: "list" },
    "authority-ref": { kind: "text", doc: "One more of them", value: "ref" },
    target: { kind: "text", doc: "What may be acted upon", value: "name" },
    environment: { kind: "text", doc: "Where", value: "name" },
    mode: { kind: "text", doc: "How strictly it is meant", value: "context_only|enforce_floor|required" },
    "valid-from": { kind: "text", doc: "From when on it holds", value: "time" },
    "valid-until": { kind: "text", doc: "Until when; that moment is not in it", value: "time" },
    exceptions: { kind: "text", doc: "What is excepted, comma-separated", value: "list" },
    exception: { kind: "text", doc: "One more of them", value: "word" },
    ...PRIVATE_KEY_FLAGS,
    "allow-development-signing": { kind: "switch", doc: "Without a key, sign with the well-known one of development" },
    out: { kind: "text", doc: "Where to write it; the folder has to be there", value: "file", complete: "path" },
    overwrite: { kind: "switch", doc: "Let --out replace a file" },
  },
  verdict: true,
  document: contractDocument("activate"),
  examples: [
    "gait contract activate proposal.json --selection manifest.json --policy-digest sha256:... --principal ops.lead --authority-refs board:7 --target payouts-api --environment staging --mode required --valid-from 2026-03-01T00:00:00Z --private-key operator.key --out activation.json",
  ],
  needs: ["files", "store", "env", "clock", "host"],
  spared: ({ out }) => out ? [] : ["store"],
  async run(values, ports) {
    const path = oneFile([values.proposal, values.artifact, values.from, ...values.positionals], "a proposal");
    if (!path.ok) return path;
    const principal = oneValue(values.principal, values["activating-principal"], "--principal and --activating-principal");
    if (!principal.ok) return principal;
    const read = await proposalAt(path.value, ports);
    if (!read.ok) return read;
    const key = await loadPrivateKey(values, ports);
    if (!key.ok) return key;
    const plain = plainVariable(values["private-key-env"], ports.env);
    if (!plain.ok) return plain;
    const selected = await checkSelected(values.selection ?? "", path.value, read.value, ports.files);
    if (!selected.ok) return selected;
    const { crypto } = ports.host;
    const proposal = judgeProposal(crypto, read.value, ports.clock.now());
    const policy_digest = values["policy-digest"] ?? "";
    const activation = await activate(crypto, proposal, {
      policy_digest,
      activating_principal: principal.value,
      authority_refs: listed(values["authority-refs"], values["authority-ref"]),
      target: values.target ?? "",
      environment: values.environment ?? "",
      activation_mode: values.mode ?? "",
      valid_from: values["valid-from"] ?? "",
      valid_until: values["valid-until"] ?? "",
      explicit_exceptions: listed(values.exceptions, values.exception),
      allow_development_signing: values["allow-development-signing"],
    }, key.value?.key);
    const { activated } = activation;
    const reasons = activated === undefined ? activation.reasons : [];
    const written = activated === undefined || !values.out
      ? ok(undefined)
      : await writeActivation(values.out, activated, values.overwrite, ports);
    if (!written.ok) return written;
    return contractOutcome({
      ok: activated !== undefined,
      schema_id: ACTIVATED_ID,
      proposal,
      activated,
      reasons,
      error: isHex64(policy_digest)
        ? `gait prints policy digests bare; write --policy-digest sha256:${policy_digest}`
        : proposal.misfit,
      path: path.value,
      remarks: written.value === undefined ? [] : [`written to ${written.value}`],
    });
  },
  lines: contractLines("activate"),
});
