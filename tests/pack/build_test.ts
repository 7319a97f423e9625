// Building: the recipes of spec 04, sections 2.1 to 2.4, computed again by hand, and the same bytes for the same input.
import { fromBase64, utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { verifyDetached } from "../../core/base/sign.ts";
import { MAX_ENTRY_BYTES } from "../../core/base/zip_limits.ts";
import { buildPack, entryType, type PackParts } from "../../core/pack/build.ts";
import { nodeHost } from "../../host/node.ts";
import { BACKENDS } from "../backends.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { object, sha } from "../run/packs.ts";
import { entriesOf, KEY, runPack, textOf, WITH_CONTEXT } from "./packs.ts";

const PARTS: PackParts = {
  pack_type: "run",
  source_ref: "r",
  producer_version: "1.2.3",
  files: [{ path: "b/é.JSON", bytes: utf8("{}") }, { path: "a.bin", bytes: new Uint8Array() }],
};

Deno.test("pack build: manifest, id and signature by their recipes", async () => {
  const { bytes, manifest } = assertOk(await buildPack(nodeHost.crypto, PARTS, KEY));
  const files = await entriesOf(bytes);
  assertEquals(files.map(({ path }) => path), ["a.bin", "b/é.JSON", "pack_manifest.json", "proof_records.jsonl"]);
  const text = textOf(files, "pack_manifest.json");
  const { signatures, ...unsigned } = object(text);
  assertEquals(text, canonicalText(object(text)), "canonical, without a line break");
  assertEquals(unsigned, {
    contents: [
      { path: "a.bin", sha256: sha(""), type: "blob" },
      { path: "b/é.JSON", sha256: sha("{}"), type: "json" },
      { path: "proof_records.jsonl", sha256: sha(textOf(files, "proof_records.jsonl")), type: "jsonl" },
    ],
    created_at: "1980-01-01T00:00:00Z",
    pack_id: sha(canonicalText({ ...unsigned, pack_id: "" })),
    pack_type: "run",
    producer_version: "1.2.3",
    schema_id: "gait.pack.manifest",
    schema_version: "1.0.0",
    source_ref: "r",
  });
  const signed_digest = sha(canonicalText(unsigned));
  assertEquals(signatures, manifest.signatures);
  assertEquals(manifest.signatures.map(({ sig: _, ...rest }) => rest), [{
    alg: "ed25519",
    key_id: KEY.keyId,
    signed_digest,
  }]);
});

Deno.test("pack build: proof records by their recipe, chained and signed over the text of the hash", async () => {
  const { bytes } = assertOk(await buildPack(nodeHost.crypto, PARTS, KEY));
  const text = textOf(await entriesOf(bytes), "proof_records.jsonl");
  assert(!text.endsWith("\n"), "no final line break");
  let previous_record_hash = "";
  for (const [i, line] of text.split("\n").entries()) {
    const { integrity, ...record } = object(line);
    const timestamp = "1980-01-01T00:00:00Z";
    const event = {
      entry_path: ["a.bin", "b/é.JSON"][i] ?? "",
      entry_permissions: 420,
      entry_sha256: sha(["", "{}"][i] ?? ""),
      entry_size_bytes: i * 2,
      entry_type: ["blob", "json"][i] ?? "",
      pack_type: "run",
      producer_version: "1.2.3",
      source_ref: "r",
    };
    const said = { agent_id: "gait", event, record_type: "tool_invocation", source: "gait.pack", source_product: "gait" };
    assertEquals(record, {
      agent_id: "gait",
      controls: { permissions_enforced: false },
      event,
      metadata: { artifact_kind: "gait.pack.entry" },
      record_id: `prf-${timestamp}-${sha(canonicalText({ timestamp, ...said })).slice(0, 8)}`,
      record_type: "tool_invocation",
      record_version: "1.0",
      source: "gait.pack",
      source_product: "gait",
      timestamp,
    });
    const record_hash = `sha256:${sha(canonicalText({ ...record, integrity: { previous_record_hash } }))}`;
    const { signature, ...bound } = object(JSON.stringify(integrity));
    assertEquals(bound, {
      ...(i === 0 ? {} : { previous_record_hash }),
      record_hash,
      signing_key_id: KEY.keyId,
    });
    const sig = fromBase64(String(signature).replace("base64:", "")) ?? new Uint8Array();
    assert(await verifyDetached(nodeHost.crypto, KEY.publicKey, sig, utf8(record_hash)), "signed");
    previous_record_hash = record_hash;
  }
});

Deno.test("pack build: equal bytes on every backend, in any order of the files; nothing is signed without a key", async () => {
  const [first = new Uint8Array()] = await Promise.all(
    BACKENDS.map(async ([, crypto]) => assertOk(await buildPack(crypto, PARTS, KEY)).bytes),
  );
  for (const [name, crypto] of BACKENDS) {
    const again = assertOk(await buildPack(crypto, { ...PARTS, files: PARTS.files.toReversed() }, KEY));
    assertEquals(again.bytes, first, name);
  }
  const unsigned = await entriesOf(assertOk(await buildPack(nodeHost.crypto, PARTS)).bytes);
  assert(!("signatures" in object(textOf(unsigned, "pack_manifest.json"))));
  assert(!/signature|signing/.test(textOf(unsigned, "proof_records.jsonl")));
});

Deno.test("pack build: the type of an entry is the end of its name", () => {
  const types = ["a.json", "a.JSONL", "d/a.Zip", "json", "a.json.txt", "a.xjson"].map(entryType);
  assertEquals(types, ["json", "jsonl", "zip", "blob", "blob", "blob"]);
});

Deno.test("pack build: twins and what is too large are faults", async () => {
  const twins = [{ path: "evidence/A.txt", bytes: utf8("1") }, { path: "evidence/a.txt", bytes: utf8("2") }];
  assertFault(await buildPack(nodeHost.crypto, { ...PARTS, files: twins }), "path_refused");
  const large = { path: "x", bytes: new Uint8Array(MAX_ENTRY_BYTES + 1) };
  assertFault(await buildPack(nodeHost.crypto, { ...PARTS, files: [large] }), "file_too_large");
});

Deno.test("pack build: a run with context has it as an envelope too", async () => {
  const files = await entriesOf(await runPack(WITH_CONTEXT));
  assertEquals(files.map(({ path }) => path), [
    "context_envelope.json",
    "pack_manifest.json",
    "proof_records.jsonl",
    "run_payload.json",
    "source/runpack.zip",
  ]);
});
