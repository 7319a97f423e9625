// A POST of a client: one frame, held against its header fields; a call is decided before it leaves.
import { sha256Hex } from "../../../core/base/digest.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { isJsonObject } from "../../../core/base/json_value.ts";
import { type AskedCall, type Exchange, isEndless, type Open, openExchange, shared } from "../../../core/mcp/exchange.ts";
import { type ClientFrame, clientFrame, errorLine, type FrameId, RPC } from "../../../core/mcp/frames.ts";
import { fieldMismatch, HEADER_MISMATCH, isStatelessMessage, paramMismatch } from "../../../core/mcp/http_headers.ts";
import { BODIES } from "../../../core/mcp/line_frames.ts";
import { CALL } from "../../../core/mcp/protocol.ts";
import type { ToolList } from "../../../core/mcp/tool_list.ts";
import { sseEvent } from "../../../core/mcp/sse.ts";
import type { HttpReply, HttpRequest } from "../../http/message.ts";
import { statusOf } from "../../serve/reply.ts";
import { type CallEnd, type ClientVoice, decideCall } from "../call.ts";
import { answerReply } from "./answer.ts";
import { type Asking, lost, sendOn, waitFor, type Waiting } from "./asking.ts";
import { fieldOf, SESSION_FIELD, typeOf } from "./fields.ts";
import type { Gate } from "./gate.ts";
import { passWhole } from "./others.ts";
import { bare, EVENTS, frameReply, noSession, refusal, unbroken } from "./replies.ts";
import { type Voice, voiceFor } from "./voice.ts";
import { worked } from "./work.ts";

/** Answers a POST. */
export async function post(request: HttpRequest, gate: Gate): Promise<HttpReply> {
  const body = await request.body(gate.settings.most);
  if (!body.ok) return refusal(statusOf(body.fault), null, RPC.request, body.fault.message);
  const frame = clientFrame(body.value);
  const id = frame.kind === "request" ? frame.id : null;
  if (frame.kind === "blank") return refusal(400, null, RPC.parse, "The body is blank");
  const session = isStatelessMessage(frame, request.header) ? undefined : request.header(SESSION_FIELD);
  const talk = session === undefined ? gate.loose : gate.session(session);
  if (talk === undefined) return noSession(id);
  const words = disagreement(frame, request, talk.known.tools);
  if (words !== undefined) {
    await talk.notes.stray("client", "its header fields do not agree with its body", body.value);
    return refusal(400, id, HEADER_MISMATCH, `Header mismatch: ${words}`);
  }
  const work = talk.works.begin(frame.kind === "request" && isEndless(frame.method));
  void request.gone().then(() => work.stop("gone"));
  const { value } = body;
  if (frame.kind === "request" && frame.method === "initialize" && session === undefined) {
    return await worked(work, () => greeting({ request, gate, talk, work }, frame, value));
  }
  return await worked(work, () => stepped({ request, gate, talk, exchange: talk.exchange(), work }, frame, value));
}

// What the server says of itself counts for the session that it begins, or for all where it begins none.
async function greeting(
  asking: Omit<Asking, "exchange">,
  frame: ClientFrame,
  body: Uint8Array<ArrayBuffer>,
): Promise<HttpReply> {
  const { gate, talk } = asking;
  const known = shared();
  const exchange = openExchange(known, BODIES);
  let begun = false;
  const reply = await stepped({ ...asking, exchange }, frame, body, (session) => {
    begun = true;
    gate.begin(session, known, exchange);
  });
  const learn = (): void => {
    if (!begun) talk.known.reported = known.reported ?? talk.known.reported;
  };
  learn();
  const { stream } = reply;
  if (stream === undefined) return reply;
  return { ...reply, stream: (send) => stream(send).finally(learn) };
}

/** In what the header fields of a message do not agree with its body. */
function disagreement(frame: ClientFrame, { header }: HttpRequest, tools: ToolList): string | undefined {
  const words = fieldMismatch(frame, header);
  if (words !== undefined || frame.kind !== "request" || frame.method !== CALL) return words;
  const { name, arguments: args = {} } = frame.params;
  const tool = typeof name === "string" && isStatelessMessage(frame, header) ? tools.find(name) : undefined;
  return tool === undefined || !isJsonObject(args) ? undefined : paramMismatch(tool.declared, args, header);
}

/** Hears what the server calls the session that it has begun. */
type Greeted = (session: string) => void;

async function stepped(
  asking: Asking,
  frame: ClientFrame,
  body: Uint8Array<ArrayBuffer>,
  greeted?: Greeted,
): Promise<HttpReply> {
  const { exchange, talk: { notes, questions } } = asking;
  const step = exchange.fromClient(body);
  switch (step.do) {
    case "pass": {
      if (step.cancelled !== undefined) questions?.drop(step.cancelled);
      const open = frame.kind === "request" ? openAs(exchange, frame.id) : undefined;
      return open === undefined ? await passWhole(asking, body) : await carry(waitFor(asking, open, frame), body, greeted);
    }
    case "answered": {
      if (questions?.answered(step.id, step.result) !== true) await notes.stray("client", "nobody waits for this answer", body);
      return bare(202);
    }
    case "refuse":
      await notes.stray("client", step.words, body);
      return refusal(step.id === null || frame.kind === "refused" ? 400 : 200, step.id, step.code, step.words);
    case "decide":
      return await decided(asking, step.call, frame, body);
    default:
      return step satisfies never;
  }
}

const openAs = (exchange: Exchange, id: FrameId): Open | undefined => exchange.open().find((open) => open.id === id);

async function decided(asking: Asking, call: AskedCall, frame: ClientFrame, body: Uint8Array): Promise<HttpReply> {
  const { request, exchange, talk: { deciding, questions }, work, gate: { ports } } = asking;
  const voice = questions !== undefined && call.client.asks && questions.free() && takesEvents(request)
    ? voiceFor(call.id, questions)
    : undefined;
  work.ends(() => questions?.drop(call.id));
  const given = request.header("authorization");
  const client: ClientVoice = {
    principal: given === undefined ? "" : `authorization:${sha256Hex(ports.host.crypto, utf8(given))}`,
    ...(voice === undefined ? {} : { elicit: voice.elicit }),
    current: () => ({ tool: exchange.tools.find(call.tool), reported: exchange.reported() }),
  };
  const deciding_ = decideCall(call, exchange.tools.find(call.tool), exchange.reported(), client, deciding);
  const then = async (end: CallEnd): Promise<HttpReply> => await ended(asking, call, end, frame, body);
  if (voice === undefined || !await Promise.race([deciding_.then(() => false), voice.begun.then(() => true)])) {
    return await then(await deciding_);
  }
  return { ...EVENTS, stream: spoken(call.id, voice, async () => await then(await deciding_)) };
}

/** The stream of a client that was asked something: the questions, and then what the call came to. */
const spoken = (id: FrameId, voice: Voice, end: () => Promise<HttpReply>): NonNullable<HttpReply["stream"]> => async (send) => {
  await voice.attach(send);
  const { stream, status, body } = await end();
  if (stream !== undefined) return await stream(send);
  const failed = errorLine(id, RPC.internal, `gait: the server has answered with status ${status}`);
  return await send(sseEvent(status < 300 && body.length > 0 ? body : unbroken(failed)));
};

const takesEvents = ({ header }: HttpRequest): boolean =>
  (header("accept") ?? "").split(",").some((one) => typeOf(one) === "text/event-stream");

async function ended(asking: Asking, call: AskedCall, end: CallEnd, frame: ClientFrame, body: Uint8Array): Promise<HttpReply> {
  const { exchange, talk: { notes } } = asking;
  const open = openAs(exchange, call.id);
  if (end.kind === "leave" && open !== undefined) {
    return await carry(waitFor(asking, open, frame), end.line ?? body);
  }
  if (end.kind === "leave") throw new Error("a call that may leave is open");
  if (end.fault !== undefined) notes.failed(end.fault);
  exchange.close(call.id);
  return frameReply(end.line);
}

/** Sends a request on, and gives what its client gets. */
async function carry(waiting: Waiting, body: Uint8Array, greeted?: Greeted): Promise<HttpReply> {
  const { exchange, open, work, talk, gate, request } = waiting;
  if (work.stopped() !== undefined) {
    open.sent = false; // whatever it is, it has not left
    return frameReply(await lost(waiting));
  }
  exchange.sent(open.id);
  const answer = await sendOn(waiting, body).answer;
  if (!answer.ok) return frameReply(await lost(waiting));
  const { status, headers } = answer.value;
  const begun = fieldOf(headers, SESSION_FIELD);
  if (status < 300 && begun !== "") greeted?.(begun);
  const reply = await answerReply(waiting, answer.value);
  if (status === 404 && talk.id !== "" && request.header(SESSION_FIELD) === talk.id) gate.close(talk, "server_ended");
  return reply;
}
