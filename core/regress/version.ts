// Versions of the documents of a suite: what a newer gait wrote is told apart from what nobody writes.
import { fail, type Place, type Result } from "../base/result.ts";
import { VERSION_1 } from "../schema/heading.ts";

const parts = (version: string): readonly number[] | undefined =>
  /^\d{1,9}(?:\.\d{1,9}){0,2}$/.test(version) ? version.split(".").map(Number) : undefined;

/** Whether a version is newer than the one that is read here. */
export function isNewer(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = parts(version) ?? [];
  return major > 1 || major === 1 && (minor > 0 || patch > 0);
}

/** That a document has another version than the one that is read here. Faults `schema_newer`, `document_kind`. */
export const otherVersion = (what: string, version: string, at: Place): Result<never> =>
  isNewer(version)
    ? fail("schema_newer", `Cannot read ${what}: it has version "${version}", known is ${VERSION_1}`, at)
    : fail("document_kind", `Cannot read ${what}: member "/schema_version" must be "${VERSION_1}", not "${version}"`, at);
