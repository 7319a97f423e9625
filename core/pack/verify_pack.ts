// Verifying a pack (spec 04, section 4): its manifest and id, every declared entry, the proof records, the contract of its kind, the
// signatures. A fault ends it where nothing after it could be believed; what can be listed is listed.
import type { Host } from "../base/host.ts";
import { ending, fail, type Fault, ok, type Result } from "../base/result.ts";
import { checkSignatures, type SignatureReport, type VerifyKey } from "../base/sign.ts";
import { byBytes } from "../base/text.ts";
import { compareDeclared, type DeclaredReport, streamedDigest } from "../base/zip_declared.ts";
import type { Archive } from "../base/zip_read.ts";
import { PACK_MANIFEST, type PackManifest, PROOF_RECORDS } from "../schema/pack.ts";
import type { ProofRecord } from "../schema/pack_proof.ts";
import { openEntries, type PackEntries, sealedEntries } from "./entries.ts";
import { packDigest, packIdOf } from "./manifest.ts";
import { checkAuthorizationPack } from "./payload_authorization.ts";
import { checkCallPack } from "./payload_call.ts";
import { checkJobPack } from "./payload_job.ts";
import { checkRunPack } from "./payload_run.ts";
import { proofSignatureErrors, readProof, uncoveredFiles } from "./proof_check.ts";

/** What the verifier of a pack trusts and demands. */
export type PackTrust = {
  readonly key: VerifyKey | undefined;
  readonly requireSignature: boolean;
  /** Also refuse entries that the proof records leave out, and ask `checkSource`. */
  readonly strict: boolean;
};

/** What was found out about a pack. */
export type PackReport = DeclaredReport & SignatureReport & {
  readonly ok: boolean;
  readonly pack_id: string;
  readonly pack_type: string;
  readonly source_ref: string;
  readonly proof_records_verified: number;
  /** Declared entries that the proof records, where there are some, do not name with their digest. */
  readonly uncovered_files: readonly string[];
};

/** Holds the runpack inside a pack against what the pack says of it; the domain of runs knows how. */
export type CheckSource = (entries: PackEntries, manifest: PackManifest) => Promise<Result<void>>;

/** A fault in a pack is a failed verification, but for what is no pack and what is too large to look at. */
export const asVerification = (fault: Fault): Fault =>
  ending(fault, ["not_a_zip", "manifest_missing", "zip_entry_too_large"].includes(fault.code) ? "usage" : "verification");

/** Verifies the pack whose manifest was read from `archive`. Faults of its contract, and those of damage. */
export async function verifyPack(
  host: Host,
  archive: Archive,
  manifest: PackManifest,
  what: string,
  trust: PackTrust,
  checkSource: CheckSource,
): Promise<Result<PackReport>> {
  const { crypto } = host;
  const { pack_id, pack_type, source_ref, signatures } = manifest;
  const own = packIdOf(crypto, manifest);
  if (own !== pack_id.toLowerCase()) {
    const words = `member "/pack_id" of "${PACK_MANIFEST}" must be "${own}", not "${pack_id}"`;
    return fail("pack_invalid", `Cannot use pack "${what}": ${words}`, {
      file: what,
      entry: PACK_MANIFEST,
      pointer: "/pack_id",
    });
  }
  const declared = await compareDeclared(archive, PACK_MANIFEST, manifest.contents, streamedDigest(archive));
  if (!declared.ok) return declared;
  const { missing_files, hash_mismatches, undeclared_files } = declared.value;
  const records = hash_mismatches.some(({ path }) => path === PROOF_RECORDS)
    ? ok(undefined)
    : await proofOf(host, archive, manifest, what);
  if (!records.ok) return records;
  const isWhole = missing_files.length + hash_mismatches.length + undeclared_files.length === 0;
  if (isWhole) {
    const entries = sealedEntries(crypto, archive, manifest, what);
    const kept = await checkContract(host, entries, manifest, trust.strict, checkSource);
    if (!kept.ok) return kept;
  }
  const uncovered = records.value === undefined ? [] : uncoveredFiles(manifest, records.value);
  const checked = await checkSignatures(crypto, trust.key, signatures, packDigest(crypto, manifest), trust.requireSignature);
  const signed = await withProof(host, checked, trust, records.value ?? []);
  const believed = trust.requireSignature ? signed.signature_status === "verified" : signed.signature_status !== "failed";
  return ok({
    ok: isWhole && believed && !(trust.strict && uncovered.length > 0),
    pack_id,
    pack_type,
    source_ref,
    ...declared.value,
    proof_records_verified: records.value?.length ?? 0,
    uncovered_files: uncovered,
    ...signed,
  });
}

/** The proof records of a pack; undefined where it has none. */
async function proofOf(
  { crypto }: Host,
  archive: Archive,
  manifest: PackManifest,
  what: string,
): Promise<Result<readonly ProofRecord[] | undefined>> {
  const open = openEntries(archive, what);
  if (!open.has(PROOF_RECORDS)) return ok(undefined);
  const sealed = sealedEntries(crypto, archive, manifest, what);
  return await readProof(crypto, sealed.has(PROOF_RECORDS) ? sealed : open);
}

async function checkContract(
  { crypto }: Host,
  entries: PackEntries,
  manifest: PackManifest,
  strict: boolean,
  checkSource: CheckSource,
): Promise<Result<void>> {
  const { pack_type } = manifest;
  switch (pack_type) {
    case "run": {
      const kept = await checkRunPack(entries, manifest);
      return kept.ok && strict ? await checkSource(entries, manifest) : kept;
    }
    case "job":
      return await checkJobPack(entries, manifest);
    case "call": {
      const kept = await checkCallPack(entries, manifest);
      return kept.ok && strict ? await checkSource(entries, manifest) : kept;
    }
    case "authorization":
      return await checkAuthorizationPack(crypto, entries, manifest, strict);
    default:
      return never(pack_type);
  }
}

// Where a signature is demanded of the pack, it is demanded of each of its proof records too.
async function withProof(
  { crypto }: Host,
  report: SignatureReport,
  { key, requireSignature }: PackTrust,
  records: readonly ProofRecord[],
): Promise<SignatureReport> {
  const errors = requireSignature && key !== undefined ? await proofSignatureErrors(crypto, key, records) : [];
  return errors.length === 0
    ? report
    : { ...report, signature_status: "failed", signature_errors: [...report.signature_errors, ...errors].sort(byBytes) };
}

const never = (type: never): never => {
  throw new Error(`unknown type of pack: ${JSON.stringify(type)}`);
};
