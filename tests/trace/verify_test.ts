// Verifying the record of a decision (spec 03, sections 1.2 and 2): what its signature covers, to the last member, and what not.
import { utf8 } from "../../core/base/bytes.ts";
import { digestOf } from "../../core/base/digest.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { fieldsOf, writeShape } from "../../core/base/shape.ts";
import { signDigest } from "../../core/base/sign.ts";
import { ShownTraceShape } from "../../core/schema/trace.ts";
import { noteBelongs } from "../../core/trace/note.ts";
import { checkTraceShape } from "../../core/trace/check.ts";
import { readTrace, type TraceReport, verifyTrace } from "../../core/trace/verify.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const { crypto } = nodeHost;
const KEY = await newKey(crypto, new Uint8Array(32).fill(9));
const OTHER = await newKey(crypto, new Uint8Array(32).fill(8));
const D = "1".repeat(64);
const TIME = "2026-03-04T05:06:07.000000001Z";

const BARE = {
  schema_id: "gait.gate.trace",
  schema_version: "1.0.0",
  created_at: "2026-03-04T05:06:07Z",
  observed_at: TIME,
  producer_version: "1.0.0",
  trace_id: "abab",
  tool_name: "ledger.read",
  args_digest: D,
  intent_digest: D,
  policy_digest: D,
  verdict: "allow",
};
const REF = { kind: "tool", id: "t" };

/** A trace that has every member of the format, none of them empty. */
const FULL: JsonObject = {
  ...BARE,
  ...Object.fromEntries(
    [
      ...["event_id", "correlation_id", "agent_id", "run_id", "workflow_id", "repo", "environment", "credential_ref"],
      ...["credential_source", "credential_access_type", "credential_issuer", "credential_subject", "credential_owner"],
      ...[
        "credential_target_binding",
        "credential_run_binding",
        "credential_job_binding",
        "approval_ref",
        "wrkr_inventory_ref",
      ],
      ...["agent_action_bom_ref", "context_set_digest", "context_evidence_mode", "broker_credential_ref"],
      ...["broker_credential_source", "broker_credential_access_type", "broker_credential_issuer", "broker_request_digest"],
      ...["broker_target_binding", "broker_run_binding", "broker_job_binding", "policy_id", "policy_version", "context_source"],
      ...["script_hash", "composite_risk_class", "pattern_id", "registry_reason", "approval_token_ref"],
    ].map((name) => [name, `the ${name}`]),
  ),
  agent_identity: {
    lifecycle_states: ["a"],
    owner: "o",
    manifest_digest: D,
    publisher: "p",
    source: "s",
    issued_at: TIME,
    approved_at: TIME,
    expires_at: TIME,
    revoked: true,
  },
  credential_ttl_seconds: 5,
  context_ref_count: 2,
  matched_rule_ids: ["r"],
  script: true,
  step_count: 1,
  step_verdicts: [{ index: 1, tool_name: "t", verdict: "block", reason_codes: ["c"], violations: ["v"], matched_rule: "m" }],
  pre_approved: true,
  violations: ["x"],
  latency_ms: 1e-7,
  delegation_ref: {
    delegation_token_ref: "t",
    requester_identity: "r",
    delegation_depth: 1,
    scope_class: "s",
    chain_digest: D,
    reason_codes: ["c"],
  },
  freeze_window: {
    status: "active",
    effect: "block",
    timezone: "UTC",
    evaluated_at: TIME,
    window_name: "w",
    window_start: TIME,
    window_end: TIME,
    reason: "r",
    reason_code: "c",
  },
  sandbox: {
    status: "valid",
    network_mode: "disabled",
    env_exposure_mode: "none",
    timeout_seconds: 5,
    filesystem_isolation: "container",
    user_mode: "default",
    evidence_ref: "e",
    evidence_digest: D,
    reason_codes: ["c"],
  },
  kill_switch: { status: "inactive", reason_code: "c", reason_codes: ["c"], matched_entry_ids: ["m"], evaluated_at: TIME },
  mcp_trust: {
    server_id: "i",
    server_name: "n",
    publisher: "p",
    source: "s",
    status: "trusted",
    decision_source: "d",
    score: 0.5,
    threshold: 0.25,
    max_age_seconds: 5,
    required: true,
    enforced: true,
    registry_verified: true,
    publisher_allowed: true,
    reason_codes: ["c"],
    updated_at: TIME,
  },
  relationship: {
    parent_ref: { kind: "session", id: "s" },
    entity_refs: [REF],
    policy_ref: { policy_id: "p", policy_version: "v", policy_digest: D, matched_rule_ids: ["r"] },
    agent_chain: [{ identity: "a", role: "requester" }],
    edges: [{ kind: "calls", from: REF, to: REF }],
    parent_record_id: "p",
    related_record_ids: ["r"],
    related_entity_ids: ["t"],
    agent_lineage: [{ agent_id: "a", delegated_by: "b", delegation_record_id: "c" }],
  },
  skill_provenance: { skill_name: "n", skill_version: "v", source: "s", publisher: "p", digest: D, signature_key_id: "k" },
};

/** The trace with a signature over exactly this object. */
const signed = async (trace: JsonObject): Promise<JsonObject> => ({
  ...trace,
  signature: await signDigest(crypto, KEY, digestOf(crypto, trace)),
});
const text = (value: Json): Uint8Array => utf8(JSON.stringify(value));
const check = async (value: Json, key = KEY): Promise<TraceReport> =>
  await verifyTrace(crypto, assertOk(readTrace(text(value), "t.json")).trace, key);

Deno.test("verifyTrace: a record with every member verifies, and is written as it was read", async () => {
  const whole = await signed(FULL);
  assertEquals(await check(whole), {
    ok: true,
    trace_id: "abab",
    verdict: "allow",
    signature_status: "verified",
    key_id: KEY.keyId,
  });
  const { trace, uncovered } = assertOk(readTrace(text(whole), "t.json"));
  assertEquals([writeShape(ShownTraceShape, trace), uncovered], [whole, []]);
  assertEquals(Object.keys(whole).sort(), Object.keys(fieldsOf(ShownTraceShape)).sort(), "FULL has every member");
});

/** Every way to change one value of a document, with its pointer: texts, numbers, truths; an item or member more or less. */
function* changes(value: Json, at = ""): Generator<readonly [string, Json]> {
  if (typeof value === "string") {
    const time = /^\d{4}-/.test(value);
    yield [at, time ? value.replace("05:06", "05:07") : at === "/verdict" ? "block" : `${value}x`];
  } else if (typeof value === "number") yield [at, value + 1];
  else if (typeof value === "boolean") yield [at, !value];
  else if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    yield [`${at} with an item twice`, [...list, ...list.slice(0, 1)]];
    yield [`${at} without items`, []];
    for (const [i, item] of list.entries()) {
      for (const [pointer, changed] of changes(item, `${at}/${i}`)) {
        yield [
          pointer,
          list.map((old, k) => k === i ? changed : old),
        ];
      }
    }
  } else if (value !== null) {
    const members: readonly (readonly [string, Json])[] = Object.entries(value);
    for (const [name, member] of members) {
      const { [name]: _, ...rest } = Object.fromEntries(members);
      if (name !== "verdict") yield [`${at} without ${name}`, rest];
      for (const [pointer, changed] of changes(member, `${at}/${name}`)) yield [pointer, { ...rest, [name]: changed }];
    }
  }
}

Deno.test("verifyTrace: no member can be changed, dropped or doubled without being noticed", async () => {
  const { signature, ...whole } = await signed(FULL);
  let count = 0;
  for (const [pointer, changed] of changes(whole)) {
    if (typeof changed !== "object" || changed === null || Array.isArray(changed)) throw new Error(pointer);
    const report = await check({ ...Object.fromEntries(Object.entries(changed)), signature: signature ?? null });
    assert(!report.ok && report.signature_status === "failed" && report.key_id === undefined, pointer);
    assert(report.error?.startsWith(`Cannot verify trace "`), `${pointer}: ${report.error}`);
    count++;
  }
  assert(count > 250, `only ${count} changes`);
});

Deno.test("verifyTrace: unknown members take no part, at any depth, and are named", async () => {
  const whole = await signed(FULL);
  const relationship = { ...Object(whole.relationship), extra: 1, entity_refs: [{ ...REF, "a/b": [] }] };
  const odd = {
    ...whole,
    x_note: { deep: 1 },
    relationship,
    signature: { ...Object(whole.signature), by: "boss" },
    Verdict: "block",
  };
  assertEquals((await check(odd)).signature_status, "verified");
  const { uncovered } = assertOk(readTrace(text(odd), "t.json"));
  assertEquals(uncovered.toSorted(), [
    "/Verdict",
    "/relationship/entity_refs/0/a~1b",
    "/relationship/extra",
    "/signature/by",
    "/x_note",
  ]);
  const poisoned = JSON.stringify(whole).replace("{", `{"__proto__":{"verdict":"block"},"constructor":5,"toString":{},`);
  const read = assertOk(readTrace(utf8(poisoned), "t.json"));
  assertEquals([read.trace.verdict, read.uncovered], ["allow", ["/__proto__", "/constructor", "/toString"]]);
  assertEquals((await verifyTrace(crypto, read.trace, KEY)).ok, true);
});

Deno.test("verifyTrace: a signature over unknown members, or over another spelling, is one over another document", async () => {
  for (const trace of [{ ...BARE, x: 1 }, { ...BARE, event_id: "" }, { ...BARE, violations: [] }, { ...BARE, latency_ms: 0 }]) {
    assertEquals((await check(await signed(trace))).signature_status, "failed", JSON.stringify(trace));
  }
  const { observed_at: _, ...without } = BARE;
  assertEquals((await check(await signed(without))).signature_status, "failed", "absent times are written");
  assertEquals((await check(await signed({ ...without, observed_at: "0001-01-01T00:00:00Z" }))).ok, true);
});

Deno.test("verifyTrace: what counts as empty may come and go, an empty object may not", async () => {
  const whole = await signed(BARE);
  const empty = {
    event_id: "",
    violations: [],
    latency_ms: 0,
    script: false,
    step_verdicts: null,
    sandbox: null,
    agent_id: null,
  };
  assertEquals((await check({ ...whole, ...empty })).ok, true);
  assertEquals((await check({ ...whole, sandbox: {} })).ok, false);
  assertEquals((await check(await signed({ ...BARE, sandbox: {} }))).ok, true);
});

Deno.test("verifyTrace: times by their one spelling, nanoseconds and offsets included", async () => {
  const whole = await signed(BARE);
  const spelled = async (observed_at: string) => (await check({ ...whole, observed_at })).ok;
  assertEquals(await spelled("2026-03-04T05:06:07.000000001+00:00"), true);
  assertEquals(await spelled("2026-03-04T05:06:07.0000000019999Z"), true);
  assertEquals(await spelled("2026-03-04T05:06:07.000000002Z"), false);
  assertEquals(await spelled("2026-03-04T06:06:07.000000001+01:00"), false, "the same moment at another offset");
  assertEquals((await check(await signed({ ...BARE, observed_at: "2026-03-04T06:06:07.1+01:00" }))).ok, true);
});

Deno.test("verifyTrace: each defect of a signature in its words; the key id only when it was checked to the end", async () => {
  const { signature, ...rest } = await signed(BARE);
  const own = Object(signature);
  const words = async (change: object, key = KEY) => {
    const { ok, key_id, error } = await check({ ...rest, signature: { ...own, ...change } }, key);
    return [ok, key_id, error?.replace(`Cannot verify trace "abab": `, "")];
  };
  assertEquals(await words({}), [true, KEY.keyId, undefined]);
  assertEquals(await words({ key_id: "" }), [true, "", undefined]);
  assertEquals(await words({ key_id: "" }, OTHER), [false, "", undefined]);
  assertEquals(await words({ sig: btoa("s".repeat(64)) }), [false, KEY.keyId, undefined]);
  assertEquals(await words({}, OTHER), [false, undefined, `key_id is "${KEY.keyId}", the key in use is "${OTHER.keyId}"`]);
  assertEquals(await words({ signed_digest: "" }), [false, undefined, "signed_digest is missing"]);
  const upper = String(own.signed_digest).toUpperCase();
  assertEquals(await words({ signed_digest: upper }), [
    false,
    undefined,
    `signed_digest is "${upper}", the document has "${own.signed_digest}"`,
  ]);
  assertEquals(await words({ alg: "Ed25519" }), [false, undefined, `alg is "Ed25519", want "ed25519"`]);
  assertEquals(await words({ sig: "x" }), [false, undefined, "sig is not standard base64 with padding"]);
  assertEquals(await words({ sig: "AAAA" }), [false, undefined, "sig has 3 bytes, want 64"]);
  for (const none of [undefined, null]) {
    const report = await check({ ...rest, ...(none === undefined ? {} : { signature: none }) });
    assertEquals([report.ok, report.error], [false, `Cannot verify trace "abab": it has no signature`]);
  }
  assertEquals((await check({ ...rest, signature: {} })).error, `Cannot verify trace "abab": signed_digest is missing`);
});

Deno.test("verifyTrace: a verdict cannot be swapped for another under the same signature", async () => {
  const whole = await signed({ ...BARE, verdict: "block" });
  for (const verdict of ["allow", "dry_run", "require_approval"]) assertEquals((await check({ ...whole, verdict })).ok, false);
});

// What is no trace: the text, the code, and the words or the place.
const REFUSED: readonly (readonly [string, string, object])[] = [
  [`{"verdict":5}`, "document_shape", { pointer: "/verdict", line: 1, column: 12 }],
  [`{"verdict":null}`, "document_shape", { pointer: "/verdict", line: 1, column: 12 }],
  [`{}`, "document_shape", { pointer: "/verdict", line: 1, column: 1 }],
  [`{"verdict":["allow"]}`, "document_shape", { pointer: "/verdict", line: 1, column: 12 }],
  [`{"verdict":"allow",\n"trace_id":5}`, "document_shape", { pointer: "/trace_id", line: 2, column: 12 }],
  [`{"verdict":"allow","script":"true"}`, "document_shape", { pointer: "/script", line: 1, column: 29 }],
  [`{"verdict":"allow","step_count":1.5}`, "document_shape", { pointer: "/step_count", line: 1, column: 33 }],
  [`{"verdict":"allow","latency_ms":"1"}`, "document_shape", { pointer: "/latency_ms", line: 1, column: 33 }],
  [`{"verdict":"allow","violations":[1]}`, "document_shape", { pointer: "/violations/0", line: 1, column: 34 }],
  [`{"verdict":"allow","sandbox":[]}`, "document_shape", { pointer: "/sandbox", line: 1, column: 30 }],
  [`{"verdict":"allow","kill_switch":{"evaluated_at":"now"}}`, "document_shape", {
    pointer: "/kill_switch/evaluated_at",
    line: 1,
    column: 50,
  }],
  [`{"verdict":"allow","signature":"x"}`, "document_shape", { pointer: "/signature", line: 1, column: 32 }],
  [`{"verdict":"allow","verdict":"block"}`, "json_duplicate_key", { pointer: "/verdict", line: 1, column: 20 }],
  [`{"verdict":"allow","x":{"a":1,"a":2}}`, "json_duplicate_key", { pointer: "/x/a", line: 1, column: 31 }],
  [`[]`, "document_shape", { pointer: "", line: 1, column: 1 }],
  [``, "json_syntax", { line: 1, column: 1 }],
  [`{"verdict":"allow"}\n{}`, "json_syntax", { line: 2, column: 1 }],
  [`{"schema_id":"gait.gate.approval_token"}`, "document_kind", {}],
];

for (const [json, code, place] of REFUSED) {
  Deno.test(`readTrace refuses ${json.slice(0, 60).replaceAll("\n", " ") || "nothing"}`, () => {
    const read = readTrace(utf8(json), "t.json");
    if (read.ok) throw new Error("it was read");
    assertEquals([read.fault.code, read.fault.at], [code, { ...place, file: "t.json" }], read.fault.message);
  });
}

Deno.test("readTrace: a verdict is what stands there, for its signature to judge; a trace that is used has one of the four", () => {
  for (const verdict of ["allow", "dry_run", "require_approval", "block"]) {
    const { trace } = assertOk(readTrace(text({ ...BARE, verdict }), "t.json"));
    assertEquals(assertOk(checkTraceShape(trace, "t.json")).verdict, verdict);
  }
  for (const verdict of [" allow", "Allow", "permit", ""]) {
    const { trace } = assertOk(readTrace(text({ ...BARE, verdict }), "t.json"));
    assertEquals(trace.verdict, verdict);
    const fault = assertFault(checkTraceShape(trace, "t.json"), "document_shape");
    assertEquals(fault.at?.pointer, "/verdict");
  }
});

Deno.test("readTrace: a hostile record is read in linear time", () => {
  const extra = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`x${i}`, i]));
  const steps = Array.from({ length: 20_000 }, () => ({ tool_name: "t", extra: 1 }));
  const started = performance.now();
  const { uncovered } = assertOk(readTrace(text({ ...BARE, ...extra, step_verdicts: steps }), "t.json"));
  assertEquals(uncovered.length, 70_000);
  assert(performance.now() - started < 5_000, "it took longer than 5 s");
});

Deno.test("noteBelongs: a note names the digest that was signed, exactly", async () => {
  const whole = await signed(BARE);
  const { trace } = assertOk(readTrace(text(whole), "t.json"));
  const digest = String(Object(whole.signature).signed_digest);
  const belongs = (note: Json, of = trace) => assertOk(noteBelongs(text(note), "decision_t.json", of));
  assertEquals([belongs({ trace_digest: digest }), belongs({ trace_digest: digest.toUpperCase() }), belongs({})], [
    true,
    false,
    false,
  ]);
  const unsigned = assertOk(readTrace(text(BARE), "t.json")).trace;
  assertEquals([belongs({ trace_digest: digest }, unsigned), belongs({}, unsigned)], [false, false]);
  assertFault(noteBelongs(utf8("{"), "decision_t.json", trace), "json_syntax");
  assertEquals(
    assertFault(noteBelongs(text({ simulated: "yes" }), "decision_t.json", trace), "document_shape").at?.pointer,
    "/simulated",
  );
});
