// A server of MCP that does as little as can be, on standard streams or (`http`) over HTTP: one tool, whose text is its argument, or as
// many characters as it is asked for.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const TOOL = {
  name: "file.read",
  inputSchema: { type: "object", properties: { path: { type: "string" }, size: { type: "integer" } }, required: ["path"] },
};

/** The answer to a request; undefined where there is none. */
export function answer(line: string): string | undefined {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return undefined;
  const { path = "", size = 0 } = params?.arguments ?? {};
  const results: Readonly<Record<string, unknown>> = {
    initialize: { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "echo", version: "1.0.0" } },
    "tools/list": { tools: [TOOL] },
    "tools/call": { content: [{ type: "text", text: size > 0 ? "x".repeat(size) : path }] },
  };
  return JSON.stringify({ jsonrpc: "2.0", id, result: results[method] ?? {} });
}

function send(line: string): void {
  const bytes = encoder.encode(`${line}\n`);
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

function onStreams(): void {
  const piece = new Uint8Array(65_536);
  let text = "";
  for (let count = Deno.stdin.readSync(piece); count !== null; count = Deno.stdin.readSync(piece)) {
    text += decoder.decode(piece.subarray(0, count), { stream: true });
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const answered = answer(text.slice(0, end));
      text = text.slice(end + 1);
      if (answered !== undefined) send(answered);
    }
  }
}

function onHttp(): void {
  const onListen = ({ port }: Deno.NetAddr): void => console.log(`listening on 127.0.0.1:${port}`);
  const headers = { "content-type": "application/json" };
  Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, async (request) => {
    const answered = answer(await request.text());
    return new Response(answered ?? null, { status: answered === undefined ? 202 : 200, headers });
  });
}

if (import.meta.main) {
  if (Deno.args[0] === "http") onHttp();
  else onStreams();
}
