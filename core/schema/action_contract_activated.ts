// What an operator signs to put a proposed action contract into force (spec 03, section 9.4), bound to one proposal, one policy,
// one target and a span of time.
import { constant, type Infer, listOf, oneOf, optional, strict, text } from "../base/shape.ts";
import { atLeast, fixed, flag, matching, notEmptyList, notEmptyText } from "../base/shape_rules.ts";
import {
  CONTRACT_ARTIFACT_VERSION,
  CONTRACT_VERSION,
  contractId,
  familyId,
  prefixedDigest,
  proposalId,
  word,
  words,
} from "./action_contract_parts.ts";
import { PROPOSAL_ID } from "./action_contract_proposal.ts";

export const ACTIVATED_ID = "https://gait.dev/schemas/v1/activated-action-contract-artifact.schema.json";

/** How strictly an activated contract is meant. */
export const ACTIVATION_MODES = ["context_only", "enforce_floor", "required"] as const;

const some = (doc: string) => notEmptyText(text(doc));
const BoundProposal = strict("The one proposal that is activated", () => ({
  artifact_id: proposalId("Id of the artifact"),
  canonical_content_digest: prefixedDigest("Digest of its content"),
  contract_id: contractId("Id of its contract"),
  contract_family_id: familyId("Id of all revisions of the contract"),
  revision: atLeast(1, "Which revision"),
  schema_id: constant(PROPOSAL_ID, "What it is"),
  schema_version: constant(CONTRACT_ARTIFACT_VERSION, "Version of its form"),
  contract_schema_version: constant(CONTRACT_VERSION, "Version of the contract's form"),
}));

export const ActivatedContractShape = strict("An action contract that an operator has put into force", () => ({
  schema_id: constant(ACTIVATED_ID, "What it is"),
  schema_version: constant(CONTRACT_ARTIFACT_VERSION, "Version of its form"),
  artifact_id: matching(
    text("Id: the first digits of what is signed"),
    /^gact-[a-f0-9]{16}$/,
    '"gact-" and 16 hexadecimal digits',
  ),
  contract_id: contractId("Id of the contract"),
  contract_family_id: familyId("Id of all revisions of the contract"),
  revision: atLeast(1, "Which revision"),
  producer: strict("Who made it", () => ({
    name: constant("gait", "Name of the program"),
    artifact_schema_version: constant(CONTRACT_ARTIFACT_VERSION, "Version of the artifact's form"),
    contract_schema_version: constant(CONTRACT_ARTIFACT_VERSION, "Version of the activation's form"),
  })),
  proposal: BoundProposal,
  policy_digest: prefixedDigest("Digest of the policy that it holds under"),
  activating_principal: some("Who activates it"),
  authority_refs: notEmptyList(listOf(some("One of them"), "What gives the right to")),
  target: some("What may be acted upon"),
  environment: some("Where"),
  activation_mode: oneOf(ACTIVATION_MODES, "How strictly it is meant"),
  validity: strict("When it holds", () => ({
    not_before: word("From when on"),
    not_after: optional(word("Until when; that moment is not in it")),
  })),
  explicit_exceptions: words("What is excepted"),
  report_only: fixed(false, "It is no mere report"),
  development_signing: flag("Whether the well-known key of development signed it"),
  signature: strict("Ed25519 signature over the digest of the artifact without id and signature", () => ({
    alg: constant("ed25519", "How it is signed"),
    key_id: some("SHA-256 of the signer's public key, hex"),
    sig: some("The 64 bytes of the signature in standard base64"),
    signed_digest: matching(text("The digest that was signed"), /^[a-f0-9]{64}$/, "64 lowercase hexadecimal digits"),
  })),
}));

/** An activated action contract. */
export type ActivatedContract = Infer<typeof ActivatedContractShape>;
