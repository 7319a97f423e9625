// Building a pack (spec 04, section 2.3): from its payload to its bytes, the same for the same input.
import { canonicalBytes } from "../base/canonical.ts";
import { sha256Hex } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { signDigest, type SigningKey } from "../base/sign.ts";
import { byBytes } from "../base/text.ts";
import { MAX_ENTRY_BYTES } from "../base/zip_limits.ts";
import { findTwins, quoteName } from "../base/zip_names.ts";
import { writeZip, type ZipFile } from "../base/zip_write.ts";
import { VERSION_1 } from "../schema/heading.ts";
import {
  PACK_EPOCH,
  PACK_MANIFEST,
  PACK_MANIFEST_ID,
  type PackContent,
  type PackManifest,
  PackManifestShape,
  PROOF_RECORDS,
} from "../schema/pack.ts";
import { packDigest, packIdOf } from "./manifest.ts";
import { type ProofHead, proofRecords } from "./proof.ts";

/** What goes into a pack: its payload, and what it is about. */
export type PackParts = ProofHead & { readonly files: readonly ZipFile[] };

/** A pack. */
export type BuiltPack = { readonly bytes: Uint8Array; readonly manifest: PackManifest };

/** The type of an entry, by the end of its name. */
export const entryType = (path: string): string => /\.(json|jsonl|zip)$/.exec(path.toLowerCase())?.[1] ?? "blob";

/**
 * Builds a pack, signed when a key is given. Faults: `file_too_large` for an entry over the limit, `path_refused` for two entries
 * that some file system takes for one. Names that no archive may hold are the caller's bug.
 */
export async function buildPack(crypto: Crypto, parts: PackParts, key?: SigningKey): Promise<Result<BuiltPack>> {
  const { files, ...head } = parts;
  const twins = findTwins(files.map(({ path }) => path));
  if (twins !== undefined) {
    const [one, other] = twins.map(quoteName);
    return fail("path_refused", `Cannot build the pack: entries ${one} and ${other} have one name but for letter case or form`);
  }
  const payload = files.toSorted((a, b) => byBytes(a.path, b.path));
  const large = payload.find(({ bytes }) => bytes.length > MAX_ENTRY_BYTES);
  if (large !== undefined) return tooLarge(large.path);
  const content = ({ path, bytes }: ZipFile): PackContent => ({
    path,
    sha256: sha256Hex(crypto, bytes),
    type: entryType(path),
  });
  const rows = payload.map((file) => ({ ...content(file), size: file.bytes.length }));
  const proof = { path: PROOF_RECORDS, bytes: await proofRecords(crypto, head, rows, key) };
  if (proof.bytes.length > MAX_ENTRY_BYTES) return tooLarge(PROOF_RECORDS);
  const contents = [...rows.map(({ path, sha256, type }) => ({ path, sha256, type })), content(proof)];
  const unnamed: PackManifest = {
    schema_id: PACK_MANIFEST_ID,
    schema_version: VERSION_1,
    created_at: PACK_EPOCH,
    producer_version: head.producer_version,
    pack_id: "",
    pack_type: head.pack_type,
    source_ref: head.source_ref,
    contents: contents.sort((a, b) => byBytes(a.path, b.path)),
    signatures: [],
  };
  const named = { ...unnamed, pack_id: packIdOf(crypto, unnamed) };
  const signatures = key === undefined ? [] : [await signDigest(crypto, key, packDigest(crypto, named))];
  const manifest = { ...named, signatures };
  const own = { path: PACK_MANIFEST, bytes: canonicalBytes(writeShape(PackManifestShape, manifest)) };
  if (own.bytes.length > MAX_ENTRY_BYTES) return tooLarge(PACK_MANIFEST);
  return ok({ bytes: await writeZip([...payload, proof, own]), manifest });
}

const tooLarge = (entry: string): Result<never> =>
  fail("file_too_large", `Cannot build the pack: entry ${quoteName(entry)} takes more than 100 MiB`, { entry });
