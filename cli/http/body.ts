// The body of a request, by its framing: never more of it than the limit is held, and a chunked one is read by the letter.
import { fail, ok, type Result } from "../../core/base/result.ts";
import { type Head, isField } from "./head.ts";
import type { Incoming } from "./incoming.ts";

type Body = Result<Uint8Array<ArrayBuffer>>;

/** Reads a body of at most `limit` bytes. Faults `body_too_large`, `http_malformed`. */
export const readBody = (framing: Head["framing"], bytes: Incoming, limit: number): Promise<Body> =>
  framing.kind === "length" ? byLength(framing.length, bytes, limit) : byChunks(bytes, limit);

const tooLarge = (limit: number): Result<never> =>
  fail("body_too_large", `Cannot read the request: its body holds more than ${limit} bytes`);
const malformed = (words: string): Result<never> => fail("http_malformed", `Cannot read the request: ${words}`);

const CUT = "its body ended before its length";

async function byLength(length: number, bytes: Incoming, limit: number): Promise<Body> {
  if (length > limit) return tooLarge(limit);
  const room = roomFor(limit);
  return await room.take(length, bytes) ? ok(room.taken()) : malformed(CUT);
}

const PIECE = 65_536;

// One buffer, however small the pieces are that come. Room is made as they come: a length that is only claimed takes none.
function roomFor(limit: number) {
  let buffer = new Uint8Array(0);
  let size = 0;
  return {
    async take(length: number, bytes: Incoming): Promise<boolean> {
      for (let left = length; left > 0;) {
        const piece = Math.min(left, PIECE);
        if (size + piece > buffer.length) {
          const larger = new Uint8Array(Math.min(limit, Math.max(size + piece, 2 * buffer.length)));
          larger.set(buffer);
          buffer = larger;
        }
        if (!await bytes.fill(buffer.subarray(size, size + piece))) return false;
        size += piece;
        left -= piece;
      }
      return true;
    },
    taken: (): Uint8Array<ArrayBuffer> => buffer.subarray(0, size),
  };
}

const MOST_LINE = 256;
const MOST_TRAILERS = 16;

async function byChunks(bytes: Incoming, limit: number): Promise<Body> {
  const room = roomFor(limit);
  const end = new Uint8Array(2);
  for (let size = 0;;) {
    const line = await bytes.line(MOST_LINE);
    if (typeof line === "string") return malformed(CUT);
    const digits = /^([0-9A-Fa-f]{1,12})(?:[\t ]*;[\t -~]*)?$/.exec(line.text);
    if (digits === null) return malformed("a chunk has no size");
    const length = Number.parseInt(digits[1] ?? "", 16);
    if (length === 0) break;
    size += length;
    if (size > limit) return tooLarge(limit);
    if (!await room.take(length, bytes) || !await bytes.fill(end)) return malformed(CUT);
    if (end[0] !== 13 || end[1] !== 10) return malformed("a chunk is longer than its size");
  }
  for (let trailers = 0; trailers <= MOST_TRAILERS; trailers++) {
    const line = await bytes.line(MOST_LINE);
    if (typeof line === "string") return malformed(CUT);
    if (line.text === "") return ok(room.taken());
    // One in front that ends lines by a bare line feed would take what follows it for the next request.
    if (!isField(line.text)) return malformed("a trailer is no header field");
  }
  return malformed("its trailers are too many");
}
