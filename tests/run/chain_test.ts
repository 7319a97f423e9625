// Session chains as documents to read and show (spec 01, sections 7.2 and 8.1).
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { inspectChain, readChain } from "../../core/run/chain.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

const point = (checkpoint_index: number, more: JsonObject = {}) => ({
  checkpoint_index,
  runpack_path: `cp${checkpoint_index}.zip`,
  sequence_start: checkpoint_index * 10 - 9,
  sequence_end: checkpoint_index * 10,
  checkpoint_digest: `d${checkpoint_index}`,
  ...more,
});
const CHAIN = { session_id: "s", run_id: "r", checkpoints: [point(2, { prev_checkpoint_digest: "d1" }), point(1)] };
const read = (change: JsonObject = {}) => readChain(utf8(JSON.stringify({ ...CHAIN, ...change })), "chain.json");

Deno.test("readChain: schema members may be absent, else they are exact; ids and one checkpoint are wanted", () => {
  for (
    const change of [{}, { schema_id: "gait.runpack.session_chain", schema_version: "1.0.0" }, { schema_id: "", extra: 1 }]
  ) {
    assertOk(read(change));
  }
  const wrong: readonly JsonObject[] = [
    { schema_id: "gait.runpack.session_journal" },
    { schema_id: " gait.runpack.session_chain" },
    { schema_version: "1.0" },
    { session_id: "" },
    { run_id: null },
    { checkpoints: [] },
    { checkpoints: null },
  ];
  for (const change of wrong) {
    const fault = assertFault(read(change), "document_kind", JSON.stringify(change));
    assertEquals(fault.at, { file: "chain.json" });
  }
});

Deno.test("readChain: wrong types and broken JSON are placed", () => {
  const shape = assertFault(read({ checkpoints: [point(1, { sequence_end: 1.5 })] }), "document_shape");
  assertEquals([shape.at?.file, shape.at?.pointer, shape.at?.line], ["chain.json", "/checkpoints/0/sequence_end", 1]);
  assertEquals(assertFault(readChain(utf8("{\n5"), "c.json"), "json_syntax").at, { file: "c.json", line: 2, column: 1 });
});

Deno.test("inspectChain: checkpoints in order of their index, a first one without a previous digest", () => {
  const { checkpoints, ...head } = inspectChain(assertOk(read()));
  assertEquals(head, { run_id: "r", session_id: "s", checkpoint_count: 2 });
  assertEquals(checkpoints, [
    { checkpoint_index: 1, runpack_path: "cp1.zip", sequence_start: 1, sequence_end: 10, checkpoint_digest: "d1" },
    {
      checkpoint_index: 2,
      runpack_path: "cp2.zip",
      sequence_start: 11,
      sequence_end: 20,
      checkpoint_digest: "d2",
      prev_checkpoint_digest: "d1",
    },
  ]);
});
