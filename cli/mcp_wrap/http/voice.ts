// The voice of the gate to the client of a call, while the call is decided: a stream that begins with the first question.
import type { JsonObject } from "../../../core/base/json_value.ts";
import type { FrameId } from "../../../core/mcp/frames.ts";
import { sseEvent } from "../../../core/mcp/sse.ts";
import type { Questions } from "../questions.ts";
import { unbroken } from "./replies.ts";

/** A voice that has not spoken. */
export interface Voice {
  /** Resolves when there is something to say. */
  readonly begun: Promise<void>;
  elicit(params: JsonObject): Promise<JsonObject | undefined>;
  /** Says it, and what is said from now on. */
  attach(send: (piece: Uint8Array) => Promise<boolean>): Promise<void>;
}

/** The voice for one call. */
export function voiceFor(call: FrameId, questions: Questions): Voice {
  const waiting: Uint8Array[] = [];
  let send: ((piece: Uint8Array) => Promise<boolean>) | undefined;
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => begin = resolve);
  const say = async (line: Uint8Array): Promise<void> => {
    const event = sseEvent(unbroken(line));
    if (send !== undefined) return void await send(event);
    waiting.push(event);
    begin();
  };
  return {
    begun,
    elicit: (params) => questions.ask(call, params, say),
    async attach(to) {
      for (const event of waiting.splice(0)) await to(event);
      send = to;
    },
  };
}
