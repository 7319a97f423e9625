// The ports of a service in memory: connections that a test holds the other end of, lines in a list, folders on the memory disk.
import { concatBytes } from "../../core/base/bytes.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { Aged, Connection, PostAnswer, Reach, Serving } from "../../core/ports.ts";
import { type ArtifactDisk, artifactsOn } from "./artifacts.ts";
import type { MemoryDisk } from "./memory_disk.ts";

/** The other end of a connection. */
export interface Caller {
  send(bytes: Uint8Array): void;
  /** Says that nothing more will be sent. */
  finish(): void;
  /** All that came so far. */
  received(): Uint8Array<ArrayBuffer>;
  /** Resolves when the server has sent its last byte: it finished or closed. */
  ended(): Promise<void>;
  /** From now on nothing that is sent is taken off: writes to it wait. */
  stall(): void;
}

/** The ports, and the hands of a test on them. */
export type MemoryServing = Serving & {
  /** Connects to the place that was opened last. */
  dial(): Caller;
  /** The place that is open. */
  reached(): Reach | undefined;
  /** Tells the service to end. */
  tell(signal: string): void;
  readonly lines: string[];
  readonly posts: { readonly url: string; readonly body: Uint8Array }[];
};

/** The ports over a memory disk; `modified` tells when a file was changed, in milliseconds. */
export function memoryServing(
  disk: MemoryDisk,
  modified: (path: string) => number,
  answer: (url: string) => Result<PostAnswer> = () => ok({ status: 200, body: new Uint8Array() }),
): MemoryServing {
  const lines: string[] = [];
  const posts: { url: string; body: Uint8Array }[] = [];
  const waiting: Connection[] = [];
  const held = new Set<string>();
  let place: Reach | undefined;
  let accepting: ((connection: Connection | undefined) => void) | undefined;
  let told: ((signal: string) => void) | undefined;
  const early: string[] = [];

  const arrived = (connection: Connection): void => {
    if (accepting === undefined) waiting.push(connection);
    else accepting(connection);
    accepting = undefined;
  };

  return {
    lines,
    posts,
    reached: () => place,
    dial() {
      const { server, caller } = pair();
      arrived(server);
      return caller;
    },
    tell(signal) {
      if (told === undefined) early.push(signal);
      else told(signal);
      told = undefined;
    },
    listen: {
      open(at) {
        if (place !== undefined) {
          return Promise.resolve(fail("listen_failed", "Cannot listen: the place is taken (EADDRINUSE)"));
        }
        place = at;
        return Promise.resolve(ok({
          address: at.kind === "tcp" ? `${at.host}:${at.port === 0 ? 40_000 : at.port}` : at.path,
          accept() {
            const next = waiting.shift();
            if (next !== undefined) return Promise.resolve(next);
            if (place === undefined) return Promise.resolve(undefined);
            return new Promise((resolve) => accepting = resolve);
          },
          close() {
            place = undefined;
            accepting?.(undefined);
            accepting = undefined;
          },
        }));
      },
      told: () => new Promise((resolve) => early.length > 0 ? resolve(early.shift() ?? "") : told = resolve),
    },
    log: { line: (text) => void lines.push(text), dropped: () => 0, flush: () => Promise.resolve() },
    net: {
      post(url, body) {
        posts.push({ url, body: Uint8Array.from(body) });
        return Promise.resolve(answer(url));
      },
    },
    upstream: {
      send: () => ({
        answer: Promise.resolve(fail("network_failed", "Cannot reach the server: nobody is there")),
        close: () => {},
      }),
    },
    artifacts: artifactsOn(memoryArtifacts(disk, modified, held)),
  };
}

const memoryArtifacts = (disk: MemoryDisk, modified: (path: string) => number, held: Set<string>): ArtifactDisk => ({
  look: disk.look,
  parent: disk.parent,
  makeFolder: disk.makeFolder,
  createTemp: disk.createTemp,
  copyMode: disk.copyMode,
  rename: disk.rename,
  link: disk.link,
  remove: disk.remove,
  syncFolder: disk.syncFolder,
  syncFile: (path) => Promise.resolve().then(() => disk.openFile(path).sync()),
  entries(folder): readonly Aged[] {
    const above = folder === "." ? "" : `${folder}/`;
    return [...disk.files().keys()]
      .filter((path) => path.startsWith(above) && !path.slice(above.length).includes("/"))
      .map((path) => ({ name: path.slice(above.length), modified: modified(path) }));
  },
  changed: (path) => disk.files().has(path) ? modified(path) : undefined,
  claim(path) {
    if (held.has(path)) return Promise.resolve(undefined);
    if (disk.look(path) === "nothing") disk.createTemp(path).close();
    held.add(path);
    return Promise.resolve(() => void held.delete(path));
  },
});

/** Two ends of one connection. */
function pair(): { readonly server: Connection; readonly caller: Caller } {
  let sent: Uint8Array[] = [];
  let finished = false;
  let reading: (() => void) | undefined;
  const got: Uint8Array[] = [];
  let closed = false;
  let stalled = false;
  let ending: (() => void) | undefined;
  let writing: ((sent: boolean) => void) | undefined;
  const ended = new Promise<void>((resolve) => ending = resolve);
  const wake = (): void => {
    reading?.();
    reading = undefined;
  };
  return {
    server: {
      async read(into) {
        while (sent.length === 0 && !finished && !closed) await new Promise<void>((resolve) => reading = resolve);
        if (closed) return 0;
        const all = concatBytes(sent);
        const some = all.subarray(0, into.length);
        into.set(some);
        sent = all.length > some.length ? [all.subarray(some.length)] : [];
        return some.length;
      },
      write(bytes) {
        if (closed) return Promise.resolve(false);
        if (stalled) return new Promise((resolve) => writing = resolve);
        got.push(Uint8Array.from(bytes));
        return Promise.resolve(true);
      },
      finish() {
        ending?.();
        return Promise.resolve();
      },
      close() {
        closed = true;
        ending?.();
        writing?.(false);
        wake();
      },
    },
    caller: {
      send(bytes) {
        if (bytes.length > 0) sent.push(Uint8Array.from(bytes));
        wake();
      },
      finish() {
        finished = true;
        wake();
      },
      received: () => concatBytes(got),
      ended: () => ended,
      stall: () => void (stalled = true),
    },
  };
}
