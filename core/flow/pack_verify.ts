// `pack verify` on whatever it is given (spec 04, sections 4 and 4.2): a pack, a bare runpack, an evidence pack; and, under profile
// strict, the runpack inside a pack against what the pack says of it.
import { errors } from "../base/errors.ts";
import type { Host, Source } from "../base/host.ts";
import type { JsonObject } from "../base/json_value.ts";
import { fail, type Fault, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { lower, trim } from "../base/text.ts";
import { toUtc } from "../base/time.ts";
import { quoteName } from "../base/zip_names.ts";
import { bytesSource, openZip } from "../base/zip_read.ts";
import { misfitFault, type PackEntries, readEntry } from "../pack/entries.ts";
import { readPackManifest } from "../pack/manifest.ts";
import { asVerification, type PackReport, type PackTrust, verifyPack } from "../pack/verify_pack.ts";
import { verifyEvidencePack } from "../pack/verify.ts";
import { openScan } from "../run/scan.ts";
import { verifyRunpack } from "../run/verify.ts";
import { type PackManifest, SOURCE_RUNPACK } from "../schema/pack.ts";
import { CALL_PAYLOAD, PackCallShape } from "../schema/pack_call.ts";
import { type PackRun, PackRunShape, RUN_PAYLOAD } from "../schema/pack_run.ts";
import { checkJournals, type SequenceReport } from "./pack_journals.ts";
import { runPayload } from "./pack_run_payload.ts";

/** What was found out, and of what older kind the artifact is where it is no pack. */
export type PackVerdict = PackReport & SequenceReport & { readonly legacy_type?: "runpack" | "guard" };

/**
 * Verifies a pack, a bare runpack or an evidence pack. A fault means that it is none of them, that its archive is unsafe or damaged,
 * or that it breaks the contract of its kind; a report with `ok: false` that it does not hold. `what` names the file in messages.
 */
export async function verifyPackFile(host: Host, source: Source, what: string, trust: PackTrust): Promise<Result<PackVerdict>> {
  const archive = await openZip(host, source, what);
  if (!archive.ok) return { ok: false, fault: asVerification(archive.fault) };
  const found = await readPackManifest(archive.value, what);
  const isBare = !found.ok && found.fault.code === "manifest_missing" && archive.value.find("manifest.json") !== undefined;
  if (isBare) return await verifyBare(host, source, what, trust);
  if (!found.ok) return { ok: false, fault: asVerification(found.fault) };
  if (found.value.kind === "evidence") return await verifyEvidence(host, source, what, trust);
  const verified = await verifyPack(
    host,
    archive.value,
    found.value.manifest,
    what,
    trust,
    (entries, manifest) => checkSource(host, entries, manifest),
  );
  if (!verified.ok) return { ok: false, fault: asVerification(verified.fault) };
  const journals = await checkJournals(host.crypto, archive.value, found.value.manifest, what);
  if (!journals.ok) return { ok: false, fault: asVerification(journals.fault) };
  const { sequence_errors } = journals.value;
  return ok({ ...verified.value, ...journals.value, ok: verified.value.ok && sequence_errors.length === 0 });
}

// Neither kind has proof records or journals.
const WITHOUT_PROOF = { proof_records_verified: 0, uncovered_files: [], sequences: [], sequence_errors: [] } as const;

async function verifyBare(host: Host, source: Source, what: string, trust: PackTrust): Promise<Result<PackVerdict>> {
  const report = await verifyRunpack(host, source, what, { ...trust, refuseUndeclared: trust.strict });
  if (!report.ok) return report;
  const { run_id, manifest_digest, unknown_members: _, ...rest } = report.value;
  const named = { pack_id: manifest_digest, pack_type: "run", source_ref: run_id, legacy_type: "runpack" } as const;
  return ok({ ...rest, ...WITHOUT_PROOF, ...named });
}

async function verifyEvidence(host: Host, source: Source, what: string, trust: PackTrust): Promise<Result<PackVerdict>> {
  const report = await verifyEvidencePack(host, source, what, trust);
  if (!report.ok) return report;
  const { run_id, ...rest } = report.value;
  return ok({ ...rest, ...WITHOUT_PROOF, pack_type: "guard", source_ref: run_id, legacy_type: "guard" });
}

const NO_KEY = { key: undefined, requireSignature: false, refuseUndeclared: true } as const;

/** Holds the runpack in a pack against what the pack says: it is whole, and each member that speaks of the run speaks of this one. */
async function checkSource(host: Host, entries: PackEntries, { pack_type }: PackManifest): Promise<Result<void>> {
  const bytes = await entries.bytes(SOURCE_RUNPACK);
  if (!bytes.ok) return bytes;
  const what = `${entries.what}/${SOURCE_RUNPACK}`;
  const report = await verifyRunpack(host, bytesSource(bytes.value), what, NO_KEY);
  if (!report.ok) return noRunpack(entries, report.fault);
  const runpack = await openScan(host, bytesSource(bytes.value), what);
  if (!runpack.ok) return noRunpack(entries, runpack.fault);
  const payload = await runPayload(runpack.value);
  if (!payload.ok) return noRunpack(entries, payload.fault);
  const [stray] = report.value.undeclared_files;
  if (stray !== undefined) {
    const words = `"${SOURCE_RUNPACK}" holds ${quoteName(stray)}, which its manifest does not name`;
    return fail("pack_invalid", `Cannot use pack "${entries.what}": ${words}`, { file: entries.what, entry: SOURCE_RUNPACK });
  }
  const entry = pack_type === "run" ? RUN_PAYLOAD : CALL_PAYLOAD;
  const said = pack_type === "run" ? await saidOfRun(entries) : await saidOfCall(entries);
  if (!said.ok) return said;
  const actual = new Map(Object.entries(inOneSpelling(payload.value)));
  const differs = Object.entries(said.value).find(([name, value]) => actual.get(name) !== value);
  if (differs === undefined) return ok(undefined);
  const wanted = `must be ${JSON.stringify(actual.get(differs[0]) ?? "")}, as "${SOURCE_RUNPACK}" has it`;
  return { ok: false, fault: misfitFault(entries, entry, { pointer: `/${differs[0]}`, wanted }) };
}

// What cannot be read within a pack is wrong with the pack, not with what the command was given.
const noRunpack = ({ what }: PackEntries, fault: Fault): Result<never> =>
  errors()[fault.code].exit === "verification" ? { ok: false, fault } : fail(
    "pack_invalid",
    `Cannot use pack "${what}": "${SOURCE_RUNPACK}" is no runpack: ${fault.message}`,
    { file: what, entry: SOURCE_RUNPACK },
  );

// What another producer may spell otherwise; members that say nothing are not there.
const inOneSpelling = (payload: PackRun): JsonObject =>
  writeShape(PackRunShape, {
    ...payload,
    created_at: toUtc(payload.created_at) ?? payload.created_at,
    manifest_digest: lower(payload.manifest_digest),
    context_set_digest: lower(trim(payload.context_set_digest)),
    context_evidence_mode: trim(payload.context_evidence_mode),
    context_privacy_mode: trim(payload.context_privacy_mode),
  });

async function saidOfRun(entries: PackEntries): Promise<Result<JsonObject>> {
  const payload = await readEntry(entries, PackRunShape, RUN_PAYLOAD);
  return payload.ok ? ok(inOneSpelling(payload.value.value)) : payload;
}

async function saidOfCall(entries: PackEntries): Promise<Result<JsonObject>> {
  const payload = await readEntry(entries, PackCallShape, CALL_PAYLOAD);
  if (!payload.ok) return payload;
  const { run_id } = payload.value.value;
  return ok(run_id === "" ? {} : { run_id });
}
