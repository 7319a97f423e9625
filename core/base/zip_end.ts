// The end record of an archive, with or without zip64. It must be the very last thing: readers search for it backwards, and
// whatever follows it, or sits in a comment, is where two of them part ways.
import type { Source } from "./host.ts";
import { type Flaw, flaw } from "./zip_flaw.ts";

/** What the end record says of the central directory: where it starts, its bytes, its entries. */
export type End = { readonly offset: number; readonly length: number; readonly count: number };

const END = 0x06054b50;
const LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

/** Reads the end record of an archive that has one somewhere; a flaw unless every byte up to the end is accounted for. */
export async function readEnd(source: Source): Promise<End | Flaw> {
  const from = Math.max(0, source.size - END64_BYTES - LOCATOR_BYTES - END_BYTES);
  const tail = await source.read(from, source.size - from);
  const at = tail.length - END_BYTES;
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  if (at < 0 || view.getUint32(at, true) !== END || view.getUint16(at + 20, true) !== 0) {
    return flaw("zip_ambiguous", "its end record is followed by a comment or other bytes");
  }
  const count = view.getUint16(at + 10, true);
  const length = view.getUint32(at + 12, true);
  const offset = view.getUint32(at + 16, true);
  const oneDisk = view.getUint32(at + 4, true) === 0 && view.getUint16(at + 8, true) === count;
  const near = { offset, length, count };
  const far = at >= END64_BYTES + LOCATOR_BYTES && view.getUint32(at - LOCATOR_BYTES, true) === LOCATOR;
  const wide = far && (count === MAX_16 || length === MAX_32 || offset === MAX_32) ? readEnd64(view, from, near) : near;
  const end = wide ?? near;
  if (!oneDisk || wide === undefined) return flaw("zip_ambiguous", "its end record contradicts itself");
  const records = wide === near ? END_BYTES : END64_BYTES + LOCATOR_BYTES + END_BYTES;
  if (end.offset + end.length + records !== source.size) {
    return flaw("zip_ambiguous", "there are bytes between its directory and its end record, or before its first entry");
  }
  return end;
}

/** The zip64 records that fill the front of the tail; undefined where they and the end record disagree. */
function readEnd64(view: DataView, from: number, near: End): End | undefined {
  const whole = (at: number): number => Number(view.getBigUint64(at, true));
  const end: End = { offset: whole(48), length: whole(40), count: whole(32) };
  const agrees = (small: number, large: number, max: number) => small === max || small === large;
  const locator = END64_BYTES;
  return view.getUint32(0, true) === END64 && whole(4) === END64_BYTES - 12 && whole(16) === 0 && whole(24) === end.count &&
      view.getUint32(locator + 4, true) === 0 && whole(locator + 8) === from && view.getUint32(locator + 16, true) === 1 &&
      agrees(near.count, end.count, MAX_16) && agrees(near.length, end.length, MAX_32) &&
      agrees(near.offset, end.offset, MAX_32)
    ? end
    : undefined;
}
