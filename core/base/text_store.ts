// Many texts in little room: as UTF-8 in pages, found again by number and compared without being made strings again.
import { fromUtf8, utf8 } from "./bytes.ts";
import { numberList } from "./number_list.ts";

/** Texts by number, from 0 in the order in which they were put in. */
export type TextStore = {
  /** Keeps a text and gives its number. */
  put(text: string): number;
  /** Whether the text of this number is this one. */
  holds(number: number, text: string): boolean;
  get(number: number): string;
  /** Forgets all texts; the next number is 0 again. Room for as many is kept. */
  clear(): void;
};

const PAGE = 2 ** 16;
// A longer text gets a page of its own, so that the ends of pages do not add up.
const LONG = PAGE / 16;
const MOST_BYTES = 3; // that one UTF-16 unit takes

const encoder = new TextEncoder();

/** An empty store. Texts must be well-formed. */
export function textStore(): TextStore {
  const pages: Uint8Array[] = [];
  const scratch = new Uint8Array(MOST_BYTES * LONG);
  let long: Uint8Array[] = [];
  let page = 0;
  let used = 0;
  // Where each text lies: its first byte among all pages, or below zero its place in `long`; and how many bytes it has.
  let starts = numberList();
  let sizes = numberList();
  let count = 0;

  const held = (number: number): Uint8Array | undefined => {
    if (number < 0 || number >= count) return undefined;
    const start = starts.get(number);
    if (start < 0) return long[-1 - start];
    const at = start % PAGE;
    return pages[(start - at) / PAGE]?.subarray(at, at + sizes.get(number));
  };

  return {
    put(text) {
      if (text.length > LONG) {
        const bytes = utf8(text);
        starts.set(count, -long.push(bytes));
        sizes.set(count, bytes.length);
        return count++;
      }
      if (used + MOST_BYTES * text.length > PAGE) {
        page++;
        used = 0;
      }
      const room = pages[page] ??= new Uint8Array(PAGE);
      const { written } = encoder.encodeInto(text, room.subarray(used));
      starts.set(count, page * PAGE + used);
      sizes.set(count, written);
      used += written;
      return count++;
    },
    holds(number, text) {
      const given = text.length > LONG ? utf8(text) : scratch.subarray(0, encoder.encodeInto(text, scratch).written);
      const bytes = sizes.get(number) === given.length ? held(number) : undefined;
      if (bytes === undefined) return false;
      for (let i = 0; i < bytes.length; i++) if (bytes[i] !== given[i]) return false;
      return true;
    },
    get(number) {
      const bytes = held(number);
      if (bytes === undefined) throw new RangeError(`no text has the number ${number}`);
      return fromUtf8(bytes);
    },
    clear() {
      long = [];
      page = 0;
      used = 0;
      starts = numberList();
      sizes = numberList();
      count = 0;
    },
  };
}
