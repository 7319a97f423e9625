// `gait run replay`: goes through a recorded run again, from its results and stubs, or with real tools.
import { ok, type Result } from "../../core/base/result.ts";
import { finishReplay, planReplay, type Replay, type ReplayStep } from "../../core/run/replay.ts";
import { realTools } from "../../core/run/replay_tools.ts";
import { command } from "../command.ts";
import { beforeDashes } from "../flags.ts";
import { openGiven } from "../opened.ts";
import { perform } from "../real_tools.ts";
import { RUNPACK_ARGUMENT } from "../runpacks.ts";
import { wrapped } from "../wrap.ts";

type Replayed = { readonly ok: boolean; readonly requested_unsafe: boolean } & Partial<Replay>;

const stepLine = ({ intent_id, tool_name, status, execution, stub_type }: ReplayStep, index: number): string => {
  const how = status === execution || execution === "missing" ? "" : ` (${execution})`;
  return `${index + 1}. ${intent_id} ${tool_name} ${status}${stub_type === undefined ? how : ` as ${stub_type}`}`;
};

export default command({
  path: ["run", "replay"],
  summary: "Replay a recorded run",
  explain:
    "Goes through the calls of a runpack again from recorded results and stubs; real tools run only with three consents.",
  positionals: { ...RUNPACK_ARGUMENT, min: 1, max: 1 },
  flags: {
    "real-tools": {
      kind: "switch",
      doc: "Run allowed tools for real; wants the next two flags, and the variable of the third to be 1",
    },
    "unsafe-real-tools": { kind: "switch", doc: "Consent to what the tools do to this machine" },
    "allow-tools": { kind: "text", doc: "Tools that may run, separated by commas", value: "a,b" },
    "unsafe-real-tools-env": {
      kind: "text",
      doc: "Variable that consents by being 1",
      default: "GAIT_ALLOW_REAL_REPLAY",
      value: "NAME",
    },
  },
  verdict: true,
  refusal: (words) => ({
    requested_unsafe: beforeDashes(words).some((word) => /^--?unsafe-real-tools(?:=(?:1|[tT]|true|True|TRUE))?$/.test(word)),
  }),
  examples: [
    "gait run replay run_demo",
    "gait run replay ./raw.zip --real-tools --unsafe-real-tools --allow-tools echo",
  ],
  needs: ["files", "store", "process", "env", "machine", "host", "progress"],
  // What no consent was given for is out of reach before the runpack is opened.
  spared: (values) => {
    if (!values["real-tools"]) return ["store", "process", "env"];
    return values["unsafe-real-tools"] && (values["allow-tools"] ?? "") !== "" ? [] : ["store", "process"];
  },
  async run(values, ports) {
    const requested_unsafe = values["unsafe-real-tools"];
    const name = values["unsafe-real-tools-env"];
    const replayed = async (): Promise<Result<Replay>> => {
      const tools = realTools({
        realTools: values["real-tools"],
        unsafe: requested_unsafe,
        allowed: values["allow-tools"] ?? "",
        variable: { name, value: values["real-tools"] ? ports.env.get(name) ?? "" : "" },
      });
      if (!tools.ok) return tools;
      const opened = await openGiven(values.positionals[0] ?? "", "replay", ports);
      if (!opened.ok) return opened;
      const plan = planReplay(ports.host.crypto, opened.value.pack, tools.value);
      if (!plan.ok) return plan;
      const outcomes = new Map<string, Result<Uint8Array>>();
      for (const [index, step] of plan.value.steps.entries()) {
        ports.progress.report("replay", index, plan.value.steps.length);
        if ("action" in step) outcomes.set(step.intent_id, await perform(step.action, ports));
      }
      return ok(finishReplay(ports.host.crypto, plan.value, outcomes));
    };
    const replay = await replayed();
    if (!replay.ok) return ok({ exit: "usage", data: { ok: false, requested_unsafe }, fault: replay.fault });
    const data: Replayed = { ...replay.value, requested_unsafe };
    return ok({ exit: data.ok ? "ok" : "verification", data });
  },
  lines: ({ ok: whole, run_id, mode, steps = [], missing_results = [], warnings = [] }: Replayed) =>
    run_id === undefined ? [] : [
      `replay ${whole ? "ok" : "failed"}: ${run_id} (${mode})`,
      ...steps.map(stepLine),
      ...wrapped("missing results: ", missing_results),
      ...warnings.map((warning) => `warning: ${warning}`),
    ],
});
