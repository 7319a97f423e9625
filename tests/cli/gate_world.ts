// Policies, calls and machines for tests of `gait gate eval`.
import type { Json } from "../../core/base/json.ts";
import { machine, PRIVATE_KEY, PUBLIC_KEY, type Setup } from "./commands_world.ts";

/** A call of low risk that names a tool; members can be set. */
export const call = (
  tool_name: string,
  change: Readonly<Record<string, Json>> = {},
  context: Readonly<Record<string, Json>> = {},
) =>
  JSON.stringify({
    created_at: "2026-03-14T09:30:00Z",
    tool_name,
    args: {},
    targets: [],
    ...change,
    context: { identity: "svc.clerk", workspace: "/srv/books", risk_class: "low", ...context },
  });

/** Lets `go` through, asks for `ask`, blocks the rest. */
export const POLICY = `default_verdict: block
rules:
  - {name: go, effect: allow, match: {tool_names: [go]}, reason_codes: [fine]}
  - {name: ask, effect: require_approval, match: {tool_names: [ask]}, reason_codes: [asked], violations: [v]}
  - {name: dry, effect: dry_run, match: {tool_names: [dry]}, reason_codes: [dried]}
  - {name: few, effect: allow, match: {tool_names: [few]}, reason_codes: [fine], rate_limit: {requests: 1, window: hour}}
  - {name: led, effect: allow, match: {tool_names: [led], require_delegation: true}, reason_codes: [fine]}
`;

/** A kill switch that stops `stopped`. */
export const STOPPED = JSON.stringify({
  schema_id: "gait.gate.kill_switch_state",
  schema_version: "1.0.0",
  created_at: "2026-03-01T00:00:00Z",
  updated_at: "2026-03-01T00:00:00Z",
  producer_version: "p",
  entries: [{ entry_id: "stop", enabled: true, created_at: "2026-03-01T00:00:00Z", tool_name: "stopped" }],
});

/** The files that every machine of these tests has. */
export const FILES: Readonly<Record<string, string>> = {
  "p.yaml": POLICY,
  "go.json": call("go"),
  "ask.json": call("ask"),
  "dry.json": call("dry"),
  "no.json": call("no"),
  "few.json": call("few"),
  "k": PRIVATE_KEY,
  "pub": PUBLIC_KEY,
};

/** A machine with these files and more. */
export const gateMachine = (setup: Setup = {}) => machine({ ...setup, files: { ...FILES, ...setup.files } });

/** The command line that decides one of these calls. */
export const evalOf = (intent: string, ...more: readonly string[]): string[] => [
  ...["gate", "eval", "--policy", "p.yaml", "--intent", intent],
  ...more,
];

/** Signs by a key that lasts. */
export const SIGNED = ["--key-mode", "prod", "--private-key", "k"];

/** The files that a machine has beside those it had before. */
export const made = (on: ReturnType<typeof machine>, files: Readonly<Record<string, unknown>> = {}): string[] =>
  [...on.disk.files().keys()].filter((path) => !(path in FILES) && !(path in files));
