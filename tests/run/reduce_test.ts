// The contract of a reduction (spec 01, section 7.5): what is chosen, what is kept, what the report says.
import type { JsonObject } from "../../core/base/json.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { openRunpack } from "../../core/run/open.ts";
import { findFailure, reduceReport, reduceRun } from "../../core/run/reduce.ts";
import type { RunRecords } from "../../core/schema/runpack.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { quickPack, recordedTexts } from "./packs.ts";

const open = async (parts: JsonObject): Promise<RunRecords> => {
  const run = { run_id: "nightly", created_at: "2026-03-01T11:00:00+01:00" };
  const texts = recordedTexts({ run, intents: [], results: [], capture_mode: "raw", ...parts });
  return assertOk(await openRunpack(nodeHost, bytesSource(quickPack(texts)), "pack.zip")).records;
};
const call = (intent_id: string, args: JsonObject = {}) => ({ intent_id, tool_name: "t", args });
const answer = (intent_id: string, status: string, result: JsonObject = {}) => ({ intent_id, status, result });
const receipt = (ref_id: string) => ({ ref_id, query_digest: "a".repeat(64), content_digest: "b".repeat(64) });

Deno.test("reduce: the least id that fails, by bytes; blank ids are passed over", async () => {
  const intents = ["", "z", "\u{1f600}", "\ufb33", "b"].map((id) => call(id));
  const records = await open({ intents, results: [answer("b", "ok"), answer("z", "error")] });
  assertEquals(findFailure(records, "missing_result"), "\ufb33");
  assertEquals(findFailure(records, "non_ok_status"), "z");
  assertEquals(findFailure(await open({ intents: [call("")] }), "missing_result"), undefined);
  assertEquals(findFailure(await open({ results: [answer("x", "error")] }), "non_ok_status"), undefined);
});

Deno.test("reduce: ok and success are no failure in any case and with blanks, every other status is one", async () => {
  for (const status of ["ok", " OK ", "Success"]) {
    assertFault(
      reduceRun(await open({ intents: [call("a")], results: [answer("a", status)] }), "non_ok_status"),
      "nothing_to_reduce",
    );
  }
  for (const status of ["", "okay", "denied"]) {
    assertOk(reduceRun(await open({ intents: [call("a")], results: [answer("a", status)] }), "non_ok_status"), status);
  }
});

Deno.test("reduce: the first call and the first failing result of the id, what is about it, and the receipts that it cites", async () => {
  const args = { Ref: " r1 ", inner: [{ hrefs: ["ref_2", "x"] }, ["ref_3", [{ PREFERENCE: "r4" }]]], note: "ref_9" };
  const original = await open({
    run: {
      run_id: "nightly",
      created_at: "2026-03-01T11:00:00+01:00",
      timeline: [
        { event: "start", ts: "2026-03-01T10:00:00Z" },
        { event: "mine", ts: "2026-03-01T10:00:00Z", ref: "k" },
        { event: "other", ts: "2026-03-01T10:00:00Z", ref: "l" },
      ],
    },
    intents: [call("k", args), call("k", { Ref: "late" }), call("l")],
    results: [answer("k", "ok", { ref: "good" }), answer("k", "bad", { cites: ["ref_5"] }), answer("k", "worse")],
    refs: { receipts: ["r1", "ref_2", "ref_3", "r4", "ref_5", "ref_9", "late", "good", "x"].map(receipt) },
  });
  const reduced = assertOk(reduceRun(original, "non_ok_status"));
  const { run, intents, results, refs } = reduced.records;
  assertEquals(reduced.selected, "k");
  assertEquals([run.run_id, run.timeline?.map(({ event }) => event)], ["run_nightly_reduced_nonokstatus", ["start", "mine"]]);
  assertEquals(intents.map(({ run_id, args }) => [run_id, args]), [[run.run_id, args]]);
  assertEquals(results.map(({ run_id, status }) => [run_id, status]), [[run.run_id, "bad"]]);
  assertEquals(refs.receipts.map(({ ref_id }) => ref_id), ["r1", "r4", "ref_2", "ref_3", "ref_5"]);
  assertEquals([refs.run_id, refs.context_ref_count], [run.run_id, 9]);
  assertEquals(reduceReport(original, reduced, "non_ok_status", "1.2.3", true), {
    schema_id: "gait.runpack.reduce_report",
    schema_version: "1.0.0",
    created_at: "2026-03-01T10:00:00Z",
    producer_version: "1.2.3",
    run_id: "nightly",
    reduced_run_id: "run_nightly_reduced_nonokstatus",
    predicate: "non_ok_status",
    selected_intent_id: "k",
    original_intent_count: 3,
    reduced_intent_count: 1,
    original_result_count: 3,
    reduced_result_count: 1,
    original_ref_count: 9,
    reduced_ref_count: 5,
    still_failing: true,
  });
});

Deno.test("reduce: a missing result keeps no result; a timeline that was absent stays absent", async () => {
  const run = { run_id: "run_x", created_at: "2026-03-01T10:00:00Z" };
  const records = await open({ run, intents: [call("a", { ref: "r" }), call("b")], results: [answer("b", "error")] });
  const reduced = assertOk(reduceRun(records, "missing_result"));
  assertEquals([reduced.records.results, reduced.records.run.timeline, reduced.records.run.run_id], [
    [],
    null,
    "run_x_reduced_missingresult",
  ]);
  assertEquals(reduced.records.refs.receipts, []);
});
