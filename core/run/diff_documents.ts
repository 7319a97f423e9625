// What counts as a change of the manifest and of the context of a run (spec 01, section 7.4, rules 1, 3 and 4).
import { type Differences, differences, isEqual } from "../base/json_diff.ts";
import type { Json } from "../base/json.ts";
import { writeShape } from "../base/shape.ts";
import { byBytes } from "../base/text.ts";
import { ZERO_TIME } from "../base/time.ts";
import { type Manifest, ManifestShape } from "../schema/manifest.ts";
import { type Refs, RefsShape } from "../schema/runpack.ts";
import { type Drift, MOST_POINTERS, type Privacy } from "./diff_report.ts";

// The members of every document that say which run it is of and who made it: no difference in them is a change.
const BLANK = { run_id: "", producer_version: "", created_at: ZERO_TIME } as const;

const comparedManifest = (manifest: Manifest): Json =>
  writeShape(ManifestShape, {
    ...manifest,
    ...BLANK,
    manifest_digest: "",
    signatures: [],
    files: manifest.files === null ? null : manifest.files.map(({ path }) => ({ path, sha256: "" })),
  });

/** What differs in two manifests: the capture mode, or which entries there are. */
export const compareManifests = (left: Manifest, right: Manifest): Differences =>
  differences(comparedManifest(left), comparedManifest(right), MOST_POINTERS);

/** The entries that one manifest alone names, sorted. */
export function filesChanged(left: Manifest, right: Manifest): string[] {
  const [a, b] = [pathsOf(left), pathsOf(right)];
  return [...[...a].filter((path) => !b.has(path)), ...[...b].filter((path) => !a.has(path))].sort(byBytes);
}

const pathsOf = ({ files }: Manifest): Set<string> => new Set(files?.map(({ path }) => path));

/** What differs in the context of two runs, and of what kind that is. */
export function compareRefs(left: Refs, right: Refs, privacy: Privacy): Differences & { readonly drift: Drift } {
  if (privacy === "metadata") {
    const pointers = left.receipts.length === right.receipts.length ? [] : ["/receipts"];
    return { pointers, more: 0, drift: "none" };
  }
  const found = differences(comparedRefs(left), comparedRefs(right), MOST_POINTERS);
  if (found.pointers.length === 0) return { ...found, drift: "none" };
  return { ...found, drift: isEqual(withoutRuntime(left), withoutRuntime(right)) ? "runtime_only" : "semantic" };
}

const comparedRefs = (refs: Refs): Json => writeShape(RefsShape, { ...refs, ...BLANK });

// What is left of refs when the time of fetching does not count. Ids, times and versions of the runs do.
const withoutRuntime = (refs: Refs): Json =>
  writeShape(RefsShape, {
    ...refs,
    context_set_digest: "",
    receipts: refs.receipts.map((receipt) => ({ ...receipt, retrieved_at: ZERO_TIME })),
  });
