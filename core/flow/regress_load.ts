// A fixture as it is loaded (spec 06, section 3.3): what it expects, its run with full integrity checks, and all about one run.
import { placed } from "../base/document.ts";
import type { Host, Source } from "../base/host.ts";
import { quoted } from "../base/json_words.ts";
import { isAbsolute, joinPath } from "../base/paths.ts";
import { ok, type Result } from "../base/result.ts";
import { FIXTURE_FILE, readRegressFixture, type RegressFixture } from "../regress/fixture.ts";
import type { SuiteEntry } from "../regress/suite.ts";
import { openRunpack, type Runpack } from "../run/open.ts";

/** A document and the path that it was read from. */
export type NamedBytes = { readonly path: string; readonly bytes: Uint8Array };

/** A fixture that is the one that its suite names. */
export type DeclaredFixture = { readonly entry: SuiteEntry; readonly fixture: RegressFixture; readonly document: NamedBytes };

const folderOf = (path: string): string => path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) || "/" : ".";

/** Where the document of a fixture is: beside its runpack. */
export const documentPath = ({ runpack }: SuiteEntry): string => joinPath(folderOf(runpack), FIXTURE_FILE);

/** Where the run to grade is; undefined where that is the recorded one. */
export const candidatePath = ({ entry, fixture: { candidate_runpack: path } }: DeclaredFixture): string | undefined =>
  path === "" ? undefined : isAbsolute(path) ? path : joinPath(folderOf(entry.runpack), path);

const differs = ({ path, bytes }: NamedBytes, member: string, said: string, wanted: string): Result<never> => {
  const pointer = `/${member}`;
  const message = `Cannot use fixture "${path}": member "${pointer}" says ${quoted(said)}, but ${wanted}`;
  return { ok: false, fault: placed({ code: "fixture_mismatch", message, at: { pointer } }, bytes, { file: path }) };
};

/** Reads the document of a fixture. Faults: those of `readRegressFixture`, and `fixture_mismatch`. */
export function declaredFixture(entry: SuiteEntry, document: NamedBytes): Result<DeclaredFixture> {
  const read = readRegressFixture(document.bytes, document.path);
  if (!read.ok) return read;
  const { name, run_id } = read.value;
  if (name !== entry.name) return differs(document, "name", name, `the suite calls it ${quoted(entry.name)}`);
  return entry.run_id === "" || entry.run_id === run_id
    ? ok({ entry, fixture: read.value, document })
    : differs(document, "run_id", run_id, `the suite says ${quoted(entry.run_id)}`);
}

/** Opens the recorded run of a fixture. Faults: those of `openRunpack`, and `fixture_mismatch`. */
export async function recordedRun(
  host: Host,
  { entry: { runpack }, fixture: { run_id }, document }: DeclaredFixture,
  source: Source,
): Promise<Result<Runpack>> {
  const run = await openRunpack(host, source, runpack);
  if (!run.ok) return run;
  const recorded = run.value.records.run.run_id;
  return recorded === run_id ? run : differs(document, "run_id", run_id, `run.json of "${runpack}" says ${quoted(recorded)}`);
}
