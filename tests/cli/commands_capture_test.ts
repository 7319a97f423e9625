// The contract of `capture` (spec 01, section 7.6): the receipt, what is in every answer, and that what does not hold leaves none.
import { utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals } from "../assert.ts";
import { texts, zipOf } from "../run/packs.ts";
import { sealed, SMALL } from "../run/runs.ts";
import { machine } from "./commands_world.ts";

const HEAD = { schema_id: "gait.capture.receipt", schema_version: "1.0.0" };
const { bytes: PACK } = await sealed(SMALL);
const TRACE = {
  schema_id: "gait.gate.trace",
  schema_version: "1.0.0",
  created_at: "2026-03-01T10:00:00Z",
  producer_version: "p",
  trace_id: "t1",
  tool_name: "mail.send",
  args_digest: "a".repeat(64),
  intent_digest: "b".repeat(64),
  policy_digest: "c".repeat(64),
  verdict: "allow",
};
const FILES = { "gait-out/runpack_run_small.zip": PACK, "u.zip": PACK, "t.json": JSON.stringify(TRACE), "other.json": "{}" };

/** A machine with a session of two checkpoints, made by the program itself. */
async function withSession() {
  const made = machine({ files: FILES });
  const session = async (verb: string, ...argv: readonly string[]) => {
    const [exit, said] = await made.json("run", "session", verb, "--journal", "s.jsonl", ...argv);
    assertEquals(exit, 0, JSON.stringify(said));
  };
  await session("start", "--session-id", "s1", "--run-id", "run_s");
  for (const index of [1, 2]) {
    await session("append", "--tool", "mail.send", "--verdict", "allow");
    await session("checkpoint", "--out", `cp${index}.zip`);
  }
  return made;
}

Deno.test("capture: exactly these members of a runpack's receipt, printed and written", async () => {
  const made = machine({ files: FILES });
  const receipt = {
    ...HEAD,
    ok: true,
    from: "run_small",
    artifact_type: "runpack",
    artifact_path: "gait-out/runpack_run_small.zip",
    run_id: "run_small",
    output_path: "gait-out/capture.json",
  };
  assertEquals(await made.json("capture", "--from", " run_small "), [0, receipt]);
  const text = made.file("gait-out/capture.json");
  assertEquals(JSON.parse(text), receipt);
  assert(text.startsWith('{\n  "schema_id"') && text.endsWith("}\n"), text);
  assertEquals(await made.text("capture", "--from", "u.zip", "--out", "r/./c.json", "--checkpoint", "2"), [0, [
    "capture ok: runpack u.zip",
    "receipt=r/c.json",
    "warning: --checkpoint was ignored: the source is no session chain",
  ]]);
});

Deno.test("capture: an unsigned trace is taken with a warning that is not in the receipt", async () => {
  const made = machine({ files: FILES });
  const receipt = {
    ...HEAD,
    ok: true,
    from: "t.json",
    artifact_type: "trace",
    artifact_path: "t.json",
    output_path: "gait-out/capture.json",
  };
  assertEquals(await made.json("capture", "--from", "t.json"), [0, {
    ...receipt,
    warnings: ['Trace "t.json" is not signed: nothing says who wrote it'],
  }]);
  assertEquals(JSON.parse(made.file("gait-out/capture.json")), receipt);
});

Deno.test("capture: the last checkpoint of a chain, or the one that is named", async () => {
  const made = await withSession();
  for (const [wanted, path] of [["", "cp2.zip"], ["LATEST", "cp2.zip"], ["1", "cp1.zip"]] as const) {
    assertEquals(await made.json("capture", "--from", "./s_chain.json", "--checkpoint", wanted), [0, {
      ...HEAD,
      ok: true,
      from: "./s_chain.json",
      artifact_type: "runpack",
      artifact_path: path,
      session_chain_path: "./s_chain.json",
      run_id: "run_s",
      output_path: "gait-out/capture.json",
    }]);
  }
});

Deno.test("capture: every refusal carries the schema, and leaves no receipt", async () => {
  const made = await withSession();
  const chain = JSON.parse(made.file("s_chain.json"));
  const put = (path: string, json: unknown) => made.disk.put(path, utf8(JSON.stringify(json)));
  put("edited.json", { ...TRACE, signature: { alg: "ed25519", key_id: "", sig: "", signed_digest: "0" } });
  put("cut.json", { ...chain, checkpoints: chain.checkpoints.slice(1) });
  put("moved.json", {
    ...chain,
    checkpoints: chain.checkpoints.map((point: object) => ({ ...point, runpack_path: "gone.zip" })),
  });
  made.disk.put("changed.zip", await zipOf({ ...await texts(PACK), "run.json": "{}" }));
  made.disk.put("text.zip", utf8("no"));
  const cases: readonly (readonly [readonly string[], string, number, string | undefined])[] = [
    [[], "missing_argument", 6, undefined],
    [["--from", " "], "missing_argument", 6, undefined],
    [["--from", "nope"], "file_missing", 6, "nope"],
    [["--from", "./other.json"], "document_kind", 6, "./other.json"],
    [["--from", "text.zip"], "not_a_zip", 6, "text.zip"],
    [["--from", "s_chain.json", "--checkpoint", "9"], "flag_value", 6, "s_chain.json"],
    [["--from", "s_chain.json", "--checkpoint", "2x"], "flag_value", 6, "s_chain.json"],
    [["--from", "u.zip", "x"], "usage", 6, undefined],
    [["--from", "u.zip", "--out", " "], "path_refused", 6, "u.zip"],
    [["--from", "u.zip", "--out", "../r.json"], "path_refused", 6, "u.zip"],
    [["--from", "changed.zip"], "verification_failed", 2, "changed.zip"],
    [["--from", "edited.json"], "verification_failed", 2, "edited.json"],
    [["--from", "cut.json"], "verification_failed", 2, "cut.json"],
    [["--from", "moved.json"], "verification_failed", 2, "moved.json"],
  ];
  for (const [argv, name, exit, source] of cases) {
    const [code, { fault, from, ok, schema_id, schema_version }] = await made.json("capture", ...argv);
    assertEquals([code, fault, from, ok, { schema_id, schema_version }], [exit, name, source, false, HEAD], argv.join(" "));
    assertEquals(made.disk.bytes("gait-out/capture.json"), "nothing", argv.join(" "));
  }
});

Deno.test("capture: --save-as is named as what it is now, in every spelling", async () => {
  const made = machine({ files: FILES });
  const migration = { kind: "flag", deprecated_flag: "--save-as", replacement_flag: "--out" };
  for (const argv of [["--save-as", "x"], ["--from", "u.zip", "-save-as=x"], ["--from=u.zip", "--save-as", "x"]]) {
    const [exit, said] = await made.json("capture", ...argv);
    assertEquals([exit, said.fault, said.migration, said.schema_id], [6, "retired", migration, HEAD.schema_id], argv.join(" "));
  }
  const [exit, lines] = await made.text("capture", "--save-as", "x");
  assertEquals([exit, lines[0]], [6, 'capture error: Cannot take flag "--save-as": it is now "--out"']);
  const [, other] = await made.text("capture", "--bogus", "--", "--save-as");
  assertEquals(other[0], 'capture error: Cannot take flag "--bogus": the command has no such flag');
});

Deno.test("capture: the receipt takes the place of nothing that it vouches for", async () => {
  const made = await withSession();
  const before = new Map(made.disk.files());
  for (
    const [from, out] of [["u.zip", "./u.zip"], ["t.json", "t.json"], ["s_chain.json", "cp1.zip"], [
      "s_chain.json",
      "s_chain.json",
    ]]
  ) {
    const [exit, said] = await made.json("capture", "--from", from ?? "", "--out", out ?? "");
    assertEquals([exit, said.fault], [6, "same_file"], `${from} ${out}`);
    assertEquals(new Map(made.disk.files()), before, `${from} ${out}`);
  }
});
