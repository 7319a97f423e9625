// One frame on its way back to the client: paired with its request, held against the rules, recorded, and only then passed on.
import { serverFrame } from "../../../core/mcp/frames.ts";
import type { Open } from "../../../core/mcp/exchange.ts";
import { type SseEvent, sseEvent, withData } from "../../../core/mcp/sse.ts";
import { concatBytes } from "../../../core/base/bytes.ts";
import { unrecordedLine } from "../outcomes.ts";
import { passResult } from "../results.ts";
import { type Asking, noAnswer } from "./asking.ts";
import { unbroken } from "./replies.ts";

/** Who of those that wait may be meant by a frame. */
export type May = (open: Open) => boolean;

/** What of a frame the client gets; `line` is the same bytes object where it passes as it is. */
export type Back =
  | { readonly kind: "line"; readonly line: Uint8Array; readonly answered: Open | undefined }
  /** It does not pass; these lines say so to those who may wait for it. */
  | { readonly kind: "held"; readonly lines: readonly Uint8Array[]; readonly answered: readonly Open[] };

const NOTHING = { drop: () => {}, until: () => {} } as const;

/** What becomes of a frame of the server; undefined is one over the limit. */
export async function frameBack({ talk, exchange }: Asking, line: Uint8Array | undefined, may: May): Promise<Back> {
  const { notes, deciding } = talk;
  const step = line === undefined ? exchange.tooLongFromServer(may) : exchange.fromServer(line, may);
  switch (step.do) {
    case "pass": {
      if (line === undefined) throw new Error("what is too long does not pass");
      const { answered } = step;
      if (answered === undefined) return { kind: "line", line, answered };
      talk.drop(answered);
      const passed = await passResult(answered, step.status, line, deciding, step.frame);
      if (await notes.passed(answered, passed, line)) return { kind: "line", line: passed.line, answered };
      return { kind: "held", lines: [unbroken(unrecordedLine(answered.id))], answered: [answered] };
    }
    case "drop":
      await notes.stray("server", step.words, line);
      return { kind: "held", lines: [], answered: [] };
    case "fail": {
      if (step.open.length === 0) await notes.stray("server", "a frame that cannot be read", line);
      const lines: Uint8Array[] = [];
      for (const open of step.open) {
        lines.push(await noAnswer({ talk, exchange, open, row: NOTHING }, step.status, { frame: line }));
      }
      return { kind: "held", lines, answered: step.open };
    }
    default:
      return step satisfies never;
  }
}

/** What an event carries, without blanks around it, so that it is read as a frame by everybody or by nobody. */
export function trimmed(data: Uint8Array): Uint8Array {
  const blank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
  let [from, to] = [0, data.length];
  while (from < to && blank(data[from])) from++;
  while (to > from && blank(data[to - 1])) to--;
  return data.subarray(from, to);
}

/** A stream of the server. */
export type Stream = {
  readonly may: May;
  /** Whether it takes up another one: answers that passed before may come again. */
  readonly again: boolean;
  /** Hears of requests that were answered: by what frame, and what the client got. */
  settled(open: Open, frame: Uint8Array, line: Uint8Array): void;
};

/** What of an event the client gets; undefined is one over the limit. */
export async function eventBack(
  asking: Asking,
  event: SseEvent | undefined,
  { may, again, settled }: Stream,
): Promise<Uint8Array | undefined> {
  const data = event?.data === undefined ? undefined : trimmed(event.data);
  if (event !== undefined && (data === undefined || data.length === 0)) return event.raw;
  // The transport before this one would send its client to another address by this, past the gate.
  if (event?.name === "endpoint" || data?.[0] === 0xef) {
    await asking.talk.notes.stray("server", "an event that is none of this transport", data);
    return event === undefined ? undefined : withData(event);
  }
  const repeated = again && data !== undefined ? repeatedBack(asking, data, may) : undefined;
  if (repeated !== undefined && event !== undefined) return repeated === data ? event.raw : withData(event, repeated);
  const back = await frameBack(asking, data, may);
  if (back.kind === "held") {
    const [first, ...more] = back.lines;
    const own = event === undefined ? (first === undefined ? undefined : sseEvent(first)) : withData(event, first);
    return own === undefined ? undefined : concatBytes([own, ...more.map(sseEvent)]);
  }
  if (back.answered !== undefined && data !== undefined) settled(back.answered, data, back.line);
  return back.line === data || event === undefined ? event?.raw : withData(event, back.line);
}

/** What an answer came to that is told again on a stream that was taken up again. */
function repeatedBack({ talk, exchange }: Asking, data: Uint8Array, may: May): Uint8Array | undefined {
  const frame = serverFrame(data);
  if (frame.kind !== "answer") return undefined;
  const key = JSON.stringify(frame.id);
  return exchange.open().some((open) => JSON.stringify(open.id) === key && may(open)) ? undefined : talk.again(frame.id, data);
}
