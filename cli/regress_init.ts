// Making a fixture of a run (spec 06, section 3.1): the source and every neighbour are checked first, and what is written comes last.
import { fail, located, ok, type Result } from "../core/base/result.ts";
import { joinPath } from "../core/base/paths.ts";
import { byBytes } from "../core/base/text.ts";
import { FIXTURE_FILE, FIXTURE_LIMIT, FIXTURE_RUNPACK, fixtureBytes } from "../core/regress/fixture.ts";
import { readRegressFixture } from "../core/regress/fixture.ts";
import { fixtureNameOf, isFixtureName } from "../core/regress/names.ts";
import { SUITE_FILE } from "../core/regress/result.ts";
import { suiteBytes, type SuiteEntry } from "../core/regress/suite.ts";
import type { Files, Ports } from "../core/ports.ts";
import { type RegressSource, regressSource } from "./regress_source.ts";

const FIXTURES = "fixtures";

/** What a fixture is made of. */
export type InitValues = {
  readonly from: string;
  readonly name?: string | undefined;
  readonly checkpoint?: string | undefined;
};

/** The flags of it. */
export const INIT_FLAGS = {
  from: {
    kind: "text",
    doc: "Run id, runpack, run pack or session chain",
    required: true,
    value: "run_id|path",
    complete: "path",
  },
  name: { kind: "text", doc: "Name of the fixture; made of the run id unless given", value: "fixture", exact: true },
  checkpoint: { kind: "text", doc: "Which checkpoint of a chain: latest (unless given), or its index", value: "latest|n" },
} as const;

/** The ports that it takes. */
export const INIT_NEEDS = ["files", "store", "machine", "host", "progress"] as const;

export type InitPorts = Pick<Ports, typeof INIT_NEEDS[number]>;

/** A fixture that was made. */
export type Made = {
  readonly run_id: string;
  readonly fixture_name: string;
  readonly fixture_dir: string;
  readonly runpack_path: string;
  readonly config_path: string;
  readonly warnings: readonly string[];
};

/** Makes a fixture of what `--from` names, and lists all fixtures anew. */
export async function initFixture({ from, name, checkpoint = "" }: InitValues, ports: InitPorts): Promise<Result<Made>> {
  const source = await regressSource(from, checkpoint, ports);
  return source.ok ? await makeFixture(source.value, name ?? "", ports) : source;
}

/** The same for a source that is known. */
export async function makeFixture(
  { run, bytes, session, warnings }: RegressSource,
  given: string,
  { files, store }: Pick<Ports, "files" | "store">,
): Promise<Result<Made>> {
  const { run_id } = run.manifest;
  const name = given === "" ? fixtureNameOf(run_id) : given;
  if (!isFixtureName(name)) {
    const wanted = 'wanted are a-z, 0-9, ".", "_" and "-", a letter or digit first';
    return fail("flag_value", `Cannot read value "${name}" of --name: ${wanted}`);
  }
  const others = await neighbours(name, files);
  if (!others.ok) return others;
  const fixture_dir = `${FIXTURES}/${name}`;
  const runpack_path = `${fixture_dir}/${FIXTURE_RUNPACK}`;
  const entry: SuiteEntry = { name, run_id, runpack: runpack_path };
  const written: readonly (readonly [string, Uint8Array])[] = [
    [runpack_path, bytes],
    [`${fixture_dir}/${FIXTURE_FILE}`, fixtureBytes(name, run, session)],
    [SUITE_FILE, suiteBytes([...others.value, entry])],
  ];
  for (const [path, content] of written) {
    const put = await store.write(path, content, "replace");
    if (!put.ok) return put;
  }
  return ok({ run_id, fixture_name: name, fixture_dir, runpack_path, config_path: SUITE_FILE, warnings });
}

/** All other fixtures of the folder, by name. Faults: those of `readRegressFixture`, `fixture_missing`, `fixture_mismatch`. */
async function neighbours(own: string, files: Files): Promise<Result<readonly SuiteEntry[]>> {
  const found: SuiteEntry[] = [];
  if (await files.kind(FIXTURES) !== "folder") return ok(found);
  const names = await files.list(FIXTURES);
  if (!names.ok) return names;
  for (const name of names.value) {
    const folder = `${FIXTURES}/${name}`;
    if (name === own || !isFixtureName(name) || await files.kind(folder) !== "folder") continue;
    const entry = await neighbour(name, folder, files);
    if (!entry.ok) return entry;
    if (entry.value !== undefined) found.push(entry.value);
  }
  return ok(found.sort((a, b) => byBytes(a.name, b.name)));
}

async function neighbour(name: string, folder: string, files: Files): Promise<Result<SuiteEntry | undefined>> {
  const path = `${folder}/${FIXTURE_FILE}`;
  const bytes = await files.read(path, FIXTURE_LIMIT);
  if (!bytes.ok && bytes.fault.code !== "file_missing") return bytes;
  if (!bytes.ok) {
    return await files.kind(`${folder}/${FIXTURE_RUNPACK}`) === "none"
      ? ok(undefined) // a folder of something else
      : fail("fixture_missing", `Cannot use fixture "${name}": there is no file "${path}"`, { file: path });
  }
  const read = readRegressFixture(bytes.value, path);
  if (!read.ok) return { ok: false, fault: located(read.fault, { file: path }) };
  const { run_id, runpack } = read.value;
  if (read.value.name !== name) {
    const words = `Cannot use fixture "${path}": member "/name" says "${read.value.name}", but its folder is "${name}"`;
    return fail("fixture_mismatch", words, { file: path, pointer: "/name" });
  }
  if (/[/\\]/.test(runpack) || /^\.{1,2}$/.test(runpack)) {
    const words = `Cannot use fixture "${path}": member "/runpack" must be the name of a file in its folder, not "${runpack}"`;
    return fail("fixture_invalid", words, { file: path, pointer: "/runpack" });
  }
  const pack = joinPath(folder, runpack);
  return await files.kind(pack) === "file"
    ? ok({ name, run_id, runpack: pack })
    : fail("fixture_missing", `Cannot use fixture "${name}": there is no file "${pack}"`, { file: pack });
}
