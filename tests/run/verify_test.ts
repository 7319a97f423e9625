// Verifying a runpack step by step (spec 01, section 5.7), and what a hostile manifest can do: nothing.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { signDigest } from "../../core/base/sign.ts";
import { signedDigest } from "../../core/run/manifest.ts";
import { nodeHost } from "../../host/node.ts";
import { craftZip } from "../base/craft_zip.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { object, resealed, sha, type Texts, texts, verify, zipOf } from "./packs.ts";
import { sealed, SMALL } from "./runs.ts";

const KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(1));
const OTHER = await newKey(nodeHost.crypto, new Uint8Array(32).fill(2));
const GOOD: Texts = await texts((await sealed(SMALL)).bytes);
const MANIFEST = object(GOOD["manifest.json"]);
const rows = (change: (row: { path: string; sha256: string }) => Json | undefined): Json[] =>
  Object.entries(GOOD).filter(([path]) => path !== "manifest.json")
    .map(([path, text]) => change({ path, sha256: sha(text) })).filter((row) => row !== undefined);

const defects = async (bytes: Uint8Array) => {
  const { ok, files_checked, missing_files, hash_mismatches, undeclared_files } = assertOk(await verify(bytes));
  return { ok, files_checked, missing_files, mismatches: hash_mismatches.map((row) => row.path), undeclared_files };
};
const NONE = { ok: true, files_checked: 4, missing_files: [], mismatches: [], undeclared_files: [] };

Deno.test("verify: a pack as sealed has no defects, and a missing signature is said", async () => {
  assertEquals(assertOk(await verify(await zipOf(GOOD))), {
    ok: true,
    run_id: "run_small",
    manifest_digest: MANIFEST.manifest_digest,
    files_checked: 4,
    missing_files: [],
    hash_mismatches: [],
    undeclared_files: [],
    signature_status: "missing",
    signature_errors: [],
    signatures_total: 0,
    signatures_valid: 0,
  });
});

Deno.test("verify: a changed entry is named with both digests, as written and as found", async () => {
  const report = assertOk(await verify(await zipOf({ ...GOOD, "results.jsonl": "{}\n", "run.json": "" })));
  assertEquals([report.ok, report.hash_mismatches], [false, [
    { path: "results.jsonl", expected: sha(GOOD["results.jsonl"] ?? ""), actual: sha("{}\n") },
    { path: "run.json", expected: sha(GOOD["run.json"] ?? ""), actual: sha("") },
  ]]);
});

Deno.test("verify: digests of entries and manifest ignore letter case, and are shown as written", async () => {
  const upper = rows(({ path, sha256 }) => ({ path, sha256: sha256.toUpperCase() }));
  assertEquals(await defects(await resealed(GOOD, { files: upper })), NONE);
  const digest = String(MANIFEST.manifest_digest).toUpperCase();
  const report = assertOk(await verify(await resealed(GOOD, { manifest_digest: digest })));
  assertEquals([report.ok, report.manifest_digest], [true, digest]);
  const wrong = rows(({ path, sha256 }) => ({ path, sha256: path === "run.json" ? "AbC" : sha256 }));
  const found = assertOk(await verify(await resealed(GOOD, { files: wrong })));
  assertEquals(found.hash_mismatches, [{ path: "run.json", expected: "AbC", actual: sha(GOOD["run.json"] ?? "") }]);
});

Deno.test("verify: a wrong manifest digest is a mismatch of manifest.json", async () => {
  for (const wrong of ["", "0".repeat(64), `${MANIFEST.manifest_digest} `, `sha256:${MANIFEST.manifest_digest}`]) {
    const report = assertOk(await verify(await resealed(GOOD, { manifest_digest: wrong })));
    assertEquals([report.ok, report.hash_mismatches], [false, [
      { path: "manifest.json", expected: wrong, actual: String(MANIFEST.manifest_digest) },
    ]]);
  }
});

Deno.test("verify: each member that the manifest digest covers is covered", async () => {
  const changes: JsonObject[] = [
    { created_at: "2026-03-01T10:00:01Z" },
    { producer_version: "x" },
    { run_id: "other" },
    { capture_mode: "raw" },
    { files: rows((row) => row).reverse() },
  ];
  for (const change of changes) {
    const bytes = await zipOf({ ...GOOD, "manifest.json": JSON.stringify({ ...MANIFEST, ...change }) });
    assertEquals((await defects(bytes)).mismatches, ["manifest.json"], JSON.stringify(change));
  }
});

Deno.test("verify: capture mode, the shape of run_id and unknown members are not judged", async () => {
  const odd = { capture_mode: "whatever", run_id: "../ \u202e", extra: { deep: [1] } };
  assertEquals(await defects(await resealed(GOOD, odd)), NONE);
  assertEquals(assertOk(await verify(await resealed(GOOD, odd))).run_id, "../ \u202e");
});

Deno.test("verify: an entry that is not there is missing; one that no row names is missing and undeclared", async () => {
  const { "refs.json": _, ...without } = GOOD;
  assertEquals(await defects(await zipOf(without)), { ...NONE, ok: false, missing_files: ["refs.json"] });
  const files = rows((row) => row.path === "refs.json" ? undefined : row);
  assertEquals(await defects(await resealed(GOOD, { files })), {
    ...NONE,
    ok: false,
    files_checked: 3,
    missing_files: ["refs.json"],
    undeclared_files: ["refs.json"],
  });
  for (const none of [null, []]) {
    assertEquals(await defects(await resealed(GOOD, { files: none })), {
      ok: false,
      files_checked: 0,
      missing_files: ["intents.jsonl", "refs.json", "results.jsonl", "run.json"],
      mismatches: [],
      undeclared_files: ["intents.jsonl", "refs.json", "results.jsonl", "run.json"],
    });
  }
});

Deno.test("verify: rows for further entries are checked, repeated rows count again, both lists are sorted", async () => {
  const extra = { ...GOOD, "a/b.txt": "x", "Z.txt": "y" };
  const files = [
    { path: "run.json", sha256: "0" },
    { path: "missing/z", sha256: "" },
    ...rows((row) => row),
    { path: "a/b.txt", sha256: sha("x") },
    { path: "missing/a", sha256: "" },
    { path: "Z.txt", sha256: "1" },
    { path: "run.json", sha256: "2" },
    { path: "missing/a", sha256: "" },
  ];
  assertEquals(await defects(await resealed(extra, { files })), {
    ok: false,
    files_checked: 11,
    missing_files: ["missing/a", "missing/a", "missing/z"],
    mismatches: ["Z.txt", "run.json", "run.json"],
    undeclared_files: [],
  });
});

Deno.test("verify: a row that names the manifest itself, or nothing, or another spelling of an entry, vouches for nothing", async () => {
  for (const path of ["", "./run.json", "RUN.JSON", "run.json ", "__proto__", "toString", "/run.json"]) {
    const found = await defects(await resealed(GOOD, { files: [...rows((row) => row), { path, sha256: sha("") }] }));
    assertEquals([found.ok, found.missing_files], [false, [path]], path);
  }
  const own = await defects(await resealed(GOOD, { files: [...rows((row) => row), { path: "manifest.json", sha256: "0" }] }));
  assertEquals([own.ok, own.missing_files, own.mismatches], [false, [], ["manifest.json"]]);
});

Deno.test("verify: undeclared entries are listed, and refused where that is asked for; folders and odd names too", async () => {
  const extra = { ...GOOD, "notes.txt": "x", ["__proto__"]: "", "a/b": "" };
  const pack = await resealed({ ...extra }, { files: rows((row) => row) });
  assertEquals(await defects(pack), { ...NONE, undeclared_files: ["__proto__", "a/b", "notes.txt"] });
  assertEquals(assertOk(await verify(pack, { refuseUndeclared: true })).ok, false);
  assertEquals(assertOk(await verify(await zipOf(GOOD), { refuseUndeclared: true })).ok, true);
  const folder = craftZip([...Object.entries(GOOD).map(([name, content]) => ({ name, content })), {
    name: "empty/",
    stored: true,
    central: { attributes: 0o40755 * 2 ** 16 },
  }]);
  assertEquals(assertOk(await verify(folder)).undeclared_files, ["empty/"]);
});

Deno.test("verify: the order of entries and how they are packed do not matter", async () => {
  const parts = Object.entries(GOOD).map(([name, content], i) => ({ name, content, stored: i % 2 === 0 }));
  assertEquals(await defects(craftZip(parts.reverse())), NONE);
});

const selectors = (change: JsonObject) => verify_(JSON.stringify({ ...MANIFEST, ...change }));
const verify_ = async (manifest: string) => await verify(await zipOf({ ...GOOD, "manifest.json": manifest }));

Deno.test("verify: a manifest of another kind, without run id or not a manifest at all is no runpack", async () => {
  const wrong: readonly (readonly [JsonObject, string, string])[] = [
    [
      { schema_id: "gait.runpack.Manifest" },
      "/schema_id",
      `member "/schema_id" must be "gait.runpack.manifest", not "gait.runpack.Manifest"`,
    ],
    [
      { schema_id: " gait.runpack.manifest" },
      "/schema_id",
      `member "/schema_id" must be "gait.runpack.manifest", not " gait.runpack.manifest"`,
    ],
    [{ schema_version: "1.0" }, "/schema_version", `member "/schema_version" must be "1.0.0", not "1.0"`],
    [{ schema_version: 1 }, "/schema_version", `member "/schema_version" must be "1.0.0", not 1`],
    [{ run_id: "" }, "/run_id", `member "/run_id" must not be empty`],
    [{ run_id: null }, "/run_id", `member "/run_id" must not be empty`],
    [{ run_id: 5 }, "/run_id", `member "/run_id" must be text, not 5`],
    [{ files: {} }, "/files", `member "/files" must be a list, not an object`],
    [{ files: [null] }, "/files/0", `member "/files/0" must be an object, not null`],
    [{ files: [{ path: 1 }] }, "/files/0/path", `member "/files/0/path" must be text, not 1`],
    [{ signatures: [{ sig: {} }] }, "/signatures/0/sig", `member "/signatures/0/sig" must be text, not an object`],
    [
      { created_at: "now" },
      "/created_at",
      `member "/created_at" must be an RFC 3339 time with offset, such as 2026-03-01T10:00:00Z, not "now"`,
    ],
    [{ manifest_digest: ["x"] }, "/manifest_digest", `member "/manifest_digest" must be text, not a list`],
  ];
  for (const [change, pointer, words] of wrong) {
    const fault = assertFault(await selectors(change), "document_shape", words);
    assertEquals([fault.message, fault.at?.pointer, fault.at?.file, fault.at?.entry, fault.at?.line], [
      `Cannot read "manifest.json": ${words}`,
      pointer,
      "pack.zip",
      "manifest.json",
      1,
    ]);
  }
  for (const text of ["[]", "null", "5", `"x"`]) assertFault(await verify_(text), "document_shape", text);
});

Deno.test("verify: what is wrong in the JSON of a manifest is placed by entry, line and column", async () => {
  const at = (line: number, column: number) => ({ line, column, file: "pack.zip", entry: "manifest.json" });
  const place = ({ at: found }: { at?: object }) => ({ ...found, pointer: undefined });
  const wrong = [
    [`{"a":1,\n"a":2}`, "json_duplicate_key", at(2, 1)],
    [`{"a":1}\n{}`, "json_syntax", at(2, 1)],
    [`{"a":1e999}`, "json_number_range", at(1, 6)],
    ["\ufeff{}", "text_encoding", at(1, 1)],
    ["", "json_syntax", at(1, 1)],
    ["[".repeat(600), "json_too_deep", at(1, 513)],
  ] as const;
  for (const [text, code, where] of wrong) {
    assertEquals(place(assertFault(await verify_(text), code)), { ...where, pointer: undefined }, text.slice(0, 20));
  }
});

Deno.test("verify: an archive without manifest, and bytes that are no archive, are no runpack", async () => {
  const { "manifest.json": _, ...rest } = GOOD;
  const fault = assertFault(await verify(await zipOf(rest)), "manifest_missing");
  assertEquals([fault.message, fault.at], [
    `Cannot read runpack "pack.zip": entry "manifest.json" is missing`,
    { file: "pack.zip", entry: "manifest.json" },
  ]);
  assertFault(await verify(new Uint8Array()), "not_a_zip");
  assertFault(await verify(new TextEncoder().encode(JSON.stringify(MANIFEST))), "not_a_zip");
  assertFault(await verify((await zipOf(GOOD)).subarray(0, 300)), "not_a_zip");
});

Deno.test("verify: a twin, a climbing name and damage are told before the manifest is looked at", async () => {
  const parts = Object.entries(GOOD).map(([name, content]) => ({ name, content }));
  const twice = assertFault(await verify(craftZip([...parts, { name: "run.json", content: "other" }])), "zip_duplicate_entry");
  assertEquals(twice.at, { file: "pack.zip", entry: "run.json" });
  assertFault(await verify(craftZip([...parts, { name: "../x", content: "" }])), "zip_unsafe_name");
  assertFault(await verify(craftZip([...parts, { name: "RUN.json", content: "" }])), "zip_unsafe_name");
  const damaged = assertFault(
    await verify(craftZip(parts.map((part) => part.name === "run.json" ? { ...part, both: { crc: 1 } } : part))),
    "zip_damaged",
  );
  assertEquals(damaged.at?.entry, "run.json");
});

// Signatures.

const sign = async (manifest: JsonObject, ...keys: (typeof KEY)[]): Promise<string> => {
  const digest = signedDigest(nodeHost.crypto, manifest);
  const signatures = await Promise.all(keys.map((key) => signDigest(nodeHost.crypto, key, digest)));
  return JSON.stringify({ ...manifest, signatures });
};
const status = async (manifest: string, trust: Parameters<typeof verify>[1] = {}) => {
  const { ok, signature_status, signature_errors, signatures_total, signatures_valid } = assertOk(
    await verify(await zipOf({ ...GOOD, "manifest.json": manifest }), trust),
  );
  return { ok, signature_status, errors: signature_errors.length, total: signatures_total, valid: signatures_valid };
};

Deno.test("verify: the status of the signatures, and what makes it a failure", async () => {
  const unsigned = JSON.stringify(MANIFEST);
  const signed = await sign(MANIFEST, KEY);
  const both = await sign(MANIFEST, OTHER, KEY);
  const required = { requireSignature: true };
  const counts = (total: number, valid: number, errors: number) => ({ total, valid, errors });
  const table: readonly (readonly [string, Parameters<typeof verify>[1], object])[] = [
    [unsigned, {}, { ok: true, signature_status: "missing", ...counts(0, 0, 0) }],
    [unsigned, { key: KEY }, { ok: true, signature_status: "missing", ...counts(0, 0, 0) }],
    [unsigned, { key: KEY, ...required }, { ok: false, signature_status: "missing", ...counts(0, 0, 1) }],
    [signed, {}, { ok: true, signature_status: "skipped", ...counts(1, 0, 1) }],
    [signed, required, { ok: false, signature_status: "skipped", ...counts(1, 0, 1) }],
    [signed, { key: KEY, ...required }, { ok: true, signature_status: "verified", ...counts(1, 1, 0) }],
    [signed, { key: OTHER }, { ok: false, signature_status: "failed", ...counts(1, 0, 1) }],
    [both, { key: KEY, ...required }, { ok: true, signature_status: "verified", ...counts(2, 1, 1) }],
    [both, { key: OTHER, ...required }, { ok: true, signature_status: "verified", ...counts(2, 1, 1) }],
  ];
  for (const [manifest, trust, wanted] of table) assertEquals(await status(manifest, trust), wanted);
});

Deno.test("verify: a good signature and a changed entry are both told", async () => {
  const report = assertOk(
    await verify(await zipOf({ ...GOOD, "run.json": "{}", "manifest.json": await sign(MANIFEST, KEY) }), { key: KEY }),
  );
  assertEquals([report.ok, report.signature_status, report.hash_mismatches.length], [false, "verified", 1]);
});

Deno.test("verify: a signature does not survive on another manifest, nor an added member, nor a changed spelling", async () => {
  const signed = object(await sign(MANIFEST, KEY));
  const changes: JsonObject[] = [
    { capture_mode: "raw" },
    { extra: 1 },
    { created_at: "2026-03-01T10:00:00.0Z" },
    { signed_by: "boss" },
  ];
  for (const change of changes) {
    const bytes = await resealed(GOOD, { ...change, signatures: signed.signatures ?? [] });
    const { ok, signature_status } = assertOk(await verify(bytes, { key: KEY }));
    assertEquals([ok, signature_status], [false, "failed"], JSON.stringify(change));
  }
  const own = await sign({ ...MANIFEST, extra: 1 }, KEY);
  assertEquals((await status(own, { key: KEY })).signature_status, "verified");
});

// Hostile manifests: the work is linear in their size, and no name means anything to the engine.

const within = async (milliseconds: number, work: () => Promise<void>): Promise<void> => {
  const started = performance.now();
  await work();
  const took = performance.now() - started;
  assert(took < milliseconds, `took ${Math.round(took)} ms`);
};

Deno.test("verify: a hundred thousand rows that name one entry hash it once", async () => {
  const large = { ...GOOD, "run.json": "x".repeat(2_000_000) };
  const files = Array.from({ length: 100_000 }, () => ({ path: "run.json", sha256: "0" }));
  const pack = await resealed(large, { files });
  await within(5_000, async () => {
    const report = assertOk(await verify(pack));
    assertEquals([report.files_checked, report.hash_mismatches.length, report.missing_files.length], [100_000, 100_000, 3]);
  });
});

Deno.test("verify: tens of thousands of rows that name nothing, and many undeclared entries, are listed at once", async () => {
  const files = Array.from({ length: 30_000 }, (_, i) => ({ path: `no/${i}`, sha256: "" }));
  const parts = Array.from({ length: 1_000 }, (_, i) => ({ name: `x/${i}`, content: "", stored: true }));
  const manifest = JSON.stringify({ ...MANIFEST, files });
  const pack = craftZip([{ name: "manifest.json", content: manifest }, ...parts]);
  await within(5_000, async () => {
    const report = assertOk(await verify(pack));
    assertEquals([report.missing_files.length, report.undeclared_files.length], [30_004, 1_000]);
  });
});

Deno.test("verify: thousands of signatures that are none cost no more than reading them", async () => {
  const bad = { alg: "ed25519", key_id: KEY.keyId, sig: "A".repeat(88), signed_digest: "0".repeat(64) };
  const signatures = Array.from({ length: 5_000 }, () => bad);
  await within(5_000, async () => {
    const found = await status(JSON.stringify({ ...MANIFEST, signatures }), { key: KEY });
    assertEquals(found, { ok: false, signature_status: "failed", errors: 5_000, total: 5_000, valid: 0 });
  });
});

Deno.test("verify: unknown members may nest to the limit and carry any name, and are in the signed digest alone", async () => {
  const deep = `${"[".repeat(500)}${"]".repeat(500)}`;
  const odd = `{"__proto__":{"run_id":"evil"},"constructor":{"prototype":{}},"hasOwnProperty":1,"toString":null}`;
  const manifest = object(`{"deep":${deep},"odd":${odd},"__proto__":{"files":[]},${JSON.stringify(MANIFEST).slice(1)}`);
  const report = await status(await sign(manifest, KEY), { key: KEY, requireSignature: true });
  assertEquals([report.ok, report.signature_status], [true, "verified"]);
  assertEquals(assertOk(await verify_(JSON.stringify(manifest))).run_id, "run_small");
});
