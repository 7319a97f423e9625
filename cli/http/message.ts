// What the server of HTTP and those who answer requests hand each other.
import type { Result } from "../../core/base/result.ts";

/** A request whose head was read. */
export interface HttpRequest {
  readonly method: string;
  /** Without the query, as it was sent. */
  readonly path: string;
  /** What follows the first `?`; empty without one. */
  readonly query: string;
  /** A field by its name in lowercase; those that were sent more than once are joined by commas. */
  header(name: string): string | undefined;
  /** All of them. */
  readonly fields: ReadonlyMap<string, string>;
  /**
   * The body, read when it is asked for. Faults: `body_too_large`, `http_malformed`, `request_timed_out`; after each of them the
   * connection ends with the reply.
   */
  body(limit: number): Promise<Result<Uint8Array<ArrayBuffer>>>;
  /** Resolves when the caller has gone before his reply has ended; asked for once the body was read, or where there is none. */
  gone(): Promise<void>;
  /** Whether its connection was ended before its reply: it came too slowly or took too long, and no reply to it is sent any more. */
  over(): boolean;
}

/**
 * Sends a body as it comes: `send` resolves with false once nobody reads it any more. The reply has ended when this resolves; with false
 * the body was cut short, and the connection ends with it.
 */
export type ReplyStream = (send: (piece: Uint8Array) => Promise<boolean>) => Promise<boolean>;

/** What is answered. */
export type HttpReply = {
  readonly status: number;
  /** Empty where there is no body to have one. */
  readonly type: string;
  /** Further fields, by names in lowercase; those with several values are sent as often. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  /** What is sent in the place of `body`. */
  readonly stream?: ReplyStream;
  /** What it is about, for logs; never sent. */
  readonly about?: string;
};

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  417: "Expectation Failed",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
};

const encoder = new TextEncoder();

function headText({ status, type, headers = {} }: HttpReply, framing: string, last: boolean): string {
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? "Unknown"}\r\n`;
  if (type !== "") head += `content-type: ${type}\r\n`;
  head += framing;
  for (const [name, value] of Object.entries(headers)) {
    for (const one of typeof value === "string" ? [value] : value) head += `${name}: ${one}\r\n`;
  }
  return last ? `${head}connection: close\r\n\r\n` : `${head}\r\n`;
}

// Header fields are bytes of one character each; those of others need not be plain ASCII.
function putHead(head: string, into: Uint8Array): void {
  const { written } = encoder.encodeInto(head, into);
  if (written === head.length && into[head.length - 1] === 10) return;
  for (let at = 0; at < head.length; at++) into[at] = head.charCodeAt(at);
}

/** A reply as it is sent; `last` says that the connection ends with it, `bodiless` that the request was one of HEAD. */
export function replyBytes(reply: HttpReply, last: boolean, bodiless = false): Uint8Array {
  const { status, body } = reply;
  const head = headText(reply, status === 204 ? "" : `content-length: ${body.length}\r\n`, last);
  const sent = bodiless ? 0 : body.length;
  const bytes = new Uint8Array(head.length + sent);
  putHead(head, bytes);
  if (sent > 0) bytes.set(body, head.length);
  return bytes;
}

/** The head of a reply whose body is streamed: in chunks, or up to the end of the connection where the caller knows no chunks. */
export function streamHead(reply: HttpReply, last: boolean, chunks: boolean): Uint8Array {
  const head = headText(reply, chunks ? "transfer-encoding: chunked\r\n" : "", last);
  const bytes = new Uint8Array(head.length);
  putHead(head, bytes);
  return bytes;
}

/** A piece of a streamed body; an empty one would be taken for its end. */
export function chunkOf(piece: Uint8Array): Uint8Array {
  const size = `${piece.length.toString(16)}\r\n`;
  const bytes = new Uint8Array(size.length + piece.length + 2);
  encoder.encodeInto(size, bytes);
  bytes.set(piece, size.length);
  bytes.set(LINE_END, size.length + piece.length);
  return bytes;
}

const LINE_END = encoder.encode("\r\n");

/** The end of a body in chunks. */
export const LAST_CHUNK: Uint8Array = encoder.encode("0\r\n\r\n");
