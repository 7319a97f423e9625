// `gait mcp verify`: says how far an MCP server is trusted by what a policy demands of servers.
import { readDocument } from "../../core/base/document.ts";
import { MAX_LINE_BYTES } from "../../core/base/json.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { TRUST_SNAPSHOT_LIMIT, trustDecision, trustRuling, trustSnapshotState, trustWarnings } from "../../core/mcp/trust.ts";
import { type CallServer, ServerShape } from "../../core/schema/tool_call.ts";
import { McpTrustShape } from "../../core/schema/trace.ts";
import type { Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { loadPolicy } from "../policy_file.ts";

type Verified = {
  readonly ok: boolean;
  readonly server_id: string;
  readonly server_name: string;
  readonly trust_model?: "local_snapshot";
  readonly snapshot_path?: string;
  readonly verdict: "allow" | "require_approval" | "block";
  readonly reason_codes?: readonly string[];
  readonly violations?: readonly string[];
  readonly mcp_trust?: JsonObject;
  readonly warnings?: readonly string[];
};

const EXITS = { allow: "ok", require_approval: "approval", block: "blocked" } as const;

export default command({
  path: ["mcp", "verify"],
  summary: "Check how far an MCP server is trusted",
  explain:
    "Holds a server against the local trust snapshot that a policy names, and says what the policy makes of its calls for lack of trust.",
  flags: {
    policy: { kind: "text", doc: "Policy file, YAML or JSON", required: true, value: "file", complete: "path" },
    server: {
      kind: "text",
      doc: "File that describes the server: server_id or server_name, publisher, source",
      required: true,
      value: "file",
      complete: "path",
    },
    "risk-class": { kind: "text", doc: "Risk class of its calls; without it the one of which most is demanded", value: "name" },
  },
  verdict: true,
  examples: [
    "gait mcp verify --policy gait.policy.yaml --server server.json",
    "gait mcp verify --policy gait.policy.yaml --server server.json --risk-class medium --json",
  ],
  needs: ["files", "clock"],
  async run(values, ports) {
    const loaded = await loadPolicy(values.policy, ports.files);
    if (!loaded.ok) return loaded;
    const server = await loadServer(values.server, ports);
    if (!server.ok) return server;
    const demand = loaded.value.policy.mcp_trust;
    if (demand === undefined) {
      const { server_id, server_name } = server.value;
      return ok({ exit: "ok", data: { ok: true, server_id, server_name, verdict: "allow" } });
    }
    const bytes = await ports.files.read(demand.snapshot, TRUST_SNAPSHOT_LIMIT);
    const snapshot = trustSnapshotState(bytes, demand.snapshot);
    // Without a class one of those of which trust is demanded: which of them makes no difference.
    const risk = values["risk-class"] || (demand.required_risk_classes[0] ?? "");
    const decision = trustDecision(demand, snapshot, server.value, risk, ports.clock.now());
    const { least: verdict, reason_codes, violations } = trustRuling(demand, decision);
    const data: Verified = {
      ok: verdict === "allow",
      server_id: decision.server_id,
      server_name: decision.server_name,
      trust_model: "local_snapshot",
      snapshot_path: demand.snapshot,
      verdict,
      reason_codes,
      violations,
      mcp_trust: writeShape(McpTrustShape, decision),
      warnings: trustWarnings(snapshot, risk),
    };
    return ok({ exit: EXITS[verdict], data });
  },
  lines: (data: Verified) => [
    `mcp verify: verdict=${data.verdict}`,
    `server: ${[data.server_id, data.server_name].filter((text) => text !== "").join(", ")}`,
    data.trust_model === undefined
      ? "trust: the policy has no mcp_trust section, so nothing is demanded"
      : `trust: ${data.mcp_trust?.["status"]}, by ${data.mcp_trust?.["decision_source"]}`,
    ...(data.reason_codes ?? []).map((reason) => `reason: ${reason}`),
    ...(data.violations ?? []).map((violation) => `violation: ${violation}`),
    ...(data.warnings ?? []).map((warning) => `warning: ${warning}`),
  ],
});

/** Reads the description of a server. Faults: those of files and documents, `document_shape` for one without id and name. */
async function loadServer(path: string, { files }: Pick<Ports, "files">): Promise<Result<CallServer>> {
  const bytes = await files.read(path, MAX_LINE_BYTES);
  if (!bytes.ok) return bytes;
  const read = readDocument(ServerShape, bytes.value, path, { file: path });
  if (!read.ok) return read;
  const { value } = read.value;
  if (value.server_id !== "" || value.server_name !== "") return ok(value);
  return fail("document_shape", `Cannot read "${path}": a server needs a server_id or a server_name`, { file: path });
}
