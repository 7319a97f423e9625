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
  /**
   * The body, read when it is asked for. Faults: `body_too_large`, `http_malformed`, `request_timed_out`; after each of them the
   * connection ends with the reply.
   */
  body(limit: number): Promise<Result<Uint8Array<ArrayBuffer>>>;
}

/** What is answered. */
export type HttpReply = {
  readonly status: number;
  readonly type: string;
  /** Further fields, by names in lowercase. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What it is about, for logs; never sent. */
  readonly about?: string;
};

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  417: "Expectation Failed",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

const encoder = new TextEncoder();

/** A reply as it is sent; `last` says that the connection ends with it, `bodiless` that the request was one of HEAD. */
export function replyBytes({ status, type, headers = {}, body }: HttpReply, last: boolean, bodiless = false): Uint8Array {
  let head = `HTTP/1.1 ${status} ${
    REASONS[status] ?? "Unknown"
  }\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  head += last ? "connection: close\r\n\r\n" : "\r\n";
  const sent = bodiless ? 0 : body.length;
  const bytes = new Uint8Array(head.length + sent);
  encoder.encodeInto(head, bytes);
  if (sent > 0) bytes.set(body, head.length);
  return bytes;
}
