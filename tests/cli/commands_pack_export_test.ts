// The contract of `pack export` and `pack diff`: members, files, exits; what is refused before anything is written or sent.
import { utf8 } from "../../core/base/bytes.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import { fail, ok } from "../../core/base/result.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { entriesOf, repacked, runPack, withText } from "../pack/packs.ts";
import { KEY_ID, machine, PRIVATE_KEY, PUBLIC_KEY } from "./commands_world.ts";

const PACK = await runPack();
const files = await entriesOf(PACK);
const BROKEN = await writeZip(withText(files, "run_payload.json", "{}"));
const GUARD = await repacked(withText([], "x", ""), { schema_id: "gait.guard.pack_manifest", run_id: "r" });
const FILES = { "d/p.zip": PACK, "broken.zip": BROKEN, "guard.zip": GUARD, k: PRIVATE_KEY, p: PUBLIC_KEY };
const HEAD = { schema_id: "gait.pack.output", schema_version: "1.0.0" };

Deno.test("pack export: exactly these members; lines are added, SQL takes the place of what was there", async () => {
  const made = machine({ files: { ...FILES, "o.jsonl": '{"before":1}\n', "o.sql": "old" } });
  const words = ["pack", "export", "d/p.zip", "--otel-out", "o.jsonl", "--postgres-sql-out", "o.sql"];
  const [exit, said] = await made.json(...words);
  const { export: record, ...head } = said;
  const about = { pack_id: said.pack_id, pack_type: "run", source_ref: "run_small" };
  const paths = { path: "d/p.zip", otel_path: "o.jsonl", postgres_sql_path: "o.sql" };
  assertEquals([exit, head], [0, { ok: true, operation: "export", ...HEAD, ...about, ...paths }]);
  assertEquals(Object.keys(JSON.parse(JSON.stringify(record))).sort(), [
    "created_at",
    "files_checked",
    "hash_mismatches",
    "manifest_digest",
    "metrics",
    "missing_files",
    "pack_id",
    "pack_type",
    "signature_status",
    "signatures_total",
    "signatures_valid",
    "source_ref",
    "undeclared_files",
  ]);
  await made.json(...words);
  assertEquals([made.file("o.jsonl").split("\n").length, made.file("o.jsonl").startsWith('{"before":1}\n')], [18, true]);
  assertEquals([made.file("o.sql").match(/INSERT INTO/g)?.length, made.file("o.sql").startsWith("CREATE TABLE")], [1, true]);
  await made.json("pack", "export", "d/p.zip", "--postgres-sql-out", "n.sql", "--postgres-include-ddl=false");
  assert(made.file("n.sql").startsWith("INSERT INTO"));
  assertEquals(made.posts.length, 0, "nothing is sent unless it is asked for");
});

Deno.test("pack export: a pack that does not hold is told of, and not vouched for", async () => {
  const made = machine({ files: FILES });
  const [exit, said] = await made.json("pack", "export", "broken.zip", "--otel-out", "o.jsonl");
  assertEquals([exit, said.ok, JSON.parse(JSON.stringify(said.export)).hash_mismatches], [0, true, 1]);
  assert(made.file("o.jsonl").includes('"status":{"code":"error"}'));
  for (const format of ["in-toto", "dsse", "sigstore"]) {
    const [code, refused] = await made.json(
      "pack",
      "export",
      "broken.zip",
      "--format",
      format,
      "--out",
      "x.json",
      "--private-key",
      "k",
    );
    assertEquals([code, refused.fault, made.disk.files().has("x.json")], [2, "verification_failed", false]);
  }
});

Deno.test("pack export: statements name the file by its bytes; signed ones say by which key", async () => {
  const made = machine({ files: FILES });
  const digest = { sha256: sha256Hex(nodeHost.crypto, PACK) };
  assertEquals((await made.json("pack", "export", "d/p.zip", "--format", "in-toto", "--out", "s.json"))[0], 0);
  const statement = JSON.parse(made.file("s.json"));
  assertEquals(statement.subject, [{ name: "p.zip", digest }]);
  assertEquals([statement.predicate.schema_id, statement.predicate.integrity_ok], ["gait.pack.attestation", true]);
  for (const format of ["DSSE", "sigstore"]) {
    const [exit, said] = await made.json(
      "pack",
      "export",
      "d/p.zip",
      "--format",
      format,
      "--out",
      "e.json",
      "--private-key",
      "k",
    );
    assertEquals([exit, said.format, said.format_path, said.signature_key_id], [0, format.toLowerCase(), "e.json", KEY_ID]);
    const document = JSON.parse(made.file("e.json"));
    const envelope = document.dsseEnvelope ?? document;
    assertEquals(JSON.parse(atob(envelope.payload)), statement);
    assertEquals(envelope.signatures.map((one: { keyid: string }) => one.keyid), [KEY_ID]);
  }
});

Deno.test("pack export: a collector is told in three documents; what it answers decides", async () => {
  const made = machine({ files: FILES });
  const words = ["pack", "export", "d/p.zip", "--format", "otlp", "--otlp-url"];
  const [exit, said] = await made.json(...words, "http://c.example:4318/");
  assertEquals([exit, said.collector], [0, "http://c.example:4318"]);
  assertEquals(
    made.posts.map(({ url }) => url),
    ["traces", "metrics", "logs"].map((name) => `http://c.example:4318/v1/${name}`),
  );
  const [first] = made.posts;
  const { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] } = JSON.parse(new TextDecoder().decode(first?.body));
  assertEquals(
    [span.startTimeUnixNano, span.traceId],
    ["1767225600000000000", String(said.pack_id).slice(0, 32)],
    "the moment of sending",
  );
  const answers = [[503, "network_failed", true], [429, "network_failed", true], [404, "collector_refused", false]] as const;
  for (const [status, fault, retryable] of answers) {
    const [code, refused] = await machine({ files: FILES, answer: () => ok({ status, body: new Uint8Array() }) }).json(
      ...words,
      "https://c.example",
    );
    assertEquals([code, refused.fault, refused.retryable, refused.operation], [1, fault, retryable, "export"]);
  }
  const partial = { partialSuccess: { rejectedSpans: "1", errorMessage: "no \u001b[31mspace" } };
  const lossy = machine({ files: FILES, answer: () => ok({ status: 200, body: utf8(JSON.stringify(partial)) }) });
  const [, part] = await lossy.json(...words, "http://c.example");
  assertEquals([part.fault, part.exit_code, lossy.posts.length], ["collector_refused", undefined, 1]);
  const told = 'the collector leaves out 1 of what it was sent and says "no \\u001b[31mspace"';
  assertEquals(part.error, `Cannot send all to "http://c.example/v1/traces": ${told}`);
  const silent = machine({ files: FILES, answer: () => fail("network_failed", "Cannot send") });
  assertEquals((await silent.json(...words, "http://c.example"))[1].fault, "network_failed");
  assertEquals(silent.posts.length, 1);
});

Deno.test("pack export: refusals keep the head of the answer, and nothing is written", async () => {
  const made = machine({ files: FILES });
  const cases: readonly (readonly [fault: string, exit: number, ...words: readonly string[]])[] = [
    ["missing_argument", 6, "d/p.zip"],
    ["missing_argument", 6, "--otel-out", "o"],
    ["usage", 6, "d/p.zip", "--path", "d/p.zip", "--otel-out", "o"],
    ["flag_value", 6, "d/p.zip", "--postgres-sql-out", "o", "--postgres-table", "x; drop"],
    ["flag_value", 6, "d/p.zip", "--format", "cose", "--out", "o"],
    ["missing_argument", 6, "d/p.zip", "--format", "dsse"],
    ["missing_argument", 6, "d/p.zip", "--format", "otlp"],
    ["usage", 6, "d/p.zip", "--otel-out", "o", "--out", "x"],
    ["usage", 6, "d/p.zip", "--otel-out", "o", "--otlp-url", "http://c"],
    ["flag_value", 6, "d/p.zip", "--format", "otlp", "--otlp-url", "ftp://c"],
    ["flag_value", 6, "d/p.zip", "--format", "otlp", "--otlp-url", "http://me:secret@c"],
    ["key_source", 6, "d/p.zip", "--format", "dsse", "--out", "o"],
    ["same_file", 6, "d/p.zip", "--otel-out", "d/p.zip"],
    ["same_file", 6, "d/p.zip", "--otel-out", "o", "--postgres-sql-out", "./o"],
    ["same_file", 6, "d/p.zip", "--format", "dsse", "--private-key", "k", "--out", "k"],
    ["path_refused", 6, "d/p.zip", "--otel-out", "../o"],
    ["file_missing", 6, "none.zip", "--otel-out", "o"],
    ["not_a_zip", 6, "k", "--otel-out", "o"],
    ["document_kind", 6, "guard.zip", "--otel-out", "o"],
  ];
  const before = [...made.disk.files().keys()];
  for (const [fault, exit, ...words] of cases) {
    const [code, said] = await made.json("pack", "export", ...words);
    assertEquals([code, said.fault, said.operation, said.schema_id], [exit, fault, "export", HEAD.schema_id], words.join(" "));
    assert(!JSON.stringify(said).includes("secret"));
    assertEquals([...made.disk.files().keys()], before, words.join(" "));
  }
});

Deno.test("pack diff: exactly these members, the document in a file of its own, lines for people", async () => {
  const made = machine({ files: { ...FILES, "q.zip": await repacked(withText(files, "notes/a", "a")) } });
  const [exit, said] = await made.json("pack", "diff", "d/p.zip", "q.zip", "--output", "d/diff.json");
  const { diff, ...head } = said;
  assertEquals([exit, head], [2, { ok: false, operation: "diff", path: "d/diff.json", ...HEAD }]);
  const { Result } = JSON.parse(JSON.stringify(diff));
  assertEquals(JSON.parse(made.file("d/diff.json")), Result);
  assertEquals(Result.summary.added_files, ["notes/a"]);
  const [, lines] = await made.text("pack", "diff", "d/p.zip", "q.zip");
  assertEquals(lines, ["pack diff: they differ", "only in the second: notes/a", "manifest: not the same"]);
  assertEquals(await made.text("pack", "diff", "q.zip", "q.zip"), [0, ["pack diff: no difference"]]);
  for (
    const [fault, ...words] of [
      ["missing_argument", "q.zip"],
      ["usage", "q.zip", "q.zip", "q.zip"],
      ["file_missing", "q.zip", "none.zip"],
      ["file_missing", "q.zip", "q.zip", "--output", "none/x.json"],
      ["same_file", "q.zip", "d/p.zip", "--output", "d/p.zip"],
    ] as const
  ) {
    const [code, refused] = await made.json("pack", "diff", ...words);
    assertEquals([code, refused.fault, refused.operation], [6, fault, "diff"]);
  }
});
