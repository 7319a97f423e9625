// Each grader on runs that it passes and runs that it fails: what it says, and what it shows.
import { fail } from "../../core/base/result.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { brokenSource } from "../../core/flow/regress_grade.ts";
import { type GradeEvidence, type Grader, mayRun } from "../../core/regress/evidence.ts";
import { gradeOf, gradersFor } from "../../core/regress/graders.ts";
import { openRunpack } from "../../core/run/open.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { texts, zipOf } from "../run/packs.ts";
import { evidenceOf, graded, opened, packOf, QUOTE, quote } from "./worlds.ts";

const grade = (name: string, evidence: GradeEvidence) => {
  const grader = gradersFor([evidence.fixture], true).find((one) => one.name === name);
  if (grader === undefined) throw new Error(name);
  return gradeOf(grader, evidence);
};

/** What a grader says, without what it shows. */
const said = (name: string, evidence: GradeEvidence) => {
  const { status, reason_codes } = grade(name, evidence);
  return [status, ...reason_codes].join(" ");
};

const ONE = { fixture: "fx", run_id: "quote" };

Deno.test("regress graders: which a suite calls for", async () => {
  const names = async (change: Readonly<Record<string, string | boolean>>, flag: boolean) =>
    gradersFor([(await evidenceOf(await graded(), { change })).fixture], flag).map(({ name }) => name);
  const always = ["diff", "expected_exit_code", "schema_validation", "trajectory"];
  assertEquals(await names({}, false), always);
  assertEquals(await names({ allow_context_runtime_drift: false, context_conformance: "" }, false), always);
  for (const change of [{ context_conformance: "none" }, { allow_context_runtime_drift: true }]) {
    assertEquals(await names(change, false), ["context_conformance", ...always]);
  }
  assertEquals(await names({ expected_context_set_digest: "a".repeat(64) }, false), ["context_conformance", ...always]);
  assertEquals(await names({}, true), ["context_conformance", ...always]);
});

Deno.test("regress schema_validation: counts what holds, and names each kind of record of another format", async () => {
  const recorded = await graded();
  assertEquals(grade("schema_validation", await evidenceOf(recorded)), {
    name: "fx/schema_validation",
    status: "pass",
    reason_codes: [],
    context_conformance: "",
    details: {
      fixture: "fx",
      hash_mismatches: 0,
      intent_records: 3,
      missing_files: [],
      reference_receipts: 0,
      result_records: 3,
      run_id: "quote",
    },
  });
  const kinds = ["run.json", "refs.json", "intents.jsonl", "results.jsonl"] as const;
  const codes = ["run_schema_invalid", "refs_schema_invalid", "intent_schema_invalid", "result_schema_invalid"];
  for (const [i, entry] of kinds.entries()) {
    for (const [from, to] of [['"schema_version":"1.0.0"', '"schema_version":"1.1.0"'], ['"gait.runpack.', '"gait.other.']]) {
      const pack = packOf(quote(), (texts) => ({ ...texts, [entry]: (texts[entry] ?? "").replace(from ?? "", to ?? "") }));
      assertEquals(said("schema_validation", await evidenceOf(await opened(pack))), `fail ${codes[i]}`);
    }
  }
  const manifest = { ...recorded.manifest, schema_version: "1.0.1" };
  const evidence = await evidenceOf(recorded);
  // The reader of manifests takes no other version; a library may hand over what it likes.
  const odd: GradeEvidence = { ...evidence, source: { ok: true, run: Object.assign({}, recorded, { manifest }) } };
  assertEquals(said("schema_validation", odd), "fail manifest_schema_invalid");
});

Deno.test("regress schema_validation: a recorded run that does not hold, told by what is wrong with it", async () => {
  const evidence = await evidenceOf(await graded());
  const sourceOf = async (bytes: Uint8Array): Promise<GradeEvidence> => {
    const run = await openRunpack(nodeHost, bytesSource(bytes), "a.zip");
    if (run.ok) throw new Error("it holds");
    return { ...evidence, source: await brokenSource(nodeHost, bytesSource(bytes), "a.zip", run.fault) };
  };
  const all = await texts(packOf(quote()));
  const changed = await zipOf({ ...all, "results.jsonl": (all["results.jsonl"] ?? "").replace("blocked", "granted") });
  const { "refs.json": _, ...without } = all;
  const rows: readonly (readonly [Uint8Array, string])[] = [
    [changed, "fail hash_mismatch"],
    [await zipOf(without), "fail missing_files"],
    [new Uint8Array([1, 2, 3]), "fail schema_validation_error"],
    [packOf(quote(), (entries) => ({ ...entries, "run.json": "{" })), "fail runpack_parse_error"],
  ];
  for (const [bytes, wanted] of rows) {
    const broken = await sourceOf(bytes);
    assertEquals(said("schema_validation", broken), wanted);
    assertEquals(said("expected_exit_code", broken), "fail replay_error");
    assertEquals(said("context_conformance", broken), "fail source_runpack_invalid");
  }
});

Deno.test("regress expected_exit_code: recorded results alone count, whatever a tool is called", async () => {
  const [first, second, third] = QUOTE.intents;
  const intents = [first, { ...second, tool_name: "file.write" }, third];
  const run = await graded({ intents, results: [QUOTE.results[0], QUOTE.results[2]] });
  assertEquals(grade("expected_exit_code", await evidenceOf(run)).details, {
    ...ONE,
    actual_exit_code: 2,
    expected_exit_code: 0,
    missing_results: ["c2"],
  });
  assertEquals(said("expected_exit_code", await evidenceOf(run)), "fail unexpected_exit_code");
  assertEquals(said("expected_exit_code", await evidenceOf(run, { change: { expected_replay_exit_code: 2 } })), "pass");
  assertEquals(said("expected_exit_code", await evidenceOf(await graded())), "pass");
  assertEquals(
    said("expected_exit_code", await evidenceOf(await graded(), { change: { expected_replay_exit_code: 2 } })),
    "fail unexpected_exit_code",
  );
});

Deno.test("regress expected_exit_code: two calls, or two results, of one id cannot be replayed", async () => {
  const calls = await graded({ intents: [...QUOTE.intents, QUOTE.intents[0]] });
  const answers = await graded({ results: [...QUOTE.results, QUOTE.results[0]] });
  for (const run of [calls, answers]) {
    const found = grade("expected_exit_code", await evidenceOf(run));
    assertEquals([found.status, found.reason_codes], ["fail", ["replay_error"]]);
    assert(String(found.details?.["error"]).includes('"c1"'));
  }
});

Deno.test("regress trajectory: each sequence is looked at only where it is expected", async () => {
  const recorded = await graded();
  const swapped = await graded({ intents: QUOTE.intents.toReversed() });
  const answered = await graded({ results: QUOTE.results.map((result) => ({ ...result, status: "ok" })) });
  const nothing = { expected_tool_sequence: [], expected_verdict_sequence: [] };
  const rows = [
    [recorded, {}, "pass trajectory_match"],
    [swapped, {}, "fail unexpected_tool_sequence"],
    [swapped, { expected_tool_sequence: [] }, "pass trajectory_match"],
    [answered, {}, "fail unexpected_verdict_sequence"],
    [answered, { expected_verdict_sequence: [" "] }, "pass trajectory_match"],
    [answered, nothing, "pass trajectory_not_required"],
    [await graded({ intents: [], results: [] }), {}, "fail unexpected_tool_sequence unexpected_verdict_sequence"],
  ] as const;
  for (const [now, change, wanted] of rows) {
    assertEquals(said("trajectory", await evidenceOf(recorded, { now, change })), wanted);
  }
  assertEquals(grade("trajectory", await evidenceOf(recorded, { now: answered })).details, {
    ...ONE,
    actual_tool_sequence: ["crm.lookup", "quote.write", "mail.send"],
    actual_verdict_sequence: ["allow", "allow", "allow"],
    candidate_runpack: "now.zip",
    expected_tool_sequence: ["crm.lookup", "quote.write", "mail.send"],
    expected_verdict_sequence: ["allow", "block", "allow"],
    verdict_sequence_actual_at_mismatch: "allow",
    verdict_sequence_expected_at_mismatch: "block",
    verdict_sequence_mismatch_index: 1,
  });
});

Deno.test("regress diff: names of runs and the order of records are no difference, all else is, but for what may change", async () => {
  const recorded = await graded();
  const later = { run: { ...QUOTE.run, run_id: "later", created_at: "2026-04-01T10:00:00Z", producer_version: "9" } };
  const amount = QUOTE.intents.map((intent) => ({ ...intent, args: { amount: 90 } }));
  const rows = [
    [later, {}, "pass", []],
    [{ intents: QUOTE.intents.toReversed() }, {}, "pass", []],
    [{ intents: amount }, {}, "fail unexpected_diff", ["intents.jsonl"]],
    [{ intents: amount }, { diff_allow_changed_files: ["intents.jsonl"] }, "pass", ["intents.jsonl"]],
    [{ intents: amount }, { diff_allow_changed_files: ["results.jsonl"] }, "fail unexpected_diff", ["intents.jsonl"]],
    [{ results: QUOTE.results.slice(1) }, {}, "fail unexpected_diff", ["results.jsonl"]],
    [{ capture_mode: "reference" }, {}, "fail unexpected_diff", ["intents.jsonl", "manifest.json", "results.jsonl"]],
    [{ refs: { context_evidence_mode: "required", context_set_digest: "a".repeat(64) } }, {}, "fail unexpected_diff", [
      "refs.json",
    ]],
  ] as const;
  for (const [run, change, wanted, files] of rows) {
    const evidence = await evidenceOf(recorded, { now: await graded(run), change });
    assertEquals([said("diff", evidence), grade("diff", evidence).details?.["changed_files"]], [wanted, files]);
  }
  const more = packOf(quote(), (texts) => ({ ...texts, "notes.txt": "x" }));
  assertEquals(grade("diff", await evidenceOf(recorded, { now: await opened(more) })).details, {
    ...ONE,
    allowed_files: [],
    candidate_runpack: "now.zip",
    changed_files: ["manifest.json", "notes.txt"],
    unexpected_files: ["manifest.json", "notes.txt"],
  });
});

Deno.test("regress graders: a run to grade that is not there, and one that is no runpack", async () => {
  const recorded = await graded();
  const rows = [[true, "candidate_path_invalid", "candidate_path_invalid"], [
    false,
    "diff_error",
    "candidate_runpack_invalid",
  ]] as const;
  for (const [absent, ofDiff, ofOthers] of rows) {
    const run = fail(absent ? "file_missing" : "not_a_zip", "Cannot read it");
    const evidence = await evidenceOf(recorded, { candidate: { path: "x.zip", absent, run } });
    const names = ["diff", "trajectory", "context_conformance", "expected_exit_code", "schema_validation"];
    assertEquals(names.map((name) => said(name, evidence)), [
      `fail ${ofDiff}`,
      `fail ${ofOthers}`,
      `fail ${ofOthers}`,
      "pass",
      "pass",
    ]);
    assertEquals(grade("diff", evidence).details, { ...ONE, candidate_runpack: "x.zip", error: "Cannot read it" });
    assertEquals(grade("context_conformance", evidence).context_conformance, "missing");
  }
});

Deno.test("regress graders: one that throws has failed, and one that may change its mind needs leave", async () => {
  const odd: Grader = {
    name: "odd",
    deterministic: false,
    grade: () => {
      throw new TypeError("boom");
    },
  };
  assertEquals(gradeOf(odd, await evidenceOf(await graded())), {
    name: "fx/odd",
    status: "fail",
    reason_codes: ["grader_error"],
    context_conformance: "",
    details: { ...ONE, error: "boom" },
  });
  assertFault(mayRun([odd], false), "grader_nondeterministic");
  assertOk(mayRun([odd], true));
  assertOk(mayRun(gradersFor([], true), false));
});
