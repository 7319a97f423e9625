// Verifying a runpack (spec 01, section 5.7): every entry against the manifest, the manifest against its own digest, the
// signatures against a key. Nothing is extracted, and no entry is trusted before it was hashed.
import { hex } from "../base/bytes.ts";
import { type Document, readDocument } from "../base/document.ts";
import type { Host, Source } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { checkSignatures, type SignatureReport, type VerifyKey } from "../base/sign.ts";
import { byBytes } from "../base/text.ts";
import { type Archive, openZip } from "../base/zip_read.ts";
import { type Manifest, ManifestShape, REQUIRED_ENTRIES } from "../schema/runpack.ts";
import { manifestDigest, signedDigest } from "./manifest.ts";

/** What the verifier trusts and demands. */
export type Trust = {
  /** The key that signatures are checked with; without one they are skipped, and the report says so. */
  readonly key: VerifyKey | undefined;
  readonly requireSignature: boolean;
  /** Refuse entries that the manifest does not name. */
  readonly refuseUndeclared: boolean;
};

/** One digest that is not what it should be. */
export type Mismatch = { readonly path: string; readonly expected: string; readonly actual: string };

/** What stands in the entries, compared with what the manifest says. */
export type EntryReport = {
  readonly files_checked: number;
  readonly missing_files: readonly string[];
  readonly hash_mismatches: readonly Mismatch[];
  /** Entries that the manifest does not name: nobody vouches for them. */
  readonly undeclared_files: readonly string[];
};

/** What was found out about a runpack. */
export type RunpackReport = EntryReport & SignatureReport & {
  readonly ok: boolean;
  readonly run_id: string;
  readonly manifest_digest: string;
};

const MANIFEST = "manifest.json";

/** Reads the manifest of an archive. Faults: `manifest_missing`, what the JSON reader refuses, `document_shape`, or damage. */
export async function readManifest(archive: Archive, what: string): Promise<Result<Document<Manifest>>> {
  const at = { file: what, entry: MANIFEST };
  const entry = archive.find(MANIFEST);
  if (entry === undefined) return fail("manifest_missing", `Cannot read runpack "${what}": entry "${MANIFEST}" is missing`, at);
  const bytes = await archive.read(entry);
  if (!bytes.ok) return bytes;
  const read = readDocument(ManifestShape, bytes.value, MANIFEST, at);
  if (!read.ok) return read;
  if (read.value.value.run_id === "") {
    return fail("document_shape", `Cannot read runpack "${what}": its manifest has no run_id`, at);
  }
  return ok(read.value);
}

/** Gives the SHA-256 (hex) of an entry that is there. */
export type EntryDigest = (path: string) => Promise<Result<string>>;

/** Compares all entries with the manifest. `digest` is asked once for each declared entry that is there. */
export async function compareEntries(
  host: Host,
  archive: Archive,
  manifest: Manifest,
  digest: EntryDigest,
): Promise<Result<EntryReport>> {
  const rows = manifest.files ?? [];
  const actual = new Map<string, string>();
  const missing: string[] = [];
  const mismatches: Mismatch[] = [];
  for (const { path, sha256 } of rows) {
    if (archive.find(path) === undefined) {
      missing.push(path);
      continue;
    }
    let found = actual.get(path);
    if (found === undefined) {
      const hashed = await digest(path);
      if (!hashed.ok) return hashed;
      found = hashed.value;
      actual.set(path, found);
    }
    if (found !== sha256.toLowerCase()) mismatches.push({ path, expected: sha256, actual: found });
  }
  const declared = new Set(rows.map((row) => row.path));
  missing.push(...REQUIRED_ENTRIES.filter((path) => !declared.has(path)));
  const own = manifestDigest(host.crypto, manifest);
  if (own !== manifest.manifest_digest.toLowerCase()) {
    mismatches.push({ path: MANIFEST, expected: manifest.manifest_digest, actual: own });
  }
  return ok({
    files_checked: rows.length,
    missing_files: missing.sort(byBytes),
    hash_mismatches: mismatches.sort((a, b) => byBytes(a.path, b.path)),
    undeclared_files: archive.entries.map((entry) => entry.path).filter((path) => path !== MANIFEST && !declared.has(path))
      .sort(byBytes),
  });
}

/** Whether an archive holds exactly what its manifest says. */
export const isIntact = (report: EntryReport): boolean =>
  report.missing_files.length === 0 && report.hash_mismatches.length === 0;

/** Hashes entries in pieces, so that large ones are never held. */
export const streamedDigest = (archive: Archive): EntryDigest => async (path) => {
  const entry = archive.find(path);
  if (entry === undefined) throw new Error(`no entry ${path}`);
  const digest = await archive.digest(entry);
  return digest.ok ? ok(hex(digest.value)) : digest;
};

/**
 * Verifies a runpack. A fault means that the file is no runpack or that its archive is unsafe or damaged; a report with
 * `ok: false` that it is one and does not hold. `what` names the file in messages.
 */
export async function verifyRunpack(host: Host, source: Source, what: string, trust: Trust): Promise<Result<RunpackReport>> {
  const archive = await openZip(host, source, what);
  if (!archive.ok) return archive;
  const read = await readManifest(archive.value, what);
  if (!read.ok) return read;
  const { raw, value: manifest } = read.value;
  const entries = await compareEntries(host, archive.value, manifest, streamedDigest(archive.value));
  if (!entries.ok) return entries;
  const digest = signedDigest(host.crypto, raw);
  const signatures = await checkSignatures(host.crypto, trust.key, manifest.signatures, digest, trust.requireSignature);
  const signed = trust.requireSignature ? signatures.signature_status === "verified" : signatures.signature_status !== "failed";
  const declared = !trust.refuseUndeclared || entries.value.undeclared_files.length === 0;
  return ok({
    ok: isIntact(entries.value) && signed && declared,
    run_id: manifest.run_id,
    manifest_digest: manifest.manifest_digest,
    ...entries.value,
    ...signatures,
  });
}
