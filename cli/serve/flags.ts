// The flags of `gait mcp serve` (spec 05, section 3.1), and the names that they have in the section `mcp_serve` of the project defaults.
import { file, folder, text } from "../flag_forms.ts";
import { PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "../key_sources.ts";

const age = (what: string) => text(`Removes ${what} older than this, such as 168h; 0 keeps all`, "duration");
const count = (what: string) => text(`Keeps so many ${what} at most; 0 keeps all`, "number");

/** The flags that the project defaults can give too. */
const SHARED = {
  policy: file("Policy, read anew for each call"),
  listen: text("Where to listen, 127.0.0.1:8787 unless given", "host:port"),
  "unix-socket": file("Listen on this socket in the place of a port"),
  adapter: text("Form of the calls that name none: mcp, openai, anthropic, langchain, claude_code", "name"),
  profile: text("standard or oss-prod", "name"),
  "job-root": folder("Where jobs are looked up, ./gait-out/jobs unless given"),
  "kill-switch-state": file("State of the kill switch"),
  "rate-limit-state": file("Counters of the limits, those of the gate unless given"),
  "context-envelope": file("Evidence of the context, read once"),
  "key-mode": text("dev makes a key for this run, prod signs with yours; dev unless given", "dev|prod"),
  ...PRIVATE_KEY_FLAGS,
  "auth-mode": text("off, or token: calls must bear the token", "off|token"),
  "auth-token-env": text("Variable that holds the token", "NAME"),
  "max-request-bytes": text("Largest body of a request, 1048576 unless given", "number"),
  "max-connections": text("Most connections at a time, 16384 unless given", "number"),
  "http-verdict-status": text(
    "compat answers 200 for every verdict, strict 403 for block and 409 for the rest but allow",
    "name",
  ),
  "trace-files": text(
    "each writes a file for each trace, none keeps them in the journal alone; each unless given",
    "each|none",
  ),
  "trace-dir": folder("Where traces go, ./gait-out/mcp-serve/traces unless given"),
  "session-dir": folder("Where journals of sessions go, ./gait-out/mcp-serve/sessions unless given"),
  "runpack-dir": folder("Where runpacks go that a call asks for"),
  "pack-dir": folder("Where packs go, those of calls that change something among them"),
  "journal-dir": folder("Journal of all calls, for one server alone, ./gait-out/mcp-serve/journal unless given"),
  "trace-max-age": age("traces"),
  "trace-max-count": count("traces"),
  "runpack-max-age": age("runpacks"),
  "runpack-max-count": count("runpacks"),
  "pack-max-age": age("packs"),
  "pack-max-count": count("packs"),
  "session-max-age": age("files of sessions"),
  "session-max-count": count("files of sessions"),
  "journal-max-age": age("files of the journal"),
  "journal-max-count": count("files of the journal"),
  "export-log-out": file("Log that gets a line a call"),
  "export-otel-out": file("OpenTelemetry log that gets a line a call"),
  "otlp-endpoint": text("Collector that spans are sent to, such as http://127.0.0.1:4318", "url"),
  "pending-dir": folder("Inbox that gets a request when a verdict asks for approval, and that is served at /v1/approvals"),
  "approval-ledger": file("Which approvals of single use were used; .gait-out/approval_ledger.json unless given"),
  "approval-public-key": { ...PUBLIC_KEY_FLAGS["public-key"], doc: "Public key file that checks approvals" },
  "approval-public-key-env": { ...PUBLIC_KEY_FLAGS["public-key-env"], doc: "Variable that holds that public key" },
} as const;

/** The flags. */
export const SERVE_FLAGS = {
  ...SHARED,
  "allow-client-artifact-paths": { kind: "switch", configured: true, doc: "Let calls name where their artifacts go" },
  config: file("Project defaults, .gait/config.yaml unless given"),
  "no-config": { kind: "switch", doc: "Do not read project defaults" },
} as const;

/** A flag that the project defaults can give too. */
export type SharedFlag = keyof typeof SHARED;

const isShared = (name: string): name is SharedFlag => name in SHARED;

/** The names of those flags. */
export const SHARED_FLAGS: readonly SharedFlag[] = Object.keys(SHARED).filter(isShared);
