// Capturing an artifact: what a JSON source is, which checkpoint of a chain is meant, and whether the source holds without a key
// (spec 01, sections 5.10 and 7.6).
import { readDocument } from "../base/document.ts";
import type { Host, Source } from "../base/host.ts";
import { ending, fail, type Fault, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import { CHAIN_LIMIT, readChain } from "../run/chain.ts";
import { type OpenRunpackAt, verifySessionChain } from "../run/session_chain.ts";
import { verifyRunpack } from "../run/verify.ts";
import { AnyHeadShape } from "../schema/any_head.ts";
import type { SessionChain, SessionCheckpoint } from "../schema/session.ts";
import { TRACE_ID } from "../schema/trace.ts";
import { type ReadTrace, readTrace } from "../trace/verify.ts";

/** A JSON source, read and not yet checked. */
export type JsonSource =
  | { readonly kind: "chain"; readonly chain: SessionChain }
  | { readonly kind: "trace"; readonly read: ReadTrace };

/** Reads a session chain or a trace. Faults: `document_kind` for another document, and those of the two readers. */
export function readJsonSource(bytes: Uint8Array, what: string): Result<JsonSource> {
  const head = readDocument(AnyHeadShape, bytes, what, { file: what }, { maxBytes: CHAIN_LIMIT });
  if (!head.ok) return head;
  if (head.value.value.schema_id === TRACE_ID) {
    const read = readTrace(bytes, what);
    return read.ok ? ok({ kind: "trace", read: read.value }) : read;
  }
  const chain = readChain(bytes, what);
  if (chain.ok) return ok({ kind: "chain", chain: chain.value });
  return chain.fault.code === "document_kind"
    ? fail("document_kind", `Cannot capture "${what}": it is neither a session chain nor a trace`, { file: what })
    : chain;
}

/** What is said where a checkpoint is named of a source that has none. */
export const ignoredCheckpoint = (wanted: string): readonly string[] =>
  wanted === "" ? [] : ["--checkpoint was ignored: the source is no session chain"];

/** The checkpoint that is meant: `latest` or blank is the last in the list, else its index. Faults `flag_value`, `usage`. */
export function checkpointOf({ checkpoints }: SessionChain, wanted: string): Result<SessionCheckpoint> {
  const word = lower(trim(wanted));
  const last = checkpoints[checkpoints.length - 1];
  if (word === "" || word === "latest") return last === undefined ? missing(wanted) : ok(last);
  if (!/^[1-9][0-9]*$/.test(word)) {
    return fail("flag_value", `Cannot read value "${wanted}" of --checkpoint: wanted is latest or the index of a checkpoint`);
  }
  const found = checkpoints.find(({ checkpoint_index }) => String(checkpoint_index) === word);
  return found === undefined ? missing(wanted) : ok(found);
}

const missing = (wanted: string): Result<never> =>
  fail("flag_value", `Cannot find checkpoint "${wanted}": the chain has none with this index`);

const NO_KEY = { key: undefined, requireSignature: false, refuseUndeclared: false } as const;

/**
 * Checks a runpack without a key; gives its run id. A file that is no runpack ends with exit 6; one that is damaged, that has an
 * entry twice or does not hold, with exit 2.
 */
export async function checkRunpack(host: Host, source: Source, what: string): Promise<Result<string>> {
  const report = await verifyRunpack(host, source, what, NO_KEY);
  if (!report.ok) return { ok: false, fault: asSource(report.fault) };
  const { run_id, missing_files, hash_mismatches } = report.value;
  const entry = missing_files[0] ?? hash_mismatches[0]?.path;
  return entry === undefined
    ? ok(run_id)
    : fail("verification_failed", `Cannot capture "${what}": entry "${entry}" does not hold`, { file: what, entry });
}

const FAILED_CHECKS: readonly Fault["code"][] = ["zip_duplicate_entry", "zip_damaged"];

const asSource = (fault: Fault): Fault => FAILED_CHECKS.includes(fault.code) ? fault : ending(fault, "usage");

/** Checks a chain without a key: its links, and every runpack that it names. Fault `verification_failed`. */
export async function checkChain(host: Host, chain: SessionChain, open: OpenRunpackAt, what: string): Promise<Result<void>> {
  const { linkage_errors, checkpoint_errors } = await verifySessionChain(host, chain, open, NO_KEY);
  const [error] = [...linkage_errors, ...checkpoint_errors];
  return error === undefined
    ? ok(undefined)
    : fail("verification_failed", `Cannot capture "${what}": ${error}`, { file: what });
}
