// The two digests of a manifest (spec 01, section 5.1): its own over the typed form, the signed one over what was read.
import type { Json } from "../../core/base/json.ts";
import { readShape } from "../../core/base/shape.ts";
import { manifestDigest, signedDigest } from "../../core/run/manifest.ts";
import { ManifestShape } from "../../core/schema/manifest.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { sha } from "./packs.ts";

const { crypto } = nodeHost;
const digest = (json: Json): string => manifestDigest(crypto, assertOk(readShape(ManifestShape, json, "manifest.json")));

const BARE = { schema_id: "gait.runpack.manifest", schema_version: "1.0.0" };
const FULL = {
  ...BARE,
  created_at: "2026-03-01T10:00:00Z",
  producer_version: "p",
  run_id: "r",
  capture_mode: "raw",
  files: [{ path: "run.json", sha256: "AB" }],
  manifest_digest: "whatever",
};
const HEAD =
  `"manifest_digest":"","producer_version":"p","run_id":"r","schema_id":"gait.runpack.manifest","schema_version":"1.0.0"}`;
const FILES = `"files":[{"path":"run.json","sha256":"AB"}]`;

Deno.test("manifestDigest: manifest_digest is there and empty, signatures are not, hex case is kept", () => {
  const wanted = sha(`{"capture_mode":"raw","created_at":"2026-03-01T10:00:00Z",${FILES},${HEAD}`);
  assertEquals(digest(FULL), wanted);
  assertEquals(digest({ ...FULL, manifest_digest: "", signatures: [] }), wanted);
  assertEquals(digest({ ...FULL, signatures: [{ alg: "x", key_id: "", sig: "" }] }), wanted);
});

Deno.test("manifestDigest: what others wrote is brought to the typed form first", () => {
  const wanted = digest(FULL);
  assertEquals(digest({ ...FULL, extra: 1, "__proto__x": {}, files: [{ path: "run.json", sha256: "AB", size: 7 }] }), wanted);
  assertEquals(digest({ ...FULL, created_at: "2026-03-01T10:00:00.000+00:00" }), wanted);
  assertEquals(
    digest({ ...FULL, created_at: "2026-03-01T10:00:00.1234567890+01:00" }),
    sha(`{"capture_mode":"raw","created_at":"2026-03-01T10:00:00.123456789+01:00",${FILES},${HEAD}`),
  );
});

Deno.test("manifestDigest: absent files are null, an empty list is not", () => {
  const bare = (files: string) =>
    `{"capture_mode":"","created_at":"0001-01-01T00:00:00Z","files":${files},"manifest_digest":"","producer_version":"",` +
    `"run_id":"","schema_id":"gait.runpack.manifest","schema_version":"1.0.0"}`;
  assertEquals(digest(BARE), sha(bare("null")));
  assertEquals(digest({ ...BARE, files: null }), sha(bare("null")));
  assertEquals(digest({ ...BARE, files: [] }), sha(bare("[]")));
  assertEquals(digest({ ...BARE, files: [{}] }), sha(bare(`[{"path":"","sha256":""}]`)));
});

Deno.test("signedDigest: everything as read but signatures, unknown members and odd spellings included", () => {
  const read: Json = JSON.parse(`{"b":1.0,"signatures":[1],"a":{"signatures":2},"__proto__":{"x":1},"created_at":"10:00"}`);
  assertEquals(signedDigest(crypto, read), sha(`{"__proto__":{"x":1},"a":{"signatures":2},"b":1,"created_at":"10:00"}`));
  assertEquals(signedDigest(crypto, {}), sha("{}"));
});
