// What zip.js, which shares no line with our reader, makes of an archive at its strictest. Only the tests ask it.
import { ZipReader } from "@zip.js/zip.js/reader";
import { bytesSource } from "../../core/base/zip_read.ts";

/** An entry as both readers list it. */
export type Listed = {
  readonly name: Uint8Array;
  readonly size: number;
  readonly packed: number;
  readonly deflated: boolean;
  readonly crc32: number;
  /** Where the content starts, as the directory and the local header together say. */
  readonly start: number;
};

/** The entries that zip.js lists, in the order of the directory; undefined where it refuses the archive. */
export async function listWithZipJs(bytes: Uint8Array): Promise<readonly Listed[] | undefined> {
  const source = bytesSource(bytes);
  const reader = {
    size: source.size,
    readUint8Array: (at: number, length: number) => source.read(at, length),
    createReadable: () => new ReadableStream<Uint8Array>(),
    get readable() { // a reader must have one, but listing never streams
      return this.createReadable();
    },
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengths = (at: number): number =>
    at + 30 > bytes.length ? 0 : view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  try {
    const entries = await new ZipReader(reader, { strictness: "strict" }).getEntries();
    return entries.map((entry) => ({
      name: entry.rawFilename,
      size: entry.uncompressedSize,
      packed: entry.compressedSize,
      deflated: entry.compressionMethod === 8,
      crc32: entry.crc32 ?? -1,
      start: entry.offset + 30 + lengths(entry.offset),
    }));
  } catch {
    return undefined; // it knows no other way to refuse
  }
}
