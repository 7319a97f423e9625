// Verifying an evidence pack (spec 04, section 9.2): every declared entry against the manifest, the signatures against a key.
import { digestOf } from "../base/digest.ts";
import { placed, readDocument } from "../base/document.ts";
import type { Crypto, Host, Source } from "../base/host.ts";
import { fail, type Fault, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { checkSignatures, type SignatureReport, type VerifyKey } from "../base/sign.ts";
import { compareDeclared, type DeclaredReport, streamedDigest } from "../base/zip_declared.ts";
import { openZip } from "../base/zip_read.ts";
import { EVIDENCE_PACK_ID, type EvidenceManifest, EvidenceManifestShape } from "../schema/guard.ts";

/** What the verifier of an evidence pack trusts and demands. */
export type EvidenceTrust = {
  readonly key: VerifyKey | undefined;
  readonly requireSignature: boolean;
  /** Refuse undeclared entries, an id that is not that of the contents, and a manifest of another kind. */
  readonly strict: boolean;
};

/** What was found out about an evidence pack. */
export type EvidenceReport = DeclaredReport & SignatureReport & {
  readonly ok: boolean;
  readonly pack_id: string;
  readonly run_id: string;
};

const MANIFEST = "pack_manifest.json";

/** The id that the contents of an evidence pack give it. */
const packIdOf = (crypto: Crypto, { run_id, contents }: EvidenceManifest): string =>
  `pack_${
    digestOf(crypto, { run_id, contents: contents.map(({ path, sha256, type }) => ({ path, sha256, type })) }).slice(0, 16)
  }`;

/**
 * Verifies an evidence pack. A fault means that the file is none, or that its archive is unsafe or damaged; a report with
 * `ok: false` that it is one and does not hold. `what` names the file in messages.
 */
export async function verifyEvidencePack(
  host: Host,
  source: Source,
  what: string,
  trust: EvidenceTrust,
): Promise<Result<EvidenceReport>> {
  const archive = await openZip(host, source, what);
  if (!archive.ok) return archive;
  const at = { file: what, entry: MANIFEST };
  const entry = archive.value.find(MANIFEST);
  if (entry === undefined) {
    return fail("manifest_missing", `Cannot read evidence pack "${what}": entry "${MANIFEST}" is missing`, at);
  }
  const bytes = await archive.value.read(entry);
  if (!bytes.ok) return bytes;
  const read = readDocument(EvidenceManifestShape, bytes.value, MANIFEST, at, { kind: EVIDENCE_PACK_ID });
  if (!read.ok) return read;
  const manifest = read.value.value;
  const { pack_id, run_id, contents, signatures, schema_id } = manifest;
  const blank = run_id === "" ? "run_id" : pack_id === "" ? "pack_id" : undefined;
  if (blank !== undefined || (trust.strict && schema_id !== EVIDENCE_PACK_ID)) {
    const member = blank ?? "schema_id";
    const wanted = blank === undefined ? `must be "${EVIDENCE_PACK_ID}"` : "must not be empty";
    const message = `Cannot read "${MANIFEST}": member "/${member}" ${wanted}`;
    const fault: Fault = { code: "document_shape", message, at: { pointer: `/${member}` } };
    return { ok: false, fault: placed(fault, bytes.value, at) };
  }
  const declared = await compareDeclared(archive.value, MANIFEST, contents, streamedDigest(archive.value));
  if (!declared.ok) return declared;
  const actual = packIdOf(host.crypto, manifest);
  const mismatches = trust.strict && actual !== pack_id ? [{ path: MANIFEST, expected: pack_id, actual }] : [];
  const entries = { ...declared.value, hash_mismatches: [...declared.value.hash_mismatches, ...mismatches] };
  const digest = digestOf(host.crypto, writeShape(EvidenceManifestShape, { ...manifest, signatures: [] }));
  const signed = await checkSignatures(host.crypto, trust.key, signatures, digest, trust.requireSignature);
  const { signature_status } = signed;
  const believed = trust.requireSignature ? signature_status === "verified" : signature_status !== "failed";
  const whole = entries.missing_files.length === 0 && entries.hash_mismatches.length === 0;
  const closed = !trust.strict || entries.undeclared_files.length === 0;
  return ok({ ok: whole && closed && believed, pack_id, run_id, ...entries, ...signed });
}
