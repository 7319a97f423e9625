// The manifest of a pack (spec 04, section 2.1): what the pack is, every entry with its digest, and who signed it.
import { filled, type Infer, listOf, oneOf, strict, text, time } from "../base/shape.ts";
import { fixedHead } from "./heading.ts";
import { StrictSignatureShape } from "./signature.ts";

export const PACK_MANIFEST_ID = "gait.pack.manifest";

/** The entry that holds the manifest of a pack. */
export const PACK_MANIFEST = "pack_manifest.json";

/** The entry that holds the proof records of a pack. */
export const PROOF_RECORDS = "proof_records.jsonl";

/** The entry that holds the runpack of a run or call pack. */
export const SOURCE_RUNPACK = "source/runpack.zip";

/** What packs there are. */
export const PACK_TYPES = ["run", "job", "call", "authorization"] as const;
export type PackType = typeof PACK_TYPES[number];

/** The time that packs carry, so that equal inputs give equal bytes. */
export const PACK_EPOCH = "1980-01-01T00:00:00Z";

const PackContentShape = strict("One entry that the manifest vouches for", () => ({
  path: text("Name of the entry"),
  sha256: text("SHA-256 of its bytes, hex"),
  type: text("json, jsonl, zip or blob, by the end of its name"),
}));

export const PackManifestShape = strict("What a pack is, names and digests of all that it holds, and who signed it", () => ({
  ...fixedHead(PACK_MANIFEST_ID),
  created_at: time(`${PACK_EPOCH} in packs that gait builds`),
  producer_version: text("Version of the program that built it"),
  pack_id: text("Digest of this document with pack_id empty and without signatures"),
  pack_type: oneOf(PACK_TYPES, "What it is about"),
  source_ref: text("Id of the run, job, call or trace that it is about"),
  contents: listOf(PackContentShape, "All other entries, sorted by path"),
  signatures: filled(listOf(StrictSignatureShape, "Signatures over this document without them")),
}));

export type PackManifest = Infer<typeof PackManifestShape>;
export type PackContent = Infer<typeof PackContentShape>;
