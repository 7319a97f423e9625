// The one zip writer. Its bytes depend on nothing but its input: zip.js packs with its own zlib, since each runtime's
// CompressionStream gives other bytes.
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js/native";
import { byBytes } from "./text.ts";
import { MAX_ENTRIES, MAX_ENTRY_BYTES } from "./zip_limits.ts";
import { findDuplicate, findTwins, quoteName, unsafeName } from "./zip_names.ts";

/** One file of an archive to be written. */
export type ZipFile = { readonly path: string; readonly bytes: Uint8Array };

configure({ useCompressionStream: false, useWebWorkers: false, chunkSize: 65_536 });

const DOS_1980_01_01 = 1 << 21 | 1 << 16; // month and day; year and time are zero. A Date would be read in local time

const OPTIONS = {
  level: 6,
  keepOrder: true,
  dataDescriptor: false,
  extendedTimestamp: false,
  zip64: false,
  version: 20,
  useUnicodeFileNames: true,
  unixMode: 0o100644,
  rawLastModDate: DOS_1980_01_01,
  // workerd refuses the infinite mark of zip.js's own stream
  createTempStream: () => new TransformStream(undefined, undefined, { highWaterMark: 2 ** 30 }),
};

/**
 * The archive of `files`: sorted by name in byte order, deflated, dated 1980-01-01 00:00:00, mode 0644, without comments; an
 * empty file is an entry too. A name or a size that the reader would refuse is the caller's bug, so it throws.
 */
export async function writeZip(files: readonly ZipFile[]): Promise<Uint8Array> {
  const bug = misuse(files);
  if (bug !== undefined) throw new Error(bug);
  const zip = new ZipWriter(new Uint8ArrayWriter(), OPTIONS);
  for (const { path, bytes } of files.toSorted((a, b) => byBytes(a.path, b.path))) {
    await zip.add(path, new Uint8ArrayReader(bytes));
  }
  return await zip.close();
}

function misuse(files: readonly ZipFile[]): string | undefined {
  const names = files.map((file) => file.path);
  if (names.length > MAX_ENTRIES) return `An archive holds at most ${MAX_ENTRIES} entries`;
  const twice = findDuplicate(names) ?? findTwins(names)?.[1];
  if (twice !== undefined) return `Entry ${quoteName(twice)} is there twice`;
  for (const { path, bytes } of files) {
    const why = unsafeName(path) ?? (path.isWellFormed() && !path.endsWith("/") ? undefined : "is not the name of a file");
    if (why !== undefined) return `Entry name ${quoteName(path)} ${why}`;
    if (bytes.length > MAX_ENTRY_BYTES) return `Entry ${quoteName(path)} holds more than ${MAX_ENTRY_BYTES} bytes`;
  }
  return undefined;
}
