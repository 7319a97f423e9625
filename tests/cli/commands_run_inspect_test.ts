// The contract of `run inspect` (spec 01, section 7.2): members of both views, lines, exits.
import { assertEquals } from "../assert.ts";
import { resealed, sha, type Texts, texts, zipOf } from "../run/packs.ts";
import { machine, refusal } from "./commands_world.ts";

const recorded = async (run: string): Promise<Texts> => {
  const made = machine({ files: { "in.json": run } });
  await made.json("run", "record", "in.json", "--out-dir", ".");
  const found = made.disk.bytes("runpack_run_small.zip");
  if (typeof found === "string") throw new Error(found);
  return await texts(found);
};
const EMPTY = sha("{}");
const RAW = await recorded(JSON.stringify({
  run: { run_id: "run_small", created_at: "2026-03-01T10:00:00.5+01:00" },
  intents: [
    { intent_id: "i1", tool_name: "mail.send", args: {} },
    { intent_id: "i2", tool_name: "file.read", args: {}, created_at: "2026-03-01T10:00:00Z" },
    { intent_id: "i3", args: {} },
    { intent_id: "i4", tool_name: "t", args: {} },
  ],
  results: [
    { intent_id: "i1", status: "error", result: { verdict: " block ", reason_codes: ["z", "a", "a"], violations: "v" } },
    { intent_id: "i1", status: "ok", result: {} },
    { intent_id: "i4", status: "", result: {} },
    { intent_id: "x", status: "ok", result: {} },
    { intent_id: "", result: {} },
  ],
  capture_mode: "raw",
}));
const ANSWER = sha(`{"reason_codes":["z","a","a"],"verdict":" block ","violations":"v"}`);
const AT = "2026-03-01T09:00:00.5Z";
const WARNING = `Intent "i1" has several results; the first one is shown`;

Deno.test("run inspect: exactly these members of a runpack", async () => {
  const made = machine({ files: { "r.zip": await zipOf(RAW) } });
  assertEquals(await made.json("run", "inspect", "r.zip"), [0, {
    ok: true,
    artifact_type: "runpack",
    run_id: "run_small",
    path: "r.zip",
    capture_mode: "raw",
    intents_total: 4,
    results_total: 5,
    entries: [
      {
        index: 1,
        intent_id: "i1",
        tool_name: "mail.send",
        created_at: AT,
        args_digest: EMPTY,
        status: "error",
        result_digest: ANSWER,
        verdict: "block",
        reason_codes: ["a", "z"],
        violations: ["v"],
      },
      { index: 2, intent_id: "i2", tool_name: "file.read", created_at: "2026-03-01T10:00:00Z", args_digest: EMPTY },
      { index: 3, intent_id: "i3", tool_name: "", created_at: AT, args_digest: EMPTY },
      { index: 4, intent_id: "i4", tool_name: "t", created_at: AT, args_digest: EMPTY, result_digest: EMPTY },
    ],
    unmatched_results: [{ result_digest: EMPTY }, { intent_id: "x", status: "ok", result_digest: EMPTY }],
    warnings: [WARNING],
  }]);
});

Deno.test("run inspect: a run without records has no more than its head", async () => {
  const made = machine({ files: { "in.json": `{"run":{"run_id":"r"}}` } });
  await made.json("run", "record", "in.json");
  assertEquals(await made.json("run", "inspect", "--from", "r"), [0, {
    ok: true,
    artifact_type: "runpack",
    run_id: "r",
    path: "gait-out/runpack_r.zip",
    capture_mode: "reference",
  }]);
});

Deno.test("run inspect: lines of a runpack; no result and a result without a status are two things", async () => {
  const made = machine({ files: { "r.zip": await zipOf(RAW) } });
  assertEquals(await made.text("run", "inspect", "--from", "r.zip"), [0, [
    "run inspect: run_id=run_small intents=4 results=5 capture_mode=raw",
    "1. i1 mail.send status=error verdict=block reasons=a,z",
    "2. i2 file.read status=missing_result",
    "3. i3  status=missing_result",
    "4. i4 t status=",
    "result without intent:  status=",
    "result without intent: x status=ok",
    `warning: ${WARNING}`,
  ]]);
});

const CHAIN = JSON.stringify({
  session_id: "s",
  run_id: "r",
  checkpoints: [
    {
      checkpoint_index: 2,
      sequence_start: 4,
      sequence_end: 9,
      runpack_path: "b.zip",
      checkpoint_digest: "d2",
      prev_checkpoint_digest: "d1",
    },
    { checkpoint_index: 1, sequence_start: 1, sequence_end: 3, runpack_path: "a.zip", checkpoint_digest: "d1" },
  ],
});

Deno.test("run inspect: exactly these members of a chain, and its lines", async () => {
  const made = machine({ files: { "chain.json": CHAIN } });
  assertEquals(await made.json("run", "inspect", "chain.json"), [0, {
    ok: true,
    artifact_type: "session_chain",
    run_id: "r",
    session_id: "s",
    path: "chain.json",
    checkpoint_count: 2,
    checkpoints: [
      { checkpoint_index: 1, runpack_path: "a.zip", sequence_start: 1, sequence_end: 3, checkpoint_digest: "d1" },
      {
        checkpoint_index: 2,
        runpack_path: "b.zip",
        sequence_start: 4,
        sequence_end: 9,
        checkpoint_digest: "d2",
        prev_checkpoint_digest: "d1",
      },
    ],
  }]);
  assertEquals(await made.text("run", "inspect", "./chain.json"), [0, [
    "run inspect: session_id=s run_id=r checkpoints=2",
    "1. events 1 to 3 in a.zip",
    "2. events 4 to 9 in b.zip",
  ]]);
});

Deno.test("run inspect: damage is unusable input here, two entries of one name are not", async () => {
  const made = machine({
    files: {
      "t.zip": await zipOf({ ...RAW, "results.jsonl": "{}\n" }),
      "line.zip": await resealed({ ...RAW, "intents.jsonl": `{}\n\n{"args":7}\n` }),
      "x.json": "{}",
      "y.json": "[",
    },
  });
  assertEquals(await made.json("run", "inspect", "t.zip"), [
    6,
    refusal(
      "pack_tampered",
      `Cannot use runpack "t.zip": entry "results.jsonl" was changed, its digest is ${sha("{}\n")}`,
      "Run gait verify on it to see every defect",
      { file: "t.zip", entry: "results.jsonl" },
    ),
  ]);
  assertEquals(await made.json("run", "inspect", "line.zip"), [
    6,
    refusal(
      "document_shape",
      `Cannot read "intents.jsonl": member "/args" must be an object, not 7`,
      "Bring the member that the message names into the form of its format page",
      { file: "line.zip", entry: "intents.jsonl", pointer: "/args", line: 3, column: 9 },
    ),
  ]);
  const faults = ["x.json", "y.json", "z.json", "none.zip", ""].map(async (path) => {
    const [exit, said] = await made.json("run", "inspect", path);
    return [exit, said.fault];
  });
  assertEquals(await Promise.all(faults), [
    [6, "document_kind"],
    [6, "json_syntax"],
    [6, "file_missing"],
    [6, "file_missing"],
    [6, "missing_argument"],
  ]);
});

Deno.test("run inspect: one argument or one flag", async () => {
  const made = machine({ files: { "r.zip": await zipOf(RAW) } });
  for (const argv of [[], ["r.zip", "--from", "r.zip"], ["r.zip", "r.zip"]]) {
    assertEquals((await made.json("run", "inspect", ...argv))[0], 6, argv.join(" "));
  }
});
