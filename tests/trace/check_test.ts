// What can be checked of a trace without a key (spec 01, sections 5.10 and 7.6).
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { signDigest } from "../../core/base/sign.ts";
import { checkTrace } from "../../core/trace/check.ts";
import { readTrace, traceDigest } from "../../core/trace/verify.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

const BARE: JsonObject = {
  schema_id: "gait.gate.trace",
  schema_version: "1.0.0",
  created_at: "2026-03-01T10:00:00Z",
  producer_version: "p",
  trace_id: "t1",
  tool_name: "mail.send",
  args_digest: "a".repeat(64),
  intent_digest: "b".repeat(64),
  policy_digest: "c".repeat(64),
  verdict: "allow",
};
const read = (trace: JsonObject) => assertOk(readTrace(utf8(JSON.stringify(trace)), "t.json"));
const check = (trace: JsonObject) => checkTrace(nodeHost.crypto, read(trace), "t.json");

const KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(7));
const signature = { ...await signDigest(nodeHost.crypto, KEY, traceDigest(nodeHost.crypto, read(BARE).trace)) };

Deno.test("trace check: an unsigned trace is taken with a warning, a signed one without", () => {
  assertEquals(assertOk(check(BARE)), ['Trace "t.json" is not signed: nothing says who wrote it']);
  assertEquals(assertOk(check({ ...BARE, signature })), []);
  assertEquals(assertOk(check({ ...BARE, signature, extra: 1 })), ['Trace "t.json" holds /extra, which no signature covers']);
});

Deno.test("trace check: an edited trace and a digest that is missing or another are failed checks", () => {
  for (
    const trace of [
      { ...BARE, signature, tool_name: "other" },
      { ...BARE, signature: { ...signature, signed_digest: "" } },
      { ...BARE, signature: { ...signature, signed_digest: signature.signed_digest.toUpperCase() } },
    ]
  ) {
    const fault = assertFault(check(trace), "verification_failed");
    assertEquals(fault.at, { file: "t.json", pointer: "/signature/signed_digest" });
  }
});

Deno.test("trace check: every member that a trace has to have is named", () => {
  const wrong: readonly [string, JsonObject][] = [
    ["/schema_id", { schema_id: "" }],
    ["/schema_version", { schema_version: " " }],
    ["/created_at", { created_at: null }],
    ["/producer_version", { producer_version: "" }],
    ["/trace_id", { trace_id: "" }],
    ["/tool_name", { tool_name: "" }],
    ["/args_digest", { args_digest: "A".repeat(64) }],
    ["/intent_digest", { intent_digest: "a".repeat(63) }],
    ["/policy_digest", { policy_digest: "" }],
  ];
  for (const [pointer, change] of wrong) {
    assertEquals(assertFault(check({ ...BARE, ...change }), "document_shape").at, { file: "t.json", pointer });
  }
});
