// The bytes that come in over one connection, taken off in the pieces that HTTP has: heads, bodies by length, chunks.
import type { Connection } from "../../core/ports.ts";

const SMALL = 2_048;
const PIECE = 65_536;

/** Why there are no more bytes to take off: none came, or more came than may. */
export type Short = "ended" | "too much";

/** Bytes that come in. */
export interface Incoming {
  /** The text before an empty line, one character a byte; at most `most` bytes. */
  head(most: number): Promise<{ readonly text: string } | Short>;
  /** A line, without its end. */
  line(most: number): Promise<{ readonly text: string } | Short>;
  /** Exactly that many bytes into a buffer; false when they do not come. */
  fill(into: Uint8Array): Promise<boolean>;
  /** Whether bytes are here that were not taken off. */
  waiting(): boolean;
  /** Resolves with false at the end; with true once bytes are here. */
  some(): Promise<boolean>;
  /** Reads what still comes and throws it away, at most so much. */
  drain(most: number): Promise<void>;
}

const latin = new TextDecoder("latin1");

/** The bytes that come in over a connection. */
export function incoming(connection: Connection): Incoming {
  let buffer = new Uint8Array(SMALL);
  let from = 0;
  let to = 0;

  // Room is made for what comes next; an idle connection holds a small buffer only.
  async function more(): Promise<boolean> {
    if (from === to) {
      from = to = 0;
      if (buffer.length > SMALL) buffer = new Uint8Array(SMALL);
    } else if (to === buffer.length) {
      const larger = from > 0 && to - from <= buffer.length / 2 ? buffer : new Uint8Array(2 * buffer.length);
      larger.set(buffer.subarray(from, to));
      buffer = larger;
      to -= from;
      from = 0;
    }
    const count = await connection.read(buffer.subarray(to));
    to += count;
    return count > 0;
  }

  /** Where an end begins, looked for from where it was not found before; -1 when it is not here. */
  function find(end: readonly number[], seen: number): number {
    const [first = 0] = end;
    for (let at = buffer.indexOf(first, from + seen); at >= 0 && at + end.length <= to; at = buffer.indexOf(first, at + 1)) {
      if (end.every((byte, i) => buffer[at + i] === byte)) return at;
    }
    return -1;
  }

  async function until(end: readonly number[], most: number): Promise<{ readonly text: string } | Short> {
    for (let seen = 0;;) {
      const at = find(end, seen);
      if (at >= 0) {
        if (at - from > most) return "too much";
        const text = latin.decode(buffer.subarray(from, at));
        from = at + end.length;
        return { text };
      }
      seen = Math.max(0, to - from - end.length + 1);
      if (to - from > most) return "too much";
      if (!await more()) return "ended";
    }
  }

  return {
    head: (most) => until([13, 10, 13, 10], most),
    line: (most) => until([13, 10], most),
    async fill(into) {
      const here = Math.min(into.length, to - from);
      into.set(buffer.subarray(from, from + here));
      from += here;
      for (let done = here; done < into.length;) {
        const count = await connection.read(into.subarray(done, done + PIECE));
        if (count === 0) return false;
        done += count;
      }
      return true;
    },
    waiting: () => to > from,
    some: async () => to > from || await more(),
    async drain(most) {
      const rest = new Uint8Array(PIECE);
      for (let left = most; left > 0;) {
        const count = await connection.read(rest.subarray(0, Math.min(left, rest.length)));
        if (count === 0) return;
        left -= count;
      }
    },
  };
}
