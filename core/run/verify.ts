// Verifying a runpack (spec 01, section 5.7): every entry against the manifest, the manifest against its own digest, the
// signatures against a key. Nothing is extracted, and no entry is trusted before it was hashed.
import { type Document, placed, readDocument } from "../base/document.ts";
import type { Host, Source } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { fieldOf } from "../base/shape.ts";
import { checkSignatures, type SignatureReport, type VerifyKey } from "../base/sign.ts";
import { byBytes } from "../base/text.ts";
import { compareDeclared, type DeclaredReport, type EntryDigest, streamedDigest } from "../base/zip_declared.ts";
import { type Archive, openZip } from "../base/zip_read.ts";
import { type Manifest, ManifestShape, REQUIRED_ENTRIES } from "../schema/manifest.ts";
import { PACK_MANIFEST } from "../schema/pack.ts";
import { manifestDigest, signedDigest } from "./manifest.ts";

/** What the verifier trusts and demands. */
export type Trust = {
  /** The key that signatures are checked with; without one they are skipped, and the report says so. */
  readonly key: VerifyKey | undefined;
  readonly requireSignature: boolean;
  /** Refuse entries that the manifest does not name. */
  readonly refuseUndeclared: boolean;
};

/** What stands in the entries, compared with what the manifest says. */
export type EntryReport = DeclaredReport;

/** What was found out about a runpack. */
export type RunpackReport = EntryReport & SignatureReport & {
  readonly ok: boolean;
  readonly run_id: string;
  readonly manifest_digest: string;
  /** Members of the manifest that its format does not know: nothing but a verified signature covers them. Left out when none. */
  readonly unknown_members?: readonly string[];
} & BesideReport;

/** What was found out about journals in a runpack; left out when there are none. */
export type BesideReport = {
  readonly sequences?: readonly { readonly path: string; readonly kind: string; readonly count: number }[];
  /** What is missing of them, moved or put in: each begins with the entry that it is about. */
  readonly sequence_errors?: readonly string[];
};

/** Looks at entries beside those of a run, whether or not their digests hold. */
export type BesideCheck = (archive: Archive, manifest: Manifest) => Promise<Result<BesideReport>>;

const MANIFEST = "manifest.json";

/** Reads the manifest of an archive. Faults: `manifest_missing`, what the JSON reader refuses, `document_shape`, or damage. */
export async function readManifest(archive: Archive, what: string): Promise<Result<Document<Manifest>>> {
  const at = { file: what, entry: MANIFEST };
  const entry = archive.find(MANIFEST);
  if (entry === undefined) {
    const kind = archive.find(PACK_MANIFEST) === undefined ? "" : "; it is a pack, which gait pack verify checks";
    return fail("manifest_missing", `Cannot read runpack "${what}": entry "${MANIFEST}" is missing${kind}`, at);
  }
  const bytes = await archive.read(entry);
  if (!bytes.ok) return bytes;
  const read = readDocument(ManifestShape, bytes.value, MANIFEST, at);
  if (!read.ok) return read;
  if (read.value.value.run_id === "") {
    const words = `Cannot read "${MANIFEST}": member "/run_id" must not be empty`;
    return {
      ok: false,
      fault: placed({ code: "document_shape", message: words, at: { pointer: "/run_id" } }, bytes.value, at),
    };
  }
  return ok(read.value);
}

/** Compares all entries with the manifest. `digest` is asked once for each declared entry that is there. */
export async function compareEntries(
  host: Host,
  archive: Archive,
  manifest: Manifest,
  digest: EntryDigest,
): Promise<Result<EntryReport>> {
  const rows = manifest.files ?? [];
  const compared = await compareDeclared(archive, MANIFEST, rows, digest);
  if (!compared.ok) return compared;
  const declared = new Set(rows.map((row) => row.path));
  const unnamed = REQUIRED_ENTRIES.filter((path) => !declared.has(path));
  const own = manifestDigest(host.crypto, manifest);
  const expected = manifest.manifest_digest;
  const changed = own === expected.toLowerCase() ? [] : [{ path: MANIFEST, expected, actual: own }];
  const { missing_files, hash_mismatches } = compared.value;
  return ok({
    ...compared.value,
    missing_files: [...missing_files, ...unnamed].sort(byBytes),
    hash_mismatches: [...hash_mismatches, ...changed].sort((a, b) => byBytes(a.path, b.path)),
  });
}

/** Whether an archive holds exactly what its manifest says. */
export const isIntact = (report: EntryReport): boolean =>
  report.missing_files.length === 0 && report.hash_mismatches.length === 0;

/**
 * Verifies a runpack. A fault means that the file is no runpack or that its archive is unsafe or damaged; a report with
 * `ok: false` that it is one and does not hold. `what` names the file in messages; `beside` looks at entries that are none of a run.
 */
export async function verifyRunpack(
  host: Host,
  source: Source,
  what: string,
  trust: Trust,
  beside: BesideCheck = NOTHING_BESIDE,
): Promise<Result<RunpackReport>> {
  const archive = await openZip(host, source, what);
  if (!archive.ok) return archive;
  const read = await readManifest(archive.value, what);
  if (!read.ok) return read;
  const { raw, value: manifest } = read.value;
  const entries = await compareEntries(host, archive.value, manifest, streamedDigest(archive.value));
  if (!entries.ok) return entries;
  const digest = signedDigest(host.crypto, raw);
  const unknown = Object.keys(raw ?? {}).filter((name) => fieldOf(ManifestShape, name) === undefined).sort(byBytes);
  const signatures = await checkSignatures(host.crypto, trust.key, manifest.signatures, digest, trust.requireSignature);
  const more = await beside(archive.value, manifest);
  if (!more.ok) return more;
  const signed = trust.requireSignature ? signatures.signature_status === "verified" : signatures.signature_status !== "failed";
  const declared = !trust.refuseUndeclared || entries.value.undeclared_files.length === 0;
  return ok({
    ok: isIntact(entries.value) && signed && declared && (more.value.sequence_errors ?? []).length === 0,
    run_id: manifest.run_id,
    manifest_digest: manifest.manifest_digest,
    ...(unknown.length === 0 ? {} : { unknown_members: unknown }),
    ...entries.value,
    ...signatures,
    ...more.value,
  });
}

const NOTHING_BESIDE: BesideCheck = () => Promise.resolve(ok({}));
