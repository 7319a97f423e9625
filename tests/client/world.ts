// A gate in this process for the tests of the client, with a journal in memory, and calls for it.
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { inProcessGate, type InProcessSettings } from "../../core/client/in_process.ts";
import type { Answer, Gate, GateCall } from "../../core/client/types.ts";
import { readyPolicy } from "../../core/flow/gate_alone.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";

export const { crypto } = nodeHost;

/** The verdicts, one rule each; servers have to be trusted for `tool.trusted`. */
export const POLICY = `default_verdict: block
mcp_trust:
  snapshot: trust.json
  action: require_approval
  required_risk_classes: [critical]
rules:
  - { name: reads, effect: allow, match: { tool_names: [tool.read, tool.trusted] } }
  - { name: plans, effect: dry_run, match: { tool_names: [tool.plan] } }
  - { name: writes, effect: require_approval, match: { tool_names: [tool.write] } }
  - { name: counted, effect: allow, rate_limit: { requests: 5 }, match: { tool_names: [tool.counted] } }
`;

export const TRUST = JSON.stringify({
  schema_id: "gait.mcp.trust_snapshot",
  schema_version: "1.0.0",
  created_at: "2026-01-01T00:00:00Z",
  entries: [{ server_id: "github", status: "trusted", score: 0.9, updated_at: "2026-01-01T00:00:00Z" }],
});

/** A native call of a tool. */
export const callOf = (name: string, context: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  name,
  args: { path: "/srv/a.txt", count: 1 },
  targets: [{ kind: "path", value: "/srv/a.txt", operation: "read" }],
  context: { identity: "agent.lead", workspace: "/srv", risk_class: "low", session_id: "s-1", ...context },
  created_at: "2026-01-01T00:00:00Z",
  ...more,
});

export const KEY = await newKey(crypto, new Uint8Array(32).fill(7));

/** A gate in this process, and the lines that its journal holds. */
export function inProcess(more: Partial<InProcessSettings> = {}): { readonly gate: Gate; readonly lines: string[] } {
  const lines: string[] = [];
  const append = (line: string): Promise<Result<void>> => {
    lines.push(line);
    return Promise.resolve(ok(undefined));
  };
  const settings: InProcessSettings = {
    crypto,
    policy: assertOk(readyPolicy(crypto, utf8(POLICY), "policy.yaml")),
    key: KEY,
    journal: { append },
    now: () => "2026-01-01T00:00:00.25Z",
    trust_snapshot: () => Promise.resolve(ok(utf8(TRUST))),
    ...more,
  };
  return { gate: assertOk(inProcessGate(settings)), lines };
}

/** The answer to a call. */
export const answer = async (gate: Gate, call: GateCall): Promise<Answer> => assertOk(await gate.evaluate(call));
