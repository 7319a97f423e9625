// From a run as given to a run as recorded: defaults, inheritance, times, and what is left out when it is empty.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { readRecordInput, type RecordOptions, recordRun } from "../../core/run/record.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { object, sha, texts } from "./packs.ts";
import { PLAIN, sealed } from "./runs.ts";

/** The entries of the runpack of an input: `.json` parsed, `.jsonl` as a list. */
async function entries(input: Json, options: Partial<RecordOptions> = {}) {
  const found = await texts((await sealed(input, options)).bytes);
  const lines = (path: string) => (found[path] ?? "").split("\n").slice(0, -1).map((line) => object(line));
  return {
    run: object(found["run.json"]),
    intents: lines("intents.jsonl"),
    results: lines("results.jsonl"),
    refs: object(found["refs.json"]),
    manifest: object(found["manifest.json"]),
    texts: found,
  };
}

const NOW = "2026-03-01T10:00:00Z";
const EMPTY = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

Deno.test("complete: a run that says nothing but its id gets all defaults", async () => {
  const { run, intents, results, refs, manifest } = await entries({
    run: { run_id: "r" },
    intents: [{ intent_id: "i", tool_name: "t", args: {} }],
    results: [{ intent_id: "i", result: {} }],
  });
  const head = { schema_version: "1.0.0", created_at: NOW, producer_version: "0.0.0-dev", run_id: "r" };
  const env = { os: "o", arch: "a", runtime: "r" };
  assertEquals(run, { schema_id: "gait.runpack.run", ...head, env, timeline: null });
  assertEquals(intents, [{ schema_id: "gait.runpack.intent", ...head, intent_id: "i", tool_name: "t", args_digest: EMPTY }]);
  assertEquals(results, [{ schema_id: "gait.runpack.result", ...head, intent_id: "i", status: "", result_digest: EMPTY }]);
  assertEquals(refs, { schema_id: "gait.runpack.refs", ...head, context_evidence_mode: "best_effort", receipts: [] });
  const { files: _, manifest_digest: __, ...rest } = manifest;
  assertEquals(rest, { schema_id: "gait.runpack.manifest", ...head, capture_mode: "reference" });
});

Deno.test("complete: records and refs inherit what they lack from the run, and keep what they have", async () => {
  const own = { created_at: "2020-01-01T00:00:00+02:00", producer_version: "p2", run_id: "r2" };
  const zero = { created_at: "0001-01-01T00:00:00Z", producer_version: "", run_id: "" };
  const { intents, results, refs } = await entries({
    run: { run_id: "r", created_at: "2026-01-01T00:00:00-01:30", producer_version: "p1" },
    intents: [{ args: {}, ...own }, { args: {}, ...zero }, { args: {}, created_at: "0001-01-01T05:30:00+05:30" }],
    results: [{ result: {}, ...own }, { result: {}, ...zero }],
    refs: own,
  });
  const heads = [...intents, ...results, refs].map(({ created_at, producer_version, run_id }) => [
    created_at,
    producer_version,
    run_id,
  ]);
  const mine = ["2020-01-01T00:00:00+02:00", "p2", "r2"];
  const runs = ["2026-01-01T00:00:00-01:30", "p1", "r"];
  assertEquals(heads, [mine, runs, runs, mine, runs, mine]);
});

Deno.test("complete: single members of env are filled, schema ids and versions that are given stay", async () => {
  const { run, intents, manifest } = await entries({
    run: { run_id: "r", env: { arch: "own" }, schema_id: "x", schema_version: "7" },
    intents: [{ args: {}, schema_id: "y", schema_version: "8" }],
  });
  assertEquals([run.env, run.schema_id, run.schema_version], [{ os: "o", arch: "own", runtime: "r" }, "x", "7"]);
  assertEquals([intents[0]?.schema_id, intents[0]?.schema_version], ["y", "8"]);
  assertEquals([manifest.schema_id, manifest.schema_version], ["gait.runpack.manifest", "1.0.0"]);
});

Deno.test("complete: an absent timeline is null, an empty one is not, and both are written", async () => {
  const timeline = async (run: Json) => (await entries({ run })).texts["run.json"]?.match(/"timeline":.*/)?.[0];
  assertEquals(await timeline({ run_id: "r" }), `"timeline":null}`);
  assertEquals(await timeline({ run_id: "r", timeline: null }), `"timeline":null}`);
  assertEquals(await timeline({ run_id: "r", timeline: [] }), `"timeline":[]}`);
  assertEquals(await timeline({ run_id: "r", timeline: [{}] }), `"timeline":[{"event":"","ts":"0001-01-01T00:00:00Z"}]}`);
});

Deno.test("complete: times keep nanoseconds and offsets, in their one spelling, in every place", async () => {
  const spellings: readonly (readonly [string, string])[] = [
    ["2026-03-01T10:00:00.123456789123Z", "2026-03-01T10:00:00.123456789Z"],
    ["2026-03-01T10:00:00.999999999999+05:45", "2026-03-01T10:00:00.999999999+05:45"],
    ["2026-03-01T10:00:00.500+00:00", "2026-03-01T10:00:00.5Z"],
    ["2026-03-01T10:00:00.000-00:00", "2026-03-01T10:00:00Z"],
    ["2026-03-01T10:00:00.0000000001Z", "2026-03-01T10:00:00Z"],
    ["2024-02-29T23:59:59-23:59", "2024-02-29T23:59:59-23:59"],
    ["0001-01-01T00:00:00.000000001Z", "0001-01-01T00:00:00.000000001Z"],
  ];
  for (const [given, kept] of spellings) {
    const { run, intents, results, manifest } = await entries({
      run: { run_id: "r", created_at: given, timeline: [{ ts: given }] },
      intents: [{ args: {}, created_at: given }],
      results: [{ result: {} }],
    });
    const all = [run.created_at, run.timeline, intents[0]?.created_at, results[0]?.created_at, manifest.created_at];
    assertEquals(all, [kept, [{ event: "", ts: kept }], kept, kept, kept], given);
  }
});

Deno.test("complete: members that are empty go, those that the table calls always stay", async () => {
  const receipt = { ref_id: "a", query_digest: "Q ", content_digest: " C" };
  const { refs, texts } = await entries({
    run: { run_id: "r", timeline: [{ event: "e", ref: "", relationship: null }] },
    refs: {
      context_set_digest: "",
      context_ref_count: 0,
      receipts: [{
        ...receipt,
        immutability: " ",
        freshness_sla_seconds: 0,
        sensitivity_label: "",
        retrieval_params: {},
      }],
    },
    intents: [{ args: {} }],
    results: [{ result: {} }],
    capture_mode: "raw",
  });
  assertEquals(refs.receipts, [{
    ref_id: "a",
    source_type: "",
    source_locator: "",
    query_digest: "q",
    content_digest: "c",
    retrieved_at: "1980-01-01T00:00:00Z",
    redaction_mode: "",
    immutability: "unknown",
  }]);
  assertEquals(refs.context_ref_count, 1);
  assertEquals(object(texts["run.json"]).timeline, [{ event: "e", ts: "0001-01-01T00:00:00Z" }]);
  assertEquals([texts["intents.jsonl"]?.includes(`"args":`), texts["results.jsonl"]?.includes(`"result":`)], [false, false]);
});

Deno.test("complete: a run without records has entries of no bytes, not none", async () => {
  const { texts, manifest } = await entries({ run: { run_id: "r" } });
  assertEquals([texts["intents.jsonl"], texts["results.jsonl"]], ["", ""]);
  const none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const rows = Array.isArray(manifest.files) ? manifest.files : [];
  assertEquals(rows.filter((row: Json) => JSON.stringify(row)?.includes(none)).length, 2);
});

Deno.test("complete: a relationship is carried as given, its unknown members dropped, an empty one kept", async () => {
  const none = { kind: "", id: "" };
  const relationship = {
    parent_ref: { kind: "Moon", id: " x " },
    entity_refs: [{ kind: "tool", id: "b" }, { kind: "tool", id: "a" }, { kind: "tool", id: "a" }],
    policy_ref: { policy_digest: "ABC", matched_rule_ids: ["z", "a", "z"] },
    agent_chain: [{ identity: "", role: "other" }],
    edges: [{ kind: "k", from: { kind: "", id: "1" }, to: { kind: "t", id: "" } }],
    parent_record_id: " p ",
    related_record_ids: ["b", "a"],
    related_entity_ids: ["z"],
    agent_lineage: [{ agent_id: "" }, { agent_id: "a", delegated_by: "b", delegation_record_id: "c" }],
  };
  const { run } = await entries({
    run: {
      run_id: "r",
      timeline: [
        { event: "1", ts: NOW, relationship },
        { event: "2", ts: NOW, relationship: { ...relationship, extra: 1, parent_ref: { kind: "k", id: "i", x: 1 } } },
        { event: "3", ts: NOW, relationship: {} },
        { event: "4", ts: NOW, relationship: { entity_refs: [], policy_ref: null, parent_record_id: "", agent_lineage: null } },
        { event: "5", ts: NOW, relationship: { parent_ref: {}, policy_ref: {} } },
        { event: "6", ts: NOW, relationship: { edges: [{}, { from: null, to: { id: "i" } }], entity_refs: [{}] } },
      ],
    },
  });
  assertEquals(run.timeline, [
    { event: "1", ts: NOW, relationship },
    { event: "2", ts: NOW, relationship: { ...relationship, parent_ref: { kind: "k", id: "i" } } },
    { event: "3", ts: NOW, relationship: {} },
    { event: "4", ts: NOW, relationship: {} },
    { event: "5", ts: NOW, relationship: { parent_ref: none, policy_ref: {} } },
    {
      event: "6",
      ts: NOW,
      relationship: {
        edges: [{ kind: "", from: none, to: none }, { kind: "", from: none, to: { kind: "", id: "i" } }],
        entity_refs: [none],
      },
    },
  ]);
});

Deno.test("complete: raw capture keeps payloads as they are, __proto__ and number-like names included", async () => {
  const args = `{"__proto__":{"admin":true},"constructor":1,"10":"b","9":"a","":-0,"\u{1F600}":1,"\uE000":2,"n":1.50}`;
  const text = `{"run":{"run_id":"r"},"capture_mode":"raw","intents":[{"intent_id":"__proto__","args":${args}}],` +
    `"results":[{"intent_id":"__proto__","result":{"__proto__":null}}]}`;
  const read = assertOk(readRecordInput(utf8(text), "in.json"));
  const { records } = assertOk(recordRun(nodeHost.crypto, read, PLAIN));
  const plain: Json = JSON.parse(text);
  const found = await entries(plain);
  const canonical = `{"":0,"10":"b","9":"a","__proto__":{"admin":true},"constructor":1,"n":1.5,"\u{1F600}":1,"\uE000":2}`;
  assertEquals(found.texts["intents.jsonl"]?.slice(0, 8 + canonical.length), `{"args":${canonical}`);
  assertEquals(records.intents[0]?.args_digest, sha(canonical));
  assertEquals(found.texts["results.jsonl"]?.includes(`"result":{"__proto__":null}`), true);
  assertEquals(Reflect.get({}, "admin"), undefined);
});

Deno.test("complete: a __proto__ at any other place changes nothing", () => {
  const poison = `"__proto__":{"run_id":"evil","args":{"x":1},"tool_name":"evil","receipts":[{}],"schema_id":"evil"}`;
  const text = `{${poison},"run":{"run_id":"r",${poison},"env":{${poison}}},"intents":[{"args":{},${poison}}],` +
    `"refs":{${poison}},"normalization":{${poison},"intent_args":{"__proto__":{"y":2}}}}`;
  const clean = { run: { run_id: "r" }, intents: [{ args: {} }] };
  const poisoned = assertOk(readRecordInput(utf8(text), "in.json"));
  const { records } = assertOk(recordRun(nodeHost.crypto, poisoned, PLAIN));
  const plain = assertOk(recordRun(nodeHost.crypto, assertOk(readRecordInput(utf8(JSON.stringify(clean)), "in.json")), PLAIN));
  assertEquals(records, plain.records);
  // As an intent id it is a name like any other.
  const named =
    `{"run":{"run_id":"r"},"intents":[{"intent_id":"__proto__"}],"normalization":{"intent_args":{"__proto__":{"y":2}}}}`;
  const recorded = assertOk(recordRun(nodeHost.crypto, assertOk(readRecordInput(utf8(named), "in.json")), PLAIN));
  assertEquals(recorded.records.intents[0]?.args_digest, "9a51a7767c3d6fbab05a874b052aa49174a280702a278208810f9cd1a9ef3afa");
});
