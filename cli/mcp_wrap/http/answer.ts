// The answer of the server to a request of JSON-RPC: one document, or a stream of events that is passed on event by event.
import { concatBytes } from "../../../core/base/bytes.ts";
import { type FrameId, serverFrame } from "../../../core/mcp/frames.ts";
import { type SseEvent, sseEvent, sseFeed, unmarked, unsplit } from "../../../core/mcp/sse.ts";
import type { UpstreamAnswer } from "../../../core/ports.ts";
import type { HttpReply, ReplyStream } from "../../http/message.ts";
import { type Asking, lost, noAnswer, type Waiting } from "./asking.ts";
import { eventBack, frameBack, type Stream, trimmed } from "./back.ts";
import { fieldOf, toClient, typeOf } from "./fields.ts";
import { frameReply } from "./replies.ts";

/** What an event may hold beside its frame. */
const BESIDE = 1_024;

/** Whether an answer is a stream of events. */
export const isStream = ({ status, headers }: UpstreamAnswer): boolean =>
  status >= 200 && status < 300 && typeOf(fieldOf(headers, "content-type")) === "text/event-stream";

/** The head of a reply as the server has answered. */
export const headOf = ({ status, headers }: UpstreamAnswer) => ({
  status,
  type: fieldOf(headers, "content-type"),
  headers: toClient(headers),
});

/** The head of a stream: it is one of UTF-8, whatever character set its own type may name. */
export const streamHead = (answer: UpstreamAnswer) => ({
  ...headOf(answer),
  type: "text/event-stream",
  body: new Uint8Array(),
});

/** A whole body: cut where it was cut short, large where it is over the limit. */
export async function bodyOf(answer: UpstreamAnswer, most: number): Promise<Uint8Array | "cut" | "large"> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const piece = await answer.read();
    if (!piece.ok) return "cut";
    if (piece.value === undefined) break;
    pieces.push(piece.value);
    size += piece.value.length;
    if (size > most) return "large";
  }
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : concatBytes(pieces);
}

/** Passes the events of a stream on until it ends, or nobody reads it any more. */
export async function pump(
  asking: Asking,
  answer: UpstreamAnswer,
  stream: Stream,
  send: (piece: Uint8Array) => Promise<boolean>,
  seen: (event: SseEvent) => void = () => {},
): Promise<void> {
  const events: (SseEvent | undefined)[] = [];
  let begun = false;
  const feed = sseFeed(asking.gate.settings.most + BESIDE, (event) => void events.push(event));
  for (;;) {
    const piece = await answer.read();
    if (!piece.ok || piece.value === undefined) return;
    feed.push(piece.value);
    for (const event of events.splice(0)) {
      if (event !== undefined) seen(event);
      const back = await eventBack(asking, event, stream);
      const first = !begun; // of what came: one that the client sees first may be another
      begun = true;
      if (back !== undefined && !await send(unsplit(first ? unmarked(back) : back))) asking.work.stop("gone");
    }
  }
}

/** The answer to a request, as its client gets it. */
export async function answerReply(waiting: Waiting, answer: UpstreamAnswer): Promise<HttpReply> {
  if (isStream(answer)) return { ...streamHead(answer), stream: streamed(waiting, answer) };
  const reply = await whole(waiting, answer);
  waiting.row.drop();
  return reply;
}

function streamed(waiting: Waiting, answer: UpstreamAnswer): ReplyStream {
  const { open, exchange, talk, work, row, stateless } = waiting;
  return async (send) => {
    let marked = false;
    const stream: Stream = {
      may: (one) => one === open,
      again: false,
      settled(_open, frame, line) {
        row.drop(); // the server may take its time to end the stream
        if (marked && !stateless && talk.id !== "") talk.told(open.id, frame, line);
      },
    };
    await pump(waiting, answer, stream, send, (event) => marked ||= event.marked);
    const why = work.stopped();
    if (exchange.open().includes(open)) {
      // One with marks may be taken up again, as long as the session lasts.
      const again = marked && !stateless && talk.id !== "" && (why === undefined || why === "gone");
      if (again) talk.keep(open);
      else {
        const line = await lost(waiting);
        if (!open.cancelled) await send(sseEvent(line));
      }
    }
    row.drop();
    return true;
  };
}

async function whole(waiting: Waiting, answer: UpstreamAnswer): Promise<HttpReply> {
  const { open, gate: { settings }, work, talk } = waiting;
  const body = await bodyOf(answer, settings.most);
  if (body === "large") {
    work.stop("ending");
    return frameReply(await noAnswer(waiting, "too_large"));
  }
  if (body === "cut") return frameReply(await lost(waiting));
  const head = headOf(answer);
  if (answer.status >= 300 && answer.status < 400) {
    // A client that follows would get past the gate.
    return frameReply(await noAnswer(waiting, "error", { words: "the server has answered with a redirect", frame: body }));
  }
  const line = trimmed(body);
  const refused = answer.status >= 400;
  if (line.length === 0) {
    await noAnswer(waiting, refused ? "error" : "unanswered");
    return { ...head, type: "", body: new Uint8Array() };
  }
  if (refused && !isErrorFor(line, open.id)) {
    // Clients show such a body to a model, or find a result in it.
    const told = await noAnswer(waiting, "error", {
      words: `the server has answered with status ${answer.status}`,
      frame: body,
    });
    return { ...head, type: "application/json", body: told };
  }
  const back = await frameBack(waiting, line, (one) => one === open);
  if (back.kind === "line" && back.answered === open) {
    // Its own type may name a character set in which it says something else.
    return { ...head, type: "application/json", body: back.line === line ? body : back.line };
  }
  if (back.kind === "held" && back.lines[0] !== undefined) return frameReply(back.lines[0]);
  if (back.kind === "line") await talk.notes.stray("server", "a frame that answers no request", line);
  return frameReply(await noAnswer(waiting, "unanswered", { words: "the server has answered something else" }));
}

/** Whether a body that comes with an error of HTTP is that of the protocol for a request, and nothing beside. */
function isErrorFor(line: Uint8Array, id: FrameId): boolean {
  const frame = serverFrame(line);
  return frame.kind === "answer" && frame.id === id && !Object.hasOwn(frame.frame, "result");
}

/** Whether a body may be taken for a result. */
export function carriesResult(line: Uint8Array): boolean {
  const frame = serverFrame(line);
  return frame.kind === "answer" && Object.hasOwn(frame.frame, "result");
}
