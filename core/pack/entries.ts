// The entries of a pack as documents. Those of a pack that is verified are hashed as they are read: what was judged by its digest is
// then what is used, also in a file that changes meanwhile.
import { hex } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import { type Document, placed, readDocument, readDocumentLine } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { MAX_LINE_BYTES } from "../base/json.ts";
import { lineFeed } from "../base/lines.ts";
import { fail, type Fault, ok, type Result } from "../base/result.ts";
import type { Misfit, Shape } from "../base/shape.ts";
import type { Archive } from "../base/zip_read.ts";
import type { PackManifest } from "../schema/pack.ts";

/** The entries of one pack. */
export type PackEntries = {
  /** Names the pack in messages. */
  readonly what: string;
  has(path: string): boolean;
  /** Fault `pack_invalid` where there is none, and those of damage. */
  bytes(path: string): Promise<Result<Uint8Array>>;
};

/** The entries as they are. */
export const openEntries = (archive: Archive, what: string): PackEntries => ({
  what,
  has: (path) => archive.find(path) !== undefined,
  bytes: async (path) => {
    const entry = archive.find(path);
    return entry === undefined ? missingEntry({ what }, path) : await archive.read(entry);
  },
});

/** Entries that are what the manifest says. */
export type SealedEntries = PackEntries & {
  /** Shows an entry in pieces, without holding it. What was seen counts only when the result is good. Faults as of `bytes`. */
  pass(path: string, see: (piece: Uint8Array) => void): Promise<Result<void>>;
};

/** The entries that the manifest vouches for, each only with the digest that it says. */
export function sealedEntries(
  crypto: Crypto,
  archive: Archive,
  manifest: Pick<PackManifest, "contents">,
  what: string,
): SealedEntries {
  const open = openEntries(archive, what);
  const sealed = new Map(manifest.contents.map(({ path, sha256 }) => [path, sha256.toLowerCase()]));
  const tampered = (path: string): Result<never> =>
    fail("pack_tampered", `Cannot use pack "${what}": entry "${path}" was changed`, { file: what, entry: path });
  return {
    what,
    has: (path) => sealed.has(path) && open.has(path),
    bytes: async (path) => {
      const digest = sealed.get(path);
      if (digest === undefined) return missingEntry({ what }, path);
      const bytes = await open.bytes(path);
      return !bytes.ok || sha256Hex(crypto, bytes.value) === digest ? bytes : tampered(path);
    },
    pass: async (path, see) => {
      const [digest, entry] = [sealed.get(path), archive.find(path)];
      if (digest === undefined || entry === undefined) return missingEntry({ what }, path);
      const actual = await archive.digest(entry, see);
      if (!actual.ok) return actual;
      return hex(actual.value) === digest ? ok(undefined) : tampered(path);
    },
  };
}

/** That an entry is missing. */
export const missingEntry = ({ what }: { readonly what: string }, entry: string): Result<never> =>
  fail("pack_invalid", `Cannot use pack "${what}": entry "${entry}" is missing`, { file: what, entry });

/** That a document of a pack breaks its contract; with its bytes the place is told too. */
export function misfitFault(entries: PackEntries, entry: string, { pointer, wanted }: Misfit, bytes?: Uint8Array): Fault {
  const at = { file: entries.what, entry };
  const message = `Cannot use pack "${entries.what}": member "${pointer}" of "${entry}" ${wanted}`;
  const fault: Fault = { code: "pack_invalid", message, at: { ...at, pointer } };
  return bytes === undefined ? fault : placed(fault, bytes);
}

/** A document and its bytes. */
export type EntryDocument<T> = Document<T> & { readonly bytes: Uint8Array };

/** Reads one document. */
export async function readEntry<T>(entries: PackEntries, shape: Shape<T>, entry: string): Promise<Result<EntryDocument<T>>> {
  const bytes = await entries.bytes(entry);
  if (!bytes.ok) return bytes;
  const read = readDocument(shape, bytes.value, entry, { file: entries.what, entry });
  return read.ok ? ok({ ...read.value, bytes: bytes.value }) : read;
}

/** Reads one document and holds it against rules. */
export async function readChecked<T>(
  entries: PackEntries,
  shape: Shape<T>,
  entry: string,
  check: (value: T) => Misfit | undefined,
): Promise<Result<T>> {
  const read = await readEntry(entries, shape, entry);
  if (!read.ok) return read;
  const misfit = check(read.value.value);
  return misfit === undefined
    ? ok(read.value.value)
    : { ok: false, fault: misfitFault(entries, entry, misfit, read.value.bytes) };
}

/** Reads the records of JSON lines, each held against rules. */
export async function readLines<T>(
  entries: PackEntries,
  shape: Shape<T>,
  entry: string,
  check: (value: T, index: number) => Misfit | undefined = () => undefined,
): Promise<Result<readonly T[]>> {
  const bytes = await entries.bytes(entry);
  if (!bytes.ok) return bytes;
  const records: T[] = [];
  let fault: Fault | undefined;
  const feed = lineFeed(MAX_LINE_BYTES, (line, number) => {
    if (fault !== undefined) return;
    const at = { file: entries.what, entry };
    const read = readDocumentLine(shape, line, entry, at, number);
    if (!read.ok) fault = read.fault;
    else if (read.value !== undefined) {
      const misfit = check(read.value, records.length);
      if (misfit !== undefined) fault = placed(misfitFault(entries, entry, misfit), line, at, number);
      records.push(read.value);
    }
  });
  feed.push(bytes.value);
  feed.end();
  return fault === undefined ? ok(records) : { ok: false, fault };
}
