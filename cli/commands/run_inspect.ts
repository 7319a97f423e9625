// `gait run inspect`: what a runpack, or the chain of a session, records.
import { type Inspection, inspectRunpack } from "../../core/run/inspect.ts";
import { openRunpack } from "../../core/run/open.ts";
import { CHAIN_LIMIT, type ChainInspection, inspectChain, readChain } from "../../core/run/chain.ts";
import { ok, type Result } from "../../core/base/result.ts";
import type { Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { oneArgument, resolveRunpack, RUNPACK_ARGUMENT } from "../runpacks.ts";
import { withProgress } from "../watched_source.ts";

type Empty<T> = { readonly [K in keyof T]?: T[K] };
type Entry = Empty<{
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

type RunpackView = {
  readonly ok: true;
  readonly artifact_type: "runpack";
  readonly run_id: string;
  readonly path: string;
  readonly capture_mode: string;
  readonly intents_total: number;
  readonly results_total: number;
  readonly entries: readonly Entry[];
  readonly unmatched_results: readonly Entry[];
  readonly warnings: readonly string[];
};

type ChainView = ChainInspection & { readonly ok: true; readonly artifact_type: "session_chain"; readonly path: string };

const filled = (entry: Entry): Entry =>
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

async function inspect(
  path: string,
  ports: Pick<Ports, "files" | "host" | "progress">,
): Promise<Result<RunpackView | ChainView>> {
  const file = await ports.files.open(path);
  if (!file.ok) return file;
  const runpack = await openRunpack(ports.host, withProgress(file.value, `inspect ${path}`, ports.progress), path);
  file.value.close();
  if (runpack.ok) return ok(runpackView(path, inspectRunpack(runpack.value)));
  if (runpack.fault.code !== "not_a_zip" || !path.toLowerCase().endsWith(".json")) return runpack;
  const bytes = await ports.files.read(path, CHAIN_LIMIT);
  if (!bytes.ok) return bytes;
  const chain = readChain(bytes.value, path);
  return chain.ok ? ok({ ok: true, artifact_type: "session_chain", path, ...inspectChain(chain.value) }) : chain;
}

const callLine = (entry: Entry): string => {
  const verdict = entry.verdict === undefined ? "" : ` verdict=${entry.verdict}`;
  const reasons = (entry.reason_codes ?? []).length === 0 ? "" : ` reasons=${entry.reason_codes?.join(",")}`;
  return `${entry.index ?? "-"}. ${entry.intent_id} ${entry.tool_name ?? ""} status=${
    entry.status ?? "missing_result"
  }${verdict}${reasons}`;
};

const runpackLines = (view: RunpackView): readonly string[] => [
  `run inspect: run_id=${view.run_id} intents=${view.intents_total} results=${view.results_total} capture_mode=${view.capture_mode}`,
  ...view.entries.map(callLine),
  ...view.unmatched_results.map((entry) => `result without intent: ${entry.intent_id} status=${entry.status ?? ""}`),
  ...view.warnings.map((warning) => `warning: ${warning}`),
];

const chainLines = (view: ChainView): readonly string[] => [
  `run inspect: session_id=${view.session_id} run_id=${view.run_id} checkpoints=${view.checkpoint_count}`,
  ...view.checkpoints.map((point) =>
    `${point.checkpoint_index}. events ${point.sequence_start} to ${point.sequence_end} in ${point.runpack_path}`
  ),
];

export default command({
  path: ["run", "inspect"],
  summary: "Show what a runpack records",
  explain: "Checks a runpack and shows its tool calls in recorded order, each with its first result.",
  positionals: { ...RUNPACK_ARGUMENT, min: 0, max: 1 },
  flags: { from: { kind: "text", doc: "The same as the argument", value: "<run_id|path>", complete: "path" } },
  examples: ["gait run inspect run_demo", "gait run inspect --from ./pack.zip --json"],
  needs: ["files", "machine", "host", "progress"],
  async run(values, ports) {
    const given = oneArgument(values.from, values.positionals, "from");
    if (!given.ok) return given;
    const path = await resolveRunpack(given.value, ports);
    if (!path.ok) return path;
    const view = await inspect(path.value, ports);
    return view.ok ? ok({ exit: "ok", data: view.value }) : view;
  },
  lines: (data) => data.artifact_type === "runpack" ? runpackLines(data) : chainLines(data),
});
