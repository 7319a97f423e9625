// `gait contract verify`: says whether an activated action contract is in force for a proposal.
import { CONTRACT_LIMIT, readActivation } from "../../core/authority/contract_read.ts";
import { judgeProposal } from "../../core/authority/contract_validate.ts";
import { activationFailure } from "../../core/authority/contract_verify.ts";
import { ending, fail, type Result } from "../../core/base/result.ts";
import { ACTIVATED_ID } from "../../core/schema/action_contract_activated.ts";
import { command } from "../command.ts";
import {
  contractDocument,
  contractLines,
  contractOutcome,
  MOMENT_FLAG,
  momentOf,
  oneFile,
  plainVariable,
  proposalAt,
} from "../contract_command.ts";
import { loadPublicKey, PUBLIC_KEY_FLAGS } from "../key_sources.ts";

// What cannot be read cannot be verified.
const unverified = <T>(result: Result<T>): Result<T> =>
  result.ok ? result : { ok: false, fault: ending(result.fault, "verification") };

export default command({
  path: ["contract", "verify"],
  summary: "Verify an activated action contract",
  explain: "Checks that an activation is signed by a key, bound to a proposal and in force; nothing is executed.",
  positionals: { name: "activation", doc: "Activated contract", min: 0, max: Infinity, complete: "path" },
  flags: {
    activation: { kind: "text", doc: "Activated contract; the same as the argument", value: "file", complete: "path" },
    artifact: { kind: "text", doc: "The same", value: "file", complete: "path" },
    proposal: { kind: "text", doc: "The proposal that it activates", value: "file", complete: "path" },
    ...PUBLIC_KEY_FLAGS,
    "evaluation-time": MOMENT_FLAG,
    "allow-development-signing": { kind: "switch", doc: "Let the well-known key of development pass" },
  },
  verdict: true,
  document: contractDocument("verify"),
  examples: ["gait contract verify activation.json --proposal proposal.json --public-key operator.pub"],
  needs: ["files", "env", "clock", "host"],
  async run(values, ports) {
    const path = oneFile([values.activation, values.artifact, ...values.positionals], "an activated contract");
    if (!path.ok) return path;
    const proposed = oneFile([values.proposal], "a proposal");
    if (!proposed.ok) return proposed;
    const now = momentOf(values["evaluation-time"], ports.clock);
    if (!now.ok) return now;
    const key = await loadPublicKey(values, ports);
    if (!key.ok) return key;
    if (key.value === undefined) return fail("key_source", "Cannot verify: expected --public-key or --public-key-env");
    const plain = plainVariable(values["public-key-env"], ports.env);
    if (!plain.ok) return plain;
    const bytes = unverified(await ports.files.read(path.value, CONTRACT_LIMIT));
    if (!bytes.ok) return bytes;
    const activated = unverified(readActivation(bytes.value, path.value));
    if (!activated.ok) return activated;
    const read = unverified(await proposalAt(proposed.value, ports));
    if (!read.ok) return read;
    const proposal = judgeProposal(ports.host.crypto, read.value, now.value);
    const failure = await activationFailure(ports.host.crypto, activated.value, {
      judged: proposal,
      key: key.value.key,
      now: now.value,
      allow_development_signing: values["allow-development-signing"],
    });
    return contractOutcome({
      ok: failure === undefined,
      schema_id: ACTIVATED_ID,
      proposal,
      activated: activated.value,
      reasons: failure?.reasons ?? [],
      error: failure === undefined ? undefined : `Cannot rely on "${path.value}": ${failure.words}`,
      path: path.value,
    });
  },
  lines: contractLines("verify"),
});
