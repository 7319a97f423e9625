// The body of a request, by its framing: never more of it than the limit is held, and a chunked one is read by the letter.
import { concatBytes } from "../../core/base/bytes.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { Head } from "./head.ts";
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
  const body = await take(length, bytes);
  return body === undefined ? malformed(CUT) : ok(body);
}

const PIECE = 65_536;

// Room is made as the bytes come: a length that is only claimed takes none.
async function take(length: number, bytes: Incoming): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let left = length; left > 0;) {
    const piece = new Uint8Array(Math.min(left, PIECE));
    if (!await bytes.fill(piece)) return undefined;
    pieces.push(piece);
    left -= piece.length;
  }
  const [first = new Uint8Array(0), ...others] = pieces;
  return others.length === 0 ? first : concatBytes(pieces);
}

const MOST_LINE = 256;
const MOST_TRAILERS = 16;

async function byChunks(bytes: Incoming, limit: number): Promise<Body> {
  const pieces: Uint8Array[] = [];
  for (let size = 0;;) {
    const line = await bytes.line(MOST_LINE);
    if (typeof line === "string") return malformed(CUT);
    const digits = /^([0-9A-Fa-f]{1,12})(?:[\t ]*;[\t -~]*)?$/.exec(line.text);
    if (digits === null) return malformed("a chunk has no size");
    const length = Number.parseInt(digits[1] ?? "", 16);
    if (length === 0) break;
    size += length;
    if (size > limit) return tooLarge(limit);
    const piece = await take(length, bytes);
    const end = new Uint8Array(2);
    if (piece === undefined || !await bytes.fill(end)) return malformed(CUT);
    if (end[0] !== 13 || end[1] !== 10) return malformed("a chunk is longer than its size");
    pieces.push(piece);
  }
  for (let trailers = 0; trailers <= MOST_TRAILERS; trailers++) {
    const line = await bytes.line(MOST_LINE);
    if (typeof line === "string") return malformed(CUT);
    if (line.text === "") return ok(concatBytes(pieces));
  }
  return malformed("its trailers are too many");
}
