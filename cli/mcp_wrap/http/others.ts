// What is no request of JSON-RPC: notifications and answers of a client, the stream that it listens on, the end of a session, and what a
// client asks of the server beside the protocol.
import type { UpstreamAnswer } from "../../../core/ports.ts";
import { RPC } from "../../../core/mcp/frames.ts";
import { openExchange } from "../../../core/mcp/exchange.ts";
import { BODIES } from "../../../core/mcp/line_frames.ts";
import type { HttpReply, HttpRequest } from "../../http/message.ts";
import { bodyOf, carriesResult, headOf, isStream, pump, streamHead } from "./answer.ts";
import { type Asking, send, sendOn } from "./asking.ts";
import { type Stream, trimmed } from "./back.ts";
import { SESSION_FIELD } from "./fields.ts";
import type { Gate } from "./gate.ts";
import { noSession, refusal } from "./replies.ts";
import { worked, works } from "./work.ts";

const unreachable = (late: boolean): HttpReply =>
  late
    ? refusal(504, null, RPC.internal, "the server has not answered in time")
    : refusal(502, null, RPC.internal, "the server does not answer");

type Keeping = (body: Uint8Array) => Partial<HttpReply>;

/** What the server has answered, with what is kept of its body; undefined where that has no end. */
async function ended(answer: UpstreamAnswer, most: number, keep: Keeping): Promise<HttpReply | undefined> {
  const body = await bodyOf(answer, most);
  if (typeof body === "string") return undefined;
  return answer.status >= 300 && answer.status < 400
    ? refusal(502, null, RPC.internal, "the server has answered with a redirect")
    : { ...headOf(answer), body: new Uint8Array(), ...keep(body) };
}

// What is asked beside the protocol passes where nobody can take it for a result.
const plain: Keeping = (body) => carriesResult(trimmed(body)) ? {} : { body };

// Clients read whatever comes as frames, also where they have asked nothing, and whatever its type says.
const bodiless: Keeping = () => ({ type: "" });

/** Sends on what no answer is waited for, and gives the status that the server has for it. */
export async function passWhole(asking: Asking, body?: Uint8Array): Promise<HttpReply> {
  const { gate: { settings, watch, session, close }, work, talk, request } = asking;
  const row = watch.add();
  row.until(settings.patience, () => work.stop("late"));
  const answer = await sendOn(asking, body).answer;
  const reply = answer.ok ? await ended(answer.value, settings.most, bodiless) : undefined;
  row.drop();
  if (reply?.status === 404 && session(request.header(SESSION_FIELD) ?? "") === talk) close(talk, "server_ended");
  return reply ?? unreachable(work.stopped() === "late");
}

/** Works on a request without a body; one that names a session that is not known is refused. */
async function asked(
  request: HttpRequest,
  gate: Gate,
  endless: boolean,
  act: (asking: Asking) => Promise<HttpReply>,
): Promise<HttpReply> {
  const body = await request.body(0);
  if (!body.ok) return refusal(413, null, RPC.request, "The body must be empty");
  const session = request.header(SESSION_FIELD);
  const talk = session === undefined ? gate.loose : gate.session(session);
  if (talk === undefined) return noSession(null);
  const work = talk.works.begin(endless);
  void request.gone().then(() => work.stop("gone"));
  const exchange = session === undefined ? openExchange(talk.known, BODIES) : talk.exchange();
  return await worked(work, () => act({ request, gate, talk, exchange, work }));
}

/** A stream on which the server speaks of its own accord, or goes on with what it began on another one. */
export const listen = (request: HttpRequest, gate: Gate): Promise<HttpReply> =>
  asked(request, gate, true, async (asking) => {
    const { talk, work } = asking;
    const answer = await sendOn(asking).answer;
    if (!answer.ok) return unreachable(false);
    const { value } = answer;
    if (isStream(value)) {
      const settled: Stream["settled"] = (open, frame, line) => talk.told(open.id, frame, line);
      return {
        ...streamHead(value),
        async stream(send) {
          await pump(asking, value, { may: talk.kept, again: talk.id !== "", settled }, send);
          return true;
        },
      };
    }
    if (value.status < 300) {
      work.stop("ending"); // it may never end what it has begun
      return refusal(405, null, RPC.request, "the server has answered with no stream of events");
    }
    const reply = await ended(value, gate.settings.most, bodiless);
    if (reply?.status === 404) gate.close(talk, "server_ended");
    return reply ?? unreachable(false);
  });

/** The client ends its session: what it leaves is sealed, if the server takes it. */
export const leave = (request: HttpRequest, gate: Gate): Promise<HttpReply> =>
  asked(request, gate, false, async (asking) => {
    const reply = await passWhole(asking);
    if (reply.status >= 200 && reply.status < 300) gate.close(asking.talk, "client_closed");
    return reply;
  });

// Of a session nothing is asked there: a server that takes such a path for its endpoint must not find one.
const ofSession = (name: string): boolean => name.startsWith("mcp-") || name === "last-event-id";

/** What a browser asks before it sends anything (CORS), and what a client asks of who may give it tokens (RFC 9728). */
export async function beside(request: HttpRequest, gate: Gate): Promise<HttpReply> {
  const { settings, place: { upstream }, ports, watch } = gate;
  const body = await request.body(0);
  if (!body.ok) return refusal(413, null, RPC.request, "The body must be empty");
  const work = works().begin();
  const row = watch.add();
  row.until(settings.patience, () => work.stop("late"));
  void request.gone().then(() => work.stop("gone"));
  const fields = new Map([...request.fields].filter(([name]) => !ofSession(name)));
  const address = { ...upstream, path: request.path, query: request.query };
  const answer = await send(ports, { method: request.method, fields }, address, work).answer;
  const reply = answer.ok ? await ended(answer.value, settings.most, plain) : undefined;
  row.drop();
  return reply ?? unreachable(work.stopped() === "late");
}
