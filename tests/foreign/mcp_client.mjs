// A client that connects to a server, lists its tools, makes calls and prints what it saw as JSON:
// `node mcp_client.mjs <packages> <1|2|auto|pin> <calls as JSON> -- <command of the server, or its address>`.
// With a variable ANSWER it can ask its user, who always gives that answer.
const [packages, sdk, calls, , command, ...args] = process.argv.slice(2);
const from = (path) => import(`${packages}/@modelcontextprotocol/${path}`);
const one = sdk === "1";
const { Client } = await from(one ? "sdk/dist/esm/client/index.js" : "client/dist/index.mjs");

async function transport() {
  if (!/^https?:/.test(command)) {
    const { StdioClientTransport } = await from(one ? "sdk/dist/esm/client/stdio.js" : "client/dist/stdio.mjs");
    return new StdioClientTransport({ command, args, stderr: "inherit" });
  }
  const path = one ? "sdk/dist/esm/client/streamableHttp.js" : "client/dist/index.mjs";
  const { StreamableHTTPClientTransport } = await from(path);
  return new StreamableHTTPClientTransport(new URL(command));
}

const modes = { auto: { mode: "auto" }, pin: { mode: { pin: "2026-07-28" } } };
const options = modes[sdk] === undefined ? {} : { versionNegotiation: modes[sdk] };
const { ANSWER } = process.env;
const capabilities = ANSWER === undefined ? {} : { elicitation: { form: {} } };
const client = new Client({ name: "probe", version: "1.0.0" }, { capabilities, ...options });
const seen = [];
if (ANSWER !== undefined) {
  const { ElicitRequestSchema } = one ? await from("sdk/dist/esm/types.js") : {};
  client.setRequestHandler(one ? ElicitRequestSchema : "elicitation/create", ({ params }) => {
    seen.push({ asked: params.message });
    return JSON.parse(ANSWER);
  });
}
try {
  const way = await transport();
  await client.connect(way);
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
  await way.terminateSession?.();
} catch (error) {
  seen.push({ failed: error.message });
}
await client.close();
console.log(JSON.stringify(seen));
process.exit(0);
