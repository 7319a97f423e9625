// `gait contract validate`: says whether a proposed action contract is sound.
import { judgeProposal } from "../../core/authority/contract_validate.ts";
import { PROPOSAL_ID } from "../../core/schema/action_contract_proposal.ts";
import { command } from "../command.ts";
import {
  contractDocument,
  contractLines,
  contractOutcome,
  MOMENT_FLAG,
  momentOf,
  oneFile,
  PROPOSAL_FLAGS,
  proposalAt,
} from "../contract_command.ts";

export default command({
  path: ["contract", "validate"],
  summary: "Check a proposed action contract",
  explain:
    "Checks the form, the digests, the ids and the state of an action contract that a scanner proposes; nothing is executed.",
  positionals: { name: "proposal", doc: "Proposal artifact", min: 0, max: Infinity, complete: "path" },
  flags: { ...PROPOSAL_FLAGS, "evaluation-time": MOMENT_FLAG },
  verdict: true,
  document: contractDocument("validate"),
  examples: ["gait contract validate proposal.json"],
  needs: ["files", "clock", "host"],
  async run(values, ports) {
    const path = oneFile([values.proposal, values.artifact, values.from, ...values.positionals], "a proposal");
    if (!path.ok) return path;
    const now = momentOf(values["evaluation-time"], ports.clock);
    if (!now.ok) return now;
    const read = await proposalAt(path.value, ports);
    if (!read.ok) return read;
    const proposal = judgeProposal(ports.host.crypto, read.value, now.value);
    const { reasons, misfit: error } = proposal;
    return contractOutcome({ ok: reasons.length === 0, schema_id: PROPOSAL_ID, proposal, reasons, error, path: path.value });
  },
  lines: contractLines("validate"),
});
