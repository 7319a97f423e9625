// Sealing: the five entries byte by byte, the limits of spec 01, section 9, and the signature.
import { newKey } from "../../core/base/keys.ts";
import type { CaptureMode } from "../../core/run/complete.ts";
import { LINE_LIMIT, sealRunpack } from "../../core/run/seal.ts";
import type { Intent, RunRecords } from "../../core/schema/runpack.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { object, sha, texts, verify } from "./packs.ts";

const HEAD = { schema_version: "1.0.0", created_at: "2026-03-01T10:00:00Z", producer_version: "p", run_id: "r" };
const RECORDS: RunRecords = {
  run: { schema_id: "gait.runpack.run", ...HEAD, env: { os: "", arch: "", runtime: "" }, timeline: null },
  intents: [],
  results: [],
  refs: {
    schema_id: "gait.runpack.refs",
    ...HEAD,
    context_set_digest: "",
    context_evidence_mode: "",
    context_ref_count: 0,
    receipts: [],
  },
};
const INTENT: Intent = {
  schema_id: "gait.runpack.intent",
  ...HEAD,
  intent_id: "i",
  tool_name: "t",
  args_digest: "d",
  args: undefined,
};
const seal = (records: Partial<RunRecords>, capture: CaptureMode = "reference") =>
  sealRunpack(nodeHost.crypto, { ...RECORDS, ...records }, capture);

Deno.test("seal: five entries in order; JSON without a final newline, a line feed behind each line", async () => {
  const { bytes, manifest } = assertOk(await seal({ intents: [INTENT, { ...INTENT, intent_id: "" }] }, "raw"));
  const found = await texts(bytes);
  const tail = `"producer_version":"p","run_id":"r","schema_id":"gait.runpack.`;
  const line = (id: string) =>
    `{"args_digest":"d","created_at":"2026-03-01T10:00:00Z","intent_id":"${id}",${tail}intent","schema_version":"1.0.0","tool_name":"t"}\n`;
  const { "manifest.json": own = "", ...rest } = found;
  assertEquals(Object.keys(found), ["intents.jsonl", "manifest.json", "refs.json", "results.jsonl", "run.json"]);
  assertEquals(rest, {
    "intents.jsonl": line("i") + line(""),
    "refs.json": `{"created_at":"2026-03-01T10:00:00Z","producer_version":"p","receipts":[],"run_id":"r",` +
      `"schema_id":"gait.runpack.refs","schema_version":"1.0.0"}`,
    "results.jsonl": "",
    "run.json": `{"created_at":"2026-03-01T10:00:00Z","env":{"arch":"","os":"","runtime":""},${tail}run",` +
      `"schema_version":"1.0.0","timeline":null}`,
  });
  const { signatures, ...written } = manifest;
  assertEquals([object(own), signatures], [written, []]);
  assertEquals(object(own).files, Object.entries(rest).map(([path, text]) => ({ path, sha256: sha(text) })));
});

Deno.test("seal: with a key there is one signature, and the digest of the manifest is the same", async () => {
  const key = await newKey(nodeHost.crypto, new Uint8Array(32).fill(3));
  const plain = assertOk(await seal({}));
  const signed = assertOk(await sealRunpack(nodeHost.crypto, RECORDS, "reference", key));
  assertEquals(signed.manifest.manifest_digest, plain.manifest.manifest_digest);
  assertEquals(signed.manifest.signatures.map(({ alg, key_id }) => [alg, key_id]), [["ed25519", key.keyId]]);
  const report = assertOk(await verify(signed.bytes, { key, requireSignature: true, refuseUndeclared: true }));
  assertEquals([report.ok, report.signature_status], [true, "verified"]);
});

/** An intent whose line takes exactly `bytes` bytes, filled with `char` as far as that goes. */
function intentOf(bytes: number, char: string): Intent {
  const width = new TextEncoder().encode(char).length;
  const room = bytes - JSON.stringify({ ...INTENT, args: { a: "" } }).length;
  return { ...INTENT, args: { a: char.repeat(Math.floor(room / width)) + "x".repeat(room % width) } };
}

Deno.test("seal: a line of 10 MiB is written and read again, one byte more is refused by name", async () => {
  for (const char of ["x", "\u20ac"]) {
    const { bytes } = assertOk(await seal({ intents: [intentOf(LINE_LIMIT, char)] }, "raw"));
    assert(assertOk(await verify(bytes)).ok);
    const fault = assertFault(await seal({ intents: [INTENT, intentOf(LINE_LIMIT + 1, char)] }, "raw"), "file_too_large");
    assertEquals([fault.message, fault.at], [
      `Cannot seal "intents.jsonl": record 2 is longer than 10 MiB`,
      { entry: "intents.jsonl" },
    ]);
  }
});

Deno.test("seal: an entry over 100 MiB is refused before it is built, however many lines it takes", async () => {
  // Each record inherits what the run says, so a small input can ask for a large runpack.
  const producer_version = "x".repeat(1_000_000);
  const intents = Array.from({ length: 600 }, () => ({ ...INTENT, producer_version }));
  const fault = assertFault(await seal({ intents }), "file_too_large");
  assertEquals(fault.at, { entry: "intents.jsonl" });
  assert(fault.message.startsWith(`Cannot seal "intents.jsonl": `) && fault.message.includes("100 MiB"), fault.message);
});
