// Policies, calls and boundaries on a machine in memory, for tests of the boundary and of `gait mcp proxy`.
import { type BoundaryDecision, type BoundarySettings, type CallRequest, openBoundary } from "../../cli/boundary.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { type AnyApproval, readAnyApproval } from "../../core/authority/shown_approval.ts";
import { approvalToken } from "../../core/authority/approval_token.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { readPrivateKey } from "../../core/base/keys.ts";
import { sealRecord } from "../../core/base/record.ts";
import type { Result } from "../../core/base/result.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import type { Ports } from "../../core/ports.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";
import { machine, PRIVATE_KEY, PUBLIC_KEY, type Setup } from "./commands_world.ts";

/** The policy of the recorded cases, whose digests are known. */
export const SHELF_POLICY = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - name: shelf-reads
    priority: 10
    effect: allow
    match:
      tool_names: [shelf.peek, tool.read]
    reason_codes: [shelf_read_ok]
  - name: till-refund
    priority: 20
    effect: require_approval
    match:
      tool_names: [till.refund, tool.exec]
    reason_codes: [refund_needs_signoff]
    violations: [manual_money_path]
  - name: flyer-blast
    priority: 30
    effect: dry_run
    match:
      tool_names: [flyer.blast, tool.delegate]
    reason_codes: [rehearsal_only]
  - name: wipe-ban
    priority: 5
    effect: block
    match:
      tool_names: [stock.wipe, tool.write]
    reason_codes: [wipe_never]
    violations: [destructive_shelf_action]
`;

/** A policy that demands trust of calls of high risk. */
export const TRUST_POLICY = "default_verdict: allow\nmcp_trust: {snapshot: snap.json}\n";

/** A snapshot that trusts the server `shelf`. */
export const SNAPSHOT = JSON.stringify({
  schema_id: "gait.mcp.trust_snapshot",
  schema_version: "1.0.0",
  created_at: "2026-01-01T00:00:00Z",
  producer_version: "feed",
  entries: [{ server_id: "shelf", status: "trusted", updated_at: "2026-01-01T00:00:00Z" }],
});

/** The state of a kill switch that stops tools. */
export const stopping = (...tools: readonly string[]): string =>
  JSON.stringify({
    schema_id: "gait.gate.kill_switch_state",
    schema_version: "1.0.0",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    producer_version: "p",
    entries: tools.map((tool_name) => ({ entry_id: tool_name, enabled: true, created_at: "2026-01-01T00:00:00Z", tool_name })),
  });

/** The files that every machine of these tests has. */
export const SHELF: Readonly<Record<string, string>> = {
  "policy.yaml": SHELF_POLICY,
  "call.json": `{"name":"shelf.peek"}`,
  "refund.json": `{"name":"till.refund","args":{"cents":5}}`,
  "wipe.json": `{"name":"stock.wipe"}`,
  "dry.json": `{"name":"flyer.blast"}`,
  "k": PRIVATE_KEY,
  "pub": PUBLIC_KEY,
};

/** A machine with these files and more, for command lines. */
export const shelfMachine = (setup: Setup = {}) => machine({ ...setup, files: { ...SHELF, ...setup.files } });

/** The command line that decides a call. */
export const proxy = (call: string, ...more: readonly string[]): string[] => [
  ...["mcp", "proxy", "--policy", "policy.yaml", "--call", call],
  ...more,
];

/** The settings of a boundary as the proxy has them by default. */
export const SETTINGS: BoundarySettings = {
  policy: "policy.yaml",
  adapter: "",
  profile: "standard",
  job_root: "jobs",
  kill_switch: "",
  envelope: "",
  client_envelope: false,
  rate_limits: "limits.json",
  approval_ledger: "ledger.json",
  keys: { mode: "prod", signing: { "private-key": "k" }, approval: {} },
  version: "9.9.9",
};

/** When calls come in. */
export const BEGAN = "2026-01-01T00:00:00Z";

/** A boundary on a machine of its own. `ports` may be spoiled. */
export function boundaryOn(
  change: Partial<BoundarySettings> = {},
  files: Readonly<Record<string, string>> = {},
  { spoil = (ports) => ports, trouble }: { readonly spoil?: (ports: Ports) => Ports; readonly trouble?: Trouble } = {},
) {
  const all = Object.fromEntries(Object.entries({ ...SHELF, ...files }).map(([path, text]) => [path, utf8(text)]));
  const memory = memoryPorts({
    host: nodeHost,
    files: all,
    env: { KEY: PRIVATE_KEY },
    ...(trouble === undefined ? {} : { trouble }),
  });
  const boundary = openBoundary({ ...SETTINGS, ...change }, spoil(memory));
  const decide = (call: Json, request: Partial<CallRequest> = {}): Promise<Result<BoundaryDecision>> =>
    boundary.decide({ call, name: "call", ...request }, BEGAN);
  return {
    boundary,
    disk: memory.disk,
    ports: memory,
    decide,
    /** The decision on a call that has to be decided. */
    decided: async (call: Json, request: Partial<CallRequest> = {}): Promise<BoundaryDecision> =>
      assertOk(await decide(call, request)),
    /** Replaces a file. */
    put: (path: string, text: string) => memory.disk.put(path, utf8(text)),
    /** The files that were made since. */
    made: (): string[] => [...memory.disk.files().keys()].filter((path) => !(path in all)).sort(),
  };
}

const SIGN = digestSigner(nodeHost.crypto, assertOk(await readPrivateKey(nodeHost.crypto, PRIVATE_KEY)));

/** An approval of a call that was decided, signed by the key `k`; a scope with a word of a request is of single use. */
export async function approvalOf({ decided }: BoundaryDecision, scope: readonly string[] = ["*"]): Promise<AnyApproval> {
  const token = approvalToken(nodeHost.crypto, {
    created_at: BEGAN,
    producer_version: "p",
    approver_identity: "ann",
    reason_code: "fine",
    intent_digest: decided.digests.intent_digest,
    policy_digest: decided.policy_digest,
    delegation_binding_digest: "",
    scope,
    max_targets: 0,
    max_ops: 0,
    expires_at: "2027-01-01T00:00:00Z",
  });
  const sealed = await sealRecord(nodeHost.crypto, ApprovalTokenShape, token, SIGN);
  return assertOk(readAnyApproval(utf8(JSON.stringify(sealed)), "token"));
}
