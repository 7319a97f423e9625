// Reading a runpack for use: every defect ends it with exit 6, but two entries of one name; and where a bad record stands.
import { utf8 } from "../../core/base/bytes.ts";
import { crc32 } from "../../host/crc32.ts";
import type { Source } from "../../core/base/host.ts";
import type { Fault } from "../../core/base/result.ts";
import { errors } from "../../core/base/errors.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { openRunpack } from "../../core/run/open.ts";
import { nodeHost } from "../../host/node.ts";
import { craftZip } from "../base/craft_zip.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { object, resealed, sha, type Texts, texts, zipOf } from "./packs.ts";
import { sealed, SMALL } from "./runs.ts";

const GOOD: Texts = await texts((await sealed(SMALL, { captureMode: "raw" })).bytes);
const open = (bytes: Uint8Array) => openRunpack(nodeHost, bytesSource(bytes), "pack.zip");
const exit = (fault: Fault) => fault.exit ?? errors()[fault.code].exit;

Deno.test("open: what was sealed comes back, payloads and all", async () => {
  const { records, manifest } = assertOk(await open(await zipOf(GOOD)));
  assertEquals([manifest.run_id, records.run.run_id, records.run.timeline], ["run_small", "run_small", []]);
  assertEquals(records.intents.map(({ intent_id, args }) => [intent_id, args]), [["i1", { to: "a@example.test" }], [
    "i2",
    undefined,
  ]]);
  assertEquals(records.results.map(({ status, result }) => [status, result]), [["ok", { id: "m-1" }]]);
  assertEquals([records.refs.context_evidence_mode, records.refs.receipts], ["best_effort", []]);
});

Deno.test("open: the first defect by name, missing entries before changed ones, exit 6", async () => {
  const { "refs.json": _, ...without } = GOOD;
  const missing = assertFault(await open(await zipOf({ ...without, "run.json": "{}" })), "pack_tampered");
  assertEquals([missing.message, missing.at, exit(missing)], [
    `Cannot use runpack "pack.zip": entry "refs.json" is missing`,
    { file: "pack.zip", entry: "refs.json" },
    "usage",
  ]);
  const changed = assertFault(await open(await zipOf({ ...GOOD, "run.json": "{}" })), "pack_tampered");
  assertEquals([changed.message, changed.at, exit(changed)], [
    `Cannot use runpack "pack.zip": entry "run.json" was changed, its digest is ${sha("{}")}`,
    { file: "pack.zip", entry: "run.json" },
    "usage",
  ]);
  const manifest = assertFault(await open(await resealed(GOOD, { manifest_digest: "0" })), "pack_tampered");
  assertEquals(manifest.at?.entry, "manifest.json");
  const extra = [...Object.entries(GOOD).filter(([path]) => path !== "manifest.json"), ["x.bin", "x"]];
  const files = extra.map(([path, text]) => ({ path: path ?? "", sha256: path === "x.bin" ? "0" : sha(text ?? "") }));
  assertEquals(
    assertFault(await open(await resealed({ ...GOOD, "x.bin": "x" }, { files })), "pack_tampered").at?.entry,
    "x.bin",
  );
});

Deno.test("open: a change of any entry that the manifest vouches for is seen, also one that reads well", async () => {
  const changes: Texts = {
    "run.json": `{"run_id":"other"}`,
    "refs.json": `{"receipts":[]}`,
    "intents.jsonl": `${GOOD["intents.jsonl"]}{"intent_id":"more"}\n`,
    "results.jsonl": "",
  };
  for (const [entry, text] of Object.entries(changes)) {
    const fault = assertFault(await open(await zipOf({ ...GOOD, [entry]: text })), "pack_tampered", entry);
    assertEquals([fault.at, exit(fault)], [{ file: "pack.zip", entry }, "usage"]);
    assertEquals(fault.message, `Cannot use runpack "pack.zip": entry "${entry}" was changed, its digest is ${sha(text)}`);
  }
});

Deno.test("open: rows of one entry that disagree are a defect, in either order", async () => {
  const rows = Object.entries(GOOD).filter(([path]) => path !== "manifest.json").map(([path, text]) => ({
    path,
    sha256: sha(text),
  }));
  for (const entry of ["run.json", "refs.json", "intents.jsonl", "results.jsonl"]) {
    const wrong = { path: entry, sha256: "0".repeat(64) };
    for (const files of [[...rows, wrong], [wrong, ...rows]]) {
      assertEquals(assertFault(await open(await resealed(GOOD, { files })), "pack_tampered").at?.entry, entry);
    }
  }
});

Deno.test("open: signatures and undeclared entries are not looked at", async () => {
  const bad = { alg: "none", key_id: "", sig: "", signed_digest: "" };
  assertOk(await open(await resealed(GOOD, { signatures: [bad] })));
  const files = Object.entries(GOOD).filter(([path]) => path !== "manifest.json").map(([path, text]) => ({
    path,
    sha256: sha(text),
  }));
  assertOk(await open(await resealed({ ...GOOD, "undeclared.txt": "x" }, { files })));
});

Deno.test("open: two entries of one name stay a failed verification, every other flaw of the archive is exit 6", async () => {
  const parts = Object.entries(GOOD).map(([name, content]) => ({ name, content }));
  const twice = assertFault(await open(craftZip([...parts, { name: "run.json", content: "x" }])), "zip_duplicate_entry");
  assertEquals(exit(twice), "verification");
  const others = [
    [craftZip([...parts, { name: "../x", content: "" }]), "zip_unsafe_name"],
    [craftZip([...parts, { name: "a", content: "x", both: { crc: 1 } }]), "pack_tampered"],
    [craftZip(parts.map((part) => part.name === "run.json" ? { ...part, both: { crc: 1 } } : part)), "zip_damaged"],
    [craftZip(parts.filter((part) => part.name !== "manifest.json")), "manifest_missing"],
    [new Uint8Array(5), "not_a_zip"],
    [craftZip(parts, { prefix: new Uint8Array(1) }), "zip_ambiguous"],
  ] as const;
  for (const [bytes, code] of others) {
    const found = await open(bytes);
    // An undeclared entry is not read, so its damage is not seen; all else ends with exit 6.
    if (code === "pack_tampered") assertOk(found);
    else assertEquals(exit(assertFault(found, code)), "usage", code);
  }
});

// Entries that are sealed and still cannot be used: the texts, the code, and the place in the entry.
const UNUSABLE: readonly (readonly [Texts, string, object])[] = [
  [{ "run.json": "[]" }, "document_shape", { entry: "run.json", pointer: "", line: 1, column: 1 }],
  [{ "run.json": `{"env":\n {"os":1}}` }, "document_shape", { entry: "run.json", pointer: "/env/os", line: 2, column: 8 }],
  [{ "run.json": `{"a":1,"a":1}` }, "json_duplicate_key", { entry: "run.json", pointer: "/a", line: 1, column: 8 }],
  [{ "run.json": "" }, "json_syntax", { entry: "run.json", line: 1, column: 1 }],
  [{ "refs.json": `{"receipts":[5]}` }, "document_shape", { entry: "refs.json", pointer: "/receipts/0", line: 1, column: 14 }],
  [{ "refs.json": `{\n"context_evidence_mode":"maybe"}` }, "run_invalid", {
    entry: "refs.json",
    pointer: "/context_evidence_mode",
    line: 2,
    column: 25,
  }],
  [{ "refs.json": `{"context_set_digest":"x"}` }, "run_invalid", {
    entry: "refs.json",
    pointer: "/context_set_digest",
    line: 1,
    column: 23,
  }],
  [{ "refs.json": `{"context_ref_count":-1}` }, "run_invalid", {
    entry: "refs.json",
    pointer: "/context_ref_count",
    line: 1,
    column: 22,
  }],
  [{ "refs.json": `{"context_evidence_mode":" Required"}` }, "run_invalid", {
    entry: "refs.json",
    pointer: "/context_set_digest",
    line: 1,
    column: 1,
  }],
  [{ "intents.jsonl": `{}\n\n{"args":[]}\n` }, "document_shape", {
    entry: "intents.jsonl",
    pointer: "/args",
    line: 3,
    column: 9,
  }],
  [{ "intents.jsonl": `{}\n \r\n\n{"tool_name":"t","created_at":"x"}` }, "document_shape", {
    entry: "intents.jsonl",
    pointer: "/created_at",
    line: 4,
    column: 31,
  }],
  [{ "results.jsonl": `{}\n{"status":\u20ac}\n` }, "json_syntax", { entry: "results.jsonl", line: 2, column: 11 }],
  [{ "results.jsonl": `{}\n[]\n` }, "document_shape", { entry: "results.jsonl", line: 2, column: 1 }],
];

for (const [change, code, place] of UNUSABLE) {
  Deno.test(`open: sealed but unusable: ${JSON.stringify(change).slice(0, 80)}`, async () => {
    const found = await open(await resealed({ ...GOOD, ...change }));
    if (found.ok) throw new Error("it was opened");
    assertEquals([found.fault.code, exit(found.fault)], [code, "usage"]);
    assertEquals(found.fault.at, { file: "pack.zip", ...place }, found.fault.message);
  });
}

Deno.test("open: records of others may be incomplete, blank lines and a missing last line feed are taken", async () => {
  const { records } = assertOk(
    await open(
      await resealed({
        ...GOOD,
        "run.json": "{}",
        "refs.json": "{}",
        "intents.jsonl": `\n{"intent_id":"a"}\r\n\n {"intent_id":"b","extra":1}`,
        "results.jsonl": "\n\n",
      }),
    ),
  );
  assertEquals(records.intents.map((intent) => intent.intent_id), ["a", "b"]);
  assertEquals([records.results, records.run.timeline, records.refs.context_evidence_mode], [[], null, ""]);
});

Deno.test("open: refs are brought to their normal form again", async () => {
  const refs = { receipts: [{ ref_id: "b" }, { ref_id: "a", query_digest: " Q " }], context_set_digest: "A".repeat(64) };
  const { records } = assertOk(await open(await resealed({ ...GOOD, "refs.json": JSON.stringify(refs) })));
  assertEquals(records.refs.receipts.map(({ ref_id, query_digest, immutability }) => [ref_id, query_digest, immutability]), [
    ["a", "q", "unknown"],
    ["b", "", "unknown"],
  ]);
  assertEquals([records.refs.context_ref_count, records.refs.context_set_digest], [2, "a".repeat(64)]);
});

Deno.test("open: broken UTF-8 and lone surrogates read as U+FFFD", async () => {
  const intents = `{"intent_id":"\\ud800","tool_name":"ok"}\n`;
  const { records } = assertOk(await open(await resealed({ ...GOOD, "intents.jsonl": intents })));
  assertEquals(records.intents[0]?.intent_id, "\ufffd");
  assertEquals(object(GOOD["run.json"]).run_id, "run_small");
});

// Two texts of one length and one CRC, so that only their digests tell them apart.
function twins(): readonly [string, string] {
  const seen = new Map<number, string>();
  for (let i = 0;; i++) {
    const text = `{"run_id":"${sha(String(i)).slice(0, 16)}"}`;
    const other = seen.get(crc32(utf8(text)));
    if (other !== undefined) return [other, text];
    seen.set(crc32(utf8(text)), text);
  }
}

Deno.test("open: a file that changes while it is read gives what was sealed or a fault, never what was not hashed", async () => {
  const [mine, other] = twins();
  const filler = { name: "filler", content: "x".repeat(300_000), stored: true };
  const rest = Object.entries(GOOD).filter(([path]) => path !== "run.json");
  // The row of run.json comes first, so that whoever hashes it by its row and reads it later has to come back for it.
  const sealedPack = await texts(await resealed(Object.fromEntries([["run.json", mine], ...rest])));
  const archive = (run: string) =>
    craftZip([
      { name: "run.json", content: run, stored: true },
      filler,
      ...Object.entries(sealedPack).filter(([path]) => path !== "run.json").map(([name, content]) => ({
        name,
        content,
        stored: true,
      })),
    ]);
  const [before, after] = [archive(mine), archive(other)];
  let reads = 0;
  const swapped = (at: number): Source => ({
    size: before.length,
    read: (from, length) => Promise.resolve((++reads > at ? after : before).slice(from, from + length)),
  });
  const ids: (string | undefined)[] = [];
  for (let at = 0; at <= 30; at++) {
    reads = 0;
    const found = await openRunpack(nodeHost, swapped(at), "pack.zip");
    ids.push(found.ok ? found.value.records.run.run_id : undefined);
  }
  const allowed = [undefined, object(mine).run_id];
  assertEquals(ids.filter((id) => !allowed.includes(id)), []);
  assertEquals([ids[0], ids.at(-1)], [undefined, object(mine).run_id]);
});
