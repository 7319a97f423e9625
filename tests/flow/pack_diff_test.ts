// How packs differ: by what they declare, and by the context that the runs in them saw.
import type { Json } from "../../core/base/json.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { diffPackFiles } from "../../core/flow/pack_diff.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import {
  AUTHORIZATION,
  entriesOf,
  JOB,
  KEY,
  repacked,
  runPack,
  runpack,
  WITH_CONTEXT,
  withMembers,
  withText,
} from "../pack/packs.ts";
import { object } from "../run/packs.ts";
import { SMALL } from "../run/runs.ts";

const diff = (left: Uint8Array, right: Uint8Array) =>
  diffPackFiles(nodeHost, { source: bytesSource(left), what: "l.zip" }, { source: bytesSource(right), what: "r.zip" });
const summary = async (left: Uint8Array, right: Uint8Array) => assertOk(await diff(left, right)).summary;

/** The run with context, one of its receipts changed, or its refs. */
function otherContext(receipt: Readonly<Record<string, Json>>, refs: Readonly<Record<string, Json>> = {}): Json {
  const text = JSON.stringify(WITH_CONTEXT);
  const given = object(text);
  const own = object(JSON.stringify(given.refs));
  const receipts = JSON.parse(JSON.stringify(own.receipts)).map((one: object, i: number) =>
    i === 0 ? { ...one, ...receipt } : one
  );
  return { ...given, refs: { ...own, receipts, ...refs } };
}

Deno.test("pack diff: a pack does not differ from itself, however it was zipped", async () => {
  for (const bytes of [await runPack(), await runPack(WITH_CONTEXT, KEY), await runpack(), await repacked(JOB)]) {
    const same = await summary(bytes, await writeZip(await entriesOf(bytes)));
    assertEquals([same.changed, same.manifest_delta, same.context_drift_classification], [false, false, "none"]);
  }
});

Deno.test("pack diff: context that was only fetched later is told from context that is another", async () => {
  const before = await runPack(WITH_CONTEXT);
  const cases: readonly (readonly [wanted: string, run: Json])[] = [
    ["none", otherContext({ immutability: " Unknown " })],
    ["none", otherContext({ query_digest: "b".repeat(64) })],
    ["runtime_only", otherContext({ retrieved_at: "2026-03-02T10:00:00Z" })],
    ["semantic", otherContext({ content_digest: "9".repeat(64) })],
    ["semantic", otherContext({ source_locator: "w/9" })],
    ["semantic", otherContext({ retrieved_at: "2026-03-02T10:00:00Z" }, { context_ref_count: 9 })],
    ["semantic", otherContext({}, { producer_version: "other" })],
    ["semantic", SMALL],
  ];
  for (const [wanted, run] of cases) {
    const found = await summary(before, await runPack(run));
    assertEquals(found.context_drift_classification, wanted, JSON.stringify(run));
    assertEquals([found.context_changed, found.context_runtime_only_changes], [wanted !== "none", wanted === "runtime_only"]);
  }
});

Deno.test("pack diff: where a runpack cannot be read the payloads decide; other types have no context", async () => {
  const files = await entriesOf(await runPack(WITH_CONTEXT));
  const unreadable = withText(files, "source/runpack.zip", "no zip");
  const left = await repacked(unreadable);
  const same = await summary(left, await runPack(WITH_CONTEXT));
  assertEquals([same.changed_files, same.context_drift_classification], [["source/runpack.zip"], "none"]);
  const digest = withMembers(unreadable, "run_payload.json", { context_set_digest: "7".repeat(64) });
  assertEquals((await summary(left, await repacked(digest))).context_drift_classification, "semantic");
  const others = await summary(await repacked(JOB), await repacked(AUTHORIZATION));
  assertEquals([others.manifest_delta, others.context_drift_classification], [true, "none"]);
});

Deno.test("pack diff: added, removed and changed entries are named; signatures alone are a change of the manifest", async () => {
  const files = await entriesOf(await runPack());
  const left = await repacked(withText(files, "notes/a.txt", "a"));
  const right = await repacked(withText(withText(files, "notes/b.txt", "b"), "run_payload.json", "{}"));
  const found = await summary(left, right);
  assertEquals([found.added_files, found.removed_files, found.changed_files], [["notes/b.txt"], ["notes/a.txt"], [
    "run_payload.json",
  ]]);
  const signed = await summary(await repacked(files), await repacked(files, {}, KEY));
  assertEquals([signed.changed, signed.manifest_delta, signed.changed_files], [true, true, []]);
  const bare = assertOk(await diff(await runPack(), await runpack()));
  assertEquals([bare.summary.added_files, bare.summary.removed_files], [
    ["intents.jsonl", "refs.json", "results.jsonl", "run.json"],
    ["proof_records.jsonl", "run_payload.json", "source/runpack.zip"],
  ]);
});

Deno.test("pack diff: what is no pack ends it, on either side", async () => {
  const pack = await runPack();
  const guard = await repacked(withText([], "x", ""), { schema_id: "gait.guard.pack_manifest" });
  for (const [odd, code] of [[new Uint8Array(4), "not_a_zip"], [guard, "document_kind"]] as const) {
    assertEquals(assertFault(await diff(odd, pack), code).exit, "usage");
    assertEquals(assertFault(await diff(pack, odd), code).exit, "usage");
  }
});
