// The flags by which hooks of coding agents decide: `gait hook run` takes them, and `gait hook install` writes them into its command.
import { file, folder } from "./flag_forms.ts";
import { PRIVATE_KEY_FLAGS } from "./key_sources.ts";
import { HOOK_DIR } from "./hook_records.ts";
import { JOB_ROOT_FLAG, PROFILE_FLAG } from "./mcp_flags.ts";

/** The flags. */
export const HOOK_FLAGS = {
  policy: { ...file("Policy"), required: true },
  profile: { ...PROFILE_FLAG, default: "standard" },
  "key-mode": { kind: "text", doc: "dev makes a key for each run, prod signs with yours; dev unless given", value: "dev|prod" },
  ...PRIVATE_KEY_FLAGS,
  "kill-switch-state": file("State of the kill switch"),
  "job-root": JOB_ROOT_FLAG,
  dir: folder(`Folder of journals, traces and counters; ${HOOK_DIR} unless given`),
  approvals: {
    kind: "choice",
    doc: "What needs approval is put to the agent's user where the agent can do that, or denied",
    values: ["ask", "deny"],
    default: "ask",
  },
  trip: { kind: "switch", doc: "Stop all calls of the agent by the kill switch when one ran without a decision" },
} as const;
