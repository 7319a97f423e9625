// What a regression promises: made from a run it passes on that run, whatever the run did; it fails on every run that differs in what
// its graders look at, by an independent model of that, and says where.
import fc from "fast-check";
import type { JsonObject } from "../../core/base/json.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { type FixtureGrades, gradeFixture } from "../../core/flow/regress_grade.ts";
import { fixtureBytes, readRegressFixture } from "../../core/regress/fixture.ts";
import { gradersFor } from "../../core/regress/graders.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { NOT_ASKED, opened } from "../regress/worlds.ts";
import { model } from "../run/diff_model.ts";
import { quickPack, recordedTexts, type Texts, vouchedFor } from "../run/packs.ts";
import { arbitraryRun } from "../run/runs.ts";
import { property } from "./run.ts";

/** Grades the run `now` by a fixture made of `recorded`. */
async function regression(recorded: Texts, now: Texts, change: JsonObject = {}): Promise<FixtureGrades> {
  const [source, candidate] = [await opened(quickPack(recorded)), await opened(quickPack(now))];
  const written = JSON.parse(new TextDecoder().decode(fixtureBytes("fx", source)));
  const fixture = assertOk(readRegressFixture(utf8(JSON.stringify({ ...written, ...change })), "fixture.json"));
  return await gradeFixture(
    {
      fixture,
      path: "a.zip",
      source: { ok: true, run: source },
      candidate: { path: "b.zip", absent: false, run: { ok: true, value: candidate } },
    },
    gradersFor([fixture], false),
    NOT_ASKED,
  );
}

const failed = ({ grades }: FixtureGrades): readonly string[] =>
  grades.filter(({ status }) => status === "fail").map(({ name }) => name);

property("regress: a regression made from a run passes on that run", arbitraryRun, async (run) => {
  const texts = recordedTexts({ ...run, intents: once(run["intents"]), results: answersOf(run) });
  const found = await regression(texts, texts, { expected_replay_exit_code: 0 });
  assertEquals([failed(found), found.divergence], [[], undefined]);
});

const isList = (value: unknown): value is readonly JsonObject[] => Array.isArray(value);

// Each id once: a run that has one twice cannot be replayed, whoever grades it.
const once = (records: unknown): readonly JsonObject[] =>
  isList(records) ? [...new Map(records.map((record) => [record["intent_id"], record])).values()] : [];

/** A result for every call: the run is then without gaps, which is what a fixture expects that was not edited. */
const answersOf = ({ intents, results }: JsonObject): readonly JsonObject[] => {
  const given = new Map(once(results).map((result) => [result["intent_id"], result]));
  const all = once(intents).map(({ intent_id = "" }) => given.get(intent_id) ?? { intent_id, status: "ok", result: {} });
  return [...all, ...once(results).filter(({ intent_id }) => !all.some((one) => one["intent_id"] === intent_id))];
};

const id = fc.constantFrom("a", "b", "c");
const VERDICTS: Readonly<Record<string, string>> = { ok: "allow", blocked: "block", late: "error" };
const call = fc.record({ tool_name: fc.constantFrom("t", " u ", ""), args: fc.constantFrom({}, { x: 1 }) });
const answer = fc.record({ status: fc.constantFrom(...Object.keys(VERDICTS)), result: fc.constantFrom({}, { y: 1 }) });
const refs = fc.record({
  content_digest: fc.constantFrom("b".repeat(64), "c".repeat(64)),
  retrieved_at: fc.constantFrom("2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"),
}).map((receipt) => ({ receipts: [{ ref_id: "r", query_digest: "a".repeat(64), ...receipt }] }));
const run = fc.record({
  ids: fc.uniqueArray(id, { maxLength: 3 }),
  calls: fc.tuple(call, call, call),
  answers: fc.tuple(answer, answer, answer),
  refs,
  run_id: fc.constantFrom("one", "two"),
  capture_mode: fc.constantFrom("raw", "reference"),
  notes: fc.boolean(),
});

type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

function textsOf({ ids, calls, answers, refs, run_id, capture_mode, notes }: Run): Texts {
  const texts = recordedTexts({
    run: { run_id, created_at: "2026-03-01T10:00:00Z", timeline: [] },
    intents: ids.map((intent_id, i) => ({ intent_id, tool_name: "", args: {}, ...calls[i] })),
    results: ids.map((intent_id, i) => ({ intent_id, status: "ok", result: {}, ...answers[i] })),
    refs,
    capture_mode,
  });
  return vouchedFor(notes ? { ...texts, "notes.txt": "x" } : texts);
}

const linesOf = (text: string | undefined): readonly Record<string, unknown>[] =>
  (text ?? "").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));

const toolsOf = (texts: Texts): string =>
  linesOf(texts["intents.jsonl"]).map(({ tool_name }) => String(tool_name).trim()).filter((tool) => tool !== "").join();

const verdictsOf = (texts: Texts): string =>
  linesOf(texts["results.jsonl"]).map(({ status }) => VERDICTS[String(status)]).join();

// Mostly the same run with one member put differently, so that single differences are met as often as many.
const pair = fc.tuple(run, run, fc.subarray(["ids", "calls", "answers", "refs", "run_id", "capture_mode", "notes"] as const))
  .map(([first, second, kept]) => ({
    first,
    second: { ...second, ...Object.fromEntries(kept.map((name) => [name, first[name]])) },
  }));

property("regress: it fails on exactly the runs that differ in what its graders look at, and names it", pair, async (given) => {
  const [left, right] = [textsOf(given.first), textsOf(given.second)];
  const found = await regression(left, right);
  const { summary } = model(left, right, true);
  const changed = [
    ...(summary.intents_changed ? ["intents.jsonl"] : []),
    ...(summary.manifest_changed ? ["manifest.json"] : []),
    ...(given.first.notes === given.second.notes ? [] : ["notes.txt"]),
    ...(summary.refs_changed ? ["refs.json"] : []),
    ...(summary.results_changed ? ["results.jsonl"] : []),
  ];
  const tools = toolsOf(left) !== "" && toolsOf(left) !== toolsOf(right);
  const verdicts = verdictsOf(left) !== "" && verdictsOf(left) !== verdictsOf(right);
  assertEquals(failed(found), [
    ...(changed.length > 0 ? ["fx/diff"] : []),
    ...(tools || verdicts ? ["fx/trajectory"] : []),
  ]);
  const [diff, , , trajectory] = found.grades;
  assertEquals(diff?.details?.["changed_files"], changed);
  if (changed.length > 0) assertEquals(diff?.details?.["unexpected_files"], changed);
  assertEquals(trajectory?.reason_codes.filter((code) => code.startsWith("unexpected")), [
    ...(tools ? ["unexpected_tool_sequence"] : []),
    ...(verdicts ? ["unexpected_verdict_sequence"] : []),
  ]);
  if (failed(found).length === 0) assertEquals(found.divergence, undefined);
  else assert(found.divergence?.lines.some((line) => /^[-+]/.test(line)), JSON.stringify(found.divergence));
});

property(
  "regress: files that may change are all that the diff passes over",
  fc.tuple(pair, fc.subarray(["intents.jsonl", "results.jsonl", "refs.json"])),
  async ([given, allowed]) => {
    const [left, right] = [textsOf(given.first), textsOf(given.second)];
    const strict = (await regression(left, right)).grades[0];
    const lax = (await regression(left, right, { diff_allow_changed_files: allowed })).grades[0];
    const changed = strict?.details?.["changed_files"];
    if (!isNames(changed)) throw new Error("no files");
    assertEquals(lax?.status, changed.every((path) => allowed.includes(path)) ? "pass" : "fail");
  },
);

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");
