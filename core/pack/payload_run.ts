// The contract of a run pack (spec 04, sections 3.2 and 4.1).
import { ok, type Result } from "../base/result.ts";
import type { Misfit } from "../base/shape.ts";
import { trim } from "../base/text.ts";
import { type PackManifest, SOURCE_RUNPACK } from "../schema/pack.ts";
import { PACK_RUN_ID, type PackRun, PackRunShape, RUN_PAYLOAD } from "../schema/pack_run.ts";
import { missingEntry, type PackEntries, readChecked } from "./entries.ts";
import { digestOrNone, firstBroken, hasHead, isDigest, isWord, notBlank } from "./rules.ts";

/** What a payload must say in a pack that is about `sourceRef`. */
export const runPayloadDefect = (payload: PackRun, sourceRef: string): Misfit | undefined =>
  firstBroken([
    ...hasHead(payload, PACK_RUN_ID),
    notBlank("/run_id", payload.run_id),
    ["/run_id", payload.run_id === trim(sourceRef), "must be the source_ref of the pack"],
    isWord("/capture_mode", payload.capture_mode, ["reference", "raw"]),
    isDigest("/manifest_digest", payload.manifest_digest),
    digestOrNone("/context_set_digest", payload.context_set_digest),
    isWord("/context_evidence_mode", trim(payload.context_evidence_mode), ["", "best_effort", "required"]),
  ]);

/** Holds a run pack against its contract; the runpack in it is only looked for. */
export async function checkRunPack(entries: PackEntries, { source_ref }: PackManifest): Promise<Result<void>> {
  const payload = await readChecked(entries, PackRunShape, RUN_PAYLOAD, (value) => runPayloadDefect(value, source_ref));
  if (!payload.ok) return payload;
  return entries.has(SOURCE_RUNPACK) ? ok(undefined) : missingEntry(entries, SOURCE_RUNPACK);
}
