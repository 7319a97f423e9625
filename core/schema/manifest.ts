// The manifest of a runpack (spec 01, section 5.1). It stands apart from the records, so that verifying loads no more than it.
import { filled, type Infer, listOf, listOrNull, object, text, time } from "../base/shape.ts";
import { fixedHead } from "./heading.ts";
import { SignatureShape } from "./signature.ts";

export const MANIFEST_ID = "gait.runpack.manifest";

const FileShape = object("One entry that the manifest vouches for", () => ({
  path: text("Name of the entry"),
  sha256: text("SHA-256 of its bytes, hex"),
}));

export const ManifestShape = object("Names and digests of all that a runpack holds, and who signed it", () => ({
  ...fixedHead(MANIFEST_ID),
  created_at: time("Copied from run.json"),
  producer_version: text("Copied from run.json"),
  run_id: text("Copied from run.json"),
  capture_mode: text("reference (digests only) or raw (arguments and results kept)"),
  files: listOrNull(FileShape, "The other entries, sorted by path"),
  manifest_digest: text("Digest of this document with manifest_digest empty and without signatures"),
  signatures: filled(listOf(SignatureShape, "Signatures over the manifest")),
}));

export type Manifest = Infer<typeof ManifestShape>;

/** The entries that a manifest has to vouch for. */
export const REQUIRED_ENTRIES = ["intents.jsonl", "refs.json", "results.jsonl", "run.json"] as const;
