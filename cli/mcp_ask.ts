// Asking an MCP server what it declares, as a client would: what it calls itself and all of its tools, in whichever generation of the
// protocol it speaks.
import { utf8 } from "../core/base/bytes.ts";
import type { JsonObject } from "../core/base/json_value.ts";
import { lineFeed } from "../core/base/lines.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { serverFrame } from "../core/mcp/frames.ts";
import { type Reported, reportedIn } from "../core/mcp/reported.ts";
import { toolList } from "../core/mcp/tool_list.ts";
import type { Ports, RunningPeer } from "../core/ports.ts";

/** What a server declared. */
export type Asked = {
  readonly reported: Reported;
  readonly tools: readonly { readonly name: string; readonly declared: JsonObject }[];
};

const PATIENCE = 30_000;
const MOST_LINE = 64 * 2 ** 20;
const MOST_PAGES = 1_000;
const GRACE = 1_000;

const LEGACY = "2025-11-25";
const MODERN = "2026-07-28";

/** Starts a server, asks it and ends it. Faults `child_start_failed`, `mcp_server_failed`. */
export async function askServer(
  command: readonly string[],
  version: string,
  ports: Pick<Ports, "peer" | "timer">,
): Promise<Result<Asked>> {
  const peer = await ports.peer.start(command, { hidden: [] });
  if (!peer.ok) return { ok: false, fault: { ...peer.fault, exit: "dependency" } };
  const late = ports.timer.sleep(PATIENCE).then(() => failed(command, "it does not answer in time"));
  try {
    return await Promise.race([conversation(command, version, peer.value), late]);
  } finally {
    await peer.value.finish();
    await peer.value.end(GRACE);
  }
}

const failed = ([program = ""]: readonly string[], words: string): Result<never> =>
  fail("mcp_server_failed", `Cannot ask "${program}" for its tools: ${words}`);

/** An answer: its result, or undefined for an error. */
type Answer = Result<JsonObject | undefined>;

async function conversation(command: readonly string[], version: string, peer: RunningPeer): Promise<Result<Asked>> {
  const clientInfo = { name: "gait", version };
  const ask = asker(command, peer);
  const greeted = await ask("initialize", { protocolVersion: LEGACY, capabilities: {}, clientInfo });
  if (!greeted.ok) return greeted;
  const modern = greeted.value === undefined;
  const about = modern
    ? {
      _meta: {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": clientInfo,
      },
    }
    : {};
  const known = modern ? await ask("server/discover", about) : greeted;
  if (!known.ok) return known;
  if (known.value === undefined) return failed(command, "it refuses both initialize and server/discover");
  if (!modern) await peer.write(utf8(`{"jsonrpc":"2.0","method":"notifications/initialized"}\n`));
  const tools = toolList();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const listed: Answer = await ask("tools/list", { ...about, ...(cursor === undefined ? {} : { cursor }) });
    if (!listed.ok) return listed;
    if (listed.value === undefined) return failed(command, "it does not list its tools");
    tools.learn(listed.value, page === 0);
    const { nextCursor } = listed.value;
    if (typeof nextCursor !== "string") return ok({ reported: reportedIn(known.value), tools: tools.all() });
    cursor = nextCursor;
  }
  return failed(command, "its list of tools has no end");
}

// One request at a time; what the server says beside its answer is passed over.
function asker(command: readonly string[], peer: RunningPeer) {
  let lines: Uint8Array[] = [];
  const feed = lineFeed(MOST_LINE, (line) => void lines.push(line.slice()));
  let ids = 0;
  return async (method: string, params: JsonObject): Promise<Answer> => {
    const id = ++ids;
    const request = `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
    if (!await peer.write(utf8(request))) return failed(command, "it takes no input");
    for (;;) {
      for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
        const frame = serverFrame(line);
        if (frame.kind === "unreadable") return failed(command, "it answers with a frame that cannot be read");
        if (frame.kind === "answer" && frame.id === id) return ok(frame.result);
      }
      lines = [];
      const piece = await peer.read();
      if (piece === undefined) return failed(command, "it has ended");
      feed.push(piece);
    }
  };
}
