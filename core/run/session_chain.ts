// Verifying the chain of a session (spec 01, section 8.7): its links, and the runpack of every checkpoint.
import type { Host, Source } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import type { VerifyKey } from "../base/sign.ts";
import type { SessionChain, SessionCheckpoint } from "../schema/session.ts";
import { linkageErrors } from "./chain.ts";
import { type RunpackReport, verifyRunpack } from "./verify.ts";

/** Opens the runpack of a checkpoint by the path that the chain names. */
export type OpenRunpackAt = (path: string) => Promise<Result<Source & { close(): void }>>;

/** What the verifier of a chain trusts and demands, for each runpack. */
export type ChainTrust = {
  readonly key: VerifyKey | undefined;
  readonly requireSignature: boolean;
  readonly refuseUndeclared: boolean;
};

/** What was found out about a chain; errors are sentences in list order. */
export type ChainReport = {
  readonly ok: boolean;
  readonly session_id: string;
  readonly run_id: string;
  readonly checkpoints_checked: number;
  readonly linkage_errors: readonly string[];
  readonly checkpoint_errors: readonly string[];
};

/** Verifies a chain and all runpacks that it names. */
export async function verifySessionChain(
  host: Host,
  chain: SessionChain,
  open: OpenRunpackAt,
  trust: ChainTrust,
): Promise<ChainReport> {
  const { session_id, run_id, checkpoints } = chain;
  const linkage_errors = linkageErrors(host.crypto, chain);
  const checkpoint_errors: string[] = [];
  for (const point of checkpoints) {
    const report = await reportOn(host, point, open, trust);
    const found = report.ok ? defects(point, report.value, trust) : [report.fault.message];
    checkpoint_errors.push(...found.map((text) => `checkpoint ${point.checkpoint_index}: ${text}`));
  }
  return {
    ok: linkage_errors.length === 0 && checkpoint_errors.length === 0,
    session_id,
    run_id,
    checkpoints_checked: checkpoints.length,
    linkage_errors,
    checkpoint_errors,
  };
}

async function reportOn(
  host: Host,
  { runpack_path }: SessionCheckpoint,
  open: OpenRunpackAt,
  { key, refuseUndeclared }: ChainTrust,
): Promise<Result<RunpackReport>> {
  const source = await open(runpack_path);
  if (!source.ok) return source;
  // Whether a signature is demanded is asked below, so that its lack is told once and apart from what is broken.
  const report = await verifyRunpack(host, source.value, runpack_path, { key, requireSignature: false, refuseUndeclared });
  source.value.close();
  return report.ok ? ok(report.value) : report;
}

function defects(point: SessionCheckpoint, report: RunpackReport, { requireSignature }: ChainTrust): string[] {
  const { runpack_path: path, manifest_digest } = point;
  const { signature_status } = report;
  const unsigned = requireSignature && signature_status !== "verified" && signature_status !== "failed";
  return [
    ...(report.ok ? [] : [`runpack "${path}" does not verify`]),
    ...(report.manifest_digest === manifest_digest ? [] : [`runpack "${path}" is not the one that was sealed`]),
    ...(unsigned ? [`runpack "${path}" must have a verified signature, its signatures are ${signature_status}`] : []),
  ];
}
