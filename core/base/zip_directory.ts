// The central directory, read by hand: a library that lists it settles doubts of its own accord, and ours are refusals. Where an
// archive may not be read its names are still listed as far as they go, since one that is there twice is told before all else.
import type { Source } from "./host.ts";
import { readEnd } from "./zip_end.ts";
import { fillIn, splitExtra, wideNumbers } from "./zip_extra.ts";
import { type Flaw, flaw } from "./zip_flaw.ts";
import { MAX_DIRECTORY_BYTES, MAX_ENTRIES } from "./zip_limits.ts";
import { decodeName } from "./zip_names.ts";
import type { Row } from "./zip_rows.ts";

/** The rows of a directory in its order, and where it starts. With a flaw they are what could be made of it. */
export type Directory = { readonly rows: readonly Row[]; readonly at: number; readonly flaw: Flaw | undefined };

const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const ENCRYPTED = 0x08064b50; // what stands before a directory that is encrypted
const MAX_32 = 0xffffffff;

/**
 * Lists the directory of an archive, of which it holds at most 32 MiB. A flaw alone where there is nothing to list: `not_a_zip`,
 * or `zip_too_many_entries` where its end record says so.
 */
export async function readDirectory(source: Source): Promise<Directory | Flaw> {
  const end = await readEnd(source);
  if (end === undefined) return flaw("not_a_zip", "it is not a zip archive, or its end is cut off");
  if (end.flaw === undefined && end.count > MAX_ENTRIES) {
    return flaw("zip_too_many_entries", `it has more than ${MAX_ENTRIES} entries`);
  }
  if (end.flaw === undefined && end.length > MAX_DIRECTORY_BYTES) {
    return flaw("zip_too_many_entries", `its directory takes more than ${MAX_DIRECTORY_BYTES} bytes`);
  }
  let best = listRows(new Uint8Array());
  // One place, unless the numbers contradict each other; then whichever shows more.
  for (const at of new Set([end.offset, end.at - end.length])) {
    if (at < 0 || at >= end.at) continue;
    const listed = listRows(await source.read(at, Math.min(end.at - at, MAX_DIRECTORY_BYTES)));
    if (listed.rows.length > best.rows.length || listed.encrypted) best = listed;
  }
  const { rows, length, encrypted } = best;
  const odd = encrypted
    ? flaw("zip_unsupported", "its directory is encrypted")
    : rows.length !== end.count || length !== end.length
    ? flaw("zip_ambiguous", "its directory holds other entries than its end record counts")
    : undefined;
  return { rows, at: end.offset, flaw: end.flaw ?? odd };
}

/** What a stretch of bytes holds of a directory: its rows up to the first that is none, at most as many as may be, and their length. */
type Listing = { readonly rows: readonly Row[]; readonly length: number; readonly encrypted: boolean };

function listRows(bytes: Uint8Array): Listing {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: Row[] = [];
  let at = 0;
  while (rows.length < MAX_ENTRIES && at + CENTRAL_BYTES <= bytes.length && view.getUint32(at, true) === CENTRAL) {
    const end = at + CENTRAL_BYTES + [28, 30, 32].reduce((sum, length) => sum + view.getUint16(at + length, true), 0);
    if (end > bytes.length) break;
    rows.push(readRow(bytes, view, at));
    at = end;
  }
  return { rows, length: at, encrypted: at === 0 && bytes.length >= 4 && view.getUint32(0, true) === ENCRYPTED };
}

/** The row at `at`, which is whole. */
function readRow(bytes: Uint8Array, view: DataView, at: number): Row {
  const small = (place: number): number => view.getUint16(at + place, true);
  const large = (place: number): number => view.getUint32(at + place, true);
  const name = at + CENTRAL_BYTES;
  const extra = name + small(28);
  const rawName = bytes.subarray(name, extra);
  const fields = splitExtra(bytes.subarray(extra, extra + small(30)));
  const stated = [large(24), large(20), large(42)];
  const left = stated.map((number) => number === MAX_32);
  const [size = 0, packed = 0, offset = 0] = fillIn(stated, left, wideNumbers(fields));
  const { text, valid } = decodeName(rawName);
  return {
    name: text,
    valid,
    rawName,
    system: view.getUint8(at + 5),
    version: view.getUint8(at + 6), // some writers keep their own number in the upper byte
    flags: small(8),
    method: small(10),
    crc32: large(16),
    size,
    packed,
    at: offset,
    disk: small(34),
    attributes: large(38),
    fields,
    left,
  };
}
