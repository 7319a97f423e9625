// How an action contract travels (spec 03, section 9.1): the artifact that a scanner writes, and the manifest by which somebody
// selects one of many.
import { constant, type Infer, integer, listOf, oneOf, optional, orZero, strict, text, truth } from "../base/shape.ts";
import { atLeast, fixed, flag, notEmptyList } from "../base/shape_rules.ts";
import { ActionContractShape } from "./action_contract.ts";
import {
  CONTRACT_ARTIFACT_VERSION,
  CONTRACT_VERSION,
  contractId,
  prefixedDigest,
  proposalId,
  word,
  words,
} from "./action_contract_parts.ts";

export const PROPOSAL_ID = "https://wrkr.dev/schemas/v1/proposed-action-contract-artifact.schema.json";

const SHARE_PROFILES = [
  "internal",
  "public",
  "customer-redacted",
  "design-partner",
  "external-redacted",
  "investor-safe",
] as const;

export const ProposalShape = strict("An action contract that a scanner proposes; it allows nothing by itself", () => ({
  schema_id: constant(PROPOSAL_ID, "What it is"),
  schema_version: constant(CONTRACT_ARTIFACT_VERSION, "Version of its form"),
  artifact_id: proposalId("Id of the artifact"),
  contract_id: contractId("Id of the contract"),
  contract_family_id: word("Id of all revisions of the contract"),
  revision: atLeast(1, "Which revision of its family"),
  producer: strict("Who made it", () => ({
    name: constant("wrkr", "Name of the scanner"),
    artifact_schema_version: constant(CONTRACT_ARTIFACT_VERSION, "Version of the artifact's form"),
    contract_schema_version: constant(CONTRACT_VERSION, "Version of the contract's form"),
  })),
  source_scan_refs: notEmptyList(words("Scans that it comes from")),
  composition_refs: notEmptyList(words("Compositions that it is about")),
  resolution_key: optional(word("What tells it from others of the composition")),
  creation_evidence: notEmptyList(words("What shows how it was made")),
  canonical_content_digest: prefixedDigest("Digest of the artifact without its id and this member"),
  variant: strict("For whom it is", () => ({
    share_profile: oneOf(SHARE_PROFILES, "Who may see it"),
    redacted: flag("Whether parts were taken out"),
  })),
  report_only: fixed(true, "A proposal allows nothing by itself"),
  contract: ActionContractShape,
}));

/** A proposal artifact. */
export type Proposal = Infer<typeof ProposalShape>;

const Scenario = strict("A proposal that may be selected", () => ({
  scenario_id: text("Name of the scenario"),
  artifact_path: text("Where the artifact is, from the folder of the manifest"),
  artifact_sha256: text("Digest of the bytes of its file, after sha256:"),
  artifact_id: text("Id of the artifact"),
  canonical_content_digest: text("Digest of its content"),
  contract_id: text("Id of its contract"),
  contract_family_id: text("Id of all revisions of the contract"),
  revision: integer("Which revision"),
  current: truth("Whether it is the one to activate"),
}));

export const SelectionManifestShape = strict("Which proposals are current: what an operator selects from", () => ({
  fixture_version: text('Always "1"'),
  producer: orZero(strict("Who made it", () => ({ name: text('Always "wrkr"'), version: text('Always "v1.14.0"') }))),
  schemas: orZero(strict("Versions of the forms", () => ({ artifact: text('Always "1"'), contract: text('Always "3"') }))),
  scenarios: listOf(Scenario, "The proposals"),
}));

/** A selection manifest, as written: whether its header and its rows are right is judged later. */
export type SelectionManifest = Infer<typeof SelectionManifestShape>;
