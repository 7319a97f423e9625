// A gate before a server of HTTP on a machine in memory: a test holds clients and server, and the time.
import { setImmediate } from "node:timers";
import { memoryPorts } from "../../../../cli/host/memory.ts";
import type { Trouble } from "../../../../cli/host/memory_disk.ts";
import type { GatePorts } from "../../../../cli/mcp_wrap/http/gate.ts";
import type { Place } from "../../../../cli/mcp_wrap/http/place.ts";
import { wrapServer } from "../../../../cli/mcp_wrap/http/serve.ts";
import type { WrapSettings } from "../../../../cli/mcp_wrap/settings.ts";
import type { ExitName } from "../../../../core/base/errors.ts";
import { concatBytes, fromUtf8, utf8 } from "../../../../core/base/bytes.ts";
import { fail, ok, type Result } from "../../../../core/base/result.ts";
import type { UpstreamAnswer, UpstreamRequest } from "../../../../core/ports.ts";
import { nodeHost } from "../../../../host/node.ts";
import { assert, assertOk } from "../../../assert.ts";
import { SHELF } from "../../boundary_world.ts";
import { toolCall, WRAP } from "../world.ts";

/** Where the gate of the tests stands. */
export const PLACE: Place = {
  upstream: { origin: "http://server.test", path: "/mcp", query: "" },
  reach: { kind: "tcp", host: "127.0.0.1", port: 0 },
  local: true,
  token: undefined,
};

/** What a test may change. */
export type Change = {
  readonly settings?: Partial<WrapSettings>;
  readonly place?: Partial<Place>;
  readonly files?: Readonly<Record<string, string>>;
  readonly trouble?: Trouble;
};

const GONE = fail("network_failed", "Cannot reach the server");

const bytesOf = (given: string | object | Uint8Array): Uint8Array =>
  given instanceof Uint8Array ? given : utf8(typeof given === "string" ? given : JSON.stringify(given));

/** An event that carries a frame, with an id where one is given. */
export const event = (frame: object | string, id = ""): string =>
  `${id === "" ? "" : `id: ${id}\n`}data: ${typeof frame === "string" ? frame : JSON.stringify(frame)}\n\n`;

/** A request as the server sees it, and the server's hands on its answer. */
function asked(request: UpstreamRequest, quiet: () => Promise<void>) {
  let answer: (result: Result<UpstreamAnswer>) => void = () => {};
  const answered = new Promise<Result<UpstreamAnswer>>((resolve) => answer = resolve);
  const pieces: Uint8Array[] = [];
  let end: "no" | "end" | "cut" = "no";
  let wake: () => void = () => {};
  const state = { closed: false };
  const read = async (): Promise<Result<Uint8Array | undefined>> => {
    while (pieces.length === 0 && end === "no" && !state.closed) await new Promise<void>((resolve) => wake = resolve);
    if (state.closed || (pieces.length === 0 && end === "cut")) return GONE;
    return ok(pieces.shift());
  };
  const hands = {
    request,
    /** The body, read. */
    json: request.body === undefined ? undefined : JSON.parse(fromUtf8(request.body)),
    state,
    async head(status: number, headers: Readonly<Record<string, string>> = {}): Promise<void> {
      answer(ok({ status, headers: Object.entries(headers), read }));
      await quiet();
    },
    async send(...some: readonly (string | object | Uint8Array)[]): Promise<void> {
      pieces.push(...some.map(bytesOf));
      wake();
      await quiet();
    },
    async end(how: "end" | "cut" = "end"): Promise<void> {
      end = how;
      answer(GONE);
      wake();
      await quiet();
    },
    /** Answers with one document. */
    async with(
      value: string | object | Uint8Array,
      status = 200,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<void> {
      pieces.push(bytesOf(value));
      end = "end";
      await hands.head(status, { "content-type": "application/json", ...headers });
    },
    /** Begins a stream. */
    events: (headers: Readonly<Record<string, string>> = {}) =>
      hands.head(200, { "content-type": "text/event-stream", ...headers }),
  };
  const close = (): void => {
    state.closed = true;
    answer(GONE);
    wake();
  };
  return { hands, sent: { answer: answered, close } };
}

/** A request as the server sees it. */
export type Hands = ReturnType<typeof asked>["hands"];

/** What came of a reply so far. */
export type Reply = {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Whether all of it came. */
  readonly whole: boolean;
};

function replyIn(bytes: Uint8Array): Reply {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return { status: 0, headers: new Map(), body: "", whole: false };
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const));
  const rest = text.slice(end + 4);
  const head = { status: Number(first.split(" ")[1]), headers };
  const plain = (body: string): string => fromUtf8(Uint8Array.from(body, (char) => char.charCodeAt(0)));
  if (headers.get("transfer-encoding") !== "chunked") {
    const length = Number(headers.get("content-length") ?? 0);
    return { ...head, body: plain(rest.slice(0, length)), whole: rest.length >= length };
  }
  let body = "";
  for (let at = 0; at < rest.length;) {
    const line = rest.indexOf("\r\n", at);
    const size = Number.parseInt(rest.slice(at, line), 16);
    if (size === 0) return { ...head, body: plain(body), whole: true };
    body += rest.slice(line + 2, line + 2 + size);
    at = line + 4 + size;
  }
  return { ...head, body: plain(body), whole: false };
}

/** A client's hold on one of its requests. */
export type Sent = {
  reply(): Reply;
  /** The body, read. */
  json(): Readonly<Record<string, unknown>>;
  /** The frames of its events. */
  frames(): readonly Readonly<Record<string, unknown>>[];
  /** Goes away. */
  leave(): Promise<void>;
  stall(): void;
};

/** Opens a gate. */
export async function gated({ settings, place, files = {}, trouble }: Change = {}) {
  const server: Hands[] = [];
  const memory = memoryPorts({
    host: nodeHost,
    files: Object.fromEntries(Object.entries({ ...SHELF, ...files }).map(([path, text]) => [path, utf8(text)])),
    ...(trouble === undefined ? {} : { trouble }),
  });
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const quiet = async (): Promise<void> => {
    for (let i = 0; i < 24; i++) await new Promise<void>((resolve) => void setImmediate(() => resolve()));
  };
  const ports: GatePorts = {
    ...memory,
    upstream: {
      send(request) {
        const { hands, sent } = asked(request, quiet);
        server.push(hands);
        return sent;
      },
    },
    timer: {
      elapsed: () => now,
      sleep: (milliseconds) => new Promise((wake) => sleepers.push({ at: now + milliseconds, wake })),
    },
  };
  const opened = await wrapServer(
    { ...WRAP, command: ["http://server.test/mcp"], upstream: "http://server.test/mcp", ...settings },
    { ...PLACE, ...place },
    ports,
  );
  const records = opened.ok ? opened.value.records : undefined;
  const session: Promise<Result<ExitName>> = records === undefined
    ? Promise.resolve(opened.ok ? ok("internal") : opened)
    : records.next(true).then(({ value }) => typeof value === "object" ? value : ok("internal"));
  const paths = (): readonly string[] => [...memory.disk.files().keys()].filter((path) => path.startsWith("wrap/")).sort();

  const request = async (
    method: string,
    body: string | object | Uint8Array | undefined,
    headers: Readonly<Record<string, string>> = {},
    path = "/mcp",
  ): Promise<Sent> => {
    const caller = memory.dial();
    const bytes = body === undefined ? new Uint8Array() : bytesOf(body);
    const fields = {
      host: "127.0.0.1:8788",
      accept: "application/json, text/event-stream",
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": String(bytes.length) }),
      ...headers,
    };
    const lines = Object.entries(fields).filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}\r\n`);
    caller.send(concatBytes([utf8(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`), bytes]));
    await quiet();
    const reply = (): Reply => replyIn(caller.received());
    return {
      reply,
      json: () => JSON.parse(reply().body),
      frames: () =>
        reply().body.split("\n\n").flatMap((one) => one.split("\n").filter((line) => line.startsWith("data: {"))).map(
          (line) => JSON.parse(line.slice("data: ".length)),
        ),
      async leave() {
        caller.finish();
        await quiet();
      },
      stall: caller.stall,
    };
  };

  const world = {
    opened,
    session,
    ports: memory,
    quiet,
    paths,
    notes: memory.lines,
    request,
    post: (frame: string | object | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
      request("POST", frame, headers),
    /** What the server was asked, in order. */
    server,
    last(): Hands {
      const last = server.at(-1);
      assert(last !== undefined, "the server was not asked");
      return last;
    },
    async tell(): Promise<void> {
      memory.tell("SIGTERM");
      await quiet();
    },
    async pass(milliseconds: number): Promise<void> {
      for (let i = 0; i < 4; i++) {
        now += milliseconds / 4;
        const due = sleepers.filter(({ at }) => at <= now);
        sleepers = sleepers.filter(({ at }) => at > now);
        for (const { wake } of due) wake();
        await quiet();
      }
    },
    /** Tells the gate to end, and lets it. */
    async end(): Promise<ExitName> {
      await world.tell();
      await world.pass(10_000);
      return assertOk(await session);
    },
    text(path: string): string {
      const found = memory.disk.bytes(path);
      assert(typeof found !== "string", `${path}: ${String(found)}`);
      return fromUtf8(found);
    },
    /** The journals, each as the records that it has, in the order of their names. */
    journals(): readonly (readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[])[] {
      return paths().filter((path) => path.endsWith("/journal.jsonl")).map((path) =>
        world.text(path).replaceAll("\0", "").split("\n").slice(0, -1).map((line) => JSON.parse(line))
      );
    },
    /** What became of calls, over all journals: number and status. */
    statuses: (): readonly string[] =>
      world.journals().flat().flatMap(({ result }) => result === undefined ? [] : [`${result["call"]} ${result["status"]}`]),
    verdicts: (): readonly unknown[] =>
      world.journals().flat().flatMap(({ decision }) => decision === undefined ? [] : [decision["verdict"]]),
    strays: (): number => world.journals().flat().filter(({ stray }) => stray !== undefined).length,
  };
  return world;
}

/** A gate that is open. */
export type World = Awaited<ReturnType<typeof gated>>;

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** A call of the stateless generation. */
export const modernCall = (id: number | string, name: string, args: object = {}) => {
  const call = toolCall(id, name, args);
  return { ...call, params: { ...call.params, _meta: META } };
};

/** The fields that it comes with. */
export const modernFields = (name: string, method = "tools/call"): Readonly<Record<string, string>> => ({
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": method,
  ...(name === "" ? {} : { "mcp-name": name }),
});

/** Begins a session of the older generation by the name that the server gives it. */
export async function begun(world: World, id: string, capabilities: object = {}): Promise<Readonly<Record<string, string>>> {
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "c", version: "1" } };
  const sent = await world.post({ jsonrpc: "2.0", id: 0, method: "initialize", params });
  await world.last().with({ jsonrpc: "2.0", id: 0, result: { serverInfo: { name: "srv", version: "1" } } }, 200, {
    "mcp-session-id": id,
  });
  assert(sent.reply().headers.get("mcp-session-id") === id, JSON.stringify([...sent.reply().headers]));
  return { "mcp-session-id": id, "mcp-protocol-version": "2025-11-25" };
}
