// `gait mcp proxy`: decides one tool call as an MCP client hands it over.
import { proxyCommand } from "../mcp_proxy.ts";

export default proxyCommand("proxy");
