// Asking a selection manifest for a proposal (spec 03, section 9.4): what only the disk can tell is gathered here, in the order of
// the checks.
import { CONTRACT_LIMIT, type ReadProposal, readSelectionManifest } from "../core/authority/contract_read.ts";
import { type ContractReason, reasonLine } from "../core/authority/contract_reasons.ts";
import { isRightManifest, selectionFailure } from "../core/authority/contract_selection.ts";
import { cleanPath, joinPath } from "../core/base/paths.ts";
import { type Fault, ok, type Result } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import type { SelectionManifest } from "../core/schema/action_contract_proposal.ts";
import type { Ports } from "../core/ports.ts";
import { firstLink, stepsTo } from "./links.ts";
import { besideFile } from "./targets.ts";

const refused = (reason: ContractReason, at: Pick<Fault, "message" | "at">): Result<never> => ({
  ok: false,
  fault: { ...at, code: "contract_refused", reason },
});

/** Checks that the manifest at a path selects the proposal that was read from another. Faults have a reason and end as failed verifications. */
export async function checkSelected(
  given: string,
  proposalPath: string,
  proposal: ReadProposal,
  files: Ports["files"],
): Promise<Result<void>> {
  const path = cleanPath(trim(given));
  if (trim(given) === "") {
    return refused("selection_evidence_required", { message: "Cannot select the proposal: no selection manifest is named" });
  }
  const because = (reason: ContractReason): Result<never> =>
    refused(reason, { message: `Cannot select "${proposalPath}" by "${path}": ${reasonLine(reason)}`, at: { file: path } });
  const bytes = await files.read(path, CONTRACT_LIMIT);
  if (!bytes.ok) return refused("selection_evidence_required", bytes.fault);
  const manifest = readSelectionManifest(bytes.value, path);
  if (!manifest.ok) return refused("artifact_malformed", manifest.fault);
  if (!isRightManifest(manifest.value) || await firstLink(waysOf(path, proposalPath, manifest.value), files) !== undefined) {
    return because("selection_mismatch");
  }
  const mine = await naming(proposalPath, path, manifest.value, files);
  if (!mine.ok) return refused("selection_evidence_required", mine.fault);
  const failure = selectionFailure({ manifest: manifest.value, mine: mine.value }, proposal);
  return failure === undefined ? ok(undefined) : because(failure);
}

// Manifest and proposal, the folders that they are in, and every step that the manifest takes.
function* waysOf(path: string, proposalPath: string, { scenarios }: SelectionManifest): Generator<string> {
  const folder = besideFile(path, ".");
  yield* [path, folder, proposalPath, besideFile(proposalPath, ".")];
  for (const { artifact_path } of scenarios) yield* stepsTo(cleanPath(artifact_path), folder);
}

type Scenarios = SelectionManifest["scenarios"];

// The rows that lead to the file of the proposal, however either path is written.
async function naming(
  proposalPath: string,
  path: string,
  { scenarios }: SelectionManifest,
  files: Ports["files"],
): Promise<Result<Scenarios>> {
  const wanted = await files.real(proposalPath);
  if (!wanted.ok) return wanted;
  const folder = besideFile(path, ".");
  const mine: Scenarios[number][] = [];
  for (const scenario of scenarios) {
    const leads = await files.real(joinPath(folder, scenario.artifact_path));
    if (leads.ok && leads.value === wanted.value) mine.push(scenario);
  }
  return ok(mine);
}
