// The manifest of a pack (spec 04, sections 2.1 and 2.2): reading it, its id, and what of it is signed.
import { digestOf } from "../base/digest.ts";
import { placed, readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { isJsonList, isJsonObject, type Json } from "../base/json_value.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { type Misfit, readShape, writeShape } from "../base/shape.ts";
import { unsafeName } from "../base/zip_names.ts";
import type { Archive } from "../base/zip_read.ts";
import { AnyHeadShape } from "../schema/any_head.ts";
import { EVIDENCE_PACK_ID } from "../schema/guard.ts";
import { PACK_MANIFEST, type PackManifest, PackManifestShape } from "../schema/pack.ts";
import { misfitFault, openEntries } from "./entries.ts";
import { firstBroken, isDigest, isTime, notBlank, type Rule } from "./rules.ts";

const writtenWith = (manifest: PackManifest, change: Partial<PackManifest>): Json =>
  writeShape(PackManifestShape, { ...manifest, ...change, signatures: [] });

/** The id of a pack: the digest of its manifest with an empty id and without signatures. */
export const packIdOf = (crypto: Crypto, manifest: PackManifest): string =>
  digestOf(crypto, writtenWith(manifest, { pack_id: "" }));

/** The digest that the signatures of a manifest stand over. */
export const packDigest = (crypto: Crypto, manifest: PackManifest): string => digestOf(crypto, writtenWith(manifest, {}));

/** What the manifest of an archive is: that of a pack, or of an evidence pack of the older form. */
export type ManifestFound =
  | { readonly kind: "pack"; readonly manifest: PackManifest }
  | { readonly kind: "evidence" };

/** Reads the manifest. Faults: `manifest_missing`, what the JSON reader refuses, `document_shape`, `pack_invalid`, damage. */
export async function readPackManifest(archive: Archive, what: string): Promise<Result<ManifestFound>> {
  const entries = openEntries(archive, what);
  const at = { file: what, entry: PACK_MANIFEST };
  if (!entries.has(PACK_MANIFEST)) {
    return fail("manifest_missing", `Cannot read pack "${what}": entry "${PACK_MANIFEST}" is missing`, at);
  }
  const bytes = await entries.bytes(PACK_MANIFEST);
  if (!bytes.ok) return bytes;
  const head = readDocument(AnyHeadShape, bytes.value, PACK_MANIFEST, at);
  if (!head.ok) return head;
  if (head.value.value.schema_id === EVIDENCE_PACK_ID) return ok({ kind: "evidence" });
  const { raw } = head.value;
  const read = readShape(PackManifestShape, raw, PACK_MANIFEST);
  if (!read.ok) return { ok: false, fault: placed(read.fault, bytes.value, at) };
  const misfit = defectOf(read.value, raw);
  return misfit === undefined
    ? ok({ kind: "pack", manifest: read.value })
    : { ok: false, fault: misfitFault(entries, PACK_MANIFEST, misfit, bytes.value) };
}

const defectOf = (manifest: PackManifest, raw: Json): Misfit | undefined =>
  firstBroken([
    isTime("/created_at", manifest.created_at),
    notBlank("/producer_version", manifest.producer_version),
    isDigest("/pack_id", manifest.pack_id),
    notBlank("/source_ref", manifest.source_ref),
    ["/contents", isJsonObject(raw) && isJsonList(raw["contents"]), "must be a list"],
    ...manifest.contents.flatMap(({ path, sha256, type }, i): readonly Rule[] => [
      notBlank(`/contents/${i}/path`, path),
      [`/contents/${i}/path`, unsafeName(path) === undefined, `${unsafeName(path)}`],
      isDigest(`/contents/${i}/sha256`, sha256),
      notBlank(`/contents/${i}/type`, type),
    ]),
    ...manifest.signatures.flatMap(({ alg, key_id, sig, signed_digest }, i): readonly Rule[] => [
      notBlank(`/signatures/${i}/alg`, alg),
      notBlank(`/signatures/${i}/key_id`, key_id),
      notBlank(`/signatures/${i}/sig`, sig),
      ...(signed_digest === "" ? [] : [isDigest(`/signatures/${i}/signed_digest`, signed_digest)]),
    ]),
  ]);
