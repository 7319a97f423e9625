// What `run inspect` answers about an artifact, as JSON (spec 01, section 7.2): the same from the command line and the library.
import type { Host, Source } from "../base/host.ts";
import { ok, type Result } from "../base/result.ts";
import { type ChainInspection, inspectChain } from "./chain.ts";
import { isChainName, readChainFrom } from "./chain_source.ts";
import { type Inspection, inspectRunpack } from "./inspect.ts";
import { openRunpack } from "./open.ts";

type Empty<T> = { readonly [K in keyof T]?: T[K] };

/** One recorded call with its first result, or a result without a call; members that say nothing are left out. */
export type InspectedEntry = Empty<{
  index: number;
  intent_id: string;
  tool_name: string;
  created_at: string;
  args_digest: string;
  status: string;
  result_digest: string;
  verdict: string;
  reason_codes: readonly string[];
  violations: readonly string[];
}>;

/** What a runpack records. */
export type RunpackView = {
  readonly ok: true;
  readonly artifact_type: "runpack";
  readonly run_id: string;
  readonly path: string;
  readonly capture_mode: string;
  readonly intents_total: number;
  readonly results_total: number;
  readonly entries: readonly InspectedEntry[];
  readonly unmatched_results: readonly InspectedEntry[];
  readonly warnings: readonly string[];
};

/** What the chain of a session records. */
export type ChainView = ChainInspection & {
  readonly ok: true;
  readonly artifact_type: "session_chain";
  readonly path: string;
};

const filled = (entry: InspectedEntry): InspectedEntry =>
  Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== "" && !(Array.isArray(value) && value.length === 0)),
  );

const runpackView = (path: string, inspection: Inspection): RunpackView => {
  const { calls, orphans, ...totals } = inspection;
  const entries = calls.map(({ index, intent, created_at, answer }) => {
    const { intent_id, tool_name, args_digest } = intent;
    return { index, intent_id, tool_name, created_at, args_digest, ...(answer === undefined ? {} : filled(answer)) };
  });
  return { ok: true, artifact_type: "runpack", path, ...totals, entries, unmatched_results: orphans.map(filled) };
};

/**
 * Lays an artifact open: a runpack or, where `path` ends in `.json`, the chain of a session. Faults of `openRunpack` and
 * `readChainFrom`.
 */
export async function inspectArtifact(host: Host, source: Source, path: string): Promise<Result<RunpackView | ChainView>> {
  const runpack = await openRunpack(host, source, path);
  if (runpack.ok) return ok(runpackView(path, inspectRunpack(runpack.value)));
  if (runpack.fault.code !== "not_a_zip" || !isChainName(path)) return runpack;
  const chain = await readChainFrom(source, path);
  return chain.ok ? ok({ ok: true, artifact_type: "session_chain", path, ...inspectChain(chain.value) }) : chain;
}
