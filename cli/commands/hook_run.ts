// `gait hook run`: decides and records the tool calls of a coding agent, as its hook.
import { clientOf } from "../../core/hook/clients.ts";
import { HOOK_CLIENTS } from "../../core/schema/hook.ts";
import { command } from "../command.ts";
import { HOOK_FLAGS } from "../hook_flags.ts";
import { HOOK_DIR } from "../hook_records.ts";
import { answerHook } from "../hook_run.ts";
import type { HookTold } from "../hook_types.ts";
import { JOB_ROOT } from "../config.ts";

export default command({
  path: ["hook", "run"],
  summary: "Answer the hook of a coding agent",
  explain:
    "Reads what the hook of a coding agent is told on standard input, decides the call before it is made or records what came of it, and answers in the agent's own form; whatever goes wrong denies, with exit code 2.",
  flags: {
    client: { kind: "text", doc: "The agent", required: true, value: HOOK_CLIENTS.join("|") },
    ...HOOK_FLAGS,
  },
  document: {
    always: true,
    code: 2,
    of: ({ document }: HookTold) => document,
    refuse: () => ({}),
  },
  examples: ["gait hook run --client claude-code --policy policy.yaml"],
  needs: ["files", "input", "store", "journal", "lock", "state", "env", "clock", "random", "machine", "host"],
  async run(values, ports, { version }) {
    const client = clientOf(values.client);
    if (!client.ok) return client;
    return await answerHook({
      client: client.value,
      policy: values.policy,
      profile: values.profile,
      job_root: values["job-root"] || JOB_ROOT,
      kill_switch: values["kill-switch-state"] ?? "",
      dir: values.dir || HOOK_DIR,
      keys: {
        mode: values["key-mode"] || "dev",
        signing: { "private-key": values["private-key"], "private-key-env": values["private-key-env"] },
      },
      ask: values.approvals === "ask",
      trip: values.trip,
      version,
    }, ports);
  },
  lines: ({ reason }: HookTold) => [reason],
});
