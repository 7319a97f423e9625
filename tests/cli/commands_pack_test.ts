// The contract of `pack build`, `pack verify` and `pack inspect` (spec 04, sections 3 to 5): members, lines, exits, where files go.
import { utf8 } from "../../core/base/bytes.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { assert, assertEquals } from "../assert.ts";
import { AUTHORIZATION, entriesOf, repacked, textOf, withText } from "../pack/packs.ts";
import { object, sha } from "../run/packs.ts";
import { KEY_ID, machine, PRIVATE_KEY, PUBLIC_KEY, refusal, RUN } from "./commands_world.ts";

const recorder = machine({ files: { "in.json": RUN } });
await recorder.json("run", "record", "in.json", "--out-dir", "d");
const found = recorder.disk.bytes("d/runpack_run_small.zip");
const RUNPACK = found instanceof Uint8Array ? found : new Uint8Array();

const BUNDLE = {
  trace_id: "t1",
  policy_digest: "1".repeat(64),
  intent_digest: "2".repeat(64),
  trace_path: "ev/t.json",
  outcome_path: "note.txt",
  outcome_status: "allow",
};
const FILES = {
  "in/rp.zip": RUNPACK,
  "b/bundle.json": JSON.stringify(BUNDLE),
  "b/ev/t.json": '{"verdict":"allow"}',
  "b/note.txt": "done\n",
  k: PRIVATE_KEY,
  p: PUBLIC_KEY,
};
const HEAD = { schema_id: "gait.pack.output", schema_version: "1.0.0" };

const bytesAt = (made: ReturnType<typeof machine>, path: string): Uint8Array => {
  const bytes = made.disk.bytes(path);
  if (typeof bytes === "string") throw new Error(`${path}: ${bytes}`);
  return bytes;
};

Deno.test("pack build: exactly these members; the pack lies beside its source, and verifies", async () => {
  const made = machine({ files: FILES });
  const [exit, built] = await made.json("pack", "build", "in/rp.zip");
  const pack_id = String(built.pack_id);
  const path = `in/pack_${pack_id}.zip`;
  const about = { pack_id, pack_type: "run", source_ref: "run_small" };
  assertEquals([exit, built], [0, { ok: true, operation: "build", ...HEAD, ...about, path, signature_status: "missing" }]);
  assertEquals(await made.json("pack", "verify", path), [0, {
    ok: true,
    operation: "verify",
    ...HEAD,
    ...about,
    path,
    verify: { ...about, files_checked: 3, proof_records_verified: 2, signature_status: "missing" },
  }]);
  const [, shown] = await made.json("pack", "inspect", "--path", path);
  const { inspect, ...head } = shown;
  assertEquals(head, { ok: true, operation: "inspect", ...HEAD, ...about, path });
  const inspected = object(JSON.stringify(inspect));
  assertEquals(Object.keys(inspected), ["manifest", "pack_id", "pack_type", "run_lineage", "run_payload", "source_ref"]);
});

Deno.test("pack build: signed with a key whatever the mode says of none, and with a throwaway key of mode dev", async () => {
  const made = machine({ files: FILES, env: { K: PRIVATE_KEY } });
  for (
    const words of [["--private-key", "k"], ["--private-key-env", "K", "--key-mode", "None"], [
      "--private-key",
      "k",
      "--key-mode=prod",
    ]]
  ) {
    const [, built] = await made.json("pack", "build", "--from", "./in/rp.zip", "--out", "s.zip", ...words);
    assertEquals([built.signature_status, built.signature_key_id], ["signed", KEY_ID]);
    const [exit, report] = await made.json("pack", "verify", "s.zip", "--profile", " STRICT ", "--public-key", "p");
    assertEquals([exit, report.ok], [0, true]);
  }
  const first = bytesAt(made, "s.zip");
  await made.json("pack", "build", "in/rp.zip", "--out", "again.zip", "--private-key", "k");
  assertEquals(bytesAt(made, "again.zip"), first, "equal bytes");
  const [, dev] = await made.json("pack", "build", "in/rp.zip", "--out", "dev.zip", "--key-mode", "dev");
  assertEquals([dev.signature_status, dev.warnings], ["signed", [
    "Signed with a throwaway key of key mode dev: the signature can not be checked elsewhere",
  ]]);
  const [exit, other] = await made.json("pack", "verify", "dev.zip", "--public-key", "p");
  assertEquals([exit, other.ok, "error" in other], [2, false, false], "a bad signature is an answer, not an error");
});

Deno.test("pack build: a decision with its evidence, its producer in the manifest; what will not verify is told", async () => {
  const made = machine({
    files: { ...FILES, "b/bare.json": JSON.stringify({ ...BUNDLE, trace_path: "", producer_version: "9" }) },
  });
  const [exit, built] = await made.json("pack", "build", "--type", "Authorization", "--from", "b/bundle.json");
  assertEquals([exit, built.source_ref, built.path, "warnings" in built], [0, "t1", `b/pack_${built.pack_id}.zip`, false]);
  const files = await entriesOf(bytesAt(made, String(built.path)));
  assertEquals(files.map(({ path }) => path), [
    "authorization_bundle.json",
    "evidence/ev/t.json",
    "evidence/note.txt",
    "pack_manifest.json",
    "proof_records.jsonl",
  ]);
  assertEquals(object(textOf(files, "authorization_bundle.json")).outcome_digest, sha("done\n"));
  assertEquals((await made.json("pack", "verify", String(built.path)))[0], 0);
  const [, bare] = await made.json("pack", "build", "--type", "authorization", "b/bare.json", "--out", "bare.zip");
  assertEquals(bare.warnings, [
    'The pack will not verify: member "/trace_path" and trace_digest must be there: nothing proves a decision without its trace',
  ]);
  const manifest = object(textOf(await entriesOf(bytesAt(made, "bare.zip")), "pack_manifest.json"));
  assertEquals(manifest.producer_version, "9");
  assertEquals((await made.json("pack", "verify", "bare.zip"))[0], 2);
});

Deno.test("pack build: a trace that was changed is nothing to build on, linked by a bundle or in a journal", async () => {
  const call = { tool_name: "x", context: { identity: "a", workspace: "/w", risk_class: "low" } };
  const made = machine({ files: { "p.yaml": "default_verdict: block", "i.json": JSON.stringify(call), "in/rp.zip": RUNPACK } });
  await made.json("gate", "eval", "--policy", "p.yaml", "--intent", "i.json", "--trace-out", "t.json");
  const { signature, ...trace } = JSON.parse(made.file("t.json"));
  const { trace_id, policy_digest, intent_digest } = trace;
  const bundle = JSON.stringify({ trace_id, policy_digest, intent_digest, trace_path: "t.json" });
  const built = async (linked: object) => {
    const files = {
      "b.json": bundle,
      "t.json": JSON.stringify(linked),
      "log.jsonl": `${JSON.stringify(linked)}\n`,
      "in/rp.zip": RUNPACK,
    };
    const own = machine({ files });
    const [exit, said] = await own.json("pack", "build", "--type", "authorization", "b.json", "--out", "a.zip");
    const [also, logged] = await own.json("pack", "build", "in/rp.zip", "--journal", "log.jsonl", "--out", "r.zip");
    return [exit, said.fault, said.warnings, also, logged.fault];
  };
  const unsigned = 'Trace "t.json" is not signed: nothing says who wrote it';
  assertEquals(await built({ ...trace, signature }), [0, undefined, undefined, 0, undefined]);
  assertEquals(await built(trace), [0, undefined, [unsigned], 0, undefined]);
  assertEquals(await built({ ...trace, verdict: "allow", signature }), [
    2,
    "verification_failed",
    undefined,
    6,
    "journal_damaged",
  ]);
  assertEquals(await built({ ...trace, verdict: " block ", signature }), [
    6,
    "document_shape",
    undefined,
    6,
    "journal_damaged",
  ]);
  assertEquals(await built({ verdict: "allow", trace_id }), [0, undefined, undefined, 0, undefined]); // for its reader to judge
});

Deno.test("pack build: a session's chain stands for the runpack of its last checkpoint", async () => {
  const made = machine();
  const session = (verb: string, ...words: readonly string[]) =>
    made.json("run", "session", verb, "--journal", "s/j.jsonl", ...words);
  await session("start", "--session-id", "night", "--run-id", "run_night");
  for (const point of ["1", "2"]) {
    await session("append", "--tool", "belt.start", "--verdict", "allow");
    await session("checkpoint", "--out", `s/cp${point}.zip`, "--chain-out", "s/Chain.JSON");
  }
  const [exit, built] = await made.json("pack", "build", "--from", "s/Chain.JSON");
  assertEquals([exit, built.source_ref, built.path], [0, "run_night_cp_0002", `s/pack_${built.pack_id}.zip`]);
  // Another runpack in the place of the sealed one, and a chain whose links were changed.
  const swapped = machine({ files: { "s/c.json": made.file("s/Chain.JSON"), "s/cp2.zip": bytesAt(made, "s/cp1.zip") } });
  const [refused, fault] = await swapped.json("pack", "build", "s/c.json");
  assertEquals([refused, fault.fault], [2, "verification_failed"]);
  const cut = made.file("s/Chain.JSON").replace('"sequence_end": 1', '"sequence_end": 7');
  const linked = machine({ files: { "s/c.json": cut, "s/cp2.zip": bytesAt(made, "s/cp2.zip") } });
  assertEquals((await linked.json("pack", "build", "s/c.json"))[0], 2);
  assertEquals((await linked.json("pack", "build", "s/none.json"))[0], 6);
});

Deno.test("pack build: refusals keep the head of the answer, and nothing is written", async () => {
  const made = machine({
    files: { ...FILES, "text.zip": "text", "b/odd.json": JSON.stringify({ ...BUNDLE, outcome_status: "timeout" }) },
  });
  const cases: readonly (readonly [fault: string, exit: number, ...words: readonly string[]])[] = [
    ["missing_argument", 6],
    ["missing_argument", 6, "--from", " "],
    ["flag_value", 6, "--type", "snapshot", "in/rp.zip"],
    ["file_missing", 6, "--type", "job", "in/rp.zip"],
    ["json_syntax", 6, "--type", "CALL", "b/note.txt"],
    ["key_source", 6, "in/rp.zip", "--key-mode", "vault"],
    ["key_source", 6, "in/rp.zip", "--key-mode", "prod"],
    ["key_source", 6, "in/rp.zip", "--key-mode", "dev", "--private-key", "k"],
    ["key_source", 6, "in/rp.zip", "--private-key", "k", "--private-key-env", "K"],
    ["key_format", 6, "in/rp.zip", "--private-key", "p"],
    ["path_refused", 6, "in/rp.zip", "--out", "../x.zip"],
    ["same_file", 6, "in/rp.zip", "--out", "./in/rp.zip"],
    ["same_file", 6, "--type", "authorization", "b/bundle.json", "--out", "b/note.txt"],
    ["file_missing", 6, "run_nowhere"],
    ["file_missing", 6, "./absent.zip"],
    ["not_a_zip", 6, "./text.zip"],
    ["outcome_unknown", 1, "--type", "authorization", "b/odd.json"],
    ["unknown_flag", 6, "in/rp.zip", "--nope"],
  ];
  const before = [...made.disk.files().keys()];
  for (const [fault, exit, ...words] of cases) {
    const [code, said] = await made.json("pack", "build", ...words);
    assertEquals(
      [code, said.fault, said.ok, said.operation, said.schema_id],
      [exit, fault, false, "build", HEAD.schema_id],
      words.join(" "),
    );
  }
  assertEquals([...made.disk.files().keys()], before);
  assertEquals(
    (await made.json("pack", "build", "in/rp.zip", "more", "words", "--out", "x.zip"))[0],
    0,
    "further words are ignored",
  );
});

Deno.test("pack build: a failing disk leaves no pack", async () => {
  const made = machine({ files: FILES, trouble: { step: 2, kind: "ENOSPC" } });
  const [exit, said] = await made.json("pack", "build", "in/rp.zip", "--out", "x.zip");
  assertEquals([exit, said.fault, made.disk.bytes("x.zip")], [1, "write_failed", "nothing"]);
});

Deno.test("pack verify: what fails is an answer, what breaks its contract an error with the same head", async () => {
  const whole = await repacked(AUTHORIZATION);
  const files = await entriesOf(whole);
  const changed = await writeZip([...withText(files, "evidence/note.txt", "else"), {
    path: "extra\u202e.txt",
    bytes: utf8(""),
  }]);
  const broken = await repacked(withText(AUTHORIZATION, "evidence/note.txt", "else"));
  const made = machine({ files: { "c.zip": changed, "b.zip": broken, "w.zip": whole, "t.zip": "text", p: PUBLIC_KEY } });
  const pack_id = object(textOf(files, "pack_manifest.json")).pack_id;
  const about = { pack_id, pack_type: "authorization", source_ref: "t1" };
  assertEquals(await made.json("pack", "verify", "c.zip"), [2, {
    ok: false,
    operation: "verify",
    ...HEAD,
    ...about,
    path: "c.zip",
    verify: {
      ...about,
      files_checked: 3,
      hash_mismatches: [{ path: "evidence/note.txt", expected: sha("done\n"), actual: sha("else") }],
      undeclared_files: ["extra\u202e.txt"],
      signature_status: "missing",
    },
  }]);
  assertEquals(await made.text("pack", "verify", "c.zip"), [2, [
    "pack verify failed: c.zip",
    "signature status: missing",
    "authorization pack of t1, 3 entries and 0 proof records checked",
    `pack_id=${pack_id}`,
    `changed: evidence/note.txt: its digest is ${sha("else")}, declared was ${sha("done\n")}`,
    "not in the manifest: extra\\u202e.txt",
    "The pack carries no signature: its contents agree with each other, but nothing says who built it",
  ]]);
  const [exit, said] = await made.json("pack", "verify", "b.zip");
  assertEquals([exit, said.fault, said.error_code, said.operation, said.entry, said.pointer], [
    2,
    "pack_invalid",
    "verification_failed",
    "verify",
    "authorization_bundle.json",
    "/outcome_digest",
  ]);
  assertEquals((await made.json("pack", "verify", "w.zip", "--require-signature"))[0], 2);
  assertEquals(await made.json("pack", "verify", "t.zip"), [6, {
    ...refusal(
      "not_a_zip",
      'Cannot read archive "t.zip": it is not a zip archive, or its end is cut off',
      "Give a runpack that gait run record wrote",
      { file: "t.zip" },
    ),
    operation: "verify",
    ...HEAD,
  }]);
  for (
    const words of [[], ["absent.zip"], ["w.zip", "--profile", "paranoid"], ["w.zip", "--profile", "strict"], [
      "w.zip",
      "x.zip",
    ]]
  ) {
    const [code, fault] = await made.json("pack", "verify", ...words);
    assertEquals([code, fault.operation], [6, "verify"], words.join(" "));
  }
});

Deno.test("pack verify: a proof that covers too little is a warning, and fails under strict", async () => {
  const short = await repacked([...AUTHORIZATION, { path: "proof_records.jsonl", bytes: utf8("") }]);
  const made = machine({ files: { "s.zip": short } });
  const [exit, said] = await made.json("pack", "verify", "s.zip");
  const uncovered = ["authorization_bundle.json", "evidence/ev/t.json", "evidence/note.txt"];
  assertEquals([exit, said.warnings], [
    0,
    uncovered.map((path) => `No proof record covers "${path}"; profile strict refuses that`),
  ]);
  assertEquals(object(JSON.stringify(said.verify)).uncovered_files, uncovered);
});

Deno.test("pack: lines for people", async () => {
  const made = machine({ files: FILES });
  const [, lines] = await made.text("pack", "build", "in/rp.zip", "--out", "x.zip");
  const id = lines[2] ?? "";
  assertEquals(lines, [
    "pack build ok: x.zip",
    "run pack of run_small",
    id,
    "signature_status=missing",
    "note=nothing was signed; name a key with --private-key",
  ]);
  const [, shown] = await made.text("pack", "inspect", "x.zip");
  assertEquals(shown.slice(0, 3), ["pack inspect: x.zip", "run pack of run_small, nothing was verified", id]);
  assert(shown[5]?.startsWith("run_lineage: timeline_events=0 receipt_count=0 intent_results=[2]"), shown[5]);
  const [, verified] = await made.text("pack", "verify", "x.zip");
  assertEquals(verified.slice(0, 4), [
    "pack verify ok: x.zip",
    "signature status: missing",
    "run pack of run_small, 3 entries and 2 proof records checked",
    id,
  ]);
});

Deno.test("verify --all: packs are told apart from runpacks", async () => {
  const made = machine({ files: FILES });
  await made.json("pack", "build", "in/rp.zip");
  const [exit, said] = await made.json("verify", "--all", "in");
  const kinds = Array.isArray(said.artifacts) ? said.artifacts.map((one) => [one.artifact_type, one.ok]) : [];
  assertEquals([exit, kinds], [0, [["pack", true], ["runpack", true]]]);
  const [, lines] = await made.text("verify", "--all", "in");
  assert(lines[0]?.endsWith(": pack of run run_small, signature missing"), lines[0]);
});
