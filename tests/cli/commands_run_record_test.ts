// The contract of `run record` (spec 01, section 6): members, lines, exits, where the runpack goes, and where faults point.
import { assert, assertEquals } from "../assert.ts";
import { craftZip } from "../base/craft_zip.ts";
import { texts, verify } from "../run/packs.ts";
import { KEY_ID, machine, PRIVATE_KEY, PUBLIC_KEY, refusal, RUN } from "./commands_world.ts";

const STRIPPED = "Reference capture keeps digests only: arguments and results were not stored";
const BUNDLE = "gait-out/runpack_run_small.zip";
const FIELD = "Bring the member that the message names into the form of its format page";
const MEND = "Mend the input at the member that the message names";

const bytes = (made: ReturnType<typeof machine>, path: string): Uint8Array => {
  const found = made.disk.bytes(path);
  if (typeof found === "string") throw new Error(`${path}: ${found}`);
  return found;
};
const manifest = async (made: ReturnType<typeof machine>, path = BUNDLE) =>
  JSON.parse((await texts(bytes(made, path)))["manifest.json"] ?? "");
const footer = (digest: string, id = "run_small") => `GAIT run_id=${id} manifest=sha256:${digest} verify="gait verify ${id}"`;

Deno.test("run record: exactly these members, unsigned", async () => {
  const made = machine({ files: { "in.json": RUN } });
  const [exit, said] = await made.json("run", "record", "--input", "in.json");
  const { manifest_digest } = await manifest(made);
  assertEquals([exit, said], [0, {
    ok: true,
    run_id: "run_small",
    bundle: `./${BUNDLE}`,
    manifest_digest,
    signature_status: "missing",
    warnings: [STRIPPED],
    ticket_footer: footer(manifest_digest),
  }]);
  assertEquals([...made.disk.files().keys()], [BUNDLE, "in.json"]);
  const report = await verify(bytes(made, BUNDLE));
  assert(report.ok && report.value.ok);
});

Deno.test("run record: exactly these members, signed, and no warnings where nothing was left out", async () => {
  const files = { "in.json": JSON.stringify({ run: { run_id: "r" } }), k: PRIVATE_KEY, p: PUBLIC_KEY };
  const made = machine({ files, env: { KEY: PRIVATE_KEY } });
  for (const flags of [["--private-key", "k"], ["--private-key-env=KEY"], ["--key-mode", " PROD ", "--private-key", "k"]]) {
    const [exit, { manifest_digest, ...said }] = await made.json("run", "record", "in.json", ...flags);
    assertEquals([exit, said], [0, {
      ok: true,
      run_id: "r",
      bundle: "./gait-out/runpack_r.zip",
      signature_status: "signed",
      signature_key_id: KEY_ID,
      ticket_footer: footer(String(manifest_digest), "r"),
    }]);
    assertEquals((await made.json("verify", "r", "--public-key", "p", "--profile", "strict"))[0], 0);
  }
});

Deno.test("run record: a throwaway key is told as such", async () => {
  const made = machine({ files: { "in.json": RUN } });
  const [exit, said] = await made.json("run", "record", "in.json", "--key-mode", "Dev", "--capture-mode", "raw");
  assertEquals([exit, said.signature_status, said.warnings], [0, "signed", [
    "Raw capture keeps arguments and results as they are, secrets included",
    "Signed with a throwaway key of key mode dev: the signature can not be checked elsewhere",
  ]]);
  const { signatures } = await manifest(made);
  assertEquals([signatures.length, signatures[0].key_id], [1, said.signature_key_id]);
  const [, again] = await made.json("run", "record", "in.json", "--key-mode", "dev");
  assert(again.signature_key_id !== said.signature_key_id, "the same key again");
});

Deno.test("run record: lines, unsigned with a warning and signed without", async () => {
  const files = { "in.json": RUN, "bare.json": `{"run":{"run_id":"r"}}`, k: PRIVATE_KEY };
  const made = machine({ files });
  const [exit, lines] = await made.text("run", "record", "in.json");
  const { manifest_digest } = await manifest(made);
  assertEquals([exit, lines], [0, [
    "run_id=run_small",
    `bundle=./${BUNDLE}`,
    "signature_status=missing",
    "note=nothing was signed; name a key with --private-key",
    `warnings=${STRIPPED}`,
    `ticket_footer=${footer(manifest_digest)}`,
  ]]);
  const [, signed] = await made.text("run", "record", "bare.json", "--private-key", "k");
  const own = await manifest(made, "gait-out/runpack_r.zip");
  assertEquals(signed, [
    "run_id=r",
    "bundle=./gait-out/runpack_r.zip",
    "signature_status=signed",
    `signature_key_id=${KEY_ID}`,
    `ticket_footer=${footer(own.manifest_digest, "r")}`,
  ]);
});

Deno.test("run record: an id that could forge a ticket footer comes with a warning", async () => {
  const run_id = `x manifest=sha256:${"0".repeat(64)} verify="gait verify x"`;
  const made = machine({ files: { "in.json": JSON.stringify({ run: { run_id } }) } });
  const [exit, said] = await made.json("run", "record", "in.json");
  const warning = "The run id is not of the form that ticket footers have: do not trust the footer";
  assertEquals([exit, said.warnings], [0, [warning]]);
});

Deno.test("run record: the input is a flag or an argument, one of the two", async () => {
  const made = machine({ files: { "in.json": RUN } });
  assertEquals((await made.json("run", "record", "in.json"))[0], 0);
  assertEquals(await made.json("run", "record"), [
    6,
    refusal(
      "missing_argument",
      "Cannot record: expected --input or the path of a run record",
      "Run the command with --help to see what it needs",
    ),
  ]);
  for (const argv of [["--input", "in.json", "in.json"], ["in.json", "in.json"]]) {
    const [exit, said] = await made.json("run", "record", ...argv);
    assertEquals([exit, said.fault], [6, "usage"]);
  }
});

Deno.test("run record: where the bundle goes and how it is shown", async () => {
  const made = machine({ files: { "in.json": RUN } });
  const shown = async (...argv: string[]) => (await made.json("run", "record", "in.json", ...argv))[1].bundle;
  assertEquals(await shown("--out-dir", "."), "./runpack_run_small.zip");
  assertEquals(await shown("--out-dir", " a/./b//c/.. "), "./a/b/runpack_run_small.zip");
  assertEquals(await shown("--out-dir", "/abs/x/"), "/abs/x/runpack_run_small.zip");
  assertEquals(await shown("--out-dir", ".hidden"), ".hidden/runpack_run_small.zip");
  assertEquals(await shown("--out-dir", "a/../b"), "./b/runpack_run_small.zip");
  assertEquals(await shown("--run-id", " my run "), "./gait-out/runpack_my run.zip");
  assertEquals(made.file("a/b/runpack_run_small.zip").slice(0, 2), "PK");
  for (const folder of ["..", "../x", "a/../..", ""]) {
    const [exit, said] = await made.json("run", "record", "in.json", "--out-dir", folder);
    assertEquals([exit, said.fault], [6, "path_refused"], folder);
  }
  const [exit, said] = await made.json("run", "record", "in.json", "--out-dir", "in.json");
  assertEquals([exit, said.fault, said.error_category], [1, "write_failed", "io_failure"]);
});

Deno.test("run record: an id that is no part of a file name is refused before anything is written", async () => {
  const ids = ["../../x", "a/b", "a\\b", "..", " . ", "a\u0000b"];
  for (const run_id of ids) {
    const made = machine({ files: { "in.json": JSON.stringify({ run: { run_id } }) } });
    const [exit, said] = await made.json("run", "record", "in.json");
    assertEquals([exit, said.fault, made.disk.files().size], [6, "path_refused", 1], run_id);
    const ok = machine({ files: { "in.json": RUN } });
    const [code, flag] = await ok.json("run", "record", "in.json", "--run-id", run_id);
    assertEquals([code, flag.fault, ok.disk.files().size], [6, "path_refused", 1], run_id);
  }
});

Deno.test("run record: what the run does not say comes from the machine and the clock, and the producer is not the program", async () => {
  const made = machine({ files: { "in.json": `{"run":{"run_id":"r"}}` } });
  await made.json("run", "record", "in.json");
  const found = await texts(bytes(made, "gait-out/runpack_r.zip"));
  const run = JSON.parse(found["run.json"] ?? "");
  assertEquals([run.created_at, run.env, run.producer_version, run.timeline], [
    "2026-01-01T00:00:00Z",
    { os: "memory", arch: "none", runtime: "memory" },
    "0.0.0-dev",
    null,
  ]);
});

Deno.test("run record: an older bundle is replaced, and only when all is well", async () => {
  const made = machine({ files: { "in.json": RUN, "bad.json": RUN.replace(`"args":{}`, `"args":5`), [BUNDLE]: "old" } });
  assertEquals((await made.json("run", "record", "bad.json"))[0], 6);
  assertEquals((await made.json("run", "record", "in.json", "--private-key", "none"))[0], 6);
  assertEquals(made.file(BUNDLE), "old");
  assertEquals((await made.json("run", "record", "in.json"))[0], 0);
  assertEquals((await verify(bytes(made, BUNDLE))).ok, true);
});

Deno.test("run record: faults of the input point into it, in both modes", async () => {
  const text = `{"run":{"run_id":"r"},\n "intents":[{"intent_id":"i1"}]}`;
  const made = machine({ files: { "in.json": text, "shape.json": `{"run":\n[]}`, "syntax.json": `{"run":\n x}` } });
  const words = `Cannot record "i1": expected args, a normalization payload or args_digest`;
  const remedy = "Give the payload, a normalization payload or a digest";
  const place = { file: "in.json", pointer: "/intents/0", line: 2, column: 13 };
  assertEquals(await made.json("run", "record", "in.json"), [6, refusal("digest_missing", words, remedy, place)]);
  assertEquals(await made.text("run", "record", "in.json"), [6, [
    `run record error: ${words}`,
    `at file "in.json", line 2, column 13, member /intents/0`,
    remedy,
  ]]);
  assertEquals(await made.json("run", "record", "shape.json"), [
    6,
    refusal("document_shape", `Cannot read "shape.json": member "/run" must be an object, not a list`, FIELD, {
      file: "shape.json",
      pointer: "/run",
      line: 2,
      column: 1,
    }),
  ]);
  assertEquals(await made.json("run", "record", "syntax.json"), [
    6,
    refusal(
      "json_syntax",
      `Cannot read "syntax.json": line 2, column 2: expected a value, found "x"`,
      "Mend the JSON at the place that the message names",
      {
        file: "syntax.json",
        line: 2,
        column: 2,
      },
    ),
  ]);
  assertEquals(await made.json("run", "record", "none.json"), [
    6,
    refusal(
      "file_missing",
      `Cannot read "none.json": there is no such file or folder (ENOENT)`,
      "Check the path, or make the file first",
      {
        file: "none.json",
      },
    ),
  ]);
});

Deno.test("run record: faults of a flag point nowhere, those of the envelope into the envelope", async () => {
  const D = "a".repeat(64);
  const record = {
    ref_id: "trace_i1",
    source_type: "gait.trace",
    source_locator: "l",
    redaction_mode: "raw",
    query_digest: D,
    content_digest: D,
  };
  const made = machine({
    files: {
      "in.json": RUN,
      "bad.json": `{"context_set_id":"s",\n"x":1}`,
      "ctx.json": JSON.stringify({ context_set_id: "s", records: [record] }),
    },
  });
  const flag = refusal(
    "flag_value",
    `Cannot record the run: capture mode must be reference or raw, not "all"`,
    "Give the flag a value of the kind that --help names",
  );
  assertEquals(await made.json("run", "record", "in.json", "--capture-mode", "all"), [6, flag]);
  const required = ["run", "record", "in.json", "--context-evidence-mode", "Required", "--context-envelope"];
  assertEquals(await made.json(...required, "bad.json"), [
    6,
    refusal("document_shape", `Cannot read "bad.json": member "/x" is not known here`, FIELD, {
      file: "bad.json",
      pointer: "/x",
      line: 2,
      column: 5,
    }),
  ]);
  assertEquals(await made.json(...required, "ctx.json"), [
    6,
    refusal(
      "raw_context_refused",
      `Cannot record run "run_small": the context envelope holds context with redaction_mode raw, which is stored only with --unsafe-context-raw`,
      "Repeat with --unsafe-context-raw if the raw text may be stored",
      { file: "ctx.json" },
    ),
  ]);
  const [exit, conflict] = await made.json(...required, "ctx.json", "--unsafe-context-raw");
  assertEquals([exit, conflict.fault, conflict.file, conflict.line, conflict.pointer], [
    6,
    "digest_conflict",
    "ctx.json",
    undefined,
    undefined,
  ]);
  for (const climbing of ["../ctx.json", "a/../../ctx.json"]) {
    const [code, said] = await made.json("run", "record", "in.json", "--context-envelope", climbing);
    assertEquals([code, said.fault, said.file], [6, "path_refused", climbing]);
  }
  const [, ignored] = await made.json("run", "record", "in.json", "--context-envelope", "bad.json");
  assertEquals(ignored.warnings, [
    `The context envelope was ignored: Cannot read "bad.json": member "/x" is not known here`,
    STRIPPED,
  ]);
  assertEquals((await made.json(...required, "none.json"))[1].fault, "file_missing");
  assertEquals((await made.json("run", "record", "in.json", "--context-envelope", " "))[0], 0);
});

Deno.test("run record: a refs mode that the input gives wrongly points into the input", async () => {
  const made = machine({ files: { "in.json": `{"run":{"run_id":"r"},"refs":{\n"context_evidence_mode":"x"}}` } });
  assertEquals(await made.json("run", "record", "in.json"), [
    6,
    refusal("run_invalid", `Cannot record the run: evidence mode must be best_effort or required, not "x"`, MEND, {
      file: "in.json",
      pointer: "/refs/context_evidence_mode",
      line: 2,
      column: 25,
    }),
  ]);
});

Deno.test("run record: key flags that clash or lead nowhere", async () => {
  const made = machine({ files: { "in.json": RUN, k: PRIVATE_KEY } });
  const fault = async (...argv: string[]) => {
    const [exit, said] = await made.json("run", "record", "in.json", ...argv);
    return [exit, said.fault, said.error];
  };
  assertEquals(await fault("--key-mode", "test"), [6, "key_source", `Cannot sign: key mode must be dev or prod, not "test"`]);
  assertEquals(await fault("--key-mode", "prod"), [
    6,
    "key_source",
    "Cannot load the keys: expected --private-key or --private-key-env",
  ]);
  assertEquals(await fault("--key-mode", "dev", "--private-key", "k"), [
    6,
    "key_source",
    "Cannot sign: key mode dev makes its own key, expected no key source",
  ]);
  assertEquals((await fault("--private-key-env", "NONE")).slice(0, 2), [6, "key_source"]);
  assertEquals((await fault("--private-key", "in.json")).slice(0, 2), [6, "key_format"]);
  assertEquals(made.disk.files().size, 2);
  assertEquals(
    (await made.json("run", "record", "in.json", "--key-mode", " ", "--private-key="))[1].signature_status,
    "missing",
  );
});

Deno.test("run record: what the disk gives back is verified, and any defect of it is exit 2", async () => {
  const spoilers: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
    ["not a zip", () => new Uint8Array(30)],
    ["empty", () => new Uint8Array()],
    ["cut", (whole) => whole.subarray(0, whole.length - 5)],
    ["one bit", (whole) => whole.map((byte, i) => i === 60 ? byte ^ 1 : byte)],
  ];
  const plain = machine({ files: { "in.json": RUN } });
  await plain.json("run", "record", "in.json");
  const entries = await texts(bytes(plain, BUNDLE));
  const parts = Object.entries(entries).map(([name, content]) => ({ name, content: name === "run.json" ? "{}" : content }));
  const other = machine({ files: { "in.json": RUN, k: PRIVATE_KEY }, spoil: () => craftZip(parts) });
  const unsigned = machine({ files: { "in.json": RUN, k: PRIVATE_KEY }, spoil: () => bytes(plain, BUNDLE) });
  for (const [made, flags] of [[other, []], [unsigned, ["--private-key", "k"]]] as const) {
    const [exit, said] = await made.json("run", "record", "in.json", ...flags);
    assertEquals([exit, said.fault, said.error], [
      2,
      "verification_failed",
      `Cannot trust "${BUNDLE}": what was written does not verify`,
    ]);
  }
  for (const [name, spoil] of spoilers) {
    const made = machine({ files: { "in.json": RUN }, spoil });
    const [exit, said] = await made.json("run", "record", "in.json");
    assertEquals([exit, said.ok, said.error_code, said.file], [2, false, "verification_failed", BUNDLE], name);
  }
});

Deno.test("run record: progress is told step by step", async () => {
  const made = machine({ files: { "in.json": RUN } });
  await made.json("run", "record", "in.json");
  assertEquals(made.reports.map(({ text, done, total }) => `${text} ${done}/${total}`), [
    "record: read 1/5",
    "record: take digests 2/5",
    "record: seal 3/5",
    "record: write 4/5",
  ]);
});
