// The chain of a session's checkpoints, as a document to read and show (spec 01, sections 7.2 and 8.1).
import { readDocument } from "../base/document.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { CHAIN_ID, type SessionChain, SessionChainShape } from "../schema/session.ts";

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
