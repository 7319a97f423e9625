// The flags that commands at the boundary share (spec 05, sections 2 and 3.1), and what they come to.
import { PROFILES } from "../core/schema/gate_words.ts";
import type { BoundarySettings } from "./boundary_types.ts";
import type { Values } from "./command.ts";
import { JOB_ROOT, LEDGER_PATH, RATE_LIMIT_PATH } from "./config.ts";
import { file, folder, text } from "./flag_forms.ts";
import { PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "./key_sources.ts";

/** Where the state of durable jobs is. */
export const JOB_ROOT_FLAG = folder(`Folder of durable jobs, whose emergency stops count; ${JOB_ROOT} unless given`);

/** How strict calls are decided. */
export const PROFILE_FLAG = {
  kind: "choice",
  doc: "How strict to be",
  values: PROFILES,
  fold: true,
  blank: "standard",
} as const;

/** What calls are decided with beside the policy, and what signs their traces. */
export const BOUNDARY_FLAGS = {
  "job-root": JOB_ROOT_FLAG,
  "kill-switch-state": file("State of the kill switch"),
  "rate-limit-state": file("Counters of the limits; .gait-out/gate_rate_limits.json unless given"),
  "key-mode": text("dev makes a key for this run, prod signs with yours; dev unless given", "dev|prod"),
  ...PRIVATE_KEY_FLAGS,
} as const;

/** The server of an MCP client, as a command line of its own. */
export const SERVER_POSITIONALS = {
  name: "command",
  doc: "The server to start, and its arguments",
  min: 1,
  max: Infinity,
  complete: "path",
  rest: "behind_dashes",
} as const;

/** The flags of the proxy. */
export const MCP_FLAGS = {
  policy: file("Policy; the first argument unless given"),
  "context-envelope": file("Evidence of the context"),
  adapter: {
    kind: "text",
    doc: "Form of the calls: mcp, openai, anthropic, langchain or claude_code; mcp unless given",
    value: "name",
  },
  "export-log-out": file("Log to which a line is added for each call"),
  "export-otel-out": file("The same with the names of OpenTelemetry"),
  ...BOUNDARY_FLAGS,
} as const;

/** Who may approve a call that waits, for a gate that is asked more than once. */
export const APPROVAL_FLAGS = {
  "pending-dir": folder("Inbox of calls that wait for an approval: gets requests, and is looked at when a call comes again"),
  "approval-public-key": { ...PUBLIC_KEY_FLAGS["public-key"], doc: "Public key file that checks approvals" },
  "approval-public-key-env": { ...PUBLIC_KEY_FLAGS["public-key-env"], doc: "Variable that holds that public key" },
  "approval-ledger": file(`Which approvals and answers were used; ${LEDGER_PATH} unless given`),
  elicit: {
    kind: "choice",
    doc: "Whether the user of the client is asked, where the client can",
    values: ["on", "off"],
    default: "on",
  },
} as const;

/** Settings of a boundary with these flags. */
export const approvalsBy = (values: Values<typeof APPROVAL_FLAGS>, settings: BoundarySettings): BoundarySettings => ({
  ...settings,
  approval_ledger: values["approval-ledger"] || LEDGER_PATH,
  keys: {
    ...settings.keys,
    approval: { "public-key": values["approval-public-key"], "public-key-env": values["approval-public-key-env"] },
  },
});

type BoundaryValues = Values<typeof BOUNDARY_FLAGS> & {
  readonly profile: BoundarySettings["profile"];
  readonly "context-envelope": string | undefined;
};

/** How a command decides its calls that has these flags. `adapter`: the form of calls that name none. */
export const boundaryBy = (
  values: BoundaryValues,
  { policy, adapter, version }: Pick<BoundarySettings, "policy" | "adapter" | "version">,
): BoundarySettings => ({
  policy,
  adapter,
  profile: values.profile,
  job_root: values["job-root"] || JOB_ROOT,
  kill_switch: values["kill-switch-state"] ?? "",
  envelope: values["context-envelope"] ?? "",
  client_envelope: false,
  rate_limits: values["rate-limit-state"] || RATE_LIMIT_PATH,
  approval_ledger: LEDGER_PATH,
  keys: {
    mode: values["key-mode"] ?? "dev",
    signing: { "private-key": values["private-key"], "private-key-env": values["private-key-env"] },
    approval: {},
  },
  version,
});
