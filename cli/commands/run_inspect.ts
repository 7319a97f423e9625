// `gait run inspect`: what a runpack, or the chain of a session, records.
import { ok, type Result } from "../../core/base/result.ts";
import { type ChainView, inspectArtifact, type InspectedEntry, type RunpackView } from "../../core/run/inspect_view.ts";
import type { Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { oneArgument, resolveRunpack, RUNPACK_ARGUMENT } from "../runpacks.ts";
import { withProgress } from "../watched_source.ts";

async function inspect(
  path: string,
  ports: Pick<Ports, "files" | "host" | "progress">,
): Promise<Result<RunpackView | ChainView>> {
  const file = await ports.files.open(path);
  if (!file.ok) return file;
  const view = await inspectArtifact(ports.host, withProgress(file.value, `inspect ${path}`, ports.progress), path);
  file.value.close();
  return view;
}

const callLine = (entry: InspectedEntry): string => {
  const verdict = entry.verdict === undefined ? "" : ` verdict=${entry.verdict}`;
  const reasons = (entry.reason_codes ?? []).length === 0 ? "" : ` reasons=${entry.reason_codes?.join(",")}`;
  // Members that say nothing are left out; a result that has no status is still a result.
  const status = entry.status ?? (entry.result_digest === undefined ? "missing_result" : "");
  return `${entry.index ?? "-"}. ${entry.intent_id ?? ""} ${entry.tool_name ?? ""} status=${status}${verdict}${reasons}`;
};

const runpackLines = (view: RunpackView): readonly string[] => [
  `run inspect: run_id=${view.run_id} intents=${view.intents_total} results=${view.results_total} capture_mode=${view.capture_mode}`,
  ...view.entries.map(callLine),
  ...view.unmatched_results.map((entry) => `result without intent: ${entry.intent_id ?? ""} status=${entry.status ?? ""}`),
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
  flags: { from: { kind: "text", doc: "The same as the argument", value: "run_id|path", complete: "path" } },
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
