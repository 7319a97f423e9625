// Questions of the gate to a client of the older generation, while they are open: who asked, whose answer it is, and when nobody waits
// for it any more.
import { hex } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json_value.ts";
import { isJsonObject } from "../../core/base/json_value.ts";
import { elicitLine, unaskLine } from "../../core/mcp/elicit.ts";
import type { Exchange } from "../../core/mcp/exchange.ts";
import type { FrameId } from "../../core/mcp/frames.ts";
import type { WrapPorts } from "./ports.ts";

/** How many questions may be open at a time: a client that lets no one answer must not be asked without end. */
export const MOST_QUESTIONS = 32;

/** The open questions of one session. */
export interface Questions {
  /** Whether one more may be asked. */
  free(): boolean;
  /**
   * Asks about a call; `say` takes the line to the client. Undefined where no result came: an error, too late, or the question was
   * dropped, and then the client is told so.
   */
  ask(call: FrameId, params: JsonObject, say: (line: Uint8Array) => Promise<unknown>): Promise<JsonObject | undefined>;
  /** Takes an answer; false where nobody waits for it. */
  answered(id: FrameId, result: Json | undefined): boolean;
  /** Drops the questions about a call, or all for good. */
  drop(call?: FrameId): void;
}

type Waiting = { readonly call: FrameId; readonly settle: (result: JsonObject | undefined, told: boolean) => void };

/** No questions yet; `patience` is how long one stays open, in milliseconds. */
export function questions(
  exchange: Pick<Exchange, "asks">,
  patience: number,
  { random, timer }: Pick<WrapPorts, "random" | "timer">,
): Questions {
  const open = new Map<FrameId, Waiting>();
  let over = false;
  return {
    free: () => !over && open.size < MOST_QUESTIONS,
    async ask(call, params, say) {
      if (over) return undefined;
      const id = `gait-${hex(random.bytes(16))}`; // nobody who asks the client as well can know it before
      exchange.asks(id);
      const ended = new Promise<{ readonly result: JsonObject | undefined; readonly told: boolean }>((resolve) => {
        open.set(id, {
          call,
          settle(result, told) {
            if (open.delete(id)) resolve({ result, told });
          },
        });
      });
      void timer.sleep(patience).then(() => open.get(id)?.settle(undefined, true));
      await say(elicitLine(id, params));
      const { result, told } = await ended;
      if (told) await say(unaskLine(id, "the call does not wait for an answer any more"));
      return result;
    },
    answered(id, result) {
      const waiting = open.get(id);
      waiting?.settle(isJsonObject(result) ? result : undefined, false);
      return waiting !== undefined;
    },
    drop(call) {
      over ||= call === undefined;
      for (const { call: about, settle } of [...open.values()]) {
        if (call === undefined || about === call) settle(undefined, !over);
      }
    },
  };
}
