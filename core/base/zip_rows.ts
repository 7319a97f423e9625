// The central directory, entry by entry: names, kinds, methods and sizes are judged here before any content is touched.
import { checkExtra } from "./zip_extra.ts";
import { type Flaw, flaw } from "./zip_flaw.ts";
import { MAX_ENTRY_BYTES, MAX_PACKED_BYTES, MAX_RATIO, maxTotalBytes } from "./zip_limits.ts";
import { findDuplicate, findTwins, quoteName, unsafeName } from "./zip_names.ts";

/** One entry as the central directory has it. */
export type Row = {
  /** The name, for messages alone where `valid` is false. */
  readonly name: string;
  /** Whether the name is UTF-8. */
  readonly valid: boolean;
  readonly rawName: Uint8Array;
  /** The kind of system that wrote it, which says what the attributes mean. */
  readonly system: number;
  /** The version of the format that a reader needs, times ten. */
  readonly version: number;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  /** Bytes of content. */
  readonly size: number;
  /** Bytes inside the archive. */
  readonly packed: number;
  /** Where the local header starts. */
  readonly at: number;
  /** On which part of a split archive; 0 in a whole one. */
  readonly disk: number;
  readonly attributes: number;
  /** Its extra fields by kind; undefined where they are broken. */
  readonly fields: ReadonlyMap<number, Uint8Array> | undefined;
  /** Which of size, packed and offset the header leaves to the zip64 field. */
  readonly left: readonly boolean[];
};

/** The method of deflated content; the only other one that is read leaves it as it is. */
export const DEFLATED = 8;
const STORED = 0;

/** The flag of an entry whose sizes and checksum follow its content. */
export const HAS_DESCRIPTOR = 0x0008;
const DEFLATE_LEVEL = 0x0006;
const UTF8_NAME = 0x0800;
const LAST_VERSION = 63;
const ENCRYPTED = 0x2041; // encrypted, strongly encrypted, local headers masked

const UNIX: readonly number[] = [3, 19]; // the second is macOS
const EXECUTE_BITS = 0o111;

/** Whether it is a file that may be run. Attributes of other systems know no such thing. */
export const isExecutable = ({ system, attributes }: Row): boolean =>
  UNIX.includes(system) && (attributes >>> 16 & EXECUTE_BITS) !== 0;

/** A name that is there twice. Asked before anything else about an archive (spec 01, section 4.2). */
export function checkDuplicates(rows: readonly Row[]): Flaw | undefined {
  const twice = findDuplicate(rows.map((row) => row.name));
  return twice === undefined ? undefined : flaw("zip_duplicate_entry", "is there twice", twice);
}

/** A name that decision 23 refuses. */
export function checkNames(rows: readonly Row[]): Flaw | undefined {
  for (const row of rows) {
    const why = row.valid ? unsafeName(row.name) : "is not UTF-8";
    if (why !== undefined) return flaw("zip_unsafe_name", `has a name that ${why}`, row.name);
  }
  const twins = findTwins(rows.map((row) => row.name));
  return twins === undefined
    ? undefined
    : flaw("zip_unsafe_name", `has the same name as ${quoteName(twins[0])} but for letter case or Unicode form`, twins[1]);
}

/** What an entry may not be: another kind than a plain file or an empty folder, too large, or at odds with itself. */
function checkRow(row: Row): Flaw | undefined {
  const unsupported = (words: string) => flaw("zip_unsupported", words, row.name);
  const ambiguous = (words: string) => flaw("zip_ambiguous", words, row.name);
  if ((row.flags & ENCRYPTED) !== 0) return unsupported("is encrypted");
  if ((row.flags & ~(DEFLATE_LEVEL | HAS_DESCRIPTOR | UTF8_NAME)) !== 0) return unsupported("has flags of no known meaning");
  if (row.version > LAST_VERSION) return unsupported(`wants version ${row.version / 10} of the format`);
  if (row.method !== STORED && row.method !== DEFLATED) return unsupported(`is packed by method ${row.method}`);
  if (row.disk !== 0) return unsupported("lies in another part of a split archive");
  if ((row.flags & UTF8_NAME) === 0 && row.rawName.some((byte) => byte > 0x7f)) {
    return ambiguous("has a name that is not marked as UTF-8");
  }
  const extra = checkExtra(row.fields, { ...row, numbers: [row.size, row.packed, row.at] });
  if (extra !== undefined) return extra; // before the sizes, which its fields may hold
  const folder = row.name.endsWith("/");
  const kind = row.attributes >>> 28;
  const isFolder = (row.attributes & 0x10) !== 0 || kind === 4;
  if (kind !== 0 && kind !== 4 && kind !== 8) return unsupported(kind === 10 ? "is a symbolic link" : "is a device or a pipe");
  if (folder ? kind === 8 || row.size !== 0 : isFolder) return ambiguous("is a file and a folder at once");
  if (row.method === STORED && row.packed !== row.size) return ambiguous("is stored with two sizes");
  if (row.size > MAX_ENTRY_BYTES) {
    return flaw("zip_entry_too_large", `declares ${row.size} bytes, more than ${MAX_ENTRY_BYTES}`, row.name);
  }
  if (row.packed > MAX_PACKED_BYTES) {
    return flaw("zip_entry_too_large", `takes ${row.packed} bytes in the archive, more than ${MAX_PACKED_BYTES}`, row.name);
  }
  if (row.size > row.packed * MAX_RATIO) {
    return flaw("zip_bomb", `declares ${row.size} bytes out of ${row.packed}, which no deflated data can give`, row.name);
  }
  return undefined;
}

/** The first entry that may not be read, or entries that are too much together for an archive of so many bytes. */
export function checkRows(rows: readonly Row[], archiveBytes: number): Flaw | undefined {
  let total = 0;
  for (const row of rows) {
    const found = checkRow(row);
    if (found !== undefined) return found;
    total += row.size;
  }
  const most = maxTotalBytes(archiveBytes);
  return total > most ? flaw("zip_bomb", `its entries declare ${total} bytes together, more than ${most}`) : undefined;
}
