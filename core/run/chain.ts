// The chain of a session's checkpoints: as a document to read and show, and what links one to the next (spec 01, sections 7.2,
// 8.1, 8.4 and 8.7).
import { utf8 } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import { readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { CHAIN_ID, type SessionChain, SessionChainShape, type SessionCheckpoint } from "../schema/session.ts";

/** Longest chain document that is read. */
export const CHAIN_LIMIT = 100 * 2 ** 20;

/** A chain laid open, its checkpoints in order. */
export type ChainInspection = {
  readonly run_id: string;
  readonly session_id: string;
  readonly checkpoint_count: number;
  readonly checkpoints: readonly {
    readonly checkpoint_index: number;
    readonly runpack_path: string;
    readonly sequence_start: number;
    readonly sequence_end: number;
    readonly checkpoint_digest: string;
    readonly prev_checkpoint_digest?: string;
  }[];
};

/** Reads a session chain. Fault `document_kind` when it is another document. */
export function readChain(bytes: Uint8Array, what: string): Result<SessionChain> {
  const read = readDocument(SessionChainShape, bytes, what, { file: what }, { maxBytes: CHAIN_LIMIT });
  if (!read.ok) return read;
  const chain = read.value.value;
  const { schema_id, schema_version, session_id, run_id, checkpoints } = chain;
  const known = (schema_id === "" || schema_id === CHAIN_ID) && (schema_version === "" || schema_version === "1.0.0");
  return known && session_id !== "" && run_id !== "" && checkpoints.length > 0
    ? ok(chain)
    : fail("document_kind", `Cannot read "${what}": it is neither a runpack nor a session chain`, { file: what });
}

/** Lays a chain open. */
export const inspectChain = (chain: SessionChain): ChainInspection => ({
  run_id: chain.run_id,
  session_id: chain.session_id,
  checkpoint_count: chain.checkpoints.length,
  checkpoints: chain.checkpoints
    .map(({ checkpoint_index, runpack_path, sequence_start, sequence_end, checkpoint_digest, prev_checkpoint_digest }) => ({
      checkpoint_index,
      runpack_path,
      sequence_start,
      sequence_end,
      checkpoint_digest,
      ...(prev_checkpoint_digest === "" ? {} : { prev_checkpoint_digest }),
    }))
    .sort((a, b) => a.checkpoint_index - b.checkpoint_index),
});

/** What a checkpoint digest is taken over. */
export type CheckpointLink = Pick<
  SessionCheckpoint,
  "manifest_digest" | "prev_checkpoint_digest" | "checkpoint_index" | "sequence_start" | "sequence_end"
>;

/** The digest that binds a checkpoint to its runpack, its place and the checkpoint before (spec 01, section 8.4). */
export const checkpointDigest = (crypto: Crypto, link: CheckpointLink): string => {
  const { manifest_digest, prev_checkpoint_digest, checkpoint_index, sequence_start, sequence_end } = link;
  const parts = [manifest_digest, prev_checkpoint_digest, checkpoint_index, sequence_start, sequence_end];
  return sha256Hex(crypto, utf8(parts.join(":")));
};

/** Every link of a chain that does not hold, as sentences in list order (spec 01, section 8.7). Empty: the chain links. */
export function linkageErrors(crypto: Crypto, { checkpoints }: SessionChain): readonly string[] {
  const errors: string[] = [];
  let before = { checkpoint_index: 0, sequence_end: 0, checkpoint_digest: "" };
  for (const point of checkpoints) {
    const { checkpoint_index: index, prev_checkpoint_digest: prev, sequence_start: start } = point;
    const say = (what: string) => errors.push(`checkpoint ${index}: ${what}`);
    if (index !== before.checkpoint_index + 1) say(`its index must be ${before.checkpoint_index + 1}`);
    if (index > 1 && prev !== before.checkpoint_digest) say("prev_checkpoint_digest is not the digest of the one before");
    if (start <= before.sequence_end) say(`sequence_start must be above ${before.sequence_end}, not ${start}`);
    if (checkpointDigest(crypto, point) !== point.checkpoint_digest) say("checkpoint_digest does not fit what it binds");
    before = point;
  }
  return errors;
}
