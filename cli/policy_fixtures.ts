// Fixtures as files: those named, and the JSON files of the folders named.
import { joinPath } from "../core/base/paths.ts";
import type { Crypto } from "../core/base/host.ts";
import { fail, located, ok, type Result } from "../core/base/result.ts";
import { byBytes, lower } from "../core/base/text.ts";
import { type Fixture, readFixture } from "../core/gate/fixture.ts";
import { INTENT_LIMIT } from "../core/gate/intent_read.ts";
import type { Files } from "../core/ports.ts";

/** A fixture, the path it came from, and its bytes: for places in it. */
export type FixtureFile = { readonly path: string; readonly bytes: Uint8Array; readonly fixture: Fixture };

const MOST_DEEP = 32;

/** Whether a path names a JSON file by its ending, in any letter case. */
export const isJsonPath = (path: string): boolean => lower(path).endsWith(".json");

/** The JSON files below a folder. Fault `file_unreadable` for folders nested too deep, such as a link to a folder around itself. */
export async function jsonFiles(
  folder: string,
  files: Pick<Files, "kind" | "list">,
  depth = 0,
): Promise<Result<readonly string[]>> {
  if (depth > MOST_DEEP) {
    return fail(
      "file_unreadable",
      `Cannot read folder "${folder}": it lies more than ${MOST_DEEP} folders deep, or behind a link to a folder above it`,
      {
        file: folder,
      },
    );
  }
  const names = await files.list(folder);
  if (!names.ok) return names;
  const found: string[] = [];
  for (const name of names.value) {
    const path = joinPath(folder, name);
    const kind = await files.kind(path);
    if (kind === "file" && isJsonPath(name)) found.push(path);
    if (kind !== "folder") continue;
    const below = await jsonFiles(path, files, depth + 1);
    if (!below.ok) return below;
    found.push(...below.value);
  }
  return ok(found);
}

/** Reads fixtures, each path once, in byte order. The faults are those of reading a file and of `readFixture`, each with the file. */
export async function loadFixtures(
  crypto: Crypto,
  paths: readonly string[],
  files: Pick<Files, "read">,
): Promise<Result<readonly FixtureFile[]>> {
  const loaded: FixtureFile[] = [];
  for (const path of [...new Set(paths)].sort(byBytes)) {
    const bytes = await files.read(path, INTENT_LIMIT);
    if (!bytes.ok) return bytes;
    const fixture = readFixture(crypto, bytes.value, path);
    if (!fixture.ok) return { ok: false, fault: located(fixture.fault, { file: path }) };
    loaded.push({ path, bytes: bytes.value, fixture: fixture.value });
  }
  return ok(loaded);
}
