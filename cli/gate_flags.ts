// The flags of `gait gate eval` (spec 02, section 1.1).
import { PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "./key_sources.ts";

const file = (doc: string) => ({ kind: "text", doc, value: "file", complete: "path" }) as const;
const text = (doc: string, value: string) => ({ kind: "text", doc, value }) as const;

/** The flags. */
export const GATE_FLAGS = {
  policy: file("Policy; the project's unless given"),
  intent: file("The call to decide, - for standard input"),
  intents: file("A stream of calls, one JSON object a line, - for standard input"),
  config: file("Project defaults, .gait/config.yaml unless given"),
  "no-config": { kind: "switch", doc: "Do not read project defaults" },
  profile: text("standard or oss-prod", "name"),
  simulate: { kind: "switch", doc: "Decide without enforcing: the verdict is told, the call goes through" },
  "evaluation-time": text("Decide for this moment, such as 2026-03-01T10:00:00Z", "time"),
  "context-envelope": file("Evidence of the context"),
  "kill-switch-state": file("State of the kill switch"),
  "rate-limit-state": file("Counters of the limits"),
  "wrkr-inventory": file("What is known of the tools"),
  "approval-token-ref": text("What to call the approval in the trace", "text"),
  "approval-audit-out": file("Where the record of the approvals goes"),
  "approval-public-key": { ...PUBLIC_KEY_FLAGS["public-key"], doc: "Public key file that checks approvals" },
  "approval-public-key-env": { ...PUBLIC_KEY_FLAGS["public-key-env"], doc: "Variable that holds that public key" },
  "approval-private-key": { ...PRIVATE_KEY_FLAGS["private-key"], doc: "Private key file whose public half checks approvals" },
  "approval-private-key-env": { ...PRIVATE_KEY_FLAGS["private-key-env"], doc: "Variable that holds that private key" },
  "delegation-audit-out": file("Where the record of the delegation goes"),
  "delegation-public-key": { ...PUBLIC_KEY_FLAGS["public-key"], doc: "Public key file that checks delegations" },
  "delegation-public-key-env": { ...PUBLIC_KEY_FLAGS["public-key-env"], doc: "Variable that holds that public key" },
  "delegation-private-key": {
    ...PRIVATE_KEY_FLAGS["private-key"],
    doc: "Private key file whose public half checks delegations",
  },
  "delegation-private-key-env": { ...PRIVATE_KEY_FLAGS["private-key-env"], doc: "Variable that holds that private key" },
  "credential-broker": text("off, stub, env or command", "name"),
  "key-mode": text("dev makes a key for this run, prod signs with yours; dev unless given", "dev|prod"),
  ...PRIVATE_KEY_FLAGS,
  "trace-out": file("Where the signed trace goes; trace_<trace_id>.json unless given"),
  "trace-log": file("With --intents: where signed traces are appended, one a line"),
  why: { kind: "switch", doc: "Say which rule decided, which came close, and the smallest change that changes the verdict" },
  explain: { kind: "switch", doc: "With --json: print why the policy says what it says; alone: say what the command does" },
} as const;
