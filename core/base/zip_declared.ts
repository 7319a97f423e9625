// The entries of an archive against a list that vouches for them: what manifests of all kinds have in common.
import { hex } from "./bytes.ts";
import { ok, type Result } from "./result.ts";
import { byBytes } from "./text.ts";
import type { Archive } from "./zip_read.ts";

/** One entry that a manifest vouches for; hexadecimal of either case. */
export type Declared = { readonly path: string; readonly sha256: string };

/** One digest that is not what it should be. */
export type Mismatch = { readonly path: string; readonly expected: string; readonly actual: string };

/** What the declared entries came to; lists are sorted by path. */
export type DeclaredReport = {
  readonly files_checked: number;
  readonly missing_files: readonly string[];
  readonly hash_mismatches: readonly Mismatch[];
  /** Entries that the manifest does not name: nobody vouches for them. */
  readonly undeclared_files: readonly string[];
};

/** Gives the SHA-256 (hex) of an entry that is there. */
export type EntryDigest = (path: string) => Promise<Result<string>>;

/** Hashes entries in pieces, so that large ones are never held. */
export const streamedDigest = (archive: Archive): EntryDigest => async (path) => {
  const entry = archive.find(path);
  if (entry === undefined) throw new Error(`no entry ${path}`);
  const digest = await archive.digest(entry);
  return digest.ok ? ok(hex(digest.value)) : digest;
};

/**
 * Compares the entries of an archive with the rows of its manifest, which is called `manifest`. `digest` is asked once for each
 * declared entry that is there; its faults end the comparison.
 */
export async function compareDeclared(
  archive: Archive,
  manifest: string,
  rows: readonly Declared[],
  digest: EntryDigest,
): Promise<Result<DeclaredReport>> {
  const actual = new Map<string, string>();
  const missing: string[] = [];
  const mismatches: Mismatch[] = [];
  for (const { path, sha256 } of rows) {
    if (archive.find(path) === undefined) {
      missing.push(path);
      continue;
    }
    let found = actual.get(path);
    if (found === undefined) {
      const hashed = await digest(path);
      if (!hashed.ok) return hashed;
      found = hashed.value;
      actual.set(path, found);
    }
    if (found !== sha256.toLowerCase()) mismatches.push({ path, expected: sha256, actual: found });
  }
  const declared = new Set(rows.map((row) => row.path));
  return ok({
    files_checked: rows.length,
    missing_files: missing.sort(byBytes),
    hash_mismatches: mismatches.sort((a, b) => byBytes(a.path, b.path)),
    undeclared_files: archive.entries.map((entry) => entry.path).filter((path) => path !== manifest && !declared.has(path))
      .sort(byBytes),
  });
}
