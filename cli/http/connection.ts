// One connection of HTTP/1.1: requests one after the other, each within its time, each with one reply. Whoever sends slowly, reads slowly
// or not at all holds up nobody but himself, and not for long.
import { utf8 } from "../../core/base/bytes.ts";
import type { Fault } from "../../core/base/result.ts";
import type { Connection } from "../../core/ports.ts";
import { readBody } from "./body.ts";
import { type Head, readHead } from "./head.ts";
import { type Incoming, incoming } from "./incoming.ts";
import { chunkOf, type HttpReply, type HttpRequest, LAST_CHUNK, replyBytes, type ReplyStream, streamHead } from "./message.ts";
import type { Watch, Watched } from "./watch.ts";

/** How long each part of a request may take, in milliseconds (spec 05, section 3.1). */
export type Limits = {
  /** From the first byte, or from the connection, to the end of the head. */
  readonly head: number;
  /** From the first byte to the end of the body. */
  readonly read: number;
  /** From the end of the body to the reply. */
  readonly answer: number;
  /** To send the reply. */
  readonly write: number;
  /** Between two requests. */
  readonly idle: number;
};

/** The limits of the contract. */
export const LIMITS: Limits = { head: 5_000, read: 30_000, answer: 30_000, write: 30_000, idle: 60_000 };

/** Who answers requests. Neither may throw. */
export interface Answering {
  answer(request: HttpRequest): Promise<HttpReply>;
  /** The reply to a request that never became one: its head was refused, or it came too slowly. */
  refuse(status: number, fault: Fault): HttpReply;
}

/** What a connection is served with. */
export type Serving = {
  readonly limits: Limits;
  readonly watch: Watch;
  readonly to: Answering;
  /** Whether the service is about to end: each connection then ends with its reply. */
  ending(): boolean;
};

/** A connection that is being served. */
export interface Served {
  /** Resolves when it has ended. */
  readonly done: Promise<void>;
  /** Ends it where it waits for the next request. */
  endIdle(): void;
  /** Ends it at once. */
  cut(): void;
}

const MOST_HEAD = 16_384;
const LINGER = 2_000;
const MOST_LINGER = 2 ** 22;
const CONTINUE = utf8("HTTP/1.1 100 Continue\r\n\r\n");

const LATE: Fault = { code: "request_timed_out", message: "Cannot read the request: it did not come in time" };
const SLOW: Fault = {
  code: "server_busy",
  message: "Cannot answer in time: nothing was decided for the caller, who must not go ahead",
};

/** Serves a connection to its end. */
export function serveConnection(connection: Connection, serving: Serving): Served {
  const watched = serving.watch.add();
  let idle = false;
  const state = {
    over: false,
    waits(yes: boolean) {
      idle = yes;
    },
  };
  let gone = (): void => {};
  const ended = new Promise<void>((resolve) => gone = resolve); // also where an answer never comes
  const cut = (): void => {
    state.over = true;
    connection.close();
    gone();
  };
  const work = async (): Promise<void> => {
    try {
      await serveAll(connection, watched, serving, state, cut);
    } finally {
      watched.drop();
      connection.close();
    }
  };
  return {
    done: Promise.race([work(), ended]),
    endIdle() {
      if (idle) cut();
    },
    cut,
  };
}

type State = { over: boolean; waits(yes: boolean): void };

async function serveAll(
  connection: Connection,
  watched: Watched,
  serving: Serving,
  state: State,
  cut: () => void,
): Promise<void> {
  const { limits, to } = serving;
  const bytes = incoming(connection);

  // Says why to whoever does not take part in time, and ends the connection whether he listens or not.
  const giveUp = (status: number, fault: Fault) => (): void => {
    if (state.over) return;
    state.over = true;
    watched.until(LINGER, cut);
    void connection.write(replyBytes(to.refuse(status, fault), true)).then(cut);
  };
  let next: Promise<boolean> | undefined; // what comes after a request, where somebody asked whether its caller is still there
  const write = async (piece: Uint8Array): Promise<boolean> => {
    if (state.over) return false;
    watched.until(limits.write, cut);
    const sent = await connection.write(piece);
    if (!state.over) watched.until(Infinity, cut); // the next piece comes when it comes
    return sent;
  };
  // Run in any case, and at once: what stands behind a stream has to hear that nobody reads it, and does not wait for who reads slowly.
  const stream = async (reply: HttpReply, run: ReplyStream, last: boolean, chunks: boolean): Promise<boolean> => {
    const head = write(streamHead(reply, last, chunks));
    let sent = true;
    const whole = await run(async (piece) => {
      sent &&= await head;
      if (piece.length > 0) sent &&= await write(chunks ? chunkOf(piece) : piece); // an empty chunk would be the end
      return sent && !state.over;
    });
    return whole && sent && await head && (!chunks || await write(LAST_CHUNK));
  };
  const send = async (
    reply: HttpReply,
    last: boolean,
    { method, chunks }: Pick<Head, "method" | "chunks">,
  ): Promise<boolean> => {
    const bodiless = method === "HEAD";
    const sent = reply.stream === undefined || bodiless
      ? await write(replyBytes(reply, last, bodiless))
      : await stream(reply, reply.stream, last, chunks);
    if (sent && last) {
      // A connection that is closed while bytes still come in takes the reply with it: what comes is read for a while, and thrown away.
      watched.until(LINGER, cut);
      await connection.finish();
      await next;
      await bytes.drain(MOST_LINGER);
    }
    return sent && !last;
  };

  for (let first = true;; first = false) {
    state.waits(true);
    watched.until(first ? limits.head : limits.idle, cut);
    const came = await (next ?? bytes.some());
    next = undefined;
    state.waits(false);
    if (!came || state.over) return;
    watched.until(limits.head, giveUp(408, LATE));
    const text = await bytes.head(MOST_HEAD);
    if (text === "ended") return;
    const head = text === "too much"
      ? { status: 431, words: `expected a head of at most ${MOST_HEAD} bytes` }
      : readHead(text.text);
    if ("status" in head) {
      const fault: Fault = { code: "http_malformed", message: `Cannot read the request: ${head.words}` };
      await send(to.refuse(head.status, fault), true, { method: "", chunks: false });
      return;
    }
    watched.until(limits.read, giveUp(408, LATE));
    const request = requestOf(head, bytes, connection, {
      over: () => state.over,
      whole: () => watched.until(limits.answer, giveUp(503, SLOW)),
      after: () => next ??= bytes.some(),
    });
    const reply = await to.answer(request.request);
    const last = head.last || serving.ending() || !request.read();
    if (!await send(reply, last, head)) return;
  }
}

/** The request, and whether all of it was read, so that another one may follow. */
function requestOf(
  head: Head,
  bytes: Incoming,
  connection: Connection,
  { over, whole, after }: { over(): boolean; whole(): void; after(): Promise<boolean> },
): { readonly request: HttpRequest; read(): boolean } {
  const none = head.framing.kind === "length" && head.framing.length === 0;
  let read = none;
  if (none) whole();
  const request: HttpRequest = {
    method: head.method,
    path: head.path,
    query: head.query,
    header: (name) => head.fields.get(name),
    fields: head.fields,
    async body(limit) {
      const fits = head.framing.kind === "chunked" || head.framing.length <= limit;
      if (head.waits && fits && !none) await connection.write(CONTINUE);
      const body = await readBody(head.framing, bytes, limit);
      read = body.ok;
      whole();
      return body;
    },
    // One who has sent his next request already is there; that he has gone shows when he is sent to.
    gone: () => new Promise((resolve) => void (read && after().then((more) => more || resolve()))),
    over,
  };
  return { request, read: () => read };
}
