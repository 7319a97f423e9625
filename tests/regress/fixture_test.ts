// fixture.json: what a run makes of it, what is brought into one form, and every refusal with its place.
import { utf8 } from "../../core/base/bytes.ts";
import { fixtureBytes, readRegressFixture } from "../../core/regress/fixture.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { graded } from "./worlds.ts";

const MINIMAL = { name: "fx", run_id: "r", runpack: "runpack.zip" };
const read = (document: object) => readRegressFixture(utf8(JSON.stringify(document)), "fixture.json");

Deno.test("regress fixture: a run makes one that says what it did, and nothing that is empty", async () => {
  const text = new TextDecoder().decode(fixtureBytes("fx", await graded()));
  assertEquals(JSON.parse(text), {
    schema_id: "gait.regress.fixture",
    schema_version: "1.0.0",
    name: "fx",
    run_id: "quote",
    runpack: "runpack.zip",
    expected_replay_exit_code: 0,
    expected_tool_sequence: ["crm.lookup", "quote.write", "mail.send"],
    expected_verdict_sequence: ["allow", "block", "allow"],
  });
  const session = { session_chain: "./chain.json", checkpoint_index: 2 };
  const refs = { context_evidence_mode: "required", context_set_digest: "C".repeat(64) };
  const made = fixtureBytes("fx", await graded({ intents: [], results: [], refs }), session);
  assertEquals(JSON.parse(new TextDecoder().decode(made)), {
    schema_id: "gait.regress.fixture",
    schema_version: "1.0.0",
    name: "fx",
    run_id: "quote",
    runpack: "runpack.zip",
    expected_replay_exit_code: 0,
    context_conformance: "required",
    expected_context_set_digest: "c".repeat(64),
    ...session,
  });
});

Deno.test("regress fixture: what is given is brought into one form", () => {
  const fixture = assertOk(read({
    ...MINIMAL,
    note: "not known",
    expected_tool_sequence: [" a ", "", "b"],
    expected_verdict_sequence: [" Passed", "  ", "DENY", "dry-run"],
    candidate_runpack: " ../now.zip ",
    context_conformance: " REQUIRED ",
    expected_context_set_digest: ` ${"AB".repeat(32)} `,
    diff_allow_changed_files: [" refs.json ", "", "intents.jsonl", "refs.json"],
  }));
  assertEquals(fixture, {
    ...MINIMAL,
    expected_replay_exit_code: 0,
    expected_tool_sequence: ["a", "b"],
    expected_verdict_sequence: ["allow", "block", "dry_run"],
    candidate_runpack: "../now.zip",
    context_conformance: "required",
    allow_context_runtime_drift: false,
    expected_context_set_digest: "ab".repeat(32),
    diff_allow_changed_files: ["intents.jsonl", "refs.json"],
    session_chain: "",
    checkpoint_index: 0,
    warnings: [],
  });
});

Deno.test("regress fixture: another version is read, and a newer one is spoken of", () => {
  assertEquals(assertOk(read({ ...MINIMAL, schema_version: "0.9.0" })).warnings, []);
  assertEquals(assertOk(read({ ...MINIMAL, schema_version: "2.0.0" })).warnings, [
    '"fixture.json" has version "2.0.0": what is new in it since 1.0.0 is not looked at',
  ]);
});

Deno.test("regress fixture: each refusal names the member", () => {
  const rows: readonly (readonly [object, "fixture_invalid" | "document_shape", string])[] = [
    [{ name: " " }, "fixture_invalid", "/name"],
    [{ run_id: "" }, "fixture_invalid", "/run_id"],
    [{ runpack: "" }, "fixture_invalid", "/runpack"],
    [{ expected_replay_exit_code: -1 }, "document_shape", "/expected_replay_exit_code"],
    [{ expected_replay_exit_code: 0.5 }, "document_shape", "/expected_replay_exit_code"],
    [{ checkpoint_index: -1 }, "document_shape", "/checkpoint_index"],
    [{ context_conformance: "strict" }, "document_shape", "/context_conformance"],
    [{ expected_context_set_digest: "abc" }, "fixture_invalid", "/expected_context_set_digest"],
    [{ expected_verdict_sequence: ["allow", "granted"] }, "fixture_invalid", "/expected_verdict_sequence/1"],
    [{ expected_tool_sequence: "a" }, "document_shape", "/expected_tool_sequence"],
    [{ allow_context_runtime_drift: "yes" }, "document_shape", "/allow_context_runtime_drift"],
  ];
  for (const [change, code, pointer] of rows) {
    const { at } = assertFault(read({ ...MINIMAL, ...change }), code, pointer);
    assertEquals([at?.file, at?.pointer, at?.line], ["fixture.json", pointer, 1]);
  }
  assertFault(readRegressFixture(utf8("{"), "fixture.json"), "json_syntax");
  assertFault(readRegressFixture(utf8('{"name":"a","name":"b"}'), "fixture.json"), "json_duplicate_key");
});
