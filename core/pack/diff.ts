// How two packs differ by what their manifests declare (spec 04, section 5).
import { byBytes, lower } from "../base/text.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { PACK_EPOCH, type PackType } from "../schema/pack.ts";
import { PACK_DIFF_ID, type PackDiff, type PackDrift } from "../schema/pack_diff.ts";

/** One of two packs: its names, the digest of its whole manifest, and the entries that this declares. */
export type DiffSide = {
  readonly pack_id: string;
  readonly pack_type: PackType;
  readonly manifestDigest: string;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
};

const digests = ({ files }: DiffSide): ReadonlyMap<string, string> =>
  new Map(files.map(({ path, sha256 }) => [path, lower(sha256)]));

/** How two packs differ; `drift` is what became of the context of their runs. */
export function diffPacks(left: DiffSide, right: DiffSide, drift: PackDrift): PackDiff {
  const [before, after] = [digests(left), digests(right)];
  const added_files = [...after.keys()].filter((path) => !before.has(path)).sort(byBytes);
  const removed_files = [...before.keys()].filter((path) => !after.has(path)).sort(byBytes);
  const changed_files = [...before].filter(([path, digest]) => (after.get(path) ?? digest) !== digest)
    .map(([path]) => path).sort(byBytes);
  const manifest_delta = left.manifestDigest !== right.manifestDigest || left.pack_type !== right.pack_type;
  const changed = manifest_delta || added_files.length + removed_files.length + changed_files.length > 0 || drift !== "none";
  return {
    schema_id: PACK_DIFF_ID,
    schema_version: VERSION_1,
    created_at: PACK_EPOCH,
    left_pack_id: left.pack_id,
    right_pack_id: right.pack_id,
    left_pack_type: left.pack_type,
    right_pack_type: right.pack_type,
    summary: {
      changed,
      manifest_delta,
      added_files,
      removed_files,
      changed_files,
      context_changed: drift !== "none",
      context_runtime_only_changes: drift === "runtime_only",
      context_drift_classification: drift,
    },
  };
}
