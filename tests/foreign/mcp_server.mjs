// A server of both generations by the official SDK 2.x, on standard streams or (under Deno) over HTTP:
// `mcp_server.mjs <packages> [http]`. What its tool says of itself can be changed by a variable.
const from = (path) => import(`${process.argv[2]}/${path}`);
const { createMcpHandler, McpServer } = await from("@modelcontextprotocol/server/dist/index.mjs");
const { z } = await from("zod/index.js");

const sums = () => {
  const server = new McpServer({ name: "sums", version: "1.0.0" });
  const pair = z.object({ a: z.number(), b: z.number() });
  const sum = ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] });
  server.registerTool("add", { description: process.env.ADDS ?? "Adds", inputSchema: pair }, sum);
  server.registerTool(
    "wipe",
    { description: "Wipes", inputSchema: z.object({}) },
    () => ({ content: [{ type: "text", text: "gone" }] }),
  );
  return server;
};

if (process.argv[3] === "http") {
  const handler = createMcpHandler(sums);
  const onListen = ({ hostname, port }) => console.log(`listening on ${hostname}:${port}`);
  globalThis.Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, (request) => handler.fetch(request));
} else {
  (await from("@modelcontextprotocol/server/dist/stdio.mjs")).serveStdio(sums);
}
