// The manifest of a runpack: its digest and what of it is signed (spec 01, section 5.1).
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import type { Json } from "../base/json.ts";
import { writeShape } from "../base/shape.ts";
import { type Manifest, ManifestShape } from "../schema/manifest.ts";

/** The digest of a manifest in its typed form: `manifest_digest` present and empty, no signatures. */
export const manifestDigest = (crypto: Crypto, manifest: Manifest): string =>
  digestOf(crypto, writeShape(ManifestShape, { ...manifest, manifest_digest: "", signatures: [] }));

/** The digest that signatures stand over: the manifest as read, unknown members included, without its signatures. */
export const signedDigest = (crypto: Crypto, manifest: Json): string =>
  digestOf(crypto, Object.fromEntries(Object.entries(manifest ?? {}).filter(([name]) => name !== "signatures")));
