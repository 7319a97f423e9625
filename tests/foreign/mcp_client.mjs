// A client that connects to a server, lists its tools, makes calls and prints what it saw as JSON:
// `node mcp_client.mjs <packages> <1|2|auto|pin> <calls as JSON> -- <command of the server>`.
const [packages, sdk, calls, , command, ...args] = process.argv.slice(2);
const from = (path) => import(`${packages}/@modelcontextprotocol/${path}`);
const one = sdk === "1";
const { Client } = await from(one ? "sdk/dist/esm/client/index.js" : "client/dist/index.mjs");
const { StdioClientTransport } = await from(one ? "sdk/dist/esm/client/stdio.js" : "client/dist/stdio.mjs");

const modes = { auto: { mode: "auto" }, pin: { mode: { pin: "2026-07-28" } } };
const options = modes[sdk] === undefined ? {} : { versionNegotiation: modes[sdk] };
const client = new Client({ name: "probe", version: "1.0.0" }, { capabilities: {}, ...options });
const seen = [];
try {
  await client.connect(new StdioClientTransport({ command, args, stderr: "inherit" }));
  seen.push({ server: client.getServerVersion(), instructions: client.getInstructions() ?? null });
  seen.push({ version: client.getNegotiatedProtocolVersion?.() ?? null });
  seen.push({ tools: (await client.listTools()).tools });
  for (const call of JSON.parse(calls)) {
    try {
      seen.push({ call: call.name, result: await client.callTool(call) });
    } catch (error) {
      seen.push({ call: call.name, error: error.code ?? null, message: error.message });
    }
  }
} catch (error) {
  seen.push({ failed: error.message });
}
await client.close();
console.log(JSON.stringify(seen));
process.exit(0);
