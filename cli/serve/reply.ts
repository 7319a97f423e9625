// How the server answers: a result in the form that the path has, a fault always as one JSON object, with the status that it has.
import { utf8 } from "../../core/base/bytes.ts";
import { envelope } from "../../core/base/envelope.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import type { Fault } from "../../core/base/result.ts";
import type { HttpReply } from "../http/message.ts";
import { jsonLine } from "../render.ts";
import { masked } from "../secrets.ts";

/** How a result is sent. */
export type Form = "json" | "sse" | "ndjson";

const JSON_TYPE = "application/json";
/** What a caller decided by is not kept by those in between. */
const FRESH = { "cache-control": "no-store" } as const;

/** A document of JSON. */
export const jsonReply = (status: number, data: object, always: readonly string[] = ["ok"]): HttpReply => ({
  status,
  type: JSON_TYPE,
  headers: FRESH,
  body: utf8(jsonLine(data, always)),
});

/** A result in one of the forms. */
export function resultReply(form: Form, status: number, data: object, always: readonly string[]): HttpReply {
  const line = jsonLine(data, always);
  switch (form) {
    case "json":
      return { status, type: JSON_TYPE, headers: FRESH, body: utf8(line) };
    case "sse":
      return {
        status,
        type: "text/event-stream",
        headers: { "cache-control": "no-cache", "x-accel-buffering": "no" },
        body: utf8(`event: evaluate\ndata: ${line}\n`),
      };
    case "ndjson":
      return { status, type: "application/x-ndjson", headers: FRESH, body: utf8(line) };
    default:
      return never(form);
  }
}

const STATUS: Readonly<Partial<Record<FaultCode, number>>> = {
  host_refused: 403,
  method_refused: 405,
  credentials_refused: 401,
  media_type_refused: 415,
  body_too_large: 413,
  request_timed_out: 408,
  request_missing: 404,
  request_closed: 409,
  session_busy: 400, // as all that a journal of a session answers (spec 05, section 3.2, step 8)
};

/** The status of a fault: its own, else by how it ends a program. */
export function statusOf(fault: Fault): number {
  const own = STATUS[fault.code];
  if (own !== undefined) return own;
  const { exit, members } = envelope(fault);
  switch (exit) {
    case "usage":
    case "verification":
    case "blocked":
    case "approval":
    case "regression":
    case "unsafe":
      return 400;
    case "internal":
    case "dependency":
      return members.retryable ? 503 : 500;
    default:
      return never(exit);
  }
}

/** A fault as it is told, with a status of its own where the protocol has one. */
export function faultReply(fault: Fault, status = statusOf(fault), headers: Readonly<Record<string, string>> = {}): HttpReply {
  const { members } = envelope(fault);
  const { file: _, ...place } = fault.at ?? {}; // where files are is none of a caller's business beyond what the message says
  const body = masked(jsonLine({ ...fault.details, ...place, ...members }, ["ok", "retryable"]));
  const more = status === 401 ? { "www-authenticate": "Bearer" } : status === 503 ? { "retry-after": "1" } : {};
  return { status, type: JSON_TYPE, headers: { ...FRESH, ...more, ...headers }, body: utf8(body), about: fault.code };
}

/** The reply to a path that is none. */
export const NOT_FOUND: HttpReply = { status: 404, type: "text/plain; charset=utf-8", body: utf8("404 page not found\n") };

/** Gives replies the date of their second, as HTTP has it. */
export function dating(now: () => string): (reply: HttpReply) => HttpReply {
  let second = "";
  let date = "";
  return (reply) => {
    const moment = now().slice(0, 19);
    if (moment !== second) {
      second = moment;
      date = new Date(`${moment}Z`).toUTCString();
    }
    return { ...reply, headers: { date, ...reply.headers } };
  };
}

const never = (value: never): never => {
  throw new Error(`unknown: ${JSON.stringify(value)}`);
};
