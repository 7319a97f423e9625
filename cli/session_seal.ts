// Sealing the new events of a session into a runpack that is linked to the checkpoint before: for the command, and for services that
// keep sessions.
import { sameBytes, utf8 } from "../core/base/bytes.ts";
import type { JsonObject } from "../core/base/json.ts";
import { outputPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { writeShape } from "../core/base/shape.ts";
import type { HeldLock, JournalFile, Ports } from "../core/ports.ts";
import { CHAIN_LIMIT, readChain } from "../core/run/chain.ts";
import { sealRunpack } from "../core/run/seal.ts";
import { chainText, checkpointRecord, planCheckpoint } from "../core/run/session_checkpoint.ts";
import { journalLine, nextStanding } from "../core/run/session_journal.ts";
import { clash, type SessionPaths } from "../core/run/session_paths.ts";
import { SessionCheckpointShape, type SessionHeader } from "../core/schema/session.ts";
import {
  addLine,
  cacheState,
  journalThere,
  locked,
  type ReadJournal,
  readJournal,
  type SessionPorts,
} from "./session_files.ts";
import { verifyAt } from "./verify_at.ts";
import { writeChecked } from "./write_checked.ts";

/** A checkpoint that was made, and what was mended on the way. */
export type SealedSession = {
  readonly checkpoint: JsonObject;
  readonly chain_path: string;
  readonly warnings: readonly string[];
};

/** Where a checkpoint goes. */
export type SealTo = {
  readonly runpack: string;
  /** Where the chain goes beside its place near the journal; empty nowhere. */
  readonly chain: string;
  /** The sequence of the last event that is sealed; all that are new where it is not given. */
  readonly through?: number;
};

type Outputs = { readonly runpack: string; readonly chain: string | undefined; readonly through: number | undefined };
/** The ports that it takes. */
export type CheckpointPorts = SessionPorts & Pick<Ports, "machine">;

/** Where to write. Fault `path_refused` for a path that a file of the session has, or both outputs. */
function outputs(to: SealTo, paths: SessionPaths): Result<Outputs> {
  const runpack = outputPath(to.runpack, "the runpack");
  if (!runpack.ok) return runpack;
  const chain = to.chain === "" ? undefined : outputPath(to.chain, "the chain");
  if (chain !== undefined && !chain.ok) return chain;
  const { journal, state, lock } = paths;
  const taken = clash(runpack.value, [journal, state, lock, paths.chain, ...(chain === undefined ? [] : [chain.value])]) ??
    (chain === undefined ? undefined : clash(chain.value, [journal, state, lock]));
  return taken === undefined
    ? ok({ runpack: runpack.value, chain: chain?.value, through: to.through })
    : fail("path_refused", `Cannot write to "${taken}": it is another file of the session`, { file: taken });
}

/** Writes the chain that the journal says, where another or none is: a checkpoint may have been interrupted before that. */
async function mendChain(
  { content }: ReadJournal,
  paths: SessionPaths,
  ports: SessionPorts,
  version: string,
): Promise<Result<void>> {
  if (content.checkpoints.length === 0) return ok(undefined);
  const text = utf8(chainText(content.standing, content.checkpoints.map(({ record }) => record), version));
  const there = await ports.files.read(paths.chain, CHAIN_LIMIT);
  return there.ok && sameBytes(there.value, text) ? ok(undefined) : await ports.store.write(paths.chain, text, "replace");
}

/**
 * What stands where the outputs go may be replaced only when it is what an earlier try of this very checkpoint left there, or a
 * chain of this session. Fault `file_exists`.
 */
async function mayReplace(
  { runpack, chain }: Outputs,
  checkpointRun: string,
  header: SessionHeader,
  { files, host }: CheckpointPorts,
): Promise<Result<void>> {
  const refuse = (path: string, what: string): Result<never> =>
    fail("file_exists", `Cannot write to "${path}": what is there is not ${what}`, { file: path });
  if (await files.kind(runpack) === "file") {
    const report = await verifyAt(runpack, { key: undefined, requireSignature: false, refuseUndeclared: false }, {
      files,
      host,
    });
    if (!report.ok || report.value.run_id !== checkpointRun) return refuse(runpack, "an unfinished runpack of this checkpoint");
  }
  if (chain === undefined || await files.kind(chain) !== "file") return ok(undefined);
  const bytes = await files.read(chain, CHAIN_LIMIT);
  const there = bytes.ok ? readChain(bytes.value, chain) : bytes;
  return there.ok && there.value.session_id === header.session_id && there.value.run_id === header.run_id
    ? ok(undefined)
    : refuse(chain, "a chain of this session");
}

async function seal(
  file: JournalFile,
  lock: HeldLock,
  to: Outputs,
  paths: SessionPaths,
  ports: CheckpointPorts,
  producer_version: string,
): Promise<Result<SealedSession>> {
  const read = readJournal(file, paths, ports, { keep: true });
  if (!read.ok) return read;
  const { content, known, notes } = read.value;
  const { crypto } = ports.host;
  const earlier = content.checkpoints.map(({ record }) => record);
  const { os, arch, runtime } = ports.machine;
  const made = { created_at: ports.clock.now(), producer_version, env: { os, arch, runtime } };
  const plan = planCheckpoint(crypto, content, paths.journal, made, to.through);
  if (!plan.ok) {
    const mended = await mendChain(read.value, paths, ports, producer_version);
    return mended.ok ? plan : mended;
  }
  const free = await mayReplace(to, plan.value.records.run.run_id, content.standing.header, ports);
  if (!free.ok) return free;
  const sealed = await sealRunpack(crypto, plan.value.records, "reference");
  if (!sealed.ok) return sealed;
  const written = await writeChecked(to.runpack, sealed.value.bytes, undefined, ports);
  if (!written.ok) return written;
  const { manifest_digest } = sealed.value.manifest;
  const checkpoint = checkpointRecord(crypto, content.standing, plan.value, { runpack_path: to.runpack, manifest_digest });
  const record = { record_type: "checkpoint", header: undefined, event: undefined, checkpoint };
  const line = journalLine(record);
  if (!line.ok) return line;
  const standing = nextStanding(crypto, known.standing, record);
  if (typeof standing === "string") throw new Error(`a checkpoint that does not fit its journal: ${standing}`);
  const added = addLine(file, lock, paths, known, line.value, standing);
  if (!added.ok) return added;
  const warnings = [...notes, ...await cacheState(added.value, paths, ports, producer_version)];
  const text = utf8(chainText(standing, [...earlier, checkpoint], producer_version));
  for (const path of new Set([paths.chain, to.chain ?? paths.chain])) {
    const chained = await ports.store.write(path, text, "replace");
    if (!chained.ok) return chained;
  }
  return ok({ checkpoint: writeShape(SessionCheckpointShape, checkpoint), chain_path: to.chain ?? paths.chain, warnings });
}

/**
 * Seals what came after the last checkpoint into a runpack; the chain is written beside the journal in any case. Faults `path_refused`,
 * `file_exists`, `session_nothing_new`, those of journals and locks.
 */
export async function sealSession(
  paths: SessionPaths,
  where: SealTo,
  ports: CheckpointPorts,
  version: string,
): Promise<Result<SealedSession>> {
  const to = outputs(where, paths);
  if (!to.ok) return to;
  const there = await journalThere(paths, ports);
  if (!there.ok) return there;
  return await locked(paths, ports, async (lock) => {
    const file = ports.journal.open(paths.journal);
    if (!file.ok) return file;
    const sealed = await seal(file.value, lock, to.value, paths, ports, version);
    file.value.close();
    return sealed;
  });
}
