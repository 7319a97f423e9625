// Whether a proposed action contract is sound (spec 03, section 9.3). All reasons are told, not the first alone; a proposal that
// breaks its format is not looked into any further.
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { fitShape, writeShape } from "../base/shape.ts";
import { byBytes, trim, trimmedSet } from "../base/text.ts";
import { byTime, canonicalTime } from "../base/time.ts";
import type { ActionContract } from "../schema/action_contract.ts";
import { isFamilyId } from "../schema/action_contract_parts.ts";
import { type Proposal, ProposalShape } from "../schema/action_contract_proposal.ts";
import { type SupportedConstraints, SupportedConstraintsShape } from "../schema/action_contract_receipt.ts";
import { contractContentDigest, contractFamilyId, contractIdOf, proposalContentDigest } from "./contract_digest.ts";
import type { ReadProposal } from "./contract_read.ts";
import { type ContractReason, sortedReasons } from "./contract_reasons.ts";

/** A proposal and what was found of it. */
export type JudgedProposal = {
  /** As it was read. */
  readonly raw: JsonObject;
  readonly artifact_sha256: string;
  /** Why it is not sound; sorted, empty when it is. */
  readonly reasons: readonly ContractReason[];
  /** Undefined when it breaks its format; then nothing else of it was looked at, and `misfit` says where. */
  readonly proposal: Proposal | undefined;
  readonly misfit: string | undefined;
  /** Its digest as computed; blank when it was not. */
  readonly canonical_content_digest: string;
  readonly supported: SupportedConstraints;
};

/** What is known of the constraints of a proposal that was not looked into. */
export const UNSEEN: SupportedConstraints = {
  target_constraint_keys: null,
  precondition_kinds: null,
  authority_kinds: null,
  unsupported: [],
};

/** Judges a proposal at a moment, a canonical time. */
export function judgeProposal(crypto: Crypto, { raw, artifact_sha256 }: ReadProposal, now: string): JudgedProposal {
  const read = fitShape(ProposalShape, raw);
  if (!read.ok) {
    const { pointer, wanted } = read.misfit;
    return {
      raw,
      artifact_sha256,
      reasons: ["schema_validation_failed"],
      proposal: undefined,
      misfit: `member "${pointer}" ${wanted}`,
      canonical_content_digest: "",
      supported: UNSEEN,
    };
  }
  const proposal = read.value;
  const canonical_content_digest = proposalContentDigest(crypto, raw);
  const supported = supportedOf(proposal.contract);
  const reasons = sortedReasons([
    ...references(proposal),
    ...identity(crypto, proposal),
    ...(canonical_content_digest === proposal.canonical_content_digest ? [] : ["canonical_digest_mismatch" as const]),
    ...supported.unsupported.map((name) => `constraint_unsupported:${name}` as const),
    ...state(proposal.contract, now),
  ]);
  return { raw, artifact_sha256, reasons, proposal, misfit: undefined, canonical_content_digest, supported };
}

/** What is told of a judged proposal. */
export const proposalReport = ({ raw, reasons, canonical_content_digest, supported }: JudgedProposal): JsonObject => ({
  valid: reasons.length === 0,
  ...(reasons.length === 0 ? {} : { reason_codes: reasons }),
  artifact: raw,
  ...(canonical_content_digest === "" ? {} : { canonical_content_digest }),
  supported_constraints: writeShape(SupportedConstraintsShape, supported),
});

const allBlank = (texts: readonly string[]): boolean => texts.every((text) => trim(text) === "");

// A reason where its condition holds.
const when = (holds: boolean, reason: ContractReason): readonly ContractReason[] => holds ? [reason] : [];

const references = (proposal: Proposal): readonly ContractReason[] => [
  ...when(allBlank(proposal.source_scan_refs), "source_refs_missing"),
  ...when(allBlank(proposal.composition_refs) || trim(proposal.contract.composition_ref) === "", "composition_ref_missing"),
  ...when(allBlank(proposal.creation_evidence), "evidence_refs_missing"),
  ...when(!isFamilyId(proposal.contract_family_id), "contract_family_id_missing"),
];

function identity(crypto: Crypto, proposal: Proposal): readonly ContractReason[] {
  const { contract } = proposal;
  const content = contractContentDigest(crypto, contract);
  const family = contractFamilyId(crypto, contract);
  const keys = new Set([proposal.resolution_key, contract.resolution_key].map((key) => trim(key ?? "")));
  keys.delete("");
  const named = contract.contract_id === proposal.contract_id && contract.contract_family_id === proposal.contract_family_id;
  const follows = contract.contract_family_id === family &&
    contract.contract_id === contractIdOf(crypto, family, content, contract);
  const listed = proposal.composition_refs.map(trim).includes(trim(contract.composition_ref));
  return [
    ...when(!named || contract.revision !== proposal.revision, "revision_identity_mismatch"),
    ...when(!listed || keys.size > 1 || !follows, "contract_identity_mismatch"),
    ...when(proposal.revision > 1 && trim(contract.supersedes_ref ?? "") === "", "revision_reactivation_required"),
    ...when(content !== contract.contract_content_digest, "contract_digest_mismatch"),
  ];
}

function state(contract: ActionContract, now: string): readonly ContractReason[] {
  const { expires_at, lifecycle_observations = [] } = contract;
  const end = expires_at === undefined ? undefined : canonicalTime(expires_at);
  const aged = lifecycle_observations.some(({ freshness_state }) => ["stale", "expired"].includes(freshness_state));
  const superseded = lifecycle_observations.some(({ kind, evidence_state }) =>
    kind === "supersession" && evidence_state === "contradictory"
  );
  const blocked = [contract.readiness_state, contract.authority_readiness_state].includes("blocked_by_contradiction");
  return [
    ...when(expires_at !== undefined && end === undefined, "artifact_malformed"),
    ...when(aged || end !== undefined && byTime(now, end) > 0, "proposal_stale"),
    ...when(superseded, "proposal_superseded"),
    ...when(blocked, "proposal_contradictory"),
  ];
}

const KNOWN_TARGETS = ["composition_id", "environment", "outcome_class", "target_class", "target_identity"];

function supportedOf(contract: ActionContract): SupportedConstraints {
  // A blank key is a constraint too, and none that gait knows.
  const keys = [...new Set((contract.target_constraints ?? []).map(({ key }) => trim(key)))].sort(byBytes);
  return {
    target_constraint_keys: keys.filter((key) => KNOWN_TARGETS.includes(key)),
    precondition_kinds: trimmedSet(contract.preconditions.map(({ kind }) => kind)),
    authority_kinds: trimmedSet(contract.authority_requirements.map(({ kind }) => kind)),
    unsupported: keys.filter((key) => !KNOWN_TARGETS.includes(key)).map((key) => `target:${key}`),
  };
}
