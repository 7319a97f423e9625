// `gait mcp bridge`: the older name of `gait mcp proxy`.
import { proxyCommand } from "../mcp_proxy.ts";

export default proxyCommand("bridge");
