// How two packs differ (spec 04, section 5).
import { filled, type Infer, listOf, object, oneOf, text, time, truth } from "../base/shape.ts";
import { VERSION_1 } from "./heading.ts";

export const PACK_DIFF_ID = "gait.pack.diff";

/** What became of the context of a run. */
export const PACK_DRIFTS = ["none", "runtime_only", "semantic"] as const;
export type PackDrift = typeof PACK_DRIFTS[number];

const names = (doc: string) => filled(listOf(text("Name of an entry"), doc));

export const PackDiffShape = object("How two packs differ, by what they declare", () => ({
  schema_id: text(`Always ${PACK_DIFF_ID}`),
  schema_version: text(`Always ${VERSION_1}`),
  created_at: time("1980-01-01T00:00:00Z, so that equal packs give equal bytes"),
  left_pack_id: text("Id of the first pack; of a bare runpack its manifest digest"),
  right_pack_id: text("Id of the second"),
  left_pack_type: text("What the first is about"),
  right_pack_type: text("What the second is about"),
  summary: object("What differs", () => ({
    changed: truth("Whether anything does"),
    manifest_delta: truth("Whether the manifests, signatures included, or the types differ"),
    added_files: names("Entries of the second alone"),
    removed_files: names("Entries of the first alone"),
    changed_files: names("Entries whose digests differ"),
    context_changed: filled(truth("Whether the agent saw another context")),
    context_runtime_only_changes: filled(truth("Whether it was only fetched at another time")),
    context_drift_classification: filled(oneOf(PACK_DRIFTS, "none, only when it was fetched, or what it was")),
  })),
}));

export type PackDiff = Infer<typeof PackDiffShape>;
