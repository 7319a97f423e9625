// Building a pack (spec 04, section 2.3): from its payload to its bytes, the same for the same input. Content that is too large to hold
// is read again while the pack is written, and must by then be what it was when it was judged.
import { concatBytes, hex } from "../base/bytes.ts";
import { canonicalBytes } from "../base/canonical.ts";
import { sha256Hex } from "../base/digest.ts";
import type { Crypto, Sink, Source } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { signDigest, type SigningKey } from "../base/sign.ts";
import { byBytes } from "../base/text.ts";
import { MAX_ENTRY_BYTES } from "../base/zip_limits.ts";
import { findTwins, quoteName } from "../base/zip_names.ts";
import { heldPart, writeZipTo, type ZipFile, type ZipPart } from "../base/zip_write.ts";
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

/** Content that is not held: where it is read, and the digest of what was judged. `what` names it in messages. */
export type PackSource = { readonly path: string; readonly source: Source; readonly sha256: string; readonly what: string };

/** Content of a pack under its name. */
export type PackFile = ZipFile | PackSource;

/** What goes into a pack: its payload, and what it is about. */
export type PackParts = ProofHead & { readonly files: readonly PackFile[] };

/** A pack that is yet to be written: all of it is decided. */
export type SealedPack = {
  readonly manifest: PackManifest;
  /** Hands out the bytes. Faults of the sink, `store_busy` for content that was changed meanwhile, `file_too_large` for all together. */
  write(sink: Sink): Promise<Result<void>>;
};

/** A pack. */
export type BuiltPack = { readonly bytes: Uint8Array; readonly manifest: PackManifest };

/** The type of an entry, by the end of its name. */
export const entryType = (path: string): string => /\.(json|jsonl|zip)$/.exec(path.toLowerCase())?.[1] ?? "blob";

/** Content as it can be read now, held. */
export const heldFile = async (file: PackFile): Promise<ZipFile> =>
  "bytes" in file ? file : { path: file.path, bytes: await file.source.read(0, file.source.size) };

const sizeOf = (file: PackFile): number => "bytes" in file ? file.bytes.length : file.source.size;

/** Builds a pack as a whole. Faults of `sealPack`, and those of its writing. */
export async function buildPack(crypto: Crypto, parts: PackParts, key?: SigningKey): Promise<Result<BuiltPack>> {
  const sealed = await sealPack(crypto, parts, key);
  if (!sealed.ok) return sealed;
  const pieces: Uint8Array[] = [];
  const written = await sealed.value.write((piece) => ok(void pieces.push(piece)));
  return written.ok ? ok({ bytes: concatBytes(pieces), manifest: sealed.value.manifest }) : written;
}

/**
 * Decides all of a pack, signed when a key is given. Faults: `file_too_large` for an entry over the limit, `path_refused` for two
 * entries that some file system takes for one. Names that no archive may hold are the caller's bug.
 */
export async function sealPack(crypto: Crypto, parts: PackParts, key?: SigningKey): Promise<Result<SealedPack>> {
  const { files, ...head } = parts;
  const twins = findTwins(files.map(({ path }) => path));
  if (twins !== undefined) {
    const [one, other] = twins.map(quoteName);
    return fail("path_refused", `Cannot build the pack: entries ${one} and ${other} have one name but for letter case or form`);
  }
  const payload = files.toSorted((a, b) => byBytes(a.path, b.path));
  const large = payload.find((file) => sizeOf(file) > MAX_ENTRY_BYTES);
  if (large !== undefined) return tooLarge(large.path);
  const content = (file: PackFile): PackContent => ({
    path: file.path,
    sha256: "bytes" in file ? sha256Hex(crypto, file.bytes) : file.sha256,
    type: entryType(file.path),
  });
  const rows = payload.map((file) => ({ ...content(file), size: sizeOf(file) }));
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
  return ok({
    manifest,
    write: (sink) => writeZipTo(sink, [...payload, proof, own].map((file) => partOf(crypto, file))),
  });
}

function partOf(crypto: Crypto, file: PackFile): ZipPart {
  if ("bytes" in file) return heldPart(file);
  const { path, source, sha256, what } = file;
  let hasher = crypto.hasher();
  return {
    path,
    size: source.size,
    async read(at, length) {
      if (at === 0) hasher = crypto.hasher();
      const bytes = await source.read(at, length);
      hasher.update(bytes);
      const isEnd = at + length === source.size;
      return bytes.length === length && (!isEnd || hex(hasher.digest()) === sha256) ? ok(bytes) : fail(
        "store_busy",
        `Cannot build the pack: another program changed "${what}" while it was packed`,
        { file: what },
      );
    },
  };
}

const tooLarge = (entry: string): Result<never> =>
  fail("file_too_large", `Cannot build the pack: entry ${quoteName(entry)} takes more than 100 MiB`, { entry });
