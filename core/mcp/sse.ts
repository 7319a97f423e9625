// Server-sent events, as a gate sees them: cut out of a stream without changing a byte, and what each of them carries (WHATWG HTML,
// section 9.2.6). Only an event that the gate acts on is made anew.
import { concatBytes, fromUtf8, markLength, utf8 } from "../base/bytes.ts";

/** One event. Its bytes are those of the pieces that came, and must not change meanwhile. */
export type SseEvent = {
  /** All of it, with the empty line that ends it. */
  readonly raw: Uint8Array;
  /** Its type; empty where it has none. */
  readonly name: string;
  /** What it carries; undefined where it has no data. */
  readonly data: Uint8Array | undefined;
  /** Whether it has an id, from which the stream may be taken up again. */
  readonly marked: boolean;
};

/** Takes the pieces of a stream in order. What follows the last event is none: readers throw it away. */
export interface SseFeed {
  push(piece: Uint8Array): void;
}

const CR = 0x0d;
const LF = 0x0a;

/** Hands on each event when it is whole. Of one over `most` bytes nothing is handed on but undefined, once. */
export function sseFeed(most: number, take: (event: SseEvent | undefined) => void): SseFeed {
  let begun: Uint8Array[] = []; // of an event whose end has not come
  let size = 0;
  let over = false;
  let empty = true; // whether the line has no byte yet
  let pair = false; // whether a LF would belong to the CR before it
  let first = true;
  const keep = (bytes: Uint8Array): void => {
    size += bytes.length;
    if (over) return;
    if (size > most) {
      over = true;
      begun = [];
      take(undefined);
    } else begun.push(bytes);
  };
  const end = (): void => {
    const whole = begun.length === 1 ? begun[0] : concatBytes(begun);
    if (!over && whole !== undefined && whole.length > 0) take(eventOf(whole, first));
    begun = [];
    size = 0;
    over = first = false;
  };
  return {
    push(piece) {
      let from = 0;
      let at = 0;
      if (pair && piece[0] === LF) {
        at = 1;
        if (size === 0) { // that of an event which was handed on already
          take({ raw: piece.subarray(0, 1), name: "", data: undefined, marked: false });
          from = 1;
        }
      }
      if (piece.length > 0) pair = false;
      let [cr, lf] = [piece.indexOf(CR, at), piece.indexOf(LF, at)];
      for (;;) {
        if (cr >= 0 && cr < at) cr = piece.indexOf(CR, at);
        if (lf >= 0 && lf < at) lf = piece.indexOf(LF, at);
        const stop = cr < 0 ? lf : lf < 0 ? cr : Math.min(cr, lf);
        if (stop < 0) break;
        const blank = empty && stop === at;
        at = stop + 1;
        empty = true;
        if (stop === cr) {
          if (piece[at] === LF) at++;
          else if (at === piece.length) pair = true;
        }
        if (!blank) continue;
        keep(piece.subarray(from, at));
        end();
        from = at;
      }
      if (at < piece.length) empty = false;
      if (from < piece.length) keep(piece.subarray(from));
    },
  };
}

/** The lines of an event, without their ends. */
function* linesOf(raw: Uint8Array): Generator<Uint8Array> {
  let [cr, lf] = [raw.indexOf(CR), raw.indexOf(LF)];
  for (let at = 0; at < raw.length;) {
    if (cr >= 0 && cr < at) cr = raw.indexOf(CR, at);
    if (lf >= 0 && lf < at) lf = raw.indexOf(LF, at);
    const stop = cr < 0 ? lf : lf < 0 ? cr : Math.min(cr, lf);
    const line = raw.subarray(at, stop < 0 ? raw.length : stop);
    at = stop < 0 ? raw.length : stop + 1;
    if (stop === cr && stop >= 0 && raw[at] === LF) at++;
    if (line.length > 0) yield line;
  }
}

const COLON = 0x3a;
const BLANK = 0x20;

/** The name of the field of a line, and its value; a comment has an empty name. */
function fieldOf(line: Uint8Array): readonly [name: string, value: Uint8Array] {
  const colon = line.indexOf(COLON);
  if (colon < 0) return [fromUtf8(line), line.subarray(line.length)];
  return [fromUtf8(line.subarray(0, colon)), line.subarray(colon + (line[colon + 1] === BLANK ? 2 : 1))];
}

/** Without the byte order mark that may stand in front of a stream. */
export function unmarked(raw: Uint8Array): Uint8Array {
  const mark = markLength(raw);
  return mark > 0 ? raw.subarray(mark) : raw;
}

function eventOf(raw: Uint8Array, first: boolean): SseEvent {
  const data: Uint8Array[] = [];
  let name = "";
  let marked = false;
  for (const line of linesOf(first ? unmarked(raw) : raw)) {
    const [field, value] = fieldOf(line);
    if (field === "data") data.push(data.length === 0 ? value : concatBytes([BREAK, value]));
    else if (field === "event") name = fromUtf8(value);
    else if (field === "id") marked ||= value.length > 0;
  }
  const joined = data.length === 1 ? data[0] : data.length === 0 ? undefined : concatBytes(data);
  return { raw, name, data: joined, marked };
}

const BREAK = utf8("\n");
const DATA = utf8("data: ");
const END = utf8("\n\n");

// A break in JSON is nothing but a blank between two of its parts.
const oneLine = (frame: Uint8Array): Uint8Array =>
  frame.includes(LF) || frame.includes(CR) ? frame.map((byte) => byte === LF || byte === CR ? BLANK : byte) : frame;

// Some readers (those of Python that split text at all of these) end a line where the standard does not.
const OTHER_ENDS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029";
const SPLITS = new RegExp(`[${OTHER_ENDS}]`);
// Behind a mark a line is no field, but to those who skip the mark wherever it stands.
const MARKED = /^\ufeff/m;
const EACH_SPLIT = new RegExp(SPLITS, "g");

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * Events as every reader cuts them: what only some of them take for the end of a line is escaped in data, which is the same JSON, and other
 * lines that hold it are left out. The same bytes object where nothing holds it.
 */
export function unsplit(events: Uint8Array): Uint8Array {
  const text = fromUtf8(events);
  if (!SPLITS.test(text) && !MARKED.test(text)) return events;
  const lines = text.split(/(?<=\n|\r(?!\n))/).map((line) => {
    if (MARKED.test(line)) return "";
    if (!SPLITS.test(line)) return line;
    return line.startsWith("data:") ? line.replace(EACH_SPLIT, escaped) : "";
  });
  return utf8(lines.join(""));
}

/** An event that carries a frame of JSON. */
export const sseEvent = (frame: Uint8Array): Uint8Array =>
  unsplit(concatBytes([utf8("event: message\n"), DATA, oneLine(frame), END]));

/** The event with another frame, or with none: what else it says stays. Undefined where nothing is left of it. */
export function withData({ raw }: SseEvent, frame?: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const kept = [...linesOf(unmarked(raw))].filter((line) => {
    const [field] = fieldOf(line);
    return field !== "data" && (frame !== undefined || field === "id" || field === "retry");
  });
  if (frame === undefined && kept.length === 0) return undefined;
  const lines = kept.flatMap((line) => [line, BREAK]);
  return concatBytes(frame === undefined ? [...lines, BREAK] : [...lines, DATA, oneLine(frame), END]);
}
