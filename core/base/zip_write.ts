// The one zip writer. Its bytes depend on nothing but its input: zip.js packs with its own zlib, since each runtime's
// CompressionStream gives other bytes.
import { configure, Reader, Writer, ZipWriter } from "@zip.js/zip.js/native";
import { concatBytes } from "./bytes.ts";
import type { Sink } from "./host.ts";
import { fail, type Fault, ok, type Result } from "./result.ts";
import { byBytes } from "./text.ts";
import { MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_WRITTEN_BYTES, maxTotalBytes } from "./zip_limits.ts";
import { findDuplicate, findTwins, quoteName, unsafeName } from "./zip_names.ts";

/** One file of an archive to be written. */
export type ZipFile = { readonly path: string; readonly bytes: Uint8Array };

/** The same where nobody need hold its bytes. */
export type ZipPart = {
  readonly path: string;
  readonly size: number;
  /** Its mode is 0755 then, and 0644 otherwise. */
  readonly executable?: boolean;
  /** Exactly `length` bytes. Asked for from the first to the last, each once; of an empty file no bytes are asked for, once. */
  read(at: number, length: number): Promise<Result<Uint8Array>>;
};

configure({ useCompressionStream: false, useWebWorkers: false, chunkSize: 65_536 });

const DOS_1980_01_01 = 1 << 21 | 1 << 16; // month and day; year and time are zero. A Date would be read in local time

const MODES = { plain: 0o100644, executable: 0o100755 } as const;

const OPTIONS = {
  level: 6,
  keepOrder: true,
  dataDescriptor: false,
  extendedTimestamp: false,
  zip64: false,
  version: 20,
  useUnicodeFileNames: true,
  rawLastModDate: DOS_1980_01_01,
  // workerd refuses the infinite mark of zip.js's own stream
  createTempStream: () => new TransformStream(undefined, undefined, { highWaterMark: 2 ** 30 }),
};

/** A file that is held, as a part. */
export const heldPart = ({ path, bytes }: ZipFile): ZipPart => ({
  path,
  size: bytes.length,
  read: (at, length) => Promise.resolve(ok(bytes.subarray(at, at + length))),
});

/**
 * The archive of `files`: sorted by name in byte order, deflated, dated 1980-01-01 00:00:00, mode 0644, without comments; an
 * empty file is an entry too. A name or a size that the reader would refuse is the caller's bug, so it throws.
 */
export async function writeZip(files: readonly ZipFile[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const written = await writeZipTo((piece) => ok(void pieces.push(piece)), files.map(heldPart));
  if (!written.ok) throw new Error(written.fault.message);
  return concatBytes(pieces);
}

/**
 * The same archive, handed to `sink` as it comes: what is held is the packed form of one part. Faults of the parts and of the sink, which
 * end the writing, and `file_too_large` for what no reader would take; then what was handed out is no archive.
 */
export async function writeZipTo(sink: Sink, parts: readonly ZipPart[]): Promise<Result<void>> {
  const bug = misuse(parts);
  if (bug !== undefined) throw new Error(bug);
  let fault: Fault | undefined;
  let written = 0;
  // zip.js knows no other way to be stopped than to be thrown at, and throws the same on.
  const orStop = <T>(result: Result<T>): T => {
    if (result.ok) return result.value;
    fault = result.fault;
    throw new Error(result.fault.message);
  };
  const put: Sink = (piece) => {
    written += piece.length;
    return written > MAX_WRITTEN_BYTES ? tooLarge("it takes more than 4 GiB") : sink(piece);
  };
  try {
    const zip = new ZipWriter(new SinkWriter((piece) => orStop(put(piece))), OPTIONS);
    for (const part of parts.toSorted((a, b) => byBytes(a.path, b.path))) {
      const unixMode = part.executable === true ? MODES.executable : MODES.plain;
      await zip.add(part.path, new PartReader(part.size, async (at, length) => orStop(await part.read(at, length))), {
        unixMode,
      });
    }
    await zip.close();
  } catch (thrown) {
    if (fault === undefined) throw thrown;
    return { ok: false, fault };
  }
  return checkTotal(parts.reduce((sum, { size }) => sum + size, 0), written);
}

/** Whether readers take so many bytes of content out of an archive of so many. Fault `file_too_large`. */
export function checkTotal(total: number, written: number): Result<void> {
  const most = maxTotalBytes(written);
  if (total <= most) return ok(undefined);
  return tooLarge(`its entries hold ${total} bytes, over the ${most} that readers take out of an archive of ${written} bytes`);
}

const tooLarge = (words: string): Result<never> => fail("file_too_large", `Cannot write the archive: ${words}`);

class PartReader extends Reader<undefined> {
  constructor(size: number, private readonly from: (at: number, length: number) => Promise<Uint8Array>) {
    super(undefined);
    this.size = size;
  }
  override readUint8Array(at: number, length: number): Promise<Uint8Array> {
    return this.from(at, Math.min(length, this.size - at));
  }
}

class SinkWriter extends Writer<undefined> {
  constructor(private readonly put: (piece: Uint8Array) => void) {
    super();
  }
  override writeUint8Array(piece: Uint8Array): Promise<void> {
    return new Promise((resolve) => resolve(this.put(piece)));
  }
}

function misuse(parts: readonly ZipPart[]): string | undefined {
  const names = parts.map(({ path }) => path);
  if (names.length > MAX_ENTRIES) return `An archive holds at most ${MAX_ENTRIES} entries`;
  const twice = findDuplicate(names) ?? findTwins(names)?.[1];
  if (twice !== undefined) return `Entry ${quoteName(twice)} is there twice`;
  for (const { path, size } of parts) {
    const why = unsafeName(path) ?? (path.isWellFormed() && !path.endsWith("/") ? undefined : "is not the name of a file");
    if (why !== undefined) return `Entry name ${quoteName(path)} ${why}`;
    if (size > MAX_ENTRY_BYTES) return `Entry ${quoteName(path)} holds more than ${MAX_ENTRY_BYTES} bytes`;
  }
  return undefined;
}
