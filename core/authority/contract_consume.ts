// The receipt of `gait contract consume` (spec 03, section 9.4): what gait makes of a proposal, without acting on it.
import { CONTRACT_ARTIFACT_VERSION, CONTRACT_VERSION } from "../schema/action_contract_parts.ts";
import type { ConsumerReceipt } from "../schema/action_contract_receipt.ts";
import { type JudgedProposal, UNSEEN } from "./contract_validate.ts";

const NAMELESS = { proposal_artifact_id: "", contract_id: "", contract_family_id: "", revision: 0, resolution_key: "" };

/** The digest of no bytes: of a file of which nothing was read. */
export const NOTHING_READ = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** The receipt of a proposal that was not judged. */
export function rejectedReceipt(version: string, artifact_sha256: string, reasons: readonly string[]): ConsumerReceipt {
  return {
    consumer: "gait",
    version,
    scenario_id: "unknown",
    artifact_sha256,
    status: "reject",
    self_attestation: false,
    ...NAMELESS,
    schema_versions: { artifact: CONTRACT_ARTIFACT_VERSION, contract: CONTRACT_VERSION },
    supported_constraints: UNSEEN,
    semantic_result: {
      proposal_valid: false,
      activation_ready: false,
      reason_codes: reasons,
      execution_claim: false,
      effect_claim: false,
    },
  };
}

// What may be said of a sound proposal without making it an unsound one.
const NOT_STRUCTURAL: readonly string[] = ["proposal_stale", "proposal_superseded", "proposal_contradictory"];

/** The receipt of a judged proposal. */
export function consumerReceipt(version: string, judged: JudgedProposal, scenario_id: string): ConsumerReceipt {
  const { proposal, reasons, artifact_sha256, supported } = judged;
  const proposal_valid = reasons.every((reason) => NOT_STRUCTURAL.includes(reason));
  const receipt = rejectedReceipt(version, artifact_sha256, reasons);
  return {
    ...receipt,
    scenario_id,
    status: proposal_valid ? "pass" : "reject",
    ...(proposal === undefined ? NAMELESS : {
      proposal_artifact_id: proposal.artifact_id,
      contract_id: proposal.contract_id,
      contract_family_id: proposal.contract_family_id,
      revision: proposal.revision,
      resolution_key: proposal.resolution_key ?? "",
    }),
    supported_constraints: supported,
    semantic_result: { ...receipt.semantic_result, proposal_valid, activation_ready: reasons.length === 0 },
  };
}
