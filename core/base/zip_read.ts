// The one zip reader: strict, since evidence that two readers read differently is no evidence. zip.js lists the central
// directory; what it lets pass is refused beside it, and every byte of the archive must belong to something.
import {
  type EntryMetaData,
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_CENTRAL_DIRECTORY_NOT_FOUND,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_EOCDR_NOT_FOUND,
  ERR_SPLIT_ZIP_FILE,
  WARNING_APPENDED_DATA,
  WARNING_MULTIPLE_END_OF_CENTRAL_DIRECTORY,
  WARNING_PREPENDED_DATA,
  ZipReader,
} from "@zip.js/zip.js/reader";
import type { Host, Source } from "./host.ts";
import { fail, ok, type Result } from "./result.ts";
import { digestContent, type Packed, readContent } from "./zip_content.ts";
import { readEnd } from "./zip_end.ts";
import { type Flaw, flaw } from "./zip_flaw.ts";
import { readLayout } from "./zip_layout.ts";
import { MAX_DIRECTORY_BYTES, MAX_ENTRIES } from "./zip_limits.ts";
import { decodeName, quoteName } from "./zip_names.ts";
import { checkDuplicates, checkNames, checkRows, DEFLATED, type Row } from "./zip_rows.ts";
import { windowed } from "./zip_source.ts";

export { bytesSource } from "./zip_source.ts";

/** One entry. Names of folders end in a slash; their size is 0. */
export type ZipEntry = Packed;

/** An archive whose directory, headers and layout have been judged; contents are judged as they are read. */
export type Archive = {
  /** Every entry, in the order of the directory. */
  readonly entries: readonly ZipEntry[];
  find(path: string): ZipEntry | undefined;
  /** All of the content; a fault unless its size and checksum are right. Not to be changed: it may be a view of the archive. */
  read(entry: ZipEntry): Promise<Result<Uint8Array>>;
  /** SHA-256 of the content (32 bytes), with the same checks; a large entry is never held. */
  digest(entry: ZipEntry): Promise<Result<Uint8Array>>;
};

/**
 * Opens an archive; `what` is its name in messages. Faults, in the order in which they are looked for: `not_a_zip` and
 * `zip_too_many_entries`; `zip_duplicate_entry`; `zip_unsafe_name`; what single entries show (`zip_unsupported`,
 * `zip_entry_too_large`, `zip_bomb`, `zip_ambiguous`); what the whole shows (`zip_ambiguous`, `zip_damaged`). Each names the
 * entry where there is one. A source that rejects makes the promise reject.
 */
export async function openZip(host: Host, source: Source, what: string): Promise<Result<Archive>> {
  const window = windowed(source);
  const refuse = (found: Flaw): Result<never> => fault(found, what);
  const strict = await list(window, true);
  if (strict.flaw?.code === "not_a_zip" || strict.flaw?.code === "zip_too_many_entries") return refuse(strict.flaw);
  // What zip.js refuses it does not list, but a name that is there twice must be told before all else.
  const { rows } = strict.flaw === undefined ? strict : await list(window, false);
  const found = checkDuplicates(rows) ?? checkNames(rows) ?? checkRows(rows, source.size) ?? strict.flaw;
  if (found !== undefined) return refuse(found);
  const end = await readEnd(window);
  if ("code" in end) return refuse(end);
  const starts = await readLayout(window, rows, end);
  if ("code" in starts) return refuse(starts);

  const entries = rows.map((row): ZipEntry => ({
    path: row.name,
    size: row.size,
    packed: row.packed,
    deflated: row.method === DEFLATED,
    crc32: row.crc32,
    start: starts.get(row) ?? 0,
  }));
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const result = (content: Uint8Array | Flaw) => content instanceof Uint8Array ? ok(content) : refuse(content);
  return ok({
    entries,
    find: (path) => byPath.get(path),
    read: async (entry) => result(await readContent(host, window, entry)),
    digest: async (entry) => result(await digestContent(host, window, entry)),
  });
}

const fault = ({ code, words, entry }: Flaw, what: string): Result<never> =>
  entry === undefined
    ? fail(code, `Cannot read archive "${what}": ${words}`, { file: what })
    : fail(code, `Cannot read archive "${what}": entry ${quoteName(entry)} ${words}`, { file: what, entry });

type Listing = { readonly rows: readonly Row[]; readonly flaw?: Flaw };

const TOO_LONG = new Error("the directory is too long");
const TAIL = 65_535;

/** The directory as zip.js reads it, as far as it gets; strictly, or (to name what is wrong) whatever can be made of it. */
async function list(source: Source, strictly: boolean): Promise<Listing> {
  let broken: { readonly cause: unknown } | undefined;
  const rows: Row[] = [];
  const reader = {
    size: source.size,
    readable: new ReadableStream<Uint8Array>(), // listing never streams
    createReadable: () => new ReadableStream<Uint8Array>(),
    async readUint8Array(at: number, length: number): Promise<Uint8Array> {
      if (Math.min(length, source.size - at) > MAX_DIRECTORY_BYTES) throw TOO_LONG;
      try {
        return await source.read(at, length);
      } catch (cause) {
        broken = { cause };
        throw cause;
      }
    },
  };
  const strictness = strictly ? "strict" : "tolerant";
  const options = { strictness, filenameValidation: "tolerant", maxAppendedDataSize: strictly ? 0 : TAIL } as const;
  try {
    for await (const entry of new ZipReader(reader, options).getEntriesGenerator()) {
      if (rows.length === MAX_ENTRIES) {
        return { rows, flaw: flaw("zip_too_many_entries", `it has more than ${MAX_ENTRIES} entries`) };
      }
      rows.push(rowOf(entry));
    }
    return { rows };
  } catch (error) {
    if (broken !== undefined) throw broken.cause;
    return { rows, flaw: flawOf(error, source.size) };
  }
}

const CENTRAL_BYTES = 46;

function rowOf(entry: EntryMetaData): Row {
  const { text, valid } = decodeName(entry.rawFilename);
  const wide = entry.extraFieldZip64;
  return {
    name: text,
    valid,
    rawName: entry.rawFilename,
    flags: entry.rawBitFlag ?? 0,
    method: entry.compressionMethod,
    crc32: entry.crc32 ?? 0, // missing beside an AES field alone, which is refused
    size: entry.uncompressedSize,
    packed: entry.compressedSize,
    at: entry.offset,
    disk: entry.diskNumberStart,
    attributes: entry.externalFileAttributes,
    extra: entry.rawExtraField,
    left: [wide?.uncompressedSize, wide?.compressedSize, wide?.offset].map((number) => number !== undefined),
    bytes: CENTRAL_BYTES + entry.rawFilename.length + entry.rawExtraField.length + entry.rawComment.length,
  };
}

const SMALLEST = 22;

/** What zip.js threw, in our words: its messages are matched, never shown. Whatever is not known to be worse is damage. */
function flawOf(error: unknown, archiveBytes: number): Flaw {
  if (error === TOO_LONG) {
    return flaw("zip_too_many_entries", `its directory takes more than ${MAX_DIRECTORY_BYTES} bytes`);
  }
  const said = error instanceof Error ? error.message : "";
  if (archiveBytes < SMALLEST || said === ERR_EOCDR_NOT_FOUND) {
    return flaw("not_a_zip", "it is not a zip archive, or its end is cut off");
  }
  if (said === ERR_SPLIT_ZIP_FILE) return flaw("zip_unsupported", "it is one part of a split archive");
  if (said === ERR_ENCRYPTED_CENTRAL_DIRECTORY) return flaw("zip_unsupported", "its directory is encrypted");
  if (said === ERR_CENTRAL_DIRECTORY_NOT_FOUND) {
    return flaw("zip_ambiguous", "its directory holds fewer entries than its end record counts, or lies elsewhere");
  }
  if (said !== ERR_AMBIGUOUS_ARCHIVE) return flaw("zip_damaged", "its directory cannot be read");
  const reason = error instanceof Error && "reason" in error ? error.reason : undefined;
  if (reason === WARNING_APPENDED_DATA) return flaw("zip_ambiguous", "there are bytes after its end record");
  if (reason === WARNING_PREPENDED_DATA) return flaw("zip_ambiguous", "there are bytes before its first entry");
  if (reason === WARNING_MULTIPLE_END_OF_CENTRAL_DIRECTORY) return flaw("zip_ambiguous", "it has two end records");
  return flaw("zip_ambiguous", "its directory and its end record do not agree");
}
