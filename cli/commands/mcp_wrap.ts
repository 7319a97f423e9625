// `gait mcp wrap`: stands before an MCP server on standard streams or of Streamable HTTP; calls leave for it only when the policy allows them.
import { ok } from "../../core/base/result.ts";
import { command, silently } from "../command.ts";
import { SERVER_POSITIONALS } from "../mcp_flags.ts";
import { placeOf } from "../mcp_wrap/http/place.ts";
import { GATE_NEEDS, STREAM_NEEDS, WRAP_NEEDS } from "../mcp_wrap/ports.ts";
import { wrapSession } from "../mcp_wrap/session.ts";
import { plainly } from "../plain_files.ts";
import { WRAP_FLAGS, wrapSettings } from "../mcp_wrap/settings.ts";

export default command({
  path: ["mcp", "wrap"],
  summary: "Stand before an MCP server and decide its calls",
  explain:
    "Starts an MCP server, or stands before one of HTTP, and passes all between it and its client unchanged, but for tool calls: each is decided and recorded before it leaves.",
  positionals: { ...SERVER_POSITIONALS, min: 0 },
  silent: true,
  flags: WRAP_FLAGS,
  examples: [
    "gait mcp wrap --policy .gait.yaml -- npx -y @modelcontextprotocol/server-filesystem .",
    "gait mcp wrap --policy .gait.yaml --server-name files --key-mode prod --private-key gait.key -- ./server",
    "gait mcp wrap --policy .gait.yaml --upstream https://example.com/mcp --listen 127.0.0.1:8788",
  ],
  needs: [...WRAP_NEEDS, ...GATE_NEEDS],
  spared: ({ upstream }) => upstream ? STREAM_NEEDS : GATE_NEEDS,
  async run(values, given, { version }) {
    const place = placeOf(values, given.env);
    if (!place.ok) return place;
    const settings = wrapSettings(values, version, place.value);
    if (!settings.ok) return settings;
    const ports = plainly(given, [settings.value.boundary.envelope]);
    // Standard output is the client's: nothing is said on it but frames.
    if (place.value === undefined) return ok(silently(() => wrapSession(settings.value, ports)));
    const { wrapServer } = await import("../mcp_wrap/http/serve.ts");
    return await wrapServer(settings.value, place.value, ports);
  },
  lines: () => [],
});
