// How `gait mcp wrap` is set up: its flags, and what they come to.
import { durationMs } from "../../core/base/duration.ts";
import { outputPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { BoundarySettings } from "../boundary.ts";
import type { Values } from "../command.ts";
import { file, folder, text } from "../flag_forms.ts";
import { BOUNDARY_FLAGS, boundaryBy, PROFILE_FLAG } from "../mcp_flags.ts";

const name = (doc: string) => text(doc, "name");

/** Where sessions leave their records unless a flag says otherwise. */
export const WRAP_DIR = "./gait-out/mcp-wrap";

/** The flags. */
export const WRAP_FLAGS = {
  policy: { ...file("Policy, read anew for each call"), required: true },
  "server-name": name("What the server is called: for trust, and in the names of sessions"),
  profile: { ...PROFILE_FLAG, default: "standard" },
  identity: name("Who calls; mcp-proxy unless given"),
  workspace: { kind: "text", doc: "Where; . unless given", value: "folder" },
  "risk-class": { ...name("How risky its calls are"), default: "high" },
  "job-id": name("The job that its calls belong to"),
  "context-envelope": file("Evidence of the context, read once"),
  ...BOUNDARY_FLAGS,
  lock: file("Lock of servers: a call of one that is not as it was locked does not leave"),
  "on-drift": { kind: "choice", doc: "What a call gets then", values: ["block", "ask"], default: "block" },
  "session-dir": { ...folder("Where sessions leave journals and signed runpacks"), default: WRAP_DIR },
  "pending-dir": folder("Inbox that gets a request when a verdict asks for approval"),
  "max-frame-bytes": { kind: "text", doc: "Longest line that passes", value: "number", default: "67108864" },
  "call-timeout": {
    kind: "text",
    doc: "How long a request may stay open, such as 30s or 10m",
    value: "duration",
    default: "10m",
  },
} as const;

/** The values of the flags. */
export type WrapValues = Values<typeof WRAP_FLAGS>;

/** What a session is run with. */
export type WrapSettings = {
  readonly command: readonly string[];
  readonly server_name: string;
  readonly boundary: BoundarySettings;
  readonly context: {
    readonly identity: string;
    readonly workspace: string;
    readonly risk_class: string;
    readonly job_id: string;
  };
  readonly session_dir: string;
  readonly pending_dir: string;
  /** An empty path is none. */
  readonly lock: string;
  readonly on_drift: "block" | "ask";
  readonly most: number;
  /** In milliseconds. */
  readonly patience: number;
  /** Variables that the program must not see. */
  readonly hidden: readonly string[];
};

const LEAST_FRAME = 1024;
const MOST_FRAME = 256 * 2 ** 20;

/** What the values come to. Faults `flag_value`, `path_refused`. */
export function wrapSettings(values: WrapValues, version: string): Result<WrapSettings> {
  const most = /^\d{1,12}$/.test(values["max-frame-bytes"]) ? Number(values["max-frame-bytes"]) : 0;
  if (most < LEAST_FRAME || most > MOST_FRAME) {
    const wanted = `wanted is a number from ${LEAST_FRAME} to ${MOST_FRAME}`;
    return fail("flag_value", `Cannot read value "${values["max-frame-bytes"]}" of --max-frame-bytes: ${wanted}`);
  }
  const patience = durationMs(values["call-timeout"]) ?? 0;
  if (patience <= 0) {
    const wanted = "wanted is a duration above zero, such as 30s or 10m";
    return fail("flag_value", `Cannot read value "${values["call-timeout"]}" of --call-timeout: ${wanted}`);
  }
  const session_dir = outputPath(values["session-dir"], "the sessions");
  if (!session_dir.ok) return session_dir;
  return ok({
    command: values.positionals,
    server_name: values["server-name"] ?? "",
    boundary: boundaryBy(values, { policy: values.policy, adapter: "mcp", version }),
    context: {
      identity: values.identity ?? "",
      workspace: values.workspace ?? "",
      risk_class: values["risk-class"],
      job_id: values["job-id"] ?? "",
    },
    session_dir: session_dir.value,
    pending_dir: values["pending-dir"] ?? "",
    lock: values.lock ?? "",
    on_drift: values["on-drift"],
    most,
    patience,
    hidden: values["private-key-env"] ? [values["private-key-env"]] : [],
  });
}
