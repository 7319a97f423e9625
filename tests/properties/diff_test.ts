// What a comparison of two runs promises: a run does not differ from itself, both sides see the same, and something differs
// exactly when the independent model of spec 01, section 7.4 says so.
import fc from "fast-check";
import { bytesSource } from "../../core/base/zip_read.ts";
import { diffRunpacks } from "../../core/run/diff.ts";
import type { Change, Diff, Privacy } from "../../core/run/diff_report.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { model } from "../run/diff_model.ts";
import { quickPack, recordedTexts, type Texts, vouchedFor } from "../run/packs.ts";
import { property } from "./run.ts";

const named = (files: Texts, what: string) => ({ source: bytesSource(quickPack(files)), what });

const diff = async (left: Texts, right: Texts, privacy: Privacy): Promise<Diff> =>
  assertOk(await diffRunpacks(nodeHost, named(left, "left.zip"), named(right, "right.zip"), privacy));

const id = fc.constantFrom("a", "b", "c", "é", "");
const payload = fc.constantFrom({}, { x: 1 }, { x: 1, y: [1, { z: "q" }] }, { y: [1, { z: "q" }], x: 2 }, { secret: "s3cret" });
const run = fc.record({
  run: fc.record({ run_id: fc.constantFrom("run_1", "run_2"), created_at: fc.constant("2026-03-01T10:00:00Z") }),
  intents: fc.array(fc.record({ intent_id: id, tool_name: fc.constantFrom("t", "u"), args: payload }), { maxLength: 5 }),
  results: fc.array(fc.record({ intent_id: id, status: fc.constantFrom("ok", "error"), result: payload }), { maxLength: 5 }),
  refs: fc.record({
    receipts: fc.array(
      fc.record({
        ref_id: fc.constantFrom("r1", "r2"),
        query_digest: fc.constant("a".repeat(64)),
        content_digest: fc.constantFrom("b".repeat(64), "c".repeat(64)),
        retrieved_at: fc.constantFrom("2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"),
      }),
      { maxLength: 2 },
    ),
  }),
  capture_mode: fc.constantFrom("raw", "reference"),
});

// Other spellings of the same records, and other runs: what is written differs, what is compared may not.
const edit = fc.record({
  entry: fc.constantFrom("intents.jsonl", "results.jsonl"),
  line: fc.nat(9),
  how: fc.constantFrom(
    "as it is",
    "order",
    "unknown member",
    "other heading",
    "swap",
    "repeat",
    "drop",
    "other word",
    "blank line",
  ),
});

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, reversed(member)]));
};

function edited(pack: Texts, { entry, line, how }: { entry: string; line: number; how: string }): Texts {
  const lines = (pack[entry] ?? "").split("\n").slice(0, -1);
  const at = lines.length === 0 ? 0 : line % lines.length;
  const record: Record<string, unknown> = JSON.parse(lines[at] || "{}");
  const put = (value: unknown) => lines.length === 0 ? [] : lines.with(at, JSON.stringify(value));
  const edits: Readonly<Record<string, () => string[]>> = {
    "as it is": () => lines,
    "order": () => put(reversed(record)),
    "unknown member": () => put({ ...record, zzz: 1 }),
    "other heading": () => put({ ...record, run_id: "other", producer_version: "other", created_at: "2020-01-01T00:00:00Z" }),
    "swap": () => [...lines.slice(at), ...lines.slice(0, at)],
    "repeat": () => [...lines, ...lines.slice(at, at + 1)],
    "drop": () => lines.filter((_, i) => i !== at),
    "other word": () => put({ ...record, tool_name: "other", status: "other" }),
    "blank line": () => ["", ...lines],
  };
  return { ...pack, [entry]: (edits[how]?.() ?? lines).map((text) => `${text}\n`).join("") };
}

const pair = fc.record({ first: run, second: fc.option(run, { nil: undefined }), edits: fc.array(edit, { maxLength: 4 }) });

/** The texts of two packs: of two runs, or of one run; the right one edited. */
function packs({ first, second, edits }: Pair): { readonly left: Texts; readonly right: Texts } {
  const left = recordedTexts(first);
  const right = edits.reduce(edited, second === undefined ? left : recordedTexts(second));
  return { left: vouchedFor(left), right: vouchedFor(right) };
}

type Pair = typeof pair extends fc.Arbitrary<infer T> ? T : never;

const privacy = fc.constantFrom<Privacy>("full", "metadata");

property("diff: no run differs from itself, however it is spelled", fc.tuple(run, privacy), async ([run, privacy]) => {
  const pack = recordedTexts(run);
  const respelled = ["intents.jsonl", "results.jsonl"].reduce(
    (texts, entry) => edited(texts, { entry, line: 0, how: "order" }),
    pack,
  );
  const found = await diff(pack, respelled, privacy);
  assertEquals([found.ok, found.changes, found.changes_total, found.first_divergence], [true, [], 0, undefined]);
});

property("diff: differs exactly where the model says", fc.tuple(pair, privacy), async ([given, privacy]) => {
  const { left, right } = packs(given);
  const found = await diff(left, right, privacy);
  const { summary, intents, results } = model(left, right, privacy === "full");
  const empty = { left_only_intents: [], right_only_intents: [], left_only_results: [], right_only_results: [] };
  const { context_drift_classification: _, context_runtime_only_changes: __, files_changed: ___, ...said } = found.summary;
  assertEquals({ ...empty, ...said }, { ...empty, ...summary });
  const ids = (record: string) =>
    found.changes.filter((change) => change.record === record).map((change) => change.intent_id ?? "").sort();
  assertEquals([ids("intent"), ids("result")], [intents, results]);
  const total = intents.length + results.length + Number(summary.manifest_changed) + Number(summary.refs_changed);
  assertEquals([found.ok, found.changes_total, found.changes.length], [total === 0, total, total]);
  assertEquals(found.first_divergence === undefined, intents.length + results.length === 0);
});

const MIRROR = { changed: "changed", left_only: "right_only", right_only: "left_only" } as const;
const mirrored = (change: Change): Change => ({ ...change, change: MIRROR[change.change] });

property("diff: both sides see the same", fc.tuple(pair, privacy), async ([given, privacy]) => {
  const { left, right } = packs(given);
  const there = await diff(left, right, privacy);
  const back = await diff(right, left, privacy);
  assertEquals(back.changes, there.changes.map(mirrored));
  assertEquals([back.ok, back.changes_total], [there.ok, there.changes_total]);
  const { tool_name_left: a, tool_name_right: b, ...first } = there.first_divergence ?? { record: "refs", change: "changed" };
  const { tool_name_left: c, tool_name_right: d, ...second } = back.first_divergence ?? { record: "refs", change: "changed" };
  assertEquals([second, c, d], [mirrored(first), b, a]);
  const { summary: x } = there;
  const { summary: y } = back;
  assertEquals([y.run_id_left, y.left_only_intents, y.left_only_results], [
    x.run_id_right,
    x.right_only_intents,
    x.right_only_results,
  ]);
  assertEquals(y.context_drift_classification, x.context_drift_classification);
});

property("diff: no value of a payload is told, and under metadata no member of one", pair, async (given) => {
  const { left, right } = packs(given);
  assert(!JSON.stringify(await diff(left, right, "full")).includes("s3cret"));
  const metadata = await diff(left, right, "metadata");
  const pointers = metadata.changes.flatMap(({ pointers = [] }) => pointers);
  assertEquals(pointers.filter((pointer) => /^\/(args|result|receipts)\//.test(pointer) || pointer === "/args"), []);
});
