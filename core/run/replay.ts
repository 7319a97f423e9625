// Replaying a run (spec 01, section 7.3): what each recorded call would come to. Nothing runs here: calls that are to run for
// real leave as requests, and what came of them comes back as data.
import { utf8 } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { byBytes, lower, trim } from "../base/text.ts";
import type { Intent } from "../schema/runpack.ts";
import type { Runpack } from "./open.ts";
import { type Called, calledFor, toolFault, toolOf } from "./replay_tools.ts";

/** One step of a replay. */
export type ReplayStep = {
  readonly intent_id: string;
  readonly tool_name: string;
  readonly status: string;
  readonly execution: "executed" | "recorded" | "stubbed" | "missing";
  readonly stub_type?: StubType;
  readonly result_digest?: string;
};

/** A replay as it is reported. Ids are sorted. */
export type Replay = {
  readonly ok: boolean;
  readonly run_id: string;
  readonly mode: "stub" | "real";
  readonly steps: readonly ReplayStep[];
  readonly missing_results: readonly string[];
  readonly warnings: readonly string[];
};

/** A call of a tool that runs for real: what it came to at once, or what is to be done for it. */
export type CalledStep = Call & Called;

/** A replay of which only the actions are still to be done, in the order of the steps. */
export type ReplayPlan = {
  readonly run_id: string;
  readonly mode: Replay["mode"];
  readonly steps: readonly (ReplayStep | CalledStep)[];
};

/** Plans a replay. Without `real` nothing is to be done. Fault `replay_impossible`. */
export function planReplay(
  crypto: Crypto,
  { manifest, records }: Runpack,
  real?: ReadonlySet<string>,
): Result<ReplayPlan> {
  const { run_id } = manifest;
  if (real !== undefined && manifest.capture_mode !== "raw") {
    return refuse(run_id, "its runpack keeps digests only, and running tools needs their arguments");
  }
  const calls = repeated(records.intents.map((intent) => intent.intent_id));
  if (calls !== undefined) return refuse(run_id, `it has several calls with the id ${JSON.stringify(calls)}`);
  const answers = repeated(records.results.map((record) => record.intent_id));
  if (answers !== undefined) return refuse(run_id, `it has several results for the id ${JSON.stringify(answers)}`);
  const recorded = new Map(records.results.map((record) => [record.intent_id, record]));
  const steps = records.intents.map((intent): ReplayStep | CalledStep => {
    const { intent_id, tool_name } = intent;
    if (real?.has(toolOf(intent)) === true) return { intent_id, tool_name, ...calledFor(intent) };
    const answer = recorded.get(intent_id);
    if (answer === undefined) return stubbed(crypto, run_id, intent) ?? missing(intent);
    return { intent_id, tool_name, status: answer.status, execution: "recorded", result_digest: answer.result_digest };
  });
  return ok({ run_id, mode: real === undefined ? "stub" : "real", steps });
}

/** Ends a replay with what came of its actions, by id: what the digest is taken over, or why it went wrong. */
export function finishReplay(
  crypto: Crypto,
  plan: ReplayPlan,
  outcomes: ReadonlyMap<string, Result<Uint8Array>>,
): Replay {
  const warnings: string[] = [];
  const steps = plan.steps.map((step): ReplayStep => {
    if ("status" in step) return step;
    const { intent_id, tool_name } = step;
    const result = "result" in step ? step.result : outcomes.get(intent_id) ?? toolFault("it was never called");
    if (!result.ok) warnings.push(`Call ${JSON.stringify(intent_id)}: ${result.fault.message}`);
    return {
      intent_id,
      tool_name,
      status: result.ok ? "ok" : "error",
      execution: "executed",
      result_digest: sha256Hex(crypto, result.ok ? result.value : utf8(result.fault.message)),
    };
  });
  const lost = steps.filter(({ execution }) => execution === "missing").map(({ intent_id }) => intent_id).sort(byBytes);
  return { ok: lost.length === 0, run_id: plan.run_id, mode: plan.mode, steps, missing_results: lost, warnings };
}

type Call = Pick<ReplayStep, "intent_id" | "tool_name">;

const refuse = (runId: string, why: string): Result<never> =>
  fail("replay_impossible", `Cannot replay run ${JSON.stringify(runId)}: ${why}`);

const repeated = (ids: readonly string[]): string | undefined => {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
};

const missing = ({ intent_id, tool_name }: Intent): ReplayStep => ({
  intent_id,
  tool_name,
  status: "missing_result",
  execution: "missing",
});

// The first family of which a word is in the tool's name decides.
const STUBS = {
  http: ["http", "fetch", "url"],
  file: ["file", "path", "fs", "write"],
  db: ["db", "sql", "query", "table"],
  queue: ["queue", "topic", "publish", "kafka"],
} as const;
const FAMILIES = ["http", "file", "db", "queue"] as const;

/** A family of tools whose answer a stub may stand for. */
export type StubType = typeof FAMILIES[number];

function stubbed(crypto: Crypto, runId: string, intent: Intent): ReplayStep | undefined {
  const { intent_id, tool_name, args_digest } = intent;
  const tool = toolOf(intent);
  const stub_type = FAMILIES.find((family) => STUBS[family].some((word) => tool.includes(word)));
  if (stub_type === undefined) return undefined;
  const bound = [runId, intent_id, tool, lower(trim(args_digest)), stub_type].join(":");
  const result_digest = sha256Hex(crypto, utf8(bound));
  return { intent_id, tool_name, status: "stubbed", execution: "stubbed", stub_type, result_digest };
}
