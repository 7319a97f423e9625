// What a pack is built of: from the words of `pack build` to the parts of the pack, whatever files that takes.
import { fail, ok, type Result } from "../core/base/result.ts";
import type { Source } from "../core/base/host.ts";
import { latestCheckpoint, runParts } from "../core/flow/pack_run.ts";
import { bindEvidence, BUNDLE_LIMIT, linkedEvidence, readBundle } from "../core/pack/authorization.ts";
import type { PackParts } from "../core/pack/build.ts";
import { linkedTrace } from "../core/flow/linked_trace.ts";
import { unprovenDefect } from "../core/pack/payload_authorization.ts";
import { CHAIN_LIMIT, readChain } from "../core/run/chain.ts";
import { isChainName } from "../core/run/chain_source.ts";
import type { Ports } from "../core/ports.ts";
import { resolveRunpack } from "./runpacks.ts";
import type { Contents } from "./pack_contents.ts";
import { besideFile } from "./targets.ts";
import { withProgress } from "./watched_source.ts";

type SourcePorts = Pick<Ports, "files" | "machine" | "host" | "progress">;

/** The parts of a pack, and the files that they were read from: the first is the one that the pack is put beside. */
export type PackInput = {
  readonly parts: PackParts;
  readonly read: readonly [string, ...string[]];
  /** The folder that it is put into instead, with a slash at its end. */
  readonly beside?: string;
  readonly warnings: readonly string[];
};

/** What a run pack is built of: a runpack, or that of the last checkpoint of a session's chain. */
export async function runInput(given: string, version: string, ports: SourcePorts): Promise<Result<PackInput>> {
  if (!isChainName(given)) {
    const path = await resolveRunpack(given, ports);
    return path.ok ? await packedRun(path.value, version, undefined, ports) : path;
  }
  const bytes = await ports.files.read(given, CHAIN_LIMIT);
  if (!bytes.ok) return bytes;
  const chain = readChain(bytes.value, given);
  if (!chain.ok) return chain;
  const point = latestCheckpoint(ports.host.crypto, chain.value, given);
  if (!point.ok) return point;
  const { runpack_path, manifest_digest } = point.value;
  return await packedRun(runpack_path, version, { chain: given, manifest_digest }, ports);
}

async function packedRun(
  path: string,
  version: string,
  sealed: { readonly chain: string; readonly manifest_digest: string } | undefined,
  { files, host, progress }: SourcePorts,
): Promise<Result<PackInput>> {
  const file = await files.open(path);
  if (!file.ok) return file;
  const taken = await runParts(host, withProgress(file.value, `pack ${path}`, progress), path, version);
  file.value.close();
  if (!taken.ok) return taken;
  const { parts, warnings, manifestDigest } = taken.value;
  if (sealed === undefined) return ok({ parts, warnings, read: [path] });
  return manifestDigest === sealed.manifest_digest
    ? ok({ parts, warnings, read: [path, sealed.chain] })
    : fail("verification_failed", `Cannot pack "${sealed.chain}": runpack "${path}" is not the one that was sealed`, {
      file: path,
    });
}

/** What an authorization pack is built of: a bundle, and the evidence beside it that its links name, which stays open in `contents`. */
export async function authorizationInput(
  given: string,
  version: string,
  { files, host }: SourcePorts,
  contents: Contents,
): Promise<Result<PackInput>> {
  const bytes = await files.read(given, BUNDLE_LIMIT);
  if (!bytes.ok) return bytes;
  const bundle = readBundle(bytes.value, given, version);
  if (!bundle.ok) return bundle;
  const evidence = new Map<string, Source>();
  for (const { path } of linkedEvidence(bundle.value)) {
    if (evidence.has(path)) continue;
    const found = await contents.open(besideFile(given, path));
    if (!found.ok) return found;
    evidence.set(path, found.value);
  }
  const bound = await bindEvidence(host.crypto, bundle.value, evidence, given);
  if (!bound.ok) return bound;
  const { trace_path } = bundle.value;
  const trace = evidence.get(trace_path);
  const checked = trace === undefined ? ok([]) : await linkedTrace(host.crypto, trace, besideFile(given, trace_path));
  if (!checked.ok) return checked;
  const { trace_id, producer_version } = bound.value.bundle;
  const defect = unprovenDefect(bound.value.bundle);
  const parts: PackParts = {
    pack_type: "authorization",
    source_ref: trace_id,
    producer_version,
    files: bound.value.files,
  };
  return ok({
    parts,
    read: [given, ...[...evidence.keys()].map((path) => besideFile(given, path))],
    warnings: [
      ...checked.value,
      ...(defect === undefined ? [] : [`The pack will not verify: member "${defect.pointer}" ${defect.wanted}`]),
    ],
  });
}
