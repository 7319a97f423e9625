// What `recordRun` refuses, and what the options do to a run.
import { utf8 } from "../../core/base/bytes.ts";
import { placed } from "../../core/base/document.ts";
import type { Fault, Result } from "../../core/base/result.ts";
import { readRecordInput, type RecordedRun, type RecordOptions, recordRun } from "../../core/run/record.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { PLAIN, SMALL } from "./runs.ts";

const { crypto } = nodeHost;

type Case = {
  readonly why: string;
  readonly input: readonly string[];
  readonly options: Partial<RecordOptions>;
  readonly fault: {
    readonly code: string;
    readonly message: string;
    readonly pointer?: string;
    readonly line?: number;
    readonly column?: number;
  };
};

const CASES: readonly Case[] =
  JSON.parse(Deno.readTextFileSync(new URL("../../fixtures/cases/record_faults.json", import.meta.url))).cases;

const record = (text: string, options: Partial<RecordOptions> = {}): Result<RecordedRun> => {
  const bytes = utf8(text);
  const input = readRecordInput(bytes, "in.json");
  if (!input.ok) return input;
  const recorded = recordRun(crypto, input.value, { ...PLAIN, ...options });
  return recorded.ok ? recorded : { ok: false, fault: placed(recorded.fault, bytes) };
};

const told = ({ code, message, at = {} }: Fault) => {
  const { file: _, ...place } = at;
  return { code, message, ...place };
};

for (const { why, input, options, fault } of CASES) {
  Deno.test(`recordRun refuses ${why}`, () => {
    const found = record(input.join("\n"), options);
    assert(!found.ok, "it was recorded");
    assertEquals(told(found.fault), fault);
  });
}

const run = (extra: object = {}) => JSON.stringify({ ...SMALL, ...extra });

Deno.test("recordRun: the run id of the option is trimmed and replaces that of every document", () => {
  const own = { run_id: "own" };
  const text = JSON.stringify({
    run: SMALL.run,
    intents: SMALL.intents.map((intent) => ({ ...intent, ...own })),
    results: SMALL.results.map((result) => ({ ...result, ...own })),
    refs: own,
  });
  const ids = ({ records: { run, intents, results, refs } }: RecordedRun) =>
    [run, ...intents, ...results, refs].map((document) => document.run_id);
  assertEquals(ids(assertOk(record(text, { runId: " other " }))), ["other", "other", "other", "other", "other"]);
  assertEquals(ids(assertOk(record(text))), ["run_small", "own", "own", "own", "own"]);
  assertEquals(ids(assertOk(record(JSON.stringify({ run: {} }), { runId: "r" }))), ["r", "r"]);
});

Deno.test("recordRun: a run id is not trimmed and not held to a pattern", () => {
  assertEquals(assertOk(record(JSON.stringify({ run: { run_id: " ../ x " } }))).records.run.run_id, " ../ x ");
});

Deno.test("recordRun: capture mode is the option's, else the input's, else reference; each trimmed, in small letters", () => {
  const mode = (captureMode: string, capture_mode?: string) => assertOk(record(run({ capture_mode }), { captureMode })).capture;
  assertEquals([
    mode(""),
    mode("", " raw\t"),
    mode(" raw ", "reference"),
    mode(" ", "raw"),
    mode("reference", "raw"),
    mode("raw", "x"),
  ], [
    ...["reference", "raw", "raw", "raw", "reference", "raw"],
  ]);
});

Deno.test("recordRun: evidence mode is the option's, else the input's, else best_effort, in any letter case", () => {
  const digest = "A".repeat(64);
  const mode = (evidenceMode: string, context_evidence_mode?: string) => {
    const text = run({ refs: { context_evidence_mode, context_set_digest: digest } });
    return assertOk(record(text, { evidenceMode })).records.refs.context_evidence_mode;
  };
  assertEquals([mode(""), mode("", " Required "), mode("BEST_EFFORT", "required"), mode(" required", "x"), mode("", " ")], [
    ...["best_effort", "required", "best_effort", "required", "best_effort"],
  ]);
});

Deno.test("recordRun: warnings name what was left out, or that nothing was", () => {
  const warnings = (text: string, options: Partial<RecordOptions> = {}) => assertOk(record(text, options)).warnings;
  const stripped = ["Reference capture keeps digests only: arguments and results were not stored"];
  const raw = ["Raw capture keeps arguments and results as they are, secrets included"];
  const digest = "0".repeat(64);
  assertEquals(warnings(run()), stripped);
  assertEquals(warnings(run({ capture_mode: "raw" })), raw);
  assertEquals(warnings(JSON.stringify({ run: SMALL.run })), []);
  assertEquals(warnings(JSON.stringify({ run: SMALL.run, intents: [{ args_digest: digest }] })), []);
  assertEquals(warnings(JSON.stringify({ run: SMALL.run, intents: [{ args: {} }] })), stripped);
  assertEquals(warnings(JSON.stringify({ run: SMALL.run, normalization: { intent_args: { x: null } } })), stripped);
  assertEquals(warnings(JSON.stringify({ run: SMALL.run, normalization: { result_payloads: { x: null } } })), stripped);
});

Deno.test("recordRun: raw context is taken with consent, in either place", () => {
  const receipt = {
    ref_id: "a",
    source_type: "s",
    source_locator: "l",
    query_digest: "q",
    content_digest: "c",
    redaction_mode: "RAW",
  };
  const text = run({ refs: { receipts: [receipt] } });
  assertFault(record(text), "raw_context_refused");
  assertEquals(assertOk(record(text, { unsafeContextRaw: true })).records.refs.receipts[0]?.redaction_mode, "RAW");
});

Deno.test("recordRun: unknown members are ignored at every level, another letter case is an unknown member", () => {
  const text = JSON.stringify({
    ...SMALL,
    RUN: 1,
    run: { ...SMALL.run, Run_Id: "x", extra: { deep: [1] }, env: { os: "own", Arch: "x" } },
    intents: [{ ...SMALL.intents[0], ARGS: 5, args_Digest: "x" }],
    normalization: { other: 1 },
  });
  const { records } = assertOk(record(text));
  assertEquals([records.run.run_id, records.run.env], ["run_small", { os: "own", arch: "a", runtime: "r" }]);
  assertEquals(Object.keys(records.run).includes("extra"), false);
});
