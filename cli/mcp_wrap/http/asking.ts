// A request on its way to the server: what it is asked with, how long it is waited for, and what becomes of it where no answer comes.
import { type CallStatus, type Exchange, isEndless, type Open } from "../../../core/mcp/exchange.ts";
import { isStatelessMessage } from "../../../core/mcp/http_headers.ts";
import { type ClientFrame, errorLine, RPC } from "../../../core/mcp/frames.ts";
import type { SentRequest, UpstreamRequest } from "../../../core/ports.ts";
import type { HttpRequest } from "../../http/message.ts";
import type { Watched } from "../../http/watch.ts";
import { upstreamUrl } from "../../mcp_upstream.ts";
import { WHY_NONE } from "../outcomes.ts";
import type { Conversation } from "./conversation.ts";
import { toServer, withoutSession } from "./fields.ts";
import type { Gate } from "./gate.ts";
import { unbroken } from "./replies.ts";
import type { Work } from "./work.ts";

/** A request of a client with all that it is worked on with. */
export type Asking = {
  readonly request: HttpRequest;
  readonly gate: Gate;
  readonly talk: Conversation;
  readonly exchange: Exchange;
  readonly work: Work;
};

/** A request of JSON-RPC that waits for its answer. */
export type Waiting = Asking & {
  readonly open: Open;
  readonly stateless: boolean;
  /** How long it may take. */
  readonly row: Watched;
};

/** Sends a request on; without a body where there is none. */
export function sendOn({ request, gate: { place: { upstream }, ports }, talk, work }: Asking, body?: Uint8Array): SentRequest {
  const { method, query } = request;
  // What counts to no session here must be of none there either: what a session has read says what its calls may do.
  const fields = talk.id === "" ? withoutSession(request.fields) : request.fields;
  return send(ports, { method, fields }, { ...upstream, query: query || upstream.query }, work, body);
}

/** Sends a request to any path of the server. */
export function send(
  ports: Gate["ports"],
  { method, fields }: Pick<HttpRequest, "method" | "fields">,
  address: Gate["place"]["upstream"],
  work: Work,
  body?: Uint8Array,
): SentRequest {
  const asked: UpstreamRequest = {
    method,
    url: upstreamUrl(address),
    headers: toServer(fields),
    ...(body === undefined ? {} : { body }),
  };
  const sent = ports.upstream.send(asked);
  work.ends(sent.close);
  return sent;
}

/** A request that is about to leave. What lasts until it is ended may take as long as it likes. */
export function waitFor(asking: Asking, open: Open, frame: ClientFrame): Waiting {
  const { gate: { watch, settings }, work, request } = asking;
  const row = watch.add();
  if (!isEndless(open.method)) row.until(settings.patience, () => work.stop("late"));
  return { ...asking, open, row, stateless: isStatelessMessage(frame, request.header) };
}

/** Writes down that no answer counts, and gives the error that says so. */
export async function noAnswer(
  { talk, exchange, open, row }: Pick<Waiting, "talk" | "exchange" | "open" | "row">,
  status: CallStatus,
  { words = WHY_NONE[status] ?? "the server does not answer", frame, left = true }: {
    readonly words?: string;
    readonly frame?: Uint8Array | undefined;
    /** Whether a call got as far as to be allowed. */
    readonly left?: boolean;
  } = {},
): Promise<Uint8Array> {
  row.drop();
  talk.drop(open);
  exchange.close(open.id);
  const ended = status === "unanswered" && open.cancelled ? "cancelled" : status;
  const reason_codes = [`mcp_result_${ended}`];
  if (left) await talk.notes.settled(open, ended, frame, reason_codes);
  return unbroken(errorLine(open.id, RPC.internal, `gait: ${words}`, { reason_codes }));
}

/** The same for a request that was stopped, or whose server is not there or has gone. */
export async function lost(waiting: Waiting): Promise<Uint8Array> {
  const { work, open, stateless } = waiting;
  if (!open.sent) return await noAnswer(waiting, "not_sent");
  const why = work.stopped();
  switch (why) {
    case "late":
      return await noAnswer(waiting, "timed_out");
    case "gone": // to close a stream takes its request back only where there are no sessions
      return await noAnswer(waiting, stateless ? "cancelled" : "unanswered", { words: "the client has gone" });
    case "ending":
      return await noAnswer(waiting, "unanswered", { words: "the gate ends" });
    case undefined:
      return await noAnswer(waiting, "unanswered");
    default:
      return why satisfies never;
  }
}
