// The one zip reader: strict, since evidence that two readers read differently is no evidence. Every byte of the archive must
// belong to something, and whatever is said twice must be said alike.
import type { Host, Source } from "./host.ts";
import { fail, ok, type Result } from "./result.ts";
import { digestContent, type Packed, readContent } from "./zip_content.ts";
import { readDirectory } from "./zip_directory.ts";
import type { Flaw } from "./zip_flaw.ts";
import { readLayout } from "./zip_layout.ts";
import { quoteName } from "./zip_names.ts";
import { checkDuplicates, checkNames, checkRows, DEFLATED, isExecutable } from "./zip_rows.ts";
import { windowed } from "./zip_source.ts";

export { bytesSource } from "./zip_source.ts";

/** One entry. Names of folders end in a slash; their size is 0. */
export type ZipEntry = Packed & {
  /** Whether it has an execute bit of Unix. */
  readonly executable: boolean;
};

/** An archive whose directory, headers and layout have been judged; contents are judged as they are read. */
export type Archive = {
  /** Every entry, in the order of the directory. */
  readonly entries: readonly ZipEntry[];
  find(path: string): ZipEntry | undefined;
  /** All of the content; a fault unless its size and checksum are right. Not to be changed: it may be a view of the archive. */
  read(entry: ZipEntry): Promise<Result<Uint8Array>>;
  /**
   * SHA-256 of the content (32 bytes), with the same checks; a large entry is never held. `see` is shown the content in pieces as
   * it passes, before all of it is judged; a piece is not to be kept.
   */
  digest(entry: ZipEntry, see?: (piece: Uint8Array) => void): Promise<Result<Uint8Array>>;
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
  const directory = await readDirectory(window);
  if ("code" in directory) return refuse(directory);
  const { rows } = directory;
  const found = checkDuplicates(rows) ?? checkNames(rows) ?? checkRows(rows, source.size) ?? directory.flaw;
  if (found !== undefined) return refuse(found);
  const starts = await readLayout(window, rows, directory.at);
  if ("code" in starts) return refuse(starts);

  const entries = rows.map((row): ZipEntry => ({
    path: row.name,
    size: row.size,
    packed: row.packed,
    deflated: row.method === DEFLATED,
    crc32: row.crc32,
    start: starts.get(row) ?? 0,
    executable: isExecutable(row),
  }));
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const result = (content: Uint8Array | Flaw) => content instanceof Uint8Array ? ok(content) : refuse(content);
  return ok({
    entries,
    find: (path) => byPath.get(path),
    read: async (entry) => result(await readContent(host, window, entry)),
    digest: async (entry, see) => result(await digestContent(host, window, source, entry, see)),
  });
}

const fault = ({ code, words, entry }: Flaw, what: string): Result<never> =>
  entry === undefined
    ? fail(code, `Cannot read archive "${what}": ${words}`, { file: what })
    : fail(code, `Cannot read archive "${what}": entry ${quoteName(entry)} ${words}`, { file: what, entry });
