// What `--from` names where a fixture is made: a run id, a runpack, a run pack, or a checkpoint of a session.
import { fail, ok, type Result } from "../core/base/result.ts";
import { checkpointOf, ignoredCheckpoint } from "../core/flow/capture.ts";
import { type SourceRunpack, sourceRunpack } from "../core/flow/regress_source.ts";
import type { FromSession } from "../core/regress/fixture.ts";
import { CHAIN_LIMIT, linkageErrors, readChain } from "../core/run/chain.ts";
import { isChainName } from "../core/run/chain_source.ts";
import type { SessionChain, SessionCheckpoint } from "../core/schema/session.ts";
import type { Ports } from "../core/ports.ts";
import { RUNPACK_LIMIT } from "./regress_suite.ts";
import { resolveRunpack } from "./runpacks.ts";

/** A run that a fixture can be made of; `session` where it is a checkpoint of one. */
export type RegressSource = SourceRunpack & {
  readonly session: FromSession | undefined;
  readonly warnings: readonly string[];
};

type SourcePorts = Pick<Ports, "files" | "machine" | "host">;

/** Finds and opens what `--from` names. */
export async function regressSource(from: string, checkpoint: string, ports: SourcePorts): Promise<Result<RegressSource>> {
  const path = await resolveRunpack(from, ports);
  if (!path.ok) return path;
  return isChainName(path.value)
    ? await checkpointSource(path.value, (chain) => checkpointOf(chain, checkpoint), ports)
    : await runpackSource(path.value, checkpoint, ports);
}

/** A runpack or run pack at a path; it has no checkpoints to choose from. */
export async function runpackSource(
  path: string,
  checkpoint: string,
  { files, host }: SourcePorts,
): Promise<Result<RegressSource>> {
  const bytes = await files.read(path, RUNPACK_LIMIT);
  if (!bytes.ok) return bytes;
  const source = await sourceRunpack(host, bytes.value, path);
  return source.ok ? ok({ ...source.value, session: undefined, warnings: ignoredCheckpoint(checkpoint) }) : source;
}

/** A checkpoint of the chain at a path. A chain that does not link, or whose runpack is another, is a failed check. */
export async function checkpointSource(
  path: string,
  choose: (chain: SessionChain) => Result<SessionCheckpoint>,
  ports: SourcePorts,
): Promise<Result<RegressSource>> {
  const bytes = await ports.files.read(path, CHAIN_LIMIT);
  if (!bytes.ok) return bytes;
  const chain = readChain(bytes.value, path);
  if (!chain.ok) return chain;
  const point = choose(chain.value);
  if (!point.ok) return point;
  const [error] = linkageErrors(ports.host.crypto, chain.value);
  if (error !== undefined) return unsealed(path, error);
  const { runpack_path, manifest_digest, checkpoint_index } = point.value;
  const source = await runpackSource(runpack_path, "", ports);
  if (!source.ok) return source;
  return source.value.run.manifest.manifest_digest === manifest_digest
    ? ok({ ...source.value, session: { session_chain: path, checkpoint_index } })
    : unsealed(path, `checkpoint ${checkpoint_index}: runpack "${runpack_path}" is not the one that was sealed`);
}

const unsealed = (path: string, why: string): Result<never> =>
  fail("verification_failed", `Cannot make a fixture of "${path}": ${why}`, { file: path });
