// What is exported of a pack (spec 04, section 6): it is verified first, and what was found is told together with what the calls in it
// came to. Wrong digests are told, not refused.
import { sha256Hex } from "../base/digest.ts";
import type { Host, Source } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { VerifyKey } from "../base/sign.ts";
import { lower, trim, trimmedSet } from "../base/text.ts";
import { readEntry, readLines } from "../pack/entries.ts";
import { NO_METRICS, runCounts, type RunMetrics } from "../run/metrics.ts";
import { openScan } from "../run/scan.ts";
import { AUTHORIZATION_BUNDLE, AuthorizationBundleShape } from "../schema/authorization_bundle.ts";
import { PACK_MANIFEST } from "../schema/pack.ts";
import { CALL_DECISIONS } from "../schema/pack_call.ts";
import type { PackExport } from "../schema/pack_export.ts";
import { VERDICTS } from "../schema/trace.ts";
import { CallDecisionShape } from "../schema/voice.ts";
import { namesOf, openAnyPack, type OpenedPack, runpackOf } from "./pack_open.ts";
import { type PackVerdict, verifyPackFile } from "./pack_verify.ts";

/** What is told of a pack. */
export type ExportedPack = {
  readonly record: PackExport;
  /** Whether it holds. */
  readonly integrityOk: boolean;
  /** Whose signatures it carries, sorted. */
  readonly signers: readonly string[];
  /** How often each verdict fell in it, by verdict; those that did not are not there. */
  readonly verdicts: readonly { readonly verdict: string; readonly count: number }[];
};

/**
 * Gathers what is exported of a pack or a bare runpack; `key` checks its signatures where one is given. Faults are those of verifying:
 * what ends that ends this. Fault `document_kind` for an evidence pack.
 */
export async function exportPack(
  host: Host,
  source: Source,
  what: string,
  key: VerifyKey | undefined,
): Promise<Result<ExportedPack>> {
  const report = await verifyPackFile(host, source, what, { key, requireSignature: false, strict: false });
  if (!report.ok) return report;
  if (report.value.legacy_type === "guard") {
    return fail("document_kind", `Cannot export "${what}": it is an evidence pack; gait pack verify reads those`, {
      file: what,
    });
  }
  const opened = await openAnyPack(host, source, what, "export");
  if (!opened.ok) return opened;
  const manifest = await opened.value.entries.bytes(opened.value.kind === "pack" ? PACK_MANIFEST : "manifest.json");
  if (!manifest.ok) return manifest;
  const { metrics, verdicts, created_at } = await toldBy(host, opened.value);
  return ok({
    record: {
      ...namesOf(opened.value),
      ...found(report.value),
      manifest_digest: sha256Hex(host.crypto, manifest.value),
      created_at: opened.value.kind === "pack" ? opened.value.manifest.created_at : created_at,
      metrics,
    },
    integrityOk: report.value.ok,
    signers: trimmedSet(opened.value.manifest.signatures.map(({ key_id }) => key_id)),
    verdicts: VERDICTS.map((verdict) => ({ verdict, count: verdicts.get(verdict) ?? 0 })).filter(({ count }) => count > 0),
  });
}

const found = (report: PackVerdict) => ({
  files_checked: report.files_checked,
  hash_mismatches: report.hash_mismatches.length,
  missing_files: report.missing_files.length,
  undeclared_files: report.undeclared_files.length,
  signature_status: report.signature_status,
  signatures_total: report.signatures_total,
  signatures_valid: report.signatures_valid,
});

type Told = {
  readonly metrics: RunMetrics;
  readonly verdicts: ReadonlyMap<string, number>;
  /** When the run began, where there is one. */
  readonly created_at: string;
};

// What cannot be read tells nothing: it is counted among the wrong entries.
async function toldBy(host: Host, opened: OpenedPack): Promise<Told> {
  const nothing: Told = { metrics: NO_METRICS, verdicts: new Map(), created_at: opened.manifest.created_at };
  const { pack_type } = namesOf(opened);
  switch (pack_type) {
    case "job":
      return nothing; // a runpack in it is of somebody else
    case "authorization":
      return { ...nothing, verdicts: await outcome(opened) };
    case "call":
      return { ...await toldByRun(host, opened, nothing), verdicts: await callVerdicts(opened) };
    default:
      return await toldByRun(host, opened, nothing);
  }
}

async function toldByRun(host: Host, opened: OpenedPack, nothing: Told): Promise<Told> {
  const runpack = await runpackOf(opened);
  if (!runpack.ok || runpack.value === undefined) return nothing;
  const scan = await openScan(host, runpack.value.source, runpack.value.what);
  if (!scan.ok) return nothing;
  const { created_at } = scan.value.run;
  const counts = await runCounts(scan.value);
  return counts.ok ? { ...counts.value, created_at } : { ...nothing, created_at };
}

async function callVerdicts({ entries }: OpenedPack): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const decisions = await readLines(entries, CallDecisionShape, CALL_DECISIONS);
  for (const { verdict } of decisions.ok ? decisions.value : []) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}

async function outcome({ entries }: OpenedPack): Promise<ReadonlyMap<string, number>> {
  const bundle = await readEntry(entries, AuthorizationBundleShape, AUTHORIZATION_BUNDLE);
  const status = bundle.ok ? lower(trim(bundle.value.value.outcome_status)) : "";
  return new Map(status === "" ? [] : [[status, 1]]);
}
