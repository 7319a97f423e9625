// The contract of requests and replies, member by member. That all runtimes keep it alike is shown in tests/runtimes/.
import { base64, utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import type { Source } from "../../core/base/host.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { bytesSource } from "../../core/base/zip_source.ts";
import { nodeHost } from "../../host/node.ts";
import { call, refusal } from "../../wasm/call.ts";
import { assert, assertEquals } from "../assert.ts";
import { object, sha } from "../run/packs.ts";
import { sealed, SMALL } from "../run/runs.ts";

const KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(7));
const ARGS = [sha(`{"to":"a@example.test"}`), sha("{}")];
const RESULT = sha(`{"id":"m-1"}`);

const ask = async (request: Json, ...artifacts: readonly (Uint8Array | Source)[]): Promise<JsonObject> => {
  const sources = artifacts.map((artifact) => artifact instanceof Uint8Array ? bytesSource(artifact) : artifact);
  const reply = await call(nodeHost, typeof request === "string" ? request : JSON.stringify(request), sources);
  const value = object(reply);
  assertEquals(canonicalText(value), reply, "a reply is canonical");
  return value;
};

const faultOf = async (request: Json, ...artifacts: readonly (Uint8Array | Source)[]): Promise<Json | undefined> => {
  const reply = await ask(request, ...artifacts);
  assertEquals(reply.ok, false);
  return reply.fault;
};

Deno.test("call: verify gives the report", async () => {
  const pack = await sealed(SMALL, {}, KEY);
  const report = {
    files_checked: 4,
    hash_mismatches: [],
    manifest_digest: pack.manifest.manifest_digest,
    missing_files: [],
    ok: true,
    run_id: "run_small",
    signature_errors: ["no public key was given, so no signature was checked"],
    signature_status: "skipped",
    signatures_total: 1,
    signatures_valid: 0,
    undeclared_files: [],
  };
  assertEquals(await ask({ operation: "verify" }, pack.bytes), report);
  const key = { public_key: base64(KEY.publicKey) };
  const checked = { ...report, signature_errors: [], signature_status: "verified", signatures_valid: 1 };
  assertEquals(await ask({ operation: "verify", strict: true, ...key }, pack.bytes), checked);
  assertEquals((await ask({ operation: "verify", require_signature: true }, pack.bytes)).ok, false);
  assertEquals(await faultOf({ operation: "verify", strict: true }, pack.bytes), "key_source");
  assertEquals(await faultOf({ operation: "verify", public_key: "AAAA" }, pack.bytes), "key_format");
});

Deno.test("call: inspect gives the calls", async () => {
  const { bytes } = await sealed(SMALL);
  const at = "2026-03-01T10:00:00Z";
  assertEquals(await ask({ operation: "inspect", names: ["small.zip"] }, bytes), {
    artifact_type: "runpack",
    capture_mode: "reference",
    entries: [
      {
        args_digest: ARGS[0],
        created_at: at,
        index: 1,
        intent_id: "i1",
        result_digest: RESULT,
        status: "ok",
        tool_name: "mail.send",
      },
      { args_digest: ARGS[1], created_at: at, index: 2, intent_id: "i2", tool_name: "file.read" },
    ],
    intents_total: 2,
    ok: true,
    path: "small.zip",
    results_total: 1,
    run_id: "run_small",
    unmatched_results: [],
    warnings: [],
  });
});

Deno.test("call: replay gives recorded results and stubs, and runs nothing", async () => {
  const { bytes } = await sealed(SMALL);
  assertEquals(await ask({ operation: "replay" }, bytes), {
    missing_results: [],
    mode: "stub",
    ok: true,
    run_id: "run_small",
    steps: [
      { execution: "recorded", intent_id: "i1", result_digest: RESULT, status: "ok", tool_name: "mail.send" },
      {
        execution: "stubbed",
        intent_id: "i2",
        result_digest: sha(`run_small:i2:file.read:${ARGS[1]}:file`),
        status: "stubbed",
        stub_type: "file",
        tool_name: "file.read",
      },
    ],
    warnings: [],
  });
});

Deno.test("call: diff names what differs, and leaves payloads out on demand", async () => {
  const left = (await sealed(SMALL, { captureMode: "raw" })).bytes;
  const changed = { ...SMALL, results: [{ intent_id: "i1", status: "error", result: { id: "m-1" } }] };
  const right = (await sealed(changed, { captureMode: "raw" })).bytes;
  const same = await ask({ operation: "diff" }, left, left);
  assertEquals([same.ok, same.privacy, same.changes, same.changes_total], [true, "full", [], 0]);
  const diff = await ask({ operation: "diff", privacy: "metadata", names: ["a.zip", "b.zip"] }, left, right);
  assertEquals([diff.ok, diff.privacy, diff.changes_total], [false, "metadata", 1]);
  assertEquals(diff.changes, [{ change: "changed", intent_id: "i1", pointers: ["/status"], record: "result", step: 1 }]);
  assertEquals(object(JSON.stringify(diff.summary)).results_changed, true);
  assertEquals(await faultOf({ operation: "diff", names: ["a.zip", "b.json"] }, left, right), "document_kind");
});

Deno.test("call: digest is that of the canonical form, and says where a text is no JSON", async () => {
  const text = utf8(`{ "b": 1.0,\n  "a": "\\u00e4" }`);
  assertEquals(await ask({ operation: "digest" }, text), { digest: sha(`{"a":"ä","b":1}`), ok: true });
  assertEquals(await ask({ operation: "digest", names: ["x.json"] }, utf8(`{"a":1,\n "a":2}`)), {
    ...object(refusal({
      code: "json_duplicate_key",
      message: 'Cannot read "x.json": line 2, column 2: expected each member name once, found "a" again',
      at: { line: 2, column: 2, pointer: "/a" },
    })),
  });
});

Deno.test("call: a refusal has the members of the command line's, and the place", () => {
  assertEquals(object(refusal({ code: "store_busy", message: "m", at: { file: "f", line: 3 } })), {
    error: "m",
    error_category: "state_contention",
    error_code: "internal_failure",
    fault: "store_busy",
    file: "f",
    hint: "Try again; if it stays, report it with the command line and the correlation id",
    line: 3,
    ok: false,
    remedy: "Wait for the other process and try again",
    retryable: true,
  });
});

Deno.test("call: a wrong request is refused, and says why", async () => {
  const { bytes } = await sealed(SMALL);
  const wrong: readonly (readonly [Json, string])[] = [
    ["", "json_syntax"],
    ["[]", "document_shape"],
    ['{"operation":"verify","operation":"digest"}', "json_duplicate_key"],
    [{}, "document_shape"],
    [{ operation: "toString" }, "document_shape"],
    [{ operation: "verify", strcit: true }, "document_shape"],
    [{ operation: "digest", privacy: "full" }, "document_shape"],
    [{ operation: "diff", privacy: "some" }, "document_shape"],
    [{ operation: "diff" }, "missing_argument"],
  ];
  for (const [request, fault] of wrong) assertEquals(await faultOf(request, bytes), fault, JSON.stringify(request));
  assertEquals(await faultOf({ operation: "verify" }), "missing_argument");
  assertEquals(await faultOf({ operation: "verify" }, bytes, bytes), "missing_argument");
  assertEquals((await ask({ operation: "verify", names: "x" }, bytes)).pointer, "/names");
});

Deno.test("call: what a source throws is a reply, whatever it is", async () => {
  for (const thrown of [new Error('disk "\ud800" gone'), "text", undefined, { toString: () => "odd" }]) {
    const broken: Source = { size: 100, read: () => Promise.reject(thrown) };
    for (const operation of ["verify", "inspect", "replay", "digest"]) {
      const reply = await ask({ operation }, broken);
      assertEquals([reply.ok, reply.fault], [false, "internal"], operation);
    }
  }
});

Deno.test("call: the deepest JSON that is read is also digested, one level more is refused", async () => {
  const nested = (depth: number): Uint8Array => utf8(`${'{"a":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`);
  assert((await ask({ operation: "digest" }, nested(512))).ok);
  assertEquals(await faultOf({ operation: "digest" }, nested(514)), "json_too_deep");
});
