// Asking an MCP server what it declares, as a client would: what it calls itself and all of its tools, in whichever generation of the
// protocol it speaks. Here on standard streams; what is the same over HTTP is told here once.
import type { JsonObject } from "../core/base/json_value.ts";
import { lineFeed } from "../core/base/lines.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { frameLine, serverFrame } from "../core/mcp/frames.ts";
import { LEGACY, LIST, META, MODERN } from "../core/mcp/protocol.ts";
import { type Reported, reportedIn } from "../core/mcp/reported.ts";
import { toolList } from "../core/mcp/tool_list.ts";
import type { Ports, RunningPeer } from "../core/ports.ts";

/** What a server declared. */
export type Asked = {
  readonly reported: Reported;
  readonly tools: readonly { readonly name: string; readonly declared: JsonObject }[];
};

/** An answer: its result, or undefined for an error. */
export type Answer = Result<JsonObject | undefined>;

/** A way to ask a server, one request at a time. */
export interface Asker {
  ask(method: string, params: JsonObject): Promise<Answer>;
  /** Says what no answer is waited for. */
  tell(method: string): Promise<Result<void>>;
  /** The fault that says why the server cannot be asked. */
  failed(words: string): Result<never>;
}

/** How long a server may take to tell all, in milliseconds. */
export const PATIENCE = 30_000;

/** How long it may take to end, in milliseconds. */
export const GRACE = 1_000;

/** The most bytes of an answer. */
export const MOST_ANSWER = 64 * 2 ** 20;

const MOST_PAGES = 1_000;

/** Greets a server of the older generation. */
export const greet = ({ ask }: Asker, version: string): Promise<Answer> =>
  ask("initialize", { protocolVersion: LEGACY, capabilities: {}, clientInfo: clientInfo(version) });

/** Greets one of the newer generation. */
export const discover = ({ ask }: Asker, version: string): Promise<Answer> => ask("server/discover", modernly(version));

const clientInfo = (version: string) => ({ name: "gait", version });

const modernly = (version: string): JsonObject => ({
  _meta: {
    [META.version]: MODERN,
    [META.capabilities]: {},
    [META.client]: clientInfo(version),
  },
});

/** All that a server declares that was greeted; `greeting` is its answer to that, undefined where it refused both. */
export async function listed(
  asker: Asker,
  greeting: JsonObject | undefined,
  modern: boolean,
  version: string,
): Promise<Result<Asked>> {
  const { ask, tell, failed } = asker;
  if (greeting === undefined) return failed("it refuses both initialize and server/discover");
  const begun = modern ? ok(undefined) : await tell("notifications/initialized");
  if (!begun.ok) return begun;
  const about = modern ? modernly(version) : {};
  const tools = toolList();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Answer = await ask(LIST, { ...about, ...(cursor === undefined ? {} : { cursor }) });
    if (!answer.ok) return answer;
    if (answer.value === undefined) return failed("it does not list its tools");
    tools.learn(answer.value, page === 0);
    const { nextCursor } = answer.value;
    if (typeof nextCursor !== "string") {
      const twice = tools.all().find((tool) => tool.twice);
      return twice === undefined
        ? ok({ reported: reportedIn(greeting), tools: tools.all() })
        : failed(`it declares tool ${JSON.stringify(twice.name)} twice, each time otherwise`);
    }
    cursor = nextCursor;
  }
  return failed("its list of tools has no end");
}

/** Starts a server, asks it and ends it. Faults `child_start_failed`, `mcp_server_failed`. */
export async function askServer(
  command: readonly string[],
  version: string,
  ports: Pick<Ports, "peer" | "timer">,
): Promise<Result<Asked>> {
  const peer = await ports.peer.start(command, { hidden: [] });
  if (!peer.ok) return { ok: false, fault: { ...peer.fault, exit: "dependency" } };
  const asker = onStreams(failedAt(command[0] ?? ""), peer.value);
  const late = ports.timer.sleep(PATIENCE).then(() => asker.failed("it does not answer in time"));
  try {
    return await Promise.race([conversation(asker, version), late]);
  } finally {
    await peer.value.finish();
    await peer.value.end(GRACE);
  }
}

/** The fault of a server that goes by a name. */
export const failedAt = (name: string) => (words: string): Result<never> =>
  fail("mcp_server_failed", `Cannot ask "${name}" for its tools: ${words}`);

async function conversation(asker: Asker, version: string): Promise<Result<Asked>> {
  const greeted = await greet(asker, version);
  if (!greeted.ok) return greeted;
  if (greeted.value !== undefined) return await listed(asker, greeted.value, false, version);
  const known = await discover(asker, version);
  return known.ok ? await listed(asker, known.value, true, version) : known;
}

// What the server says beside its answer is passed over.
function onStreams(failed: Asker["failed"], peer: RunningPeer): Asker {
  let lines: Uint8Array[] = [];
  const feed = lineFeed(MOST_ANSWER, (line) => void lines.push(line.slice()));
  let ids = 0;
  const write = async (frame: JsonObject): Promise<Result<void>> =>
    await peer.write(frameLine({ jsonrpc: "2.0", ...frame })) ? ok(undefined) : failed("it takes no input");
  return {
    failed,
    tell: (method) => write({ method }),
    async ask(method, params) {
      const id = ++ids;
      const written = await write({ id, method, params });
      if (!written.ok) return written;
      for (;;) {
        for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
          const frame = serverFrame(line);
          if (frame.kind === "unreadable") return failed("it answers with a frame that cannot be read");
          if (frame.kind === "answer" && frame.id === id) return ok(frame.result);
        }
        lines = [];
        const piece = await peer.read();
        if (piece === undefined) return failed("it has ended");
        feed.push(piece);
      }
    },
  };
}
