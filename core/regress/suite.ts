// The suite of a folder, `gait.yaml` (spec 06, section 2.1): written as JSON, read as JSON or YAML (decision 17).
import { fromUtf8, utf8 } from "../base/bytes.ts";
import { readDocument } from "../base/document.ts";
import { locate } from "../base/json_locate.ts";
import { quoted } from "../base/json_words.ts";
import { prettyText } from "../base/pretty.ts";
import { fail, located, ok, type Place, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { byBytes, trim } from "../base/text.ts";
import { knownMapping } from "../base/yaml_known.ts";
import { readYamlShape } from "../base/yaml_shape.ts";
import { placeOf, type YamlSource } from "../base/yaml_tree.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { REGRESS_SUITE_ID, type RegressSuite, RegressSuiteShape } from "../schema/regress.ts";
import { otherVersion } from "./version.ts";

/** Most bytes of a suite. */
export const SUITE_LIMIT = 16 * 2 ** 20;

/** One fixture of a suite; `run_id` is empty where the suite does not say it. */
export type SuiteEntry = { readonly name: string; readonly run_id: string; readonly runpack: string };

/** A suite that has fixtures, sorted by name. */
export type Suite = { readonly fixture_set: string; readonly fixtures: readonly [SuiteEntry, ...SuiteEntry[]] };

/** The reader of YAML, handed in so that it is loaded only for suites that are not JSON. */
export type YamlReader = (bytes: Uint8Array, what: string) => Promise<Result<YamlSource>>;

/**
 * Reads a suite. `what` names its file. Faults: those of reading JSON and YAML, `document_kind` and `schema_newer` for another
 * document, `suite_invalid` for one that names no fixture, or a fixture by halves.
 */
export async function readSuite(bytes: Uint8Array, what: string, yaml: YamlReader): Promise<Result<Suite>> {
  const json = readDocument(RegressSuiteShape, bytes, what, { file: what }, { maxBytes: SUITE_LIMIT });
  if (json.ok) return checked(json.value.value, what, (pointer) => placeIn(bytes, what, pointer));
  if (json.fault.code !== "json_syntax") return json;
  const source = await yaml(bytes, `suite "${what}"`);
  if (!source.ok) {
    // Of a text that means to be JSON the reader of JSON knows best what is wrong.
    return /^\s*\{/.test(fromUtf8(bytes)) ? json : { ok: false, fault: located(source.fault, { file: what }) };
  }
  const { root } = source.value;
  if (root === undefined) return without(what, "it is empty", { file: what });
  const read = readYamlShape(RegressSuiteShape, knownMapping(RegressSuiteShape, root));
  const place = (pointer: string): Place => ({ file: what, ...placeOf(source.value, pointer) });
  if (read.ok) return checked(read.value, what, place);
  return fail("document_shape", `Cannot read suite "${what}": ${read.misfit.words}`, place(read.misfit.pointer));
}

const placeIn = (bytes: Uint8Array, file: string, pointer: string): Place => ({ file, pointer, ...locate(bytes, pointer) });

const without = (what: string, why: string, at: Place): Result<never> =>
  fail("suite_invalid", `Cannot read suite "${what}": ${why}; a suite names at least one fixture`, at);

function checked(suite: RegressSuite, what: string, place: (pointer: string) => Place): Result<Suite> {
  const { schema_id, schema_version, fixture_set, fixtures } = suite;
  if (schema_id !== "" && schema_id !== REGRESS_SUITE_ID) {
    const words = `Cannot read suite "${what}": wanted is ${REGRESS_SUITE_ID}, it is ${quoted(schema_id)}`;
    return fail("document_kind", words, place("/schema_id"));
  }
  if (schema_version !== "" && schema_version !== VERSION_1) {
    return otherVersion(`suite "${what}"`, schema_version, place("/schema_version"));
  }
  for (const [index, entry] of fixtures.entries()) {
    for (const member of ["name", "runpack"] as const) {
      if (trim(entry[member]) !== "") continue;
      const pointer = `/fixtures/${index}/${member}`;
      return fail("suite_invalid", `Cannot read suite "${what}": member "${pointer}" must not be blank`, place(pointer));
    }
  }
  const [first, ...others] = fixtures.toSorted((a, b) => byBytes(a.name, b.name));
  if (first === undefined) return without(what, "it has no fixtures", place("/fixtures"));
  return ok({ fixture_set: fixture_set || "default", fixtures: [first, ...others] });
}

/** The bytes of a suite of these fixtures. */
export const suiteBytes = (fixtures: readonly SuiteEntry[]): Uint8Array =>
  utf8(prettyText(writeShape(RegressSuiteShape, {
    schema_id: REGRESS_SUITE_ID,
    schema_version: VERSION_1,
    fixture_set: "default",
    fixtures: fixtures.toSorted((a, b) => byBytes(a.name, b.name)),
  })));
