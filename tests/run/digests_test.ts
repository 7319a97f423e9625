// The digest rules of spec 01, section 6.1: what a record's digest is taken from, and what is never checked.
import { type Json, readJson } from "../../core/base/json.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { digestIntents, digestReceipts } from "../../core/run/digests.ts";
import { readRecordInput, recordRun } from "../../core/run/record.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { sha } from "./packs.ts";
import { PLAIN } from "./runs.ts";

const { crypto } = nodeHost;
const RUN = { run_id: "r", created_at: "2026-03-01T10:00:00Z" };
const OTHER = "F".repeat(64);
const A1 = sha(`{"a":1}`);
const B2 = sha(`{"b":2}`);

const record = (input: { readonly [name: string]: Json }) =>
  recordRun(crypto, assertOk(readRecordInput(utf8(JSON.stringify({ run: RUN, ...input })), "in.json")), PLAIN);

// In each: the record, the payload for its id (undefined: none), the digest that is stored.
const RULES: readonly (readonly [string, { digest?: string; payload?: Json }, Json | undefined, string])[] = [
  ["(a) a normalization payload is digested", {}, { b: 2 }, B2],
  ["(a) it wins over the record's own payload", { payload: { a: 1 } }, { b: 2 }, B2],
  ["(a) null digests as null", { payload: { a: 1 } }, null, sha("null")],
  ["(a) an empty object digests as one", { payload: { a: 1 } }, {}, sha("{}")],
  ["(a) a given digest that agrees is kept in its spelling", { digest: B2.toUpperCase() }, { b: 2 }, B2.toUpperCase()],
  ["(b) the payload is digested", { payload: { a: 1 } }, undefined, A1],
  ["(b) an empty payload counts", { payload: {} }, undefined, sha("{}")],
  [
    "(b) numbers digest as doubles print",
    { payload: { n: 12345678901234567890, m: 1e-7 } },
    undefined,
    sha(`{"m":1e-7,"n":12345678901234567000}`),
  ],
  ["(c) a given digest is kept and not checked", { digest: OTHER, payload: { a: 1 } }, undefined, OTHER],
  ["(c) whatever it is", { digest: " no digest " }, undefined, " no digest "],
];

for (const [why, { digest, payload }, normalized, stored] of RULES) {
  Deno.test(`digests: ${why}`, () => {
    const payloads = normalized === undefined ? {} : { i: normalized };
    const { records } = assertOk(record({
      intents: [{ intent_id: "i", args: payload ?? null, args_digest: digest ?? "" }],
      results: [{ intent_id: "i", result: payload ?? null, result_digest: digest ?? null }],
      normalization: { intent_args: payloads, result_payloads: payloads },
      capture_mode: "raw",
    }));
    assertEquals([records.intents[0]?.args_digest, records.results[0]?.result_digest], [stored, stored]);
    // The normalization payload is never stored, and the record's own stays as it was.
    assertEquals([records.intents[0]?.args, records.results[0]?.result], [payload, payload]);
  });
}

Deno.test("digests: payloads are for the exact id, one for all records of that id", () => {
  const { records } = assertOk(record({
    intents: [{ intent_id: "i" }, { intent_id: " i", args: {} }, { intent_id: "I", args: {} }, {
      intent_id: "i",
      args: { a: 1 },
    }],
    normalization: { intent_args: { i: { b: 2 } } },
  }));
  assertEquals(records.intents.map((intent) => intent.args_digest), [B2, sha("{}"), sha("{}"), B2]);
  assertFault(record({ results: [{ intent_id: "i" }], normalization: { intent_args: { i: {} } } }), "digest_missing");
});

Deno.test("digests: taken before reference capture strips the payloads, the same in either mode", () => {
  const input = { intents: [{ intent_id: "i", args: { a: 1 } }], results: [{ intent_id: "i", result: { b: 2 } }] };
  const reference = assertOk(record(input)).records;
  const raw = assertOk(record({ ...input, capture_mode: "raw" })).records;
  assertEquals([reference.intents[0]?.args, reference.results[0]?.result], [undefined, undefined]);
  assertEquals([reference.intents[0]?.args_digest, reference.results[0]?.result_digest], [A1, B2]);
  assertEquals([raw.intents[0]?.args_digest, raw.results[0]?.result_digest], [A1, B2]);
});

const receipt = (extra: { readonly [name: string]: Json }) => ({
  ref_id: " trace_i ",
  source_type: " GAIT.Trace\t",
  source_locator: "l",
  redaction_mode: "reference",
  ...extra,
});
const CALLS = {
  intents: [
    { intent_id: "i", tool_name: "first", args: {} },
    { intent_id: "i", tool_name: "last", args_digest: "AbC" },
    { intent_id: "", tool_name: "blank", args: {} },
    { intent_id: " i", tool_name: "padded", args: {} },
  ],
  results: [
    { intent_id: "i", result: { a: 1 } },
    { intent_id: "i", result_digest: "DeF" },
    { intent_id: "", result: {} },
    { intent_id: " i", result: { b: 2 } },
  ],
};
const query = (tool: string, args: string) => sha(`{"args_digest":"${args}","tool_name":"${tool}"}`);
const filled = (extra: { readonly [name: string]: Json }): readonly (string | undefined)[] => {
  const { records } = assertOk(record({ ...CALLS, refs: { receipts: [receipt(extra)] } }));
  const found = records.refs.receipts[0];
  return [found?.ref_id, found?.query_digest, found?.content_digest];
};

Deno.test("digests: a trace receipt takes its digests from the last intent and the last result of its id", () => {
  assertEquals(filled({}), [" trace_i ", query("last", "AbC"), "def"]);
  assertEquals(filled({ ref_id: "trace_" }), ["trace_", query("blank", sha("{}")), sha("{}")]);
  assertEquals(filled({ ref_id: "trace_ i" }), ["trace_ i", query("padded", sha("{}")), B2]);
});

Deno.test("digests: a trace receipt's own digests must agree but for letter case and blanks", () => {
  const right = query("last", "AbC");
  assertEquals(filled({ query_digest: ` ${right.toUpperCase()} `, content_digest: " DEF" }), [" trace_i ", right, "def"]);
  for (
    const wrong of [{ query_digest: query("first", "AbC") }, { content_digest: A1 }, { query_digest: query("last", "abc") }]
  ) {
    assertFault(record({ ...CALLS, refs: { receipts: [receipt(wrong)] } }), "digest_conflict");
  }
});

Deno.test("digests: any other receipt has to bring both digests, and keeps them", () => {
  const own = { query_digest: "Anything ", content_digest: "at all" };
  for (const other of [{ source_type: "gait.trac" }, { ref_id: "Trace_i" }, { ref_id: "xtrace_i" }, { ref_id: "trace" }]) {
    assertEquals(filled({ ...own, ...other }).slice(1), ["anything", "at all"]);
    assertFault(record({ ...CALLS, refs: { receipts: [receipt({ ...other, query_digest: "x" })] } }), "digest_missing");
    assertFault(record({ ...CALLS, refs: { receipts: [receipt({ ...other, content_digest: "x" })] } }), "digest_missing");
  }
});

const counted = (hashed: { bytes: number }) => ({
  ...crypto,
  sha256(bytes: Uint8Array) {
    hashed.bytes += bytes.length;
    return crypto.sha256(bytes);
  },
});

Deno.test("digests: many records of one large normalization payload cost no more than one", () => {
  const large = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`name_${i}`, "x".repeat(50)]));
  const payload = assertOk(readJson(utf8(JSON.stringify({ large })), "x"));
  const input = assertOk(readRecordInput(
    utf8(JSON.stringify({
      run: RUN,
      intents: Array.from({ length: 5_000 }, () => ({ intent_id: "i" })),
      normalization: { intent_args: { i: payload } },
    })),
    "in.json",
  ));
  const hashed = { bytes: 0 };
  assertOk(digestIntents(counted(hashed), input.intents, input.normalization.intent_args));
  assert(hashed.bytes < 200_000, `${hashed.bytes} bytes were hashed`);
});

Deno.test("digests: many receipts of one call cost no more than one", () => {
  const input = assertOk(readRecordInput(
    utf8(JSON.stringify({
      run: RUN,
      intents: [{ intent_id: "i", tool_name: "x".repeat(100_000), args_digest: "d" }],
      results: [{ intent_id: "i", result_digest: "d" }],
      refs: { receipts: Array.from({ length: 5_000 }, () => receipt({})) },
    })),
    "in.json",
  ));
  const hashed = { bytes: 0 };
  assertOk(digestReceipts(counted(hashed), input.refs.receipts, input.intents, input.results));
  assert(hashed.bytes < 200_000, `${hashed.bytes} bytes were hashed`);
});
