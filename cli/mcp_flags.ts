// The flags that the proxy and the server share (spec 05, sections 2 and 3.1).
import { PROFILES } from "../core/schema/gate_words.ts";
import { PRIVATE_KEY_FLAGS } from "./key_sources.ts";

const file = (doc: string) => ({ kind: "text", doc, value: "file", complete: "path" }) as const;

/** Where the state of durable jobs is unless a flag says otherwise. */
export const JOB_ROOT = "./gait-out/jobs";

/** How strict calls are decided. */
export const PROFILE_FLAG = {
  kind: "choice",
  doc: "How strict to be",
  values: PROFILES,
  fold: true,
  blank: "standard",
} as const;

/** The flags. */
export const MCP_FLAGS = {
  policy: file("Policy; the first argument unless given"),
  "context-envelope": file("Evidence of the context"),
  adapter: {
    kind: "text",
    doc: "Form of the calls: mcp, openai, anthropic, langchain or claude_code; mcp unless given",
    value: "name",
  },
  "job-root": {
    kind: "text",
    doc: `Folder of durable jobs, whose emergency stops count; ${JOB_ROOT} unless given`,
    value: "folder",
    complete: "path",
  },
  "kill-switch-state": file("State of the kill switch"),
  "rate-limit-state": file("Counters of the limits; .gait-out/gate_rate_limits.json unless given"),
  "export-log-out": file("Log to which a line is added for each call"),
  "export-otel-out": file("The same with the names of OpenTelemetry"),
  "key-mode": { kind: "text", doc: "dev makes a key for this run, prod signs with yours; dev unless given", value: "dev|prod" },
  ...PRIVATE_KEY_FLAGS,
} as const;
