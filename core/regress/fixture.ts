// What a fixture expects, `fixture.json` (spec 06, section 2.2): read into a form that cannot be wrong, and made of a run.
import { utf8 } from "../base/bytes.ts";
import { placed, readDocument } from "../base/document.ts";
import { quoted } from "../base/json_words.ts";
import { prettyText } from "../base/pretty.ts";
import { ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { isHex64, lower, trim } from "../base/text.ts";
import { VERSION_1 } from "../schema/heading.ts";
import type { Manifest } from "../schema/manifest.ts";
import { REGRESS_FIXTURE_ID, RegressFixtureShape, type WrittenRegressFixture } from "../schema/regress.ts";
import type { RunRecords } from "../schema/runpack.ts";
import { toolSequence, verdictSequence } from "./sequences.ts";
import { isNewer } from "./version.ts";
import { type SequenceVerdict, verdictOfWord } from "./words.ts";

/** Most bytes of a `fixture.json`. */
export const FIXTURE_LIMIT = 16 * 2 ** 20;

/** The file beside a runpack that says what is expected. */
export const FIXTURE_FILE = "fixture.json";

/** How the recorded run is called in the folder of a fixture that gait made. */
export const FIXTURE_RUNPACK = "runpack.zip";

/** What a fixture expects, in normal form. */
export type RegressFixture = Omit<WrittenRegressFixture, "schema_id" | "schema_version" | "expected_verdict_sequence"> & {
  readonly expected_verdict_sequence: readonly SequenceVerdict[];
  /** What is to be said of the document. */
  readonly warnings: readonly string[];
};

/** Reads a fixture. Faults: those of reading a document, and `fixture_invalid`. */
export function readRegressFixture(bytes: Uint8Array, what: string): Result<RegressFixture> {
  const read = readDocument(RegressFixtureShape, bytes, what, { file: what }, { maxBytes: FIXTURE_LIMIT });
  if (!read.ok) return read;
  const { schema_id: _, schema_version, ...given } = read.value.value;
  const refuse = (pointer: string, wanted: string): Result<never> => {
    const message = `Cannot use fixture "${what}": member "${pointer}" ${wanted}`;
    return { ok: false, fault: placed({ code: "fixture_invalid", message, at: { pointer } }, bytes, { file: what }) };
  };
  for (const member of ["name", "run_id", "runpack"] as const) {
    if (trim(given[member]) === "") return refuse(`/${member}`, "must not be blank");
  }
  const digest = lower(given.expected_context_set_digest);
  if (digest !== "" && !isHex64(digest)) return refuse("/expected_context_set_digest", "must be 64 hexadecimal digits");
  const verdicts: SequenceVerdict[] = [];
  for (const [index, word] of given.expected_verdict_sequence.entries()) {
    if (trim(word) === "") continue;
    const verdict = verdictOfWord(word);
    if (verdict === undefined) {
      return refuse(`/expected_verdict_sequence/${index}`, `must be a verdict, such as allow or block, not ${quoted(word)}`);
    }
    verdicts.push(verdict);
  }
  return ok({
    ...given,
    expected_context_set_digest: digest,
    expected_tool_sequence: given.expected_tool_sequence.filter((tool) => tool !== ""),
    expected_verdict_sequence: verdicts,
    warnings: isNewer(schema_version)
      ? [`"${what}" has version "${schema_version}": what is new in it since ${VERSION_1} is not looked at`]
      : [],
  });
}

/** The checkpoint of a session that a fixture is made of. */
export type FromSession = { readonly session_chain: string; readonly checkpoint_index: number };

/** The `fixture.json` of a run that has to stay as it is. */
export function fixtureBytes(
  name: string,
  { manifest, records }: { readonly manifest: Manifest; readonly records: RunRecords },
  session: FromSession = { session_chain: "", checkpoint_index: 0 },
): Uint8Array {
  const { context_set_digest } = records.refs;
  return utf8(prettyText(writeShape(RegressFixtureShape, {
    schema_id: REGRESS_FIXTURE_ID,
    schema_version: VERSION_1,
    name,
    run_id: manifest.run_id,
    runpack: FIXTURE_RUNPACK,
    expected_replay_exit_code: 0,
    expected_tool_sequence: toolSequence(records),
    expected_verdict_sequence: verdictSequence(records),
    candidate_runpack: "",
    context_conformance: context_set_digest === "" ? "" : "required",
    allow_context_runtime_drift: false,
    expected_context_set_digest: context_set_digest,
    diff_allow_changed_files: [],
    ...session,
  })));
}
