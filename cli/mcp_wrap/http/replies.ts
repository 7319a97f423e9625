// What the gate says to a client itself: frames of JSON-RPC, whatever the status.
import type { FrameId } from "../../../core/mcp/frames.ts";
import { errorLine } from "../../../core/mcp/frames.ts";
import type { HttpReply } from "../../http/message.ts";

/** The error for a session that is not known (as official servers have it). */
const NO_SESSION = -32001;

const FRESH = { "cache-control": "no-store" } as const;

/** A line without its break. */
export const unbroken = (line: Uint8Array): Uint8Array => line.at(-1) === 0x0a ? line.subarray(0, -1) : line;

/** A frame of the gate's own. */
export const frameReply = (line: Uint8Array, status = 200): HttpReply => ({
  status,
  type: "application/json",
  headers: FRESH,
  body: unbroken(line),
});

/** An error, where a request does not even get as far as to be asked on. */
export const refusal = (status: number, id: FrameId | null, code: number, words: string): HttpReply =>
  frameReply(errorLine(id, code, words.startsWith("gait: ") ? words : `gait: ${words}`), status);

/** A session that is not known: its client begins another one. */
export const noSession = (id: FrameId | null): HttpReply => refusal(404, id, NO_SESSION, "Session not found");

/** Nothing but a status. */
export const bare = (status: number): HttpReply => ({ status, type: "", headers: FRESH, body: new Uint8Array() });

/** How a stream of the gate's own begins; proxies are told not to hold it up. */
export const EVENTS = {
  status: 200,
  type: "text/event-stream",
  headers: { "cache-control": "no-cache", "x-accel-buffering": "no" },
  body: new Uint8Array(),
} as const;
