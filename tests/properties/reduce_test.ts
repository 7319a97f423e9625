// What a reduction promises: the smaller run still shows the failure, and nothing can be left out of it without losing that.
import fc from "fast-check";
import { bytesSource } from "../../core/base/zip_read.ts";
import { openRunpack } from "../../core/run/open.ts";
import { findFailure, reduceRun } from "../../core/run/reduce.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import { PREDICATES } from "../../core/schema/reduce_report.ts";
import type { RunRecords } from "../../core/schema/runpack.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { quickPack, recordedTexts } from "../run/packs.ts";
import { property } from "./run.ts";

const id = fc.constantFrom("a", "b", "c", "");
const payload = fc.constantFrom({}, { input_ref: "r1" }, { list: ["ref_2", "r1"] }, { deep: { refs: ["ref_2"], ref: "r3" } });
const run = fc.record({
  run: fc.record({ run_id: fc.constantFrom("run_1", "one"), created_at: fc.constant("2026-03-01T10:00:00Z") }),
  intents: fc.array(fc.record({ intent_id: id, tool_name: fc.constant("t"), args: payload }), { maxLength: 5 }),
  results: fc.array(fc.record({ intent_id: id, status: fc.constantFrom("ok", " Success", "error", ""), result: payload }), {
    maxLength: 5,
  }),
  refs: fc.record({
    receipts: fc.subarray(["r1", "ref_2", "r3", "unused"]).map((ids) =>
      ids.map((ref_id) => ({ ref_id, query_digest: "a".repeat(64), content_digest: "b".repeat(64) }))
    ),
  }),
  capture_mode: fc.constantFrom("raw", "reference"),
});
const predicate = fc.constantFrom(...PREDICATES);

const isBad = (status: string): boolean => !["ok", "success"].includes(status.trim().toLowerCase());

// The failures of a run, found without the program: every id of a call that shows the predicate.
const failures = ({ intents, results }: RunRecords, wanted: string): string[] =>
  intents.map(({ intent_id }) => intent_id).filter((id) => {
    const answers = results.filter((record) => record.intent_id === id);
    return id !== "" && (wanted === "missing_result" ? answers.length === 0 : answers.some(({ status }) => isBad(status)));
  });

const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

property(
  "reduce: keeps its predicate, also sealed and read back, and is minimal for it",
  fc.tuple(run, predicate),
  async (given) => {
    const [input, wanted] = given;
    const pack = assertOk(await openRunpack(nodeHost, bytesSource(quickPack(recordedTexts(input))), "pack.zip"));
    const expected = failures(pack.records, wanted).sort()[0];
    const reduced = reduceRun(pack.records, wanted);
    assertEquals(findFailure(pack.records, wanted), expected);
    if (expected === undefined) return void assertFault(reduced, "nothing_to_reduce");
    const { records, selected } = assertOk(reduced);
    assertEquals([selected, failures(records, wanted)], [expected, [expected]]);
    assertEquals([records.intents.length, records.results.length], [1, wanted === "missing_result" ? 0 : 1]);
    for (const [at] of records.intents.entries()) {
      assertEquals(findFailure({ ...records, intents: without(records.intents, at) }, wanted), undefined);
    }
    if (wanted === "non_ok_status") {
      for (const [at] of records.results.entries()) {
        assertEquals(findFailure({ ...records, results: without(records.results, at) }, wanted), undefined);
      }
    }
    // Every receipt that is left is named by what is left; every document says which run it is of.
    const kept = JSON.stringify([records.intents.map(({ args }) => args), records.results.map(({ result }) => result)]);
    for (const { ref_id } of records.refs.receipts) assert(kept.includes(JSON.stringify(ref_id)), ref_id);
    const owners = [records.run, records.refs, ...records.intents, ...records.results].map(({ run_id }) => run_id);
    assertEquals(new Set(owners).size, 1);
    const sealed = assertOk(await sealRunpack(nodeHost.crypto, records, pack.manifest.capture_mode));
    const back = assertOk(await openRunpack(nodeHost, bytesSource(sealed.bytes), "reduced.zip"));
    assertEquals(findFailure(back.records, wanted), expected);
    // Reducing again finds the same failure and changes nothing but the id.
    const again = assertOk(reduceRun(back.records, wanted));
    assertEquals([again.selected, again.records.refs.receipts], [selected, records.refs.receipts]);
  },
);
