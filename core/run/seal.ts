// Sealing: from the records of a run to the bytes of its runpack (spec 01, section 5).
import { utf8 } from "../base/bytes.ts";
import { canonicalBytes, canonicalText } from "../base/canonical.ts";
import { sha256Hex } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { type Shape, writeShape } from "../base/shape.ts";
import { signDigest, type SigningKey } from "../base/sign.ts";
import { byBytes } from "../base/text.ts";
import { writeZip, type ZipFile } from "../base/zip_write.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type Manifest, MANIFEST_ID, ManifestShape } from "../schema/manifest.ts";
import { IntentShape, RefsShape, ResultShape, type RunRecords, RunShape } from "../schema/runpack.ts";
import { manifestDigest, signedDigest } from "./manifest.ts";

/** The longest entry of an archive, and the longest line of a `.jsonl` entry. */
export const ENTRY_LIMIT = 100 * 2 ** 20;
export const LINE_LIMIT = 10 * 2 ** 20;

/** A sealed run. */
export type Sealed = { readonly bytes: Uint8Array; readonly manifest: Manifest };

const entryTooLarge = (path: string): Result<never> =>
  fail("file_too_large", `Cannot seal "${path}": it takes more than 100 MiB`, { entry: path });

const jsonLines = <T>(path: string, shape: Shape<T>, records: readonly T[]): Result<Uint8Array> => {
  const lines: string[] = [];
  let units = 0; // never more than the bytes
  for (const [index, record] of records.entries()) {
    const line = canonicalText(writeShape(shape, record));
    // A character takes at most three bytes, so short texts need no count.
    if (line.length * 3 > LINE_LIMIT && utf8(line).length > LINE_LIMIT) {
      return fail("file_too_large", `Cannot seal "${path}": record ${index + 1} is longer than 10 MiB`, { entry: path });
    }
    units += line.length + 1;
    if (units > ENTRY_LIMIT) return entryTooLarge(path);
    lines.push(line, "\n");
  }
  return ok(utf8(lines.join("")));
};

/** Seals a run under a capture mode, signed when a key is given; `beside` are more entries that it vouches for. Fault `file_too_large` for an entry or a line over the limits of spec 01, section 9. */
export async function sealRunpack(
  crypto: Crypto,
  records: RunRecords,
  capture: string,
  key?: SigningKey,
  beside: readonly ZipFile[] = [],
): Promise<Result<Sealed>> {
  const intents = jsonLines("intents.jsonl", IntentShape, records.intents);
  if (!intents.ok) return intents;
  const results = jsonLines("results.jsonl", ResultShape, records.results);
  if (!results.ok) return results;
  const files = [
    { path: "intents.jsonl", bytes: intents.value },
    { path: "refs.json", bytes: canonicalBytes(writeShape(RefsShape, records.refs)) },
    { path: "results.jsonl", bytes: results.value },
    { path: "run.json", bytes: canonicalBytes(writeShape(RunShape, records.run)) },
    ...beside,
  ].sort((a, b) => byBytes(a.path, b.path));
  const large = files.find(({ bytes }) => bytes.length > ENTRY_LIMIT);
  if (large !== undefined) return entryTooLarge(large.path);
  const { created_at, producer_version, run_id } = records.run;
  const unsealed: Manifest = {
    schema_id: MANIFEST_ID,
    schema_version: VERSION_1,
    created_at,
    producer_version,
    run_id,
    capture_mode: capture,
    files: files.map(({ path, bytes }) => ({ path, sha256: sha256Hex(crypto, bytes) })),
    manifest_digest: "",
    signatures: [],
  };
  const sealed = { ...unsealed, manifest_digest: manifestDigest(crypto, unsealed) };
  const signed = signedDigest(crypto, writeShape(ManifestShape, sealed));
  const manifest = key === undefined ? sealed : { ...sealed, signatures: [await signDigest(crypto, key, signed)] };
  const own = canonicalBytes(writeShape(ManifestShape, manifest));
  if (own.length > ENTRY_LIMIT) return entryTooLarge("manifest.json");
  const bytes = await writeZip([...files, { path: "manifest.json", bytes: own }]);
  return ok({ bytes, manifest });
}
