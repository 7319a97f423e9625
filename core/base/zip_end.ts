// The end record of an archive, with or without zip64. It must be the very last thing and the only one: readers search for it
// backwards, and whatever follows it, or sits in a comment, is where two of them part ways.
import type { Source } from "./host.ts";
import { type Flaw, flaw } from "./zip_flaw.ts";

/** What an archive says of its central directory. */
export type End = {
  /** Where the directory starts. */
  readonly offset: number;
  /** Bytes of directory. */
  readonly length: number;
  readonly count: number;
  /** Where the first of the end records starts, which is where the directory must end. */
  readonly at: number;
  /** Why this may not be believed; the numbers then serve messages alone. */
  readonly flaw: Flaw | undefined;
};

type Said = Pick<End, "offset" | "length" | "count">;

const END = 0x06054b50;
const LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const ZIP64_BYTES = END64_BYTES + LOCATOR_BYTES;
const LONGEST_COMMENT = 0xffff;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
const P = 0x50;

/** Reads the end record; undefined where there is none, as in what is not a zip archive at all. */
export async function readEnd(source: Source): Promise<End | undefined> {
  const from = Math.max(0, source.size - END_BYTES - LONGEST_COMMENT);
  const tail = await source.read(from, source.size - from);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const comment = (at: number): number => view.getUint16(at + 20, true);
  const all = findRecords(tail, view);
  const last = all.filter((at) => from + at + END_BYTES + comment(at) === source.size); // its comment ends where the file does
  const at = last.at(-1) ?? all.at(-1);
  if (at === undefined) return undefined;

  const near = {
    offset: view.getUint32(at + 16, true),
    length: view.getUint32(at + 12, true),
    count: view.getUint16(at + 10, true),
  };
  const asks = near.count === MAX_16 || near.length === MAX_32 || near.offset === MAX_32;
  const wide = asks && at >= ZIP64_BYTES && view.getUint32(at - LOCATOR_BYTES, true) === LOCATOR
    ? readEnd64(view, at - ZIP64_BYTES, from, near)
    : undefined;
  const said = wide?.said ?? near;
  const start = from + at - (wide === undefined ? 0 : ZIP64_BYTES);
  const found = (): Flaw | undefined => {
    if (last.length > 1) return flaw("zip_ambiguous", "it has two end records");
    if (last.length === 0 || comment(at) > 0) {
      return flaw("zip_ambiguous", "its end record is followed by a comment or other bytes");
    }
    if (view.getUint32(at + 4, true) !== 0) return flaw("zip_unsupported", "it is one part of a split archive");
    if (view.getUint16(at + 8, true) !== near.count || wide?.agrees === false) {
      return flaw("zip_ambiguous", "its end record contradicts itself");
    }
    return said.offset + said.length === start
      ? undefined
      : flaw("zip_ambiguous", "there are bytes between its directory and its end record, or before its first entry");
  };
  return { ...said, at: start, flaw: found() };
}

/** Where the signatures of end records are in the tail of an archive. */
function findRecords(tail: Uint8Array, view: DataView): readonly number[] {
  const found: number[] = [];
  const stop = tail.length - END_BYTES;
  for (let at = tail.indexOf(P); at >= 0 && at <= stop; at = tail.indexOf(P, at + 1)) {
    if (view.getUint32(at, true) === END) found.push(at);
  }
  return found;
}

/**
 * What the zip64 record says that should be at `start` of the tail, its locator right behind it, and whether both agree with the
 * end record. A record with more in it than numbers, as encrypted directories have it, starts elsewhere and so disagrees.
 */
function readEnd64(view: DataView, start: number, from: number, near: Said): { readonly said: Said; readonly agrees: boolean } {
  if (view.getUint32(start, true) !== END64) return { said: near, agrees: false };
  const whole = (at: number): number => Number(view.getBigUint64(start + at, true));
  const said = { offset: whole(48), length: whole(40), count: whole(32) };
  const same = (small: number, large: number, max: number) => small === max || small === large;
  const record = whole(4) === END64_BYTES - 12 && whole(16) === 0 && whole(24) === said.count;
  const locator = view.getUint32(start + END64_BYTES + 4, true) === 0 && whole(END64_BYTES + 8) === from + start &&
    view.getUint32(start + END64_BYTES + 16, true) === 1;
  const numbers = same(near.count, said.count, MAX_16) && same(near.length, said.length, MAX_32) &&
    same(near.offset, said.offset, MAX_32);
  return { said, agrees: record && locator && numbers };
}
