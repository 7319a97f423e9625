// Frames as they travel: one a line, or one a body. To JSON a CR is white space; to some readers of lines it ends one (Python's text
// streams among them), and what stands between two of them is then a frame of its own that nobody has decided.
import { isBlankLine } from "../base/lines.ts";
import { type ClientFrame, clientFrame, RPC, type ServerFrame, serverFrame } from "./frames.ts";

/** How what comes from either end is read. */
export type Reading = {
  readonly client: (frame: Uint8Array) => ClientFrame;
  /** `cut` is what some read as several, and what answers nothing as a whole. */
  readonly server: (frame: Uint8Array) => ServerFrame | { readonly kind: "cut" };
};

const CR = 0x0d;

/** Whether a CR stands in a line anywhere but at its end, where it belongs to the LF behind it. */
const isCut = (line: Uint8Array): boolean => {
  const at = line.indexOf(CR);
  return at >= 0 && at < line.length - 1;
};

/** One frame a line. */
export const LINES: Reading = {
  client: (line) => {
    const frame = clientFrame(line);
    if (!isCut(line) || frame.kind === "blank") return frame;
    const id = frame.kind === "request" || frame.kind === "refused" ? frame.id : undefined;
    const words = "A frame must not hold a CR: others read its line as several";
    return { kind: "refused", code: RPC.parse, words, ...(id === undefined ? {} : { id }) };
  },
  server: (line) => {
    const frame = serverFrame(line);
    if (!isCut(line) || frame.kind === "unreadable" || isBlankLine(line)) return frame;
    return frame.kind === "answer" ? { kind: "unreadable", id: frame.id } : { kind: "cut" };
  },
};

/** One frame a body, or an event, whose end is told otherwise. */
export const BODIES: Reading = { client: clientFrame, server: serverFrame };
