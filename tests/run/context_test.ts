// Context envelopes (spec 01, section 5.5): what is refused and where, the digest of the set, and what a run makes of one.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import type { Result } from "../../core/base/result.ts";
import { type ContextSet, ENVELOPE_LIMIT, readContext } from "../../core/run/context.ts";
import { readRecordInput, type RecordOptions, recordRun } from "../../core/run/record.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { sha } from "./packs.ts";
import { PLAIN } from "./runs.ts";

const { crypto } = nodeHost;
const [AA, BB] = ["a".repeat(64), "b".repeat(64)];
const RECORD = {
  ref_id: "doc",
  source_type: "kb",
  source_locator: "kb://1",
  query_digest: AA,
  content_digest: BB,
  redaction_mode: "hashes",
};
const envelope = (change: JsonObject = {}): string => JSON.stringify({ context_set_id: "set", records: [RECORD], ...change });
const read = (text: string): Result<ContextSet> => readContext(crypto, utf8(text), "ctx.json");
const one = (change: JsonObject) => envelope({ records: [{ ...RECORD, ...change }] });
const plain = (record: JsonObject): string =>
  `{"content_digest":"${BB}","immutability":"${
    record.immutability ?? "unknown"
  }","query_digest":"${AA}","redaction_mode":"hashes",` +
  `"ref_id":"${record.ref_id ?? "doc"}","retrieved_at":"${record.retrieved_at ?? "1980-01-01T00:00:00Z"}",` +
  `"source_locator":"${record.source_locator ?? "kb://1"}","source_type":"kb"}`;

// In each: the envelope, and the words and pointer of the fault. All stand on line 1.
const DEFECTS: readonly (readonly [string, string, string])[] = [
  [envelope({ schema_id: "other" }), `schema_id must be "gait.context.envelope"`, "/schema_id"],
  [envelope({ schema_id: " gait.context.envelope" }), `schema_id must be "gait.context.envelope"`, "/schema_id"],
  [envelope({ schema_version: "2.0.0" }), `schema_version must be "1.0.0"`, "/schema_version"],
  [envelope({ context_set_id: "\u2003" }), "context_set_id must not be blank", "/context_set_id"],
  [envelope({ context_set_id: null }), "context_set_id must not be blank", "/context_set_id"],
  [envelope({ evidence_mode: "always" }), "evidence_mode must be best_effort or required", "/evidence_mode"],
  [one({ ref_id: " " }), "record 1: ref_id must not be blank", "/records/0/ref_id"],
  [one({ source_type: null }), "record 1: source_type must not be blank", "/records/0/source_type"],
  [one({ source_locator: "\n" }), "record 1: source_locator must not be blank", "/records/0/source_locator"],
  [one({ redaction_mode: "" }), "record 1: redaction_mode must not be blank", "/records/0/redaction_mode"],
  [one({ query_digest: AA + "a" }), "record 1: query_digest must be 64 hexadecimal digits", "/records/0/query_digest"],
  [
    one({ content_digest: `sha256:${AA}` }),
    "record 1: content_digest must be 64 hexadecimal digits",
    "/records/0/content_digest",
  ],
  [
    one({ immutability: "frozen" }),
    "record 1: immutability must be one of unknown, mutable, immutable",
    "/records/0/immutability",
  ],
  [
    one({ freshness_sla_seconds: -1 }),
    "record 1: freshness_sla_seconds must not be negative",
    "/records/0/freshness_sla_seconds",
  ],
  [
    envelope({ context_set_digest: AA }),
    `context_set_digest must be the digest of the records, ${sha(`[${plain({})}]`)}`,
    "/context_set_digest",
  ],
  [
    envelope({ context_set_digest: "abc" }),
    `context_set_digest must be the digest of the records, ${sha(`[${plain({})}]`)}`,
    "/context_set_digest",
  ],
];

for (const [text, words, pointer] of DEFECTS) {
  Deno.test(`readContext refuses: ${words.slice(0, 70)} (${text.length})`, () => {
    const fault = assertFault(read(text), "context_invalid");
    assertEquals(fault.message, `Cannot use context envelope "ctx.json": ${words}`);
    assertEquals([fault.at?.file, fault.at?.pointer, fault.at?.line], ["ctx.json", pointer, 1]);
    assert((fault.at?.column ?? 0) > 1, `column ${fault.at?.column}`);
  });
}

Deno.test("readContext: the place of a defect is that of the member", () => {
  const fault = assertFault(read(`{"context_set_id":"s",\n "records":[\n  {"ref_id":"a"}]}`), "context_invalid");
  assertEquals(fault.at, { file: "ctx.json", pointer: "/records/0/source_type", line: 3, column: 3 });
  const digest = assertFault(read(`{"context_set_id":"s",\n  "context_set_digest": "x"}`), "context_invalid");
  assertEquals(digest.at, { file: "ctx.json", pointer: "/context_set_digest", line: 2, column: 25 });
});

Deno.test("readContext: unknown members are refused at both levels, __proto__ too", () => {
  for (
    const [text, pointer] of [
      [envelope({ extra: 1 }), "/extra"],
      [one({ extra: 1 }), "/records/0/extra"],
      [envelope({ Records: [] }), "/Records"],
      [`{"context_set_id":"s","__proto__":{}}`, "/__proto__"],
      [`{"context_set_id":"s","records":[{"__proto__":1}]}`, "/records/0/__proto__"],
    ] as const
  ) {
    const fault = assertFault(read(text), "document_shape", text);
    assertEquals([fault.at?.pointer, fault.at?.file], [pointer, "ctx.json"]);
  }
});

Deno.test("readContext: wrong types, bad times and broken JSON are refused", () => {
  for (const text of [one({ ref_id: 1 }), envelope({ records: {} }), envelope({ records: [null] }), "[]", "null", "5"]) {
    assertFault(read(text), "document_shape", text);
  }
  for (
    const text of [
      envelope({ created_at: "yesterday" }),
      one({ retrieved_at: "2026-01-01" }),
      one({ freshness_sla_seconds: 0.5 }),
    ]
  ) {
    assertFault(read(text), "document_shape", text);
  }
  assertFault(read("{"), "json_syntax");
  assertFault(read(`{"context_set_id":"a","context_set_id":"a"}`), "json_duplicate_key");
});

Deno.test("readContext: at most 1 MiB", () => {
  const filler = ENVELOPE_LIMIT - envelope({ producer_version: "" }).length;
  assertOk(read(envelope({ producer_version: "x".repeat(filler) })));
  assertFault(read(envelope({ producer_version: "x".repeat(filler + 1) })), "json_too_large");
});

Deno.test("readContext: blank schema members, mode and stated digest count as absent", () => {
  const { digest } = assertOk(read(envelope()));
  const blank = { schema_id: " ", schema_version: "", evidence_mode: "\t", context_set_digest: " " };
  assertEquals(assertOk(read(envelope(blank))).digest, digest);
  const stated = { context_set_digest: ` ${digest.toUpperCase()} `, evidence_mode: "Required", schema_version: "1.0.0" };
  assertEquals(assertOk(read(envelope(stated))).digest, digest);
});

Deno.test("readContext: the digest is that of the records in normal form, metadata not covered", () => {
  assertEquals(assertOk(read(envelope())).digest, sha(`[${plain({})}]`));
  assertEquals(
    assertOk(read(envelope({ context_set_id: "other", created_at: "2020-01-01T00:00:00Z" }))).digest,
    sha(`[${plain({})}]`),
  );
  assertEquals(assertOk(read(envelope({ records: [] }))).digest, sha("[]"));
  assertEquals(assertOk(read(envelope({ records: null }))).digest, sha("[]"));
  const odd = {
    ref_id: " doc ",
    source_type: "\tkb",
    source_locator: "kb://1\u00a0",
    redaction_mode: " hashes ",
    query_digest: ` ${AA.toUpperCase()}`,
    content_digest: BB.toUpperCase(),
    immutability: " MUTABLE ",
    retrieved_at: "2026-03-01T12:00:00.10+01:00",
    freshness_sla_seconds: 0,
    sensitivity_label: "",
    retrieval_params: {},
  };
  const spelled = plain({ immutability: "mutable", retrieved_at: "2026-03-01T11:00:00.1Z" });
  assertEquals(assertOk(read(one(odd))).digest, sha(`[${spelled}]`));
  const full = { freshness_sla_seconds: 30, sensitivity_label: " pii ", retrieval_params: { k: 1.0, "__proto__x": null } };
  const digest = `{"content_digest":"${BB}","freshness_sla_seconds":30,"immutability":"unknown","query_digest":"${AA}",` +
    `"redaction_mode":"hashes","ref_id":"doc","retrieval_params":{"__proto__x":null,"k":1},` +
    `"retrieved_at":"1980-01-01T00:00:00Z","sensitivity_label":" pii ","source_locator":"kb://1","source_type":"kb"}`;
  assertEquals(assertOk(read(one(full))).digest, sha(`[${digest}]`));
});

Deno.test("readContext: records are ordered by id, type, locator and content, whatever order they come in", () => {
  const keys = [["a", "s", "l", AA], ["a", "s", "l", BB], ["a", "s", "m", AA], ["a", "t", "l", AA], ["\uE000", "s", "l", AA], [
    "\u{1F600}",
    "s",
    "l",
    AA,
  ]] as const;
  const records = keys.map(([ref_id, source_type, source_locator, content_digest]) => ({
    ...RECORD,
    ref_id,
    source_type,
    source_locator,
    content_digest,
  }));
  const straight = assertOk(read(envelope({ records })));
  const reversed = assertOk(read(envelope({ records: [...records].reverse() })));
  assertEquals(straight, reversed);
  assertEquals(
    straight.records.map((record) => [record.ref_id, record.source_type, record.source_locator, record.content_digest]),
    keys.map((key) => [...key]),
  );
});

const REFS = {
  context_set_digest: AA,
  context_evidence_mode: "best_effort",
  context_ref_count: 9,
  receipts: [{ ...RECORD, ref_id: "old" }],
};
const record = (context: Result<ContextSet>, options: Partial<RecordOptions> = {}, refs: Json = REFS) => {
  const text = JSON.stringify({
    run: { run_id: "r" },
    refs,
    intents: [{ intent_id: "i", args: {} }],
    results: [{ intent_id: "i", result: {} }],
  });
  return recordRun(crypto, assertOk(readRecordInput(utf8(text), "in.json")), { ...PLAIN, context, ...options });
};

Deno.test("recordRun: a valid envelope takes the place of all receipts, with the evidence mode of the run", () => {
  const context = read(envelope({ evidence_mode: "required" }));
  const { records: { refs }, warnings } = assertOk(record(context));
  assertEquals([refs.context_set_digest, refs.context_evidence_mode, refs.context_ref_count], [
    assertOk(context).digest,
    "best_effort",
    1,
  ]);
  assertEquals(refs.receipts.map((receipt) => receipt.ref_id), ["doc"]);
  assertEquals(warnings.length, 1, "that payloads were stripped");
  const none = assertOk(record(read(envelope({ records: [] })), { evidenceMode: "required" })).records.refs;
  assertEquals([none.context_set_digest, none.context_ref_count, none.receipts], [sha("[]"), 0, []]);
});

Deno.test("recordRun: an envelope that cannot be used is fatal under required, else ignored with a warning", () => {
  const bad = read("{");
  const fault = assertFault(record(bad, { evidenceMode: "required" }), "json_syntax");
  assertEquals(fault.at?.file, "ctx.json");
  const { records: { refs }, warnings } = assertOk(record(bad));
  assertEquals([refs.context_set_digest, refs.context_ref_count, refs.receipts.map((found) => found.ref_id)], [AA, 9, ["old"]]);
  assertEquals(warnings[0], `The context envelope was ignored: ${fault.message}`);
});

Deno.test("recordRun: raw context of an envelope needs consent in either mode, and the fault names the envelope", () => {
  const raw = read(one({ redaction_mode: " RAW " }));
  for (const evidenceMode of ["required", "best_effort"]) {
    assertEquals(assertFault(record(raw, { evidenceMode }), "raw_context_refused").at, { file: "ctx.json" });
    assertOk(record(raw, { evidenceMode, unsafeContextRaw: true }));
  }
  // The receipts that it replaces are not asked.
  assertOk(record(read(envelope()), {}, { receipts: [{ ...RECORD, redaction_mode: "raw" }] }));
});

Deno.test("recordRun: trace receipts of an envelope are held against the calls, and a fault names the envelope, not the input", () => {
  const trace = { ref_id: "trace_i", source_type: "gait.trace" };
  const query = sha(`{"args_digest":"${sha("{}")}","tool_name":""}`);
  assertOk(record(read(one({ ...trace, query_digest: query, content_digest: sha("{}") }))));
  assertEquals(assertFault(record(read(one(trace))), "digest_conflict").at, { file: "ctx.json" });
  assertEquals(assertFault(record(read(one({ ...trace, ref_id: "trace_j" }))), "run_invalid").at, { file: "ctx.json" });
});
