// The worked example of spec 01, section 13: every byte on the way, written by hand.
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { readPrivateKey, readPublicKey } from "../../core/base/keys.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { ticketFooter } from "../../core/run/footer.ts";
import { readRecordInput, recordRun } from "../../core/run/record.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { sha, texts, verify } from "./packs.ts";
import { PLAIN } from "./runs.ts";

const INPUT = `{"run":{"run_id":"run_worked","created_at":"2026-03-01T10:00:00Z","producer_version":"example-1",
  "env":{"os":"o","arch":"a","runtime":"r"},"timeline":[{"event":"start","ts":"2026-03-01T10:00:00.250Z"}]},
 "intents":[{"intent_id":"i1","tool_name":"mail.send","args":{"to":"a@example.test","n":1.0}}],
 "results":[{"intent_id":"i1","status":"ok","result":{"id":"m-1"}}],
 "refs":{"receipts":[{"ref_id":"trace_i1","source_type":"gait.trace","source_locator":"local","redaction_mode":"reference"}]}}
`;
const PRIVATE = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZA==";
const PUBLIC = "ebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ=";
const KEY_ID = "65b60673d6ed884bf01c2c222d82ada0740f29ac3355d6a925c81f17f47a27b8";

const ARGS = "23d4f09303cd3c6a2a66175af317774bc9f705941c6c185f10f37b6189311e5d";
const RESULT = "2dfab36186617b22b0cb1deb647feaf06e2049f2b45edc22455b6946a16b3852";
const QUERY = "4732d27485f862e1cb82215726fa727ce9fcb91bd43804673b0999061f4e0487";
const DIGEST = "107aa552338ca00f37cf4a3c4db6370634f89ad6c04077b37e83eb98c2a17ffc";
const SIGNED = "768a8b293928d9a57e9ba31d6330cdfe5cdefe03f1af2591ec0bef9200df1009";

const HEAD = `"created_at":"2026-03-01T10:00:00Z"`;
const TAIL = (id: string) => `"schema_id":"gait.runpack.${id}","schema_version":"1.0.0"`;
const ENTRIES = {
  "intents.jsonl": `{"args_digest":"${ARGS}",${HEAD},"intent_id":"i1","producer_version":"example-1","run_id":"run_worked",${
    TAIL("intent")
  },"tool_name":"mail.send"}\n`,
  "refs.json": `{"context_evidence_mode":"best_effort","context_ref_count":1,${HEAD},"producer_version":"example-1",` +
    `"receipts":[{"content_digest":"${RESULT}","immutability":"unknown","query_digest":"${QUERY}","redaction_mode":"reference",` +
    `"ref_id":"trace_i1","retrieved_at":"1980-01-01T00:00:00Z","source_locator":"local","source_type":"gait.trace"}],` +
    `"run_id":"run_worked",${TAIL("refs")}}`,
  "results.jsonl":
    `{${HEAD},"intent_id":"i1","producer_version":"example-1","result_digest":"${RESULT}","run_id":"run_worked",${
      TAIL("result")
    },"status":"ok"}\n`,
  "run.json": `{${HEAD},"env":{"arch":"a","os":"o","runtime":"r"},"producer_version":"example-1","run_id":"run_worked",` +
    `${TAIL("run")},"timeline":[{"event":"start","ts":"2026-03-01T10:00:00.25Z"}]}`,
};
const DIGESTS = {
  "intents.jsonl": "f860d9969274bb981ab1ccb24159f6bc5e71397261afdd18c7ec5157653c08a7",
  "refs.json": "7bdb26b9f1340f5c8c6249b53d05b6b049c9061caec300b3e79168c0a7982069",
  "results.jsonl": "6851be31f9ce200c59aa7f8b86d7f29e36caaa45c3689c775835e235f046c482",
  "run.json": "d79f8a9dc4da36ac7d153f20ba130195a2ad759adcff236a88ab23f5baac8a75",
};
const SIGNATURE = `{"alg":"ed25519","key_id":"${KEY_ID}","sig":"Hrtu9fNxN5DgoKbqslfa+YcF6Q6kDqML5WrYmmOleZ4DhPExScPaoX9utY41g` +
  `C3kw0BIq9JxF5/uRlVmLc/DDw==","signed_digest":"${SIGNED}"}`;
const manifest = (digest: string, signatures: string): string =>
  `{"capture_mode":"reference",${HEAD},"files":[${
    Object.entries(DIGESTS).map(([path, digest]) => `{"path":"${path}","sha256":"${digest}"}`).join(",")
  }],"manifest_digest":"${digest}","producer_version":"example-1","run_id":"run_worked",${TAIL("manifest")}${signatures}}`;

async function worked(): Promise<Uint8Array> {
  const input = assertOk(readRecordInput(utf8(INPUT), "in.json"));
  const key = assertOk(await readPrivateKey(nodeHost.crypto, PRIVATE));
  const { records, capture } = assertOk(recordRun(nodeHost.crypto, input, PLAIN));
  return assertOk(await sealRunpack(nodeHost.crypto, records, capture, key)).bytes;
}

Deno.test("worked example: the digests of the table are those of the bytes beside them", () => {
  assertEquals(sha(`{"n":1,"to":"a@example.test"}`), ARGS);
  assertEquals(sha(`{"id":"m-1"}`), RESULT);
  assertEquals(sha(`{"args_digest":"${ARGS}","tool_name":"mail.send"}`), QUERY);
  assertEquals(Object.fromEntries(Object.entries(ENTRIES).map(([path, text]) => [path, sha(text)])), DIGESTS);
  assertEquals(sha(manifest("", "")), DIGEST);
  assertEquals(sha(manifest(DIGEST, "")), SIGNED);
});

Deno.test("worked example: record and seal write exactly these entries", async () => {
  const found = await texts(await worked());
  assertEquals(Object.keys(found), ["intents.jsonl", "manifest.json", "refs.json", "results.jsonl", "run.json"]);
  const { "manifest.json": sealed, ...rest } = found;
  assertEquals(rest, ENTRIES);
  assertEquals(sealed, manifest(DIGEST, `,"signatures":[${SIGNATURE}]`));
  assertEquals(canonicalText(JSON.parse(sealed ?? "")), sealed);
});

Deno.test("worked example: it verifies with its key, and says so", async () => {
  const key = assertOk(readPublicKey(nodeHost.crypto, PUBLIC));
  assertEquals(key.keyId, KEY_ID);
  assertEquals(assertOk(await verify(await worked(), { key, requireSignature: true, refuseUndeclared: true })), {
    ok: true,
    run_id: "run_worked",
    manifest_digest: DIGEST,
    files_checked: 4,
    missing_files: [],
    hash_mismatches: [],
    undeclared_files: [],
    signature_status: "verified",
    signature_errors: [],
    signatures_total: 1,
    signatures_valid: 1,
  });
});

Deno.test("worked example: the footer has the form that receipts are checked by", () => {
  const footer = ticketFooter("run_worked", DIGEST);
  assertEquals(footer, `GAIT run_id=run_worked manifest=sha256:${DIGEST} verify="gait verify run_worked"`);
  assert(/^GAIT run_id=([A-Za-z0-9_-]+) manifest=sha256:[0-9a-f]{64} verify="gait verify \1"$/.test(footer));
});

Deno.test("worked example: the archive is dated 1980-01-01, mode 0644, deflated, and the same each time", async () => {
  const bytes = await worked();
  assertEquals(await worked(), bytes);
  const archive = assertOk(await openZip(nodeHost, bytesSource(bytes), "pack.zip"));
  assert(archive.entries.every((entry) => entry.deflated));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headers: number[] = [];
  for (let at = 0; at + 46 < bytes.length; at++) if (view.getUint32(at, true) === 0x02014b50) headers.push(at);
  assertEquals(
    headers.map((at) => [view.getUint32(at + 12, true), view.getUint32(at + 38, true) >>> 16, view.getUint16(at + 32, true)]),
    [
      ...Array.from({ length: 5 }, () => [0x00210000, 0o100644, 0]),
    ],
  );
});
