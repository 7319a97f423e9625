// Whether a call is one of a tool of an MCP server, as each agent tells it. Only what the agent says counts, and nothing that the server
// could have chosen: its tool may have any name.
import { isJsonObject } from "../base/json_value.ts";
import type { HookInput } from "../schema/hook.ts";
import type { HookClient } from "./clients.ts";

/** A server and what it calls the tool; both are empty for other tools, the server also where the agent does not name it. */
export type ServedTool = { readonly server: string; readonly server_tool: string };

const NONE: ServedTool = { server: "", server_tool: "" };

/** Tells whose tool a call is about. */
export function servedTool(
  client: HookClient,
  event: string,
  tool: string,
  { mcp_server_name: server, mcp_context }: Pick<HookInput, "mcp_server_name" | "mcp_context">,
): ServedTool {
  if (client === "gemini") return mcp_context === undefined ? NONE : inContext(mcp_context, tool);
  const marked = client === "cursor" ? /^MCP:([^]+)$/i.exec(tool) : null;
  if (marked !== null) return { server, server_tool: marked[1] ?? "" };
  if (/MCPExecution$/.test(event)) return { server, server_tool: tool };
  const [, named = "", server_tool = ""] = /^mcp__(.+?)__([^]+)$/.exec(tool) ?? [];
  if (server_tool !== "") return { server: server || named, server_tool };
  return server === "" ? NONE : { server, server_tool: tool };
}

// Its tools of servers are called `mcp_server_tool`, in which it cannot be seen where the one ends and the other begins.
function inContext(context: HookInput["mcp_context"], tool: string): ServedTool {
  const { server_name, tool_name } = isJsonObject(context) ? context : {};
  return {
    server: typeof server_name === "string" ? server_name : "",
    server_tool: typeof tool_name === "string" && tool_name !== "" ? tool_name : tool,
  };
}
