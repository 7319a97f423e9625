// `gait mcp wrap`: stands before an MCP server on standard streams; calls leave for it only when the policy allows them.
import { ok } from "../../core/base/result.ts";
import { command, type Records } from "../command.ts";
import { SERVER_POSITIONALS } from "../mcp_flags.ts";
import { WRAP_NEEDS, type WrapPorts } from "../mcp_wrap/ports.ts";
import { wrapSession } from "../mcp_wrap/session.ts";
import { WRAP_FLAGS, type WrapSettings, wrapSettings } from "../mcp_wrap/settings.ts";

export default command({
  path: ["mcp", "wrap"],
  summary: "Stand before an MCP server and decide its calls",
  explain:
    "Starts an MCP server and passes all between it and its client unchanged, but for tool calls: each is decided and recorded before it leaves.",
  positionals: SERVER_POSITIONALS,
  flags: WRAP_FLAGS,
  examples: [
    "gait mcp wrap --policy .gait.yaml -- npx -y @modelcontextprotocol/server-filesystem .",
    "gait mcp wrap --policy .gait.yaml --server-name files --key-mode prod --private-key gait.key -- ./server",
  ],
  needs: WRAP_NEEDS,
  run(values, ports, { version }) {
    const settings = wrapSettings(values, version);
    return Promise.resolve(settings.ok ? ok({ records: session(settings.value, ports) }) : settings);
  },
  lines: () => [],
});

// Standard output is the client's: nothing is said on it but frames.
async function* session(settings: WrapSettings, ports: WrapPorts): Records["records"] {
  yield* [];
  return ok(await wrapSession(settings, ports));
}
