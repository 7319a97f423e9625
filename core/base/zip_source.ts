// Sources of archive bytes: one in memory, and a window that turns many small reads into few.
import { concatBytes } from "./bytes.ts";
import type { Source } from "./host.ts";

/** A source of bytes that are in memory; what it reads are views of them. */
export const bytesSource = (bytes: Uint8Array): Source => ({
  size: bytes.length,
  read: (at, length) => Promise.resolve(bytes.subarray(at, at + length)),
});

/** The first `size` bytes of a source, and `tail` behind them. */
export const cutSource = (source: Source, size: number, tail: Uint8Array = new Uint8Array()): Source => ({
  size: size + tail.length,
  async read(at, length) {
    const before = at < size ? await source.read(at, Math.min(length, size - at)) : new Uint8Array();
    const rest = tail.subarray(Math.max(0, at - size), Math.max(0, at + length - size));
    return rest.length === 0 ? before : concatBytes([before, rest]);
  },
});

/** A source of bytes that are in memory in pieces. */
export const piecesSource = (pieces: readonly Uint8Array[]): Source => ({
  size: pieces.reduce((size, piece) => size + piece.length, 0),
  read(at, length) {
    const found: Uint8Array[] = [];
    let from = at; // seen from where the piece begins
    for (const piece of pieces) {
      if (from < piece.length && from + length > 0) found.push(piece.subarray(Math.max(0, from), from + length));
      from -= piece.length;
    }
    return Promise.resolve(concatBytes(found));
  },
});

const PIECE = 2 ** 18;

/** All bytes of a source in order, in pieces that need not be kept; fewer where it ends early. */
export async function* piecesOf(source: Source): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += PIECE) yield await source.read(at, Math.min(PIECE, source.size - at));
}

// Holds a whole small pack, or the tail in which an end record may be (65,557 bytes).
const WINDOW = 128 * 1024;

/** The same source read in windows of 128 KiB, for headers that lie close together; reads beyond either end give what is there. */
export function windowed(source: Source): Source {
  let held: { readonly from: number; readonly bytes: Uint8Array } = { from: 0, bytes: new Uint8Array() };
  return {
    size: source.size,
    async read(at, length) {
      const from = Math.max(0, at);
      const to = Math.min(source.size, at + length);
      if (from >= to) return new Uint8Array();
      if (to - from > WINDOW) return await source.read(from, to - from);
      let window = held;
      if (from < window.from || to > window.from + window.bytes.length) {
        const start = Math.max(0, Math.min(from, source.size - WINDOW)); // the last window ends where the source does
        window = { from: start, bytes: await source.read(start, Math.min(WINDOW, source.size - start)) };
        held = window;
      }
      return window.bytes.subarray(from - window.from, to - window.from);
    },
  };
}
