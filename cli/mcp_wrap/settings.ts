// How `gait mcp wrap` is set up: its flags, and what they come to.
import { durationMs } from "../../core/base/duration.ts";
import { outputPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { BoundarySettings } from "../boundary.ts";
import type { Values } from "../command.ts";
import { file, folder, text } from "../flag_forms.ts";
import { lockedAddress } from "../mcp_upstream.ts";
import { type Place, PLACE_FLAGS } from "./http/place.ts";
import { APPROVAL_FLAGS, approvalsBy, BOUNDARY_FLAGS, boundaryBy, PROFILE_FLAG } from "../mcp_flags.ts";

const name = (doc: string) => text(doc, "name");

/** Where sessions leave their records unless a flag says otherwise. */
export const WRAP_DIR = "./gait-out/mcp-wrap";

/** The flags. */
export const WRAP_FLAGS = {
  policy: { ...file("Policy, read anew for each call"), required: true },
  ...PLACE_FLAGS,
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
  "result-rules": file("Rules for the results of tools: what is held back, and what later calls carry"),
  "hide-blocked": { kind: "switch", doc: "Leave tools out of lists that the policy can never allow" },
  "session-dir": { ...folder("Where sessions leave journals and signed runpacks"), default: WRAP_DIR },
  ...APPROVAL_FLAGS,
  "max-frame-bytes": { kind: "text", doc: "Longest line or body that passes", value: "number", default: "67108864" },
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
  /** The program and its arguments, or the address of the server. */
  readonly command: readonly string[];
  /** The address by which a server of HTTP is locked; empty where a program is started. */
  readonly upstream: string;
  readonly server_name: string;
  readonly boundary: BoundarySettings;
  readonly context: {
    readonly identity: string;
    readonly workspace: string;
    readonly risk_class: string;
    readonly job_id: string;
  };
  readonly session_dir: string;
  /** How much room a journal makes at a time, where it is not as much as it likes. */
  readonly room?: number;
  /** How long a journal becomes before the next one begins, where it is not as long as it likes. */
  readonly part_bytes?: number;
  readonly pending_dir: string;
  /** Whether the user of the client is asked for approvals. */
  readonly elicit: boolean;
  /** An empty path is none. */
  readonly lock: string;
  readonly on_drift: "block" | "ask";
  /** An empty path is none. */
  readonly result_rules: string;
  readonly hide_blocked: boolean;
  readonly most: number;
  /** In milliseconds. */
  readonly patience: number;
  /** Variables that the program must not see. */
  readonly hidden: readonly string[];
};

const LEAST_FRAME = 1024;
const MOST_FRAME = 256 * 2 ** 20;

/** What the values come to; `place` is where the gate stands over HTTP. Faults `flag_value`, `path_refused`. */
export function wrapSettings(values: WrapValues, version: string, place?: Place): Result<WrapSettings> {
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
    command: values.upstream ? [values.upstream] : values.positionals,
    upstream: place === undefined ? "" : lockedAddress(place.upstream),
    server_name: values["server-name"] ?? "",
    boundary: approvalsBy(values, boundaryBy(values, { policy: values.policy, adapter: "mcp", version })),
    context: {
      identity: values.identity ?? "",
      workspace: values.workspace ?? "",
      risk_class: values["risk-class"],
      job_id: values["job-id"] ?? "",
    },
    session_dir: session_dir.value,
    pending_dir: values["pending-dir"] ?? "",
    elicit: values.elicit === "on",
    lock: values.lock ?? "",
    on_drift: values["on-drift"],
    result_rules: values["result-rules"] ?? "",
    hide_blocked: values["hide-blocked"],
    most,
    patience,
    hidden: values["private-key-env"] ? [values["private-key-env"]] : [],
  });
}
