// `gait mcp serve`: the boundary as a service, until it is told to end.
import { command } from "../command.ts";
import { SERVE_FLAGS } from "../serve/flags.ts";
import { serve } from "../serve/run.ts";
import { SERVE_NEEDS } from "../serve/service.ts";

export default command({
  path: ["mcp", "serve"],
  summary: "Decide tool calls over HTTP",
  explain: "Decides tool calls over HTTP until it is told to end: every verdict has a signed trace and a record on the disk.",
  positionals: { name: "policy", doc: "Policy, in the place of --policy", min: 0, max: Infinity, complete: "path" },
  flags: SERVE_FLAGS,
  examples: [
    "gait mcp serve --policy .gait.yaml",
    "gait mcp serve --policy .gait.yaml --auth-mode token --auth-token-env GAIT_MCP_TOKEN --http-verdict-status strict",
  ],
  refusal: { executed: false },
  refusalAlways: ["executed"],
  needs: SERVE_NEEDS,
  run: (values, ports, invocation) => serve(values, ports, invocation),
  lines: () => [],
});
