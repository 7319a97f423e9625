// A server of both generations on standard streams, by the official SDK 2.x: `node mcp_server.mjs <packages>`.
// What its tool says of itself can be changed by a variable.
const from = (path) => import(`${process.argv[2]}/${path}`);
const { McpServer } = await from("@modelcontextprotocol/server/dist/index.mjs");
const { serveStdio } = await from("@modelcontextprotocol/server/dist/stdio.mjs");
const { z } = await from("zod/index.js");

serveStdio(() => {
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
});
