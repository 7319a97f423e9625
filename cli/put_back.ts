// Two files that belong together, written one after the other: when the second write fails, the first file is put back.
import { sameBytes } from "../core/base/bytes.ts";
import type { Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";

/** Longest file that is put back. */
const LIMIT = 65_536;

/** A file to be written. */
export type NewFile = { readonly path: string; readonly bytes: Uint8Array };

/**
 * Replaces the small file `first` and then writes `second` by `next`. When either fails and the second file is not in its place,
 * what stood in the place of the first stands there again. A process that is killed in between leaves two whole files that do not
 * belong together, which verifying them tells.
 */
export async function replacedWith<T>(
  first: NewFile,
  second: NewFile,
  { files, store }: Pick<Ports, "files" | "store">,
  next: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const before = await files.read(first.path, LIMIT);
  const written = await store.write(first.path, first.bytes, "replace");
  const done = written.ok ? await next() : written;
  if (done.ok || !before.ok) return done;
  // A file may be in its place although it could not be synced there, so what stands there decides.
  const there = await files.read(second.path, second.bytes.length);
  const took = there.ok && sameBytes(there.value, second.bytes);
  if (!took) await store.write(first.path, before.value, "replace"); // the first failure is the one to tell
  return done;
}
