// Capturing (spec 01, section 7.6): what a source is, which checkpoint is meant, and that it holds before anything is said.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { checkChain, checkpointOf, checkRunpack, readJsonSource } from "../../core/flow/capture.ts";
import { checkpointDigest } from "../../core/run/chain.ts";
import type { SessionChain } from "../../core/schema/session.ts";
import { nodeHost } from "../../host/node.ts";
import { craftZip } from "../base/craft_zip.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { object, quickPack, recordedTexts, texts, vouchedFor, zipOf } from "../run/packs.ts";

const read = (json: Json) => readJsonSource(utf8(JSON.stringify(json)), "s.json");
const PACK = quickPack(recordedTexts({ run: { run_id: "run_p", created_at: "2026-03-01T10:00:00Z" } }));
const MANIFEST = String(object((await texts(PACK))["manifest.json"]).manifest_digest);

/** A chain of checkpoints that all seal the pack; `change` is put over the last one after its digest was taken. */
function chain(count: number, change: JsonObject = {}): SessionChain {
  const checkpoints: JsonObject[] = [];
  let prev_checkpoint_digest = "";
  for (let index = 1; index <= count; index++) {
    const link = {
      manifest_digest: MANIFEST,
      prev_checkpoint_digest,
      checkpoint_index: index,
      sequence_start: index,
      sequence_end: index,
    };
    prev_checkpoint_digest = checkpointDigest(nodeHost.crypto, link);
    checkpoints.push({ ...link, runpack_path: `${index}.zip`, checkpoint_digest: prev_checkpoint_digest });
  }
  const last = { ...checkpoints.pop(), ...change };
  const source = assertOk(read({ session_id: "s", run_id: "run_s", checkpoints: [...checkpoints, last] }));
  if (source.kind !== "chain") throw new Error("no chain");
  return source.chain;
}

const opened = (files: Readonly<Record<string, Uint8Array>>) => (path: string) => {
  const bytes = files[path];
  const found: Result<ReturnType<typeof bytesSource> & { close(): void }> = bytes === undefined
    ? fail("file_missing", `Cannot read "${path}": it is not there`)
    : ok({ ...bytesSource(bytes), close: () => {} });
  return Promise.resolve(found);
};

Deno.test("capture: a JSON source is a chain, a trace by its schema id, or refused", () => {
  assertEquals(chain(1).run_id, "run_s");
  const trace = { schema_id: "gait.gate.trace", verdict: "allow" };
  assertEquals(assertOk(read(trace)).kind, "trace");
  assertFault(read({ ...trace, verdict: 1 }), "document_shape");
  for (const json of [{}, { schema_id: "gait.other" }, { session_id: "s" }]) {
    const fault = assertFault(read(json), "document_kind");
    assertEquals(fault.message, 'Cannot capture "s.json": it is neither a session chain nor a trace');
  }
  assertFault(read([]), "document_shape");
  assertFault(readJsonSource(utf8("{"), "s.json"), "json_syntax");
});

Deno.test("capture: latest, blank and an index name a checkpoint; nothing else does", () => {
  const three = chain(3);
  const index = (word: string) => assertOk(checkpointOf(three, word)).checkpoint_index;
  assertEquals(["", " Latest ", "LATEST", "1", "3"].map(index), [3, 3, 3, 1, 3]);
  for (const word of ["0", "4", "2x", "-1", "1.0", "01", "last", "1 2"]) {
    assertFault(checkpointOf(three, word), "flag_value", word);
  }
});

Deno.test("capture: a runpack holds, or ends with the exit of its defect", async () => {
  const check = (bytes: Uint8Array) => checkRunpack(nodeHost, bytesSource(bytes), "p.zip");
  assertEquals(assertOk(await check(PACK)), "run_p");
  const entries = vouchedFor(await texts(PACK));
  const changed = assertFault(await check(await zipOf({ ...entries, "run.json": "{}" })), "verification_failed");
  assertEquals([changed.exit, changed.at], [undefined, { file: "p.zip", entry: "run.json" }]);
  assertEquals(assertFault(await check(utf8("no zip")), "not_a_zip").exit, "usage");
  const twice = craftZip([{ name: "a", content: "" }, { name: "a", content: "" }]);
  assertEquals(assertFault(await check(twice), "zip_duplicate_entry").exit, undefined);
  assertEquals(assertFault(await check(craftZip([{ name: "../a", content: "" }])), "zip_unsafe_name").exit, "usage");
});

Deno.test("capture: a chain holds when its links do and every runpack that it names is the one it sealed", async () => {
  const check = (given: SessionChain, files: Readonly<Record<string, Uint8Array>>) =>
    checkChain(nodeHost, given, opened(files), "c.json");
  const both = { "1.zip": PACK, "2.zip": PACK };
  assertEquals(await check(chain(2), both), ok(undefined));
  const other = quickPack(recordedTexts({ run: { run_id: "run_q", created_at: "2026-03-01T10:00:00Z" } }));
  const bad: readonly (readonly [SessionChain, Readonly<Record<string, Uint8Array>>])[] = [
    [chain(2, { checkpoint_digest: "0" }), both],
    [chain(2, { sequence_end: 9 }), both],
    [chain(2), { "2.zip": PACK }],
    [chain(2), { ...both, "1.zip": other }],
    [chain(2), { ...both, "2.zip": utf8("no zip") }],
  ];
  for (const [given, files] of bad) {
    assertEquals(assertFault(await check(given, files), "verification_failed").at, { file: "c.json" });
  }
});
