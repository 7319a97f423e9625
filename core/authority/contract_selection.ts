// Whether a selection manifest selects a proposal (spec 03, section 9.4). What only a disk can tell (links, which row names this very
// file) comes in as facts.
import { climbs, isAbsolute } from "../base/paths.ts";
import type { JsonObject } from "../base/json.ts";
import { CONTRACT_ARTIFACT_VERSION, CONTRACT_VERSION } from "../schema/action_contract_parts.ts";
import type { SelectionManifest } from "../schema/action_contract_proposal.ts";
import type { ReadProposal } from "./contract_read.ts";
import type { ContractReason } from "./contract_reasons.ts";

type Scenario = SelectionManifest["scenarios"][number];

const PRODUCER_VERSION = "v1.14.0";

const hasHeader = ({ fixture_version, producer, schemas }: SelectionManifest): boolean =>
  fixture_version === "1" && producer.name === "wrkr" && producer.version === PRODUCER_VERSION &&
  schemas.artifact === CONTRACT_ARTIFACT_VERSION && schemas.contract === CONTRACT_VERSION;

const LONGEST_PATH = 1024;

// A back slash separates on some systems, so it counts as a separator; a NUL ends a path on most.
const staysBelow = (path: string): boolean =>
  path.length <= LONGEST_PATH && !isAbsolute(path) && !climbs(path) && !path.includes("\0");

/** Whether the form of a manifest is right: its header, and no artifact outside of its folder. Only then a disk may be asked for the paths. */
export const isRightManifest = (manifest: SelectionManifest): boolean =>
  hasHeader(manifest) && manifest.scenarios.every(({ artifact_path }) => staysBelow(artifact_path));

/** The rows of a manifest of the right form, reached over no link, that name the file of the proposal. */
export type SelectionFacts = { readonly manifest: SelectionManifest; readonly mine: readonly Scenario[] };

/** Why a manifest does not select a proposal, or undefined when it does. */
export function selectionFailure(
  { manifest, mine }: SelectionFacts,
  { raw, artifact_sha256 }: ReadProposal,
): ContractReason | undefined {
  const [scenario, second] = mine;
  if (scenario === undefined) return "selection_evidence_required";
  if (second !== undefined) return "selection_ambiguous";
  const later = manifest.scenarios.some(({ contract_family_id, revision }) =>
    contract_family_id === scenario.contract_family_id && revision > scenario.revision
  );
  if (later || !scenario.current) return "selection_not_current";
  return scenario.artifact_sha256 === artifact_sha256 && sameIds(scenario, raw) ? undefined : "selection_mismatch";
}

const IDS = ["artifact_id", "canonical_content_digest", "contract_id", "contract_family_id", "revision"] as const;

const sameIds = (scenario: Scenario, raw: JsonObject): boolean => IDS.every((name) => scenario[name] === raw[name]);
