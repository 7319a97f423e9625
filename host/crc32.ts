// CRC-32 as in zip and gzip, eight bytes a step, for runtimes without a native one.
import { lazy } from "../core/base/lazy.ts";

// Eight tables of 256: table k holds what a byte does to the sum when k zero bytes follow it.
const tables = lazy(() => {
  const table = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i++) {
    const crc = table[i - 256] ?? 0;
    table[i] = crc >>> 8 ^ (table[crc & 255] ?? 0);
  }
  return table;
});

/** The CRC-32 of `bytes`, from 0 to 2^32 - 1; to go on after a first part, give its sum as `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const table = tables();
  // INVARIANT: every index is below the length of the table, so `?? 0` is for the type checker alone.
  const at = (i: number): number => table[i] ?? 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes.length - bytes.length % 8;
  let crc = ~before;
  let i = 0;
  for (; i < wide; i += 8) {
    const low = crc ^ view.getInt32(i, true);
    const high = view.getInt32(i + 4, true);
    crc = at(0x700 | low & 255) ^ at(0x600 | low >>> 8 & 255) ^ at(0x500 | low >>> 16 & 255) ^ at(0x400 | low >>> 24) ^
      at(0x300 | high & 255) ^ at(0x200 | high >>> 8 & 255) ^ at(0x100 | high >>> 16 & 255) ^ at(high >>> 24);
  }
  for (; i < bytes.length; i++) crc = crc >>> 8 ^ at((crc ^ view.getUint8(i)) & 255);
  return ~crc >>> 0;
}
