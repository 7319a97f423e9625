// The local side of an archive. Entries must lie one after the other from the first byte to the central directory, and each
// local header must say what the directory says, so that readers that stream and readers that seek see the same entries.
import { sameBytes } from "./bytes.ts";
import type { Source } from "./host.ts";
import { checkExtra, fillIn, splitExtra, wideNumbers } from "./zip_extra.ts";
import { type Flaw, flaw } from "./zip_flaw.ts";
import { HAS_DESCRIPTOR, type Row } from "./zip_rows.ts";

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const LOCAL_BYTES = 30;
const LONGEST_DESCRIPTOR = 24;
const MAX_32 = 0xffffffff;

/** Where the content of each row starts, by row, or the first flaw in the order of the archive; its directory starts at `end`. */
export async function readLayout(source: Source, rows: readonly Row[], end: number): Promise<ReadonlyMap<Row, number> | Flaw> {
  const inOrder = [...rows].sort((a, b) => a.at - b.at);
  if ((inOrder[0]?.at ?? end) !== 0) return flaw("zip_ambiguous", "there are bytes before its first entry");
  const starts = new Map<Row, number>();
  for (const [i, row] of inOrder.entries()) {
    const next = inOrder[i + 1]?.at ?? end;
    const local = await readLocal(source, row);
    if ("code" in local) return local;
    const dataEnd = local.start + row.packed;
    if (dataEnd > next) {
      return i + 1 < inOrder.length
        ? flaw("zip_ambiguous", "overlaps the entry that follows", row.name)
        : flaw("zip_damaged", "reaches into the central directory", row.name);
    }
    const tail = await source.read(dataEnd, Math.min(next - dataEnd, LONGEST_DESCRIPTOR + 1));
    if (!tailAgrees(tail, row, local.wide)) {
      return flaw("zip_ambiguous", "is followed by bytes that belong to no entry, or by a wrong data descriptor", row.name);
    }
    starts.set(row, local.start);
  }
  return starts;
}

/** What the local header of a row adds to the directory: where the content starts, and whether it has a zip64 field. */
type Local = { readonly start: number; readonly wide: boolean };

async function readLocal(source: Source, row: Row): Promise<Local | Flaw> {
  const refuse = (what: string) =>
    flaw("zip_ambiguous", `has another ${what} in its local header than in the directory`, row.name);
  const missing = flaw("zip_damaged", "has no local header where the directory says", row.name);
  const fixed = await source.read(row.at, LOCAL_BYTES);
  if (fixed.length < LOCAL_BYTES) return missing;
  const view = new DataView(fixed.buffer, fixed.byteOffset, fixed.byteLength);
  if (view.getUint32(0, true) !== LOCAL) return missing;
  const nameBytes = view.getUint16(26, true);
  const rest = await source.read(row.at + LOCAL_BYTES, nameBytes + view.getUint16(28, true));
  if (!sameBytes(rest.subarray(0, nameBytes), row.rawName)) return refuse("name");
  if (view.getUint16(6, true) !== row.flags) return refuse("set of flags");
  if (view.getUint16(8, true) !== row.method) return refuse("method");
  const fields = splitExtra(rest.subarray(nameBytes));
  // With a data descriptor the local header may leave the three numbers 0; an archive written as a stream knows no better.
  const streamed = (row.flags & HAS_DESCRIPTOR) !== 0;
  const wide = wideNumbers(fields);
  const stated = [view.getUint32(22, true), view.getUint32(18, true)];
  const left = stated.map((number) => number === MAX_32);
  const [size = 0, packed = 0] = fillIn(stated, left, wide);
  const agrees = (said: number, meant: number) => said === meant || streamed && said === 0;
  if (!agrees(view.getUint32(14, true), row.crc32)) return refuse("checksum");
  if (!agrees(size, row.size)) return refuse("size");
  if (!agrees(packed, row.packed)) return refuse("packed size");
  const numbers = streamed && wide?.length === 2 && wide.every((n) => n === 0n) ? [0, 0] : [row.size, row.packed];
  const bad = checkExtra(fields, { ...row, numbers, left });
  return bad ?? { start: row.at + LOCAL_BYTES + rest.length, wide: wide !== undefined };
}

/** Whether what follows the content is what the flags promise: nothing, or one descriptor with the right three numbers. */
function tailAgrees(tail: Uint8Array, row: Row, wide: boolean): boolean {
  if ((row.flags & HAS_DESCRIPTOR) === 0) return tail.length === 0;
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const numbers = wide ? 20 : 12;
  const at = tail.length - numbers;
  if (at !== 0 && (at !== 4 || view.getUint32(0, true) !== DESCRIPTOR)) return false;
  const number = (i: number): number =>
    wide ? Number(view.getBigUint64(at + 4 + 8 * i, true)) : view.getUint32(at + 4 + 4 * i, true);
  return view.getUint32(at, true) === row.crc32 && number(0) === row.packed && number(1) === row.size;
}
