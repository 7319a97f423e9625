// Authorization bundles: defaults, links in one spelling, no link out of the folder, and each piece of evidence under its digest.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { bytesSource } from "../../core/base/zip_source.ts";
import { bindEvidence, linkedEvidence, readBundle } from "../../core/pack/authorization.ts";
import { heldFile } from "../../core/pack/build.ts";
import type { AuthorizationBundle } from "../../core/schema/authorization_bundle.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { object, sha } from "../run/packs.ts";

const LEAST = { trace_id: " t1 ", policy_digest: ` ${"A".repeat(64)} `, intent_digest: "b".repeat(64) };

const read = (change: Readonly<Record<string, Json>> = {}): Result<AuthorizationBundle> =>
  readBundle(utf8(JSON.stringify({ ...LEAST, ...change }, undefined, 2)), "b.json", "1.2.3");

Deno.test("authorization bundle: what is left out has its default, what is there its one spelling", () => {
  const bundle = assertOk(read({ trace_path: " ev\\.\\t.json ", outcome_path: "./a//b/../o.txt" }));
  assertEquals([bundle.schema_id, bundle.schema_version], ["gait.gate.authorization_bundle", "1.0.0"]);
  assertEquals([bundle.created_at, bundle.producer_version, bundle.trace_id], ["1980-01-01T00:00:00Z", "1.2.3", "t1"]);
  assertEquals(bundle.policy_digest, "a".repeat(64));
  assertEquals(linkedEvidence(bundle).map(({ link, path }) => [link, path]), [["trace", "ev/t.json"], ["outcome", "a/o.txt"]]);
  const kept = assertOk(read({ created_at: "2026-03-04T07:00:00.5+01:00", producer_version: "9" }));
  assertEquals([kept.created_at, kept.producer_version], ["2026-03-04T06:00:00.5Z", "9"]);
});

Deno.test("authorization bundle: no link leaves the folder of the bundle, and each names a file", () => {
  const paths = [
    "/etc/passwd",
    "..",
    "../x",
    "ev/../../x.json",
    "ev\\..\\..\\x",
    "\\\\host\\x",
    "C:/x",
    "c:x",
    ".",
    "a/..",
    "a\0b",
  ];
  for (const path of paths) {
    const fault = assertFault(read({ outcome_path: path }), "bundle_invalid", path);
    assertEquals([fault.at?.file, fault.at?.pointer, fault.at?.line], ["b.json", "/outcome_path", 5], path);
  }
});

const REFUSED: readonly (readonly [change: Readonly<Record<string, Json>>, pointer: string])[] = [
  [{ trace_id: " " }, "/trace_id"],
  [{ policy_digest: "ab" }, "/policy_digest"],
  [{ intent_digest: "" }, "/intent_digest"],
  [{ schema_id: "gait.gate.other" }, "/schema_id"],
  [{ schema_version: "1.1.0" }, "/schema_version"],
  [{ outcome_digest: "0".repeat(64) }, "/outcome_path"],
  [{ outcome_path: "o", outcome_digest: "0" }, "/outcome_digest"],
];

Deno.test("authorization bundle: what must be there, and in what form", () => {
  for (const [change, pointer] of REFUSED) {
    assertEquals(assertFault(read(change), "bundle_invalid").at?.pointer, pointer);
  }
  for (const change of [{ extra: 1 }, { sandbox: { extra: 1 } }, { created_at: "today" }, { trace_id: 7 }]) {
    assertFault(read(change), "document_shape");
  }
  assertFault(readBundle(utf8('{"trace_id":"a","trace_id":"b"}'), "b.json", "1"), "json_duplicate_key");
  for (const status of ["Allow", " allow", "timeout", "blocked"]) {
    assertEquals(assertFault(read({ outcome_status: status }), "outcome_unknown").at?.pointer, "/outcome_status");
  }
  for (const status of ["", "allow", "block", "dry_run", "require_approval"]) assertOk(read({ outcome_status: status }));
});

async function bind(change: Readonly<Record<string, Json>>, files: Readonly<Record<string, string>>) {
  const sources = new Map(Object.entries(files).map(([path, text]) => [path, bytesSource(utf8(text))]));
  const bound = await bindEvidence(nodeHost.crypto, assertOk(read(change)), sources, "b.json");
  return bound.ok ? ok({ bundle: bound.value.bundle, files: await Promise.all(bound.value.files.map(heldFile)) }) : bound;
}

Deno.test("authorization bundle: JSON evidence by its canonical form, other files by their bytes, each once and as it is", async () => {
  const links = { trace_path: "t.JSON", context_evidence_path: "t.JSON", outcome_path: "o.txt" };
  const bound = assertOk(await bind(links, { "t.JSON": '{ "b": 1.0, "a": [] }', "o.txt": '{ "b": 1.0 }' }));
  const digest = sha('{"a":[],"b":1}');
  assertEquals([bound.bundle.trace_digest, bound.bundle.context_evidence_digest], [digest, digest]);
  assertEquals(bound.bundle.outcome_digest, sha('{ "b": 1.0 }'));
  const texts = bound.files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)] as const);
  assertEquals(texts.slice(1), [["evidence/t.JSON", '{ "b": 1.0, "a": [] }'], ["evidence/o.txt", '{ "b": 1.0 }']]);
  const [name, document = ""] = texts[0] ?? [];
  assertEquals([name, object(document).trace_digest], ["authorization_bundle.json", digest]);
});

Deno.test("authorization bundle: a digest that is given must be right, in either case", async () => {
  const files = { "o.txt": "done\n" };
  const right = sha("done\n").toUpperCase();
  assertOk(await bind({ outcome_path: "o.txt", outcome_digest: ` ${right} ` }, files));
  const fault = assertFault(await bind({ outcome_path: "o.txt", outcome_digest: sha("done") }, files), "bundle_invalid");
  assertEquals(fault.at, { file: "b.json", pointer: "/outcome_digest" });
  assertFault(await bind({ trace_path: "t.json" }, { "t.json": "{" }), "json_syntax");
  assertFault(await bind({ trace_path: "t.json" }, { "t.json": '{"a":1,"a":2}' }), "json_duplicate_key");
});

Deno.test("authorization bundle: decisions are written with their times, also those that nobody knows", async () => {
  const bound = assertOk(await bind({ kill_switch: { status: "clear" }, freeze_window: {}, sandbox: {} }, {}));
  const written = object(new TextDecoder().decode(bound.files[0]?.bytes));
  const never = "0001-01-01T00:00:00Z";
  assertEquals(written.kill_switch, { evaluated_at: never, status: "clear" });
  assertEquals(written.freeze_window, { evaluated_at: never, window_end: never, window_start: never });
  assertEquals(written.sandbox, {});
  assert(!("trace_path" in written) && !("outcome_status" in written));
});
