// A wrapped session on a machine in memory: a test holds both ends of it, and the time.
import { setImmediate } from "node:timers";
import { memoryPorts } from "../../../cli/host/memory.ts";
import type { Trouble } from "../../../cli/host/memory_disk.ts";
import type { WrapPorts } from "../../../cli/mcp_wrap/ports.ts";
import { wrapSession } from "../../../cli/mcp_wrap/session.ts";
import type { WrapSettings } from "../../../cli/mcp_wrap/settings.ts";
import { concatBytes, fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { ok } from "../../../core/base/result.ts";
import type { RunningPeer } from "../../../core/ports.ts";
import { nodeHost } from "../../../host/node.ts";
import { SETTINGS, SHELF } from "../boundary_world.ts";
import "./loaded.ts";

/** The settings of a session of the tests. */
export const WRAP: WrapSettings = {
  command: ["server", "--flag"],
  upstream: "",
  server_name: "shop",
  boundary: SETTINGS,
  context: { identity: "", workspace: "", risk_class: "high", job_id: "" },
  session_dir: "wrap",
  room: 4096,
  pending_dir: "",
  elicit: true,
  lock: "",
  on_drift: "block",
  result_rules: "",
  hide_blocked: false,
  most: 4096,
  patience: 60_000,
  hidden: [],
};

/** What a test may change. */
export type Change = {
  readonly settings?: Partial<WrapSettings>;
  readonly files?: Readonly<Record<string, string>>;
  readonly trouble?: Trouble;
  /** Whether there is a program to start. */
  readonly missing?: boolean;
  /** Whether the server goes on when its input has ended. */
  readonly stubborn?: boolean;
  /** Whether the server reads nothing, so that what it is handed waits until it has ended. */
  readonly stuck?: boolean;
  readonly spoil?: (ports: WrapPorts) => WrapPorts;
};

/** Bytes that come when somebody hands them over, until they end. */
function stream() {
  const waiting: Uint8Array[] = [];
  let ended = false;
  let wake: () => void = () => {};
  return {
    push(bytes: Uint8Array): void {
      waiting.push(bytes);
      wake();
    },
    end(): void {
      ended = true;
      wake();
    },
    async next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
      while (waiting.length === 0 && !ended) await new Promise<void>((resolve) => wake = resolve);
      const piece = waiting.shift();
      return piece === undefined ? undefined : Uint8Array.from(piece);
    },
  };
}

const bytesOf = (given: string | object | Uint8Array): Uint8Array =>
  given instanceof Uint8Array ? given : utf8(`${typeof given === "string" ? given : JSON.stringify(given)}\n`);

/** A request to call a tool. */
export const toolCall = (id: number | string, name: string, args: object = {}) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

/** A result of a tool. */
export const answerTo = (id: number | string, text = "done") => ({
  jsonrpc: "2.0",
  id,
  result: { content: [{ type: "text", text }] },
});

/** Starts a session. */
export function wrapped({ settings, files = {}, trouble, missing, stubborn, stuck, spoil = (ports) => ports }: Change = {}) {
  const toServer: Uint8Array[] = [];
  const fromServer = stream();
  const fromClient = stream();
  const toClient: Uint8Array[] = [];
  let gone = false;
  let reading = true;
  let told: (signal: string) => void = () => {};
  let exited: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => exited = resolve);
  const exit = (code = 0): void => {
    fromServer.end();
    exited(code);
  };
  const started: RunningPeer = {
    read: () => fromServer.next(),
    write(bytes) {
      if (stuck) return ended.then(() => false);
      if (!reading) return Promise.resolve(false);
      toServer.push(Uint8Array.from(bytes));
      return Promise.resolve(true);
    },
    finish() {
      if (stuck) return ended.then(() => {});
      if (!stubborn) exit();
      return Promise.resolve();
    },
    ended,
    end() {
      exit(-1);
      return Promise.resolve();
    },
  };
  const given = Object.fromEntries(Object.entries({ ...SHELF, ...files }).map(([path, text]) => [path, utf8(text)]));
  const memory = memoryPorts({
    host: nodeHost,
    files: given,
    ...(missing ? {} : { peer: () => started }),
    ...(trouble === undefined ? {} : { trouble }),
  });
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const ports: WrapPorts = {
    ...memory,
    input: { next: async () => ok(await fromClient.next()) },
    output: {
      write(bytes) {
        if (gone) return Promise.resolve(false);
        toClient.push(Uint8Array.from(bytes));
        return Promise.resolve(true);
      },
    },
    peer: { ...memory.peer, told: () => new Promise((resolve) => told = resolve) },
    timer: {
      elapsed: () => now,
      sleep: (milliseconds) => new Promise((wake) => sleepers.push({ at: now + milliseconds, wake })),
    },
  };
  const session = wrapSession({ ...WRAP, ...settings }, spoil(ports));
  /** Lets everything happen that can. */
  const quiet = async (): Promise<void> => {
    for (let i = 0; i < 24; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  const lines = (pieces: readonly Uint8Array[]): readonly string[] => fromUtf8(concatBytes(pieces)).split("\n").slice(0, -1);
  const paths = (): readonly string[] => [...memory.disk.files().keys()].filter((path) => path.startsWith("wrap/")).sort();
  const bytes = (path: string): Uint8Array => {
    const found = memory.disk.bytes(path);
    if (typeof found === "string") throw new Error(`${path}: ${found}`);
    return found;
  };
  return {
    session,
    ports: memory,
    quiet,
    paths,
    bytes,
    /** What the session noted on standard error. */
    notes: memory.lines,
    client: {
      async send(...frames: readonly (string | object | Uint8Array)[]): Promise<void> {
        for (const frame of frames) fromClient.push(bytesOf(frame));
        await quiet();
      },
      async close(): Promise<void> {
        fromClient.end();
        await quiet();
      },
      async vanish(): Promise<void> {
        gone = true;
        await quiet();
      },
      /** The lines that came so far. */
      got: () => lines(toClient),
      frames: (): readonly Record<string, unknown>[] => lines(toClient).map((line) => JSON.parse(line)),
      raw: () => concatBytes(toClient),
    },
    server: {
      async send(...frames: readonly (string | object | Uint8Array)[]): Promise<void> {
        for (const frame of frames) fromServer.push(bytesOf(frame));
        await quiet();
      },
      async exit(code: number): Promise<void> {
        exit(code);
        await quiet();
      },
      async deaf(): Promise<void> {
        reading = false;
        await quiet();
      },
      got: () => lines(toServer),
      raw: () => concatBytes(toServer),
    },
    async tell(signal: string): Promise<void> {
      told(signal);
      await quiet();
    },
    async pass(milliseconds: number): Promise<void> {
      now += milliseconds;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
      await quiet();
    },
    put: (path: string, text: string) => memory.disk.put(path, utf8(text)),
    /** The records of the journal, headers aside: what each line has beside its number and time. */
    records(): readonly Record<string, Record<string, unknown>>[] {
      const path = paths().find((one) => one.endsWith("/journal.jsonl"));
      return path === undefined ? [] : fromUtf8(bytes(path)).split("\n").slice(0, -1).map((line) => JSON.parse(line));
    },
  };
}
