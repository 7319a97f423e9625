// Lines out of bytes that come in pieces, one at a time, so that the whole need not be held.
import { concatBytes } from "./bytes.ts";

/** Takes pieces in order. */
export type LineFeed = {
  push(piece: Uint8Array): void;
  /** After the last piece: hands on what follows the last LF, if anything does. */
  end(): void;
};

const LF = 0x0a;

/** Whether a line holds nothing but blanks, tabs and CR: readers of JSON lines skip it. */
export const isBlankLine = (line: Uint8Array): boolean => line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

/**
 * Cuts bytes into lines ended by LF, and hands each on without it, with its number from 1. The bytes are only lent for the
 * call. Of a line over `most` bytes a beginning that is longer than `most` is handed on, and then nothing more: nothing of that line
 * (`after` is `skip`), or nothing at all.
 */
export function lineFeed(
  most: number,
  line: (bytes: Uint8Array, number: number) => void,
  after: "stop" | "skip" = "stop",
): LineFeed {
  let begun: Uint8Array[] = []; // pieces of a line whose end has not come
  let size = 0;
  let number = 0;
  let over: "no" | "line" | "all" = "no"; // what is left out
  const hand = (bytes: Uint8Array): void => {
    line(begun.length === 0 ? bytes : concatBytes([...begun, bytes]), ++number);
    begun = [];
    size = 0;
  };
  return {
    push(piece) {
      if (over === "all") return;
      let from = 0;
      for (let feed = piece.indexOf(LF); feed !== -1; feed = piece.indexOf(LF, from)) {
        if (over === "no") hand(piece.subarray(from, feed));
        over = "no";
        from = feed + 1;
      }
      if (from === piece.length || over === "line") return;
      const rest = piece.slice(from);
      if (size + rest.length > most) {
        hand(rest);
        over = after === "skip" ? "line" : "all";
        return;
      }
      begun.push(rest);
      size += rest.length;
    },
    end() {
      if (begun.length > 0) hand(new Uint8Array());
    },
  };
}
