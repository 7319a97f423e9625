// The contracts of `run reduce`, `run receipt` and `migrate` (spec 01, sections 7.5 and 7.6): members, lines, files, exits.
import type { JsonObject } from "../../core/base/json.ts";
import { VERSION } from "../../cli/version.ts";
import { assert, assertEquals } from "../assert.ts";
import { quickPack, recordedTexts, resealed, texts, zipOf } from "../run/packs.ts";
import { sealed, SMALL } from "../run/runs.ts";
import { machine } from "./commands_world.ts";

const FAILING = quickPack(recordedTexts({
  run: { run_id: "run_f", created_at: "2026-03-01T11:00:00+01:00" },
  intents: [{ intent_id: "a", tool_name: "t", args: {} }, { intent_id: "b", tool_name: "t", args: {} }],
  results: [{ intent_id: "b", status: "error", result: {} }],
  capture_mode: "raw",
}));
const REPORT = {
  schema_id: "gait.runpack.reduce_report",
  schema_version: "1.0.0",
  created_at: "2026-03-01T10:00:00Z",
  producer_version: VERSION,
  run_id: "run_f",
  reduced_run_id: "run_f_reduced_missingresult",
  predicate: "missing_result",
  selected_intent_id: "a",
  original_intent_count: 2,
  reduced_intent_count: 1,
  original_result_count: 1,
  reduced_result_count: 0,
  original_ref_count: 0,
  reduced_ref_count: 0,
  still_failing: true,
};

Deno.test("run reduce: exactly these members, two files beside the input, and a pack that verifies", async () => {
  const made = machine({ files: { "w/f.zip": FAILING } });
  const output = "w/runpack_run_f_reduced_missing_result.zip";
  assertEquals(await made.json("run", "reduce", "--from", "./w/f.zip"), [0, {
    ok: true,
    input: "./w/f.zip",
    output,
    report_path: `${output}.reduce_report.json`,
    run_id: "run_f",
    reduced_run_id: "run_f_reduced_missingresult",
    predicate: "missing_result",
    report: REPORT,
  }]);
  const text = made.file(`${output}.reduce_report.json`);
  assertEquals(JSON.parse(text), REPORT);
  assert(text.startsWith('{\n  "schema_id"') && text.endsWith("}\n"));
  const [exit, { run_id, signature_status }] = await made.json("verify", output);
  assertEquals([exit, run_id, signature_status], [0, "run_f_reduced_missingresult", "missing"]);
  assertEquals(
    await made.text("run", "reduce", "w/f.zip", "--predicate", " Non_OK_status ", "--out", "s.zip", "--report-out", "r"),
    [
      0,
      [
        "reduce ok: run_f_reduced_nonokstatus",
        "non_ok_status: intent b",
        "intents 2 to 1, results 1 to 1, receipts 0 to 0",
        "output=s.zip",
        "report=r",
      ],
    ],
  );
});

Deno.test("reduce and migrate: a run id that no file can be named by is one all the same", async () => {
  const run = { ...SMALL.run, run_id: "a/b" };
  const odd = await resealed(await texts((await sealed({ ...SMALL, run })).bytes));
  for (const command of [["run", "reduce"], ["migrate"]]) {
    const on = machine({ files: { "odd.zip": odd } });
    const [exit, { run_id }] = await on.json(...command, "odd.zip", "--out", "named.zip");
    assertEquals([exit, run_id], [0, "a/b"], command.join());
    assertEquals((await on.json(...command, "odd.zip"))[1].fault, "path_refused", command.join());
  }
});

Deno.test("run reduce: refusals leave no file behind", async () => {
  const odd = await resealed(await texts((await sealed({ ...SMALL, run: { ...SMALL.run, run_id: "../up" } })).bytes));
  const whole = quickPack(recordedTexts({ run: { run_id: "run_ok", created_at: "2026-03-01T10:00:00Z" } }));
  const files = { "f.zip": FAILING, "ok.zip": whole, "odd.zip": odd };
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], "missing_argument"],
    [["f.zip", "--from", "f.zip"], "usage"],
    [["ok.zip"], "nothing_to_reduce"],
    [["f.zip", "--predicate", "slow"], "flag_value"],
    [["odd.zip"], "path_refused"],
    [["f.zip", "--out", "./f.zip"], "same_file"],
    [["f.zip", "--report-out", "f.zip"], "same_file"],
    [["f.zip", "--out", "x", "--report-out", "./x"], "same_file"],
    [["f.zip", "--out", "../x"], "path_refused"],
    [["absent.zip"], "file_missing"],
  ];
  for (const [argv, name] of cases) {
    const made = machine({ files });
    const [exit, { fault }] = await made.json("run", "reduce", ...argv);
    assertEquals([exit, fault, [...made.disk.files().keys()]], [6, name, Object.keys(files).sort()], argv.join(" "));
  }
});

Deno.test("run receipt: exactly these members; in text the footer and nothing else", async () => {
  const { bytes, manifest } = await sealed(SMALL);
  const made = machine({ files: { "gait-out/runpack_run_small.zip": bytes } });
  const ticket_footer = `GAIT run_id=run_small manifest=sha256:${manifest.manifest_digest} verify="gait verify run_small"`;
  assertEquals(await made.json("run", "receipt", "run_small"), [0, {
    ok: true,
    run_id: "run_small",
    path: "gait-out/runpack_run_small.zip",
    manifest_digest: manifest.manifest_digest,
    ticket_footer,
  }]);
  assertEquals(await made.text("run", "receipt", "--from", "run_small"), [0, [ticket_footer]]);
});

Deno.test("run receipt: a defect is exit 2, an id that fits no footer exit 1, no runpack exit 6", async () => {
  const { bytes } = await sealed(SMALL);
  const entries = await texts(bytes);
  const { "refs.json": _, ...less } = entries;
  const made = machine({
    files: {
      "changed.zip": await zipOf({ ...entries, "run.json": "{}" }),
      "less.zip": await zipOf(less),
      "odd.zip": await resealed(entries, { run_id: "has space" }),
      "upper.zip": await resealed(entries, {}),
      "no.zip": "no",
    },
  });
  const refused = async (path: string) => {
    const [exit, { fault, entry, error_code }] = await made.json("run", "receipt", path);
    return [exit, fault, entry, error_code];
  };
  assertEquals(await refused("changed.zip"), [2, "verification_failed", "run.json", "verification_failed"]);
  assertEquals(await refused("less.zip"), [2, "verification_failed", "refs.json", "verification_failed"]);
  assertEquals(await refused("odd.zip"), [1, "footer_refused", undefined, "internal_failure"]);
  assertEquals(await refused("no.zip"), [6, "not_a_zip", undefined, "invalid_input"]);
  assertEquals(await refused(""), [6, "missing_argument", undefined, "invalid_input"]);
});

Deno.test("migrate: exactly these members; the input stays as it is", async () => {
  const { bytes } = await sealed(SMALL);
  const blank = await resealed(await texts(bytes), { capture_mode: "" });
  const made = machine({ files: { "d/u.zip": bytes, "b.zip": blank } });
  const output = "d/runpack_run_small_migrated.zip";
  const said = { ok: true, input: "d/u.zip", output, artifact: "runpack", status: "no_change", run_id: "run_small" };
  assertEquals(await made.json("migrate", "d/u.zip"), [0, said]);
  assertEquals(await made.text("migrate", "--input", "b.zip", "--out", "n.ZIP", "--target", ""), [0, [
    "migrate ok: migrated",
    "input=b.zip",
    "output=n.ZIP",
  ]]);
  assertEquals([made.disk.bytes("d/u.zip"), made.disk.bytes("b.zip"), made.disk.bytes(output)], [bytes, blank, bytes]);
});

Deno.test("migrate: refusals leave no file behind", async () => {
  const files = { "u.zip": (await sealed(SMALL)).bytes };
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], "missing_argument"],
    [["u.zip", "--target", "v2"], "flag_value"],
    [["u.zip", "--out", "./u.zip"], "same_file"],
    [["u.zip", "--out", "x.tar"], "path_refused"],
    [["u.zip", "u.zip"], "usage"],
    [["absent"], "file_missing"],
  ];
  for (const [argv, name] of cases) {
    const made = machine({ files });
    const [exit, { fault }] = await made.json("migrate", ...argv);
    assertEquals([exit, fault, made.disk.files().size], [6, name, 1], argv.join(" "));
  }
});

Deno.test("reduce and migrate: what was written and does not read back is a failure", async () => {
  const spoil = (bytes: Uint8Array): Uint8Array => bytes.slice(0, -1);
  const made = machine({ files: { "f.zip": FAILING, "u.zip": (await sealed(SMALL)).bytes }, spoil });
  const failed = async (...argv: readonly string[]): Promise<JsonObject> => {
    const [exit, { fault }] = await made.json(...argv);
    return { exit, fault: String(fault) };
  };
  assertEquals(await failed("migrate", "u.zip"), { exit: 2, fault: "not_a_zip" });
  assertEquals(await failed("run", "reduce", "f.zip"), { exit: 2, fault: "not_a_zip" });
});
