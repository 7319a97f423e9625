// `regress run`: its answer, its report for people, every refusal by its name, and files that are whole whenever it is cut short.
import { utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals } from "../assert.ts";
import { packOf, QUOTE, quote } from "../regress/worlds.ts";
import { machine } from "./commands_world.ts";
import { edit, recorded, suiteOf } from "./regress_world.ts";

const CHEAPER = {
  run: { run_id: "today", created_at: "2026-03-02T10:00:00Z", timeline: [] },
  intents: [QUOTE.intents[0], { ...QUOTE.intents[1], args: { amount: 90, to: "a@example.test" } }, QUOTE.intents[2]],
  results: [QUOTE.results[0], { ...QUOTE.results[1], status: "ok" }, QUOTE.results[2]],
};

async function drifted() {
  const made = await suiteOf(["quote"], { files: { "today.zip": packOf(quote(CHEAPER)) } });
  edit(made, "quote", { candidate_runpack: "../../today.zip" });
  return made;
}

Deno.test("regress run: the members of an answer that passes, and of one that fails", async () => {
  const made = await suiteOf(["quote"]);
  const passed = { ok: true, status: "pass", fixture_set: "default", graders: 4, output: "r.json", artifact_paths: ["r.json"] };
  assertEquals(await made.json("regress", "run", "--output", "r.json"), [0, passed]);
  const other = await drifted();
  const [exit, said] = await other.json("regress", "run", "--junit", "out/j.xml", "--sarif", "out/s.json");
  const { first_divergence, ...rest } = said;
  assertEquals([exit, rest], [5, {
    ok: false,
    status: "fail",
    fixture_set: "default",
    graders: 4,
    failed: 2,
    top_failure_reason: "unexpected_diff",
    next_command: "gait regress run --json",
    artifact_paths: ["regress_result.json", "out/j.xml", "out/s.json"],
    output: "regress_result.json",
    junit: "out/j.xml",
    sarif: "out/s.json",
    failures: [
      "quote/diff: unexpected_diff: intents.jsonl, results.jsonl differ",
      "quote/trajectory: unexpected_verdict_sequence: verdict 2 is allow, expected is block",
    ],
  }]);
  assertEquals(
    Object.entries(Object(first_divergence)).filter(([name]) => name !== "diff"),
    Object.entries({
      candidate: "today.zip",
      fixture: "quote",
      intent_id: "c2",
      recorded: "fixtures/quote/runpack.zip",
      step: 2,
      why: ["arguments", "status"],
    }),
  );
  assert(other.file("out/j.xml").includes('failures="2"') && other.file("out/s.json").includes("unexpected_diff"));
});

Deno.test("regress run: people see the first divergence as a diff of the two calls", async () => {
  const made = await drifted();
  const [exit, lines] = await made.text("regress", "run");
  assertEquals([exit, lines.filter((line) => !line.includes("_digest"))], [5, [
    "regress run fail: fixture set default, 4 graders, 2 failed",
    "  quote/diff: unexpected_diff: intents.jsonl, results.jsonl differ",
    "  quote/trajectory: unexpected_verdict_sequence: verdict 2 is allow, expected is block",
    "first divergence: fixture quote, step 2, call c2",
    "why: arguments, status",
    "--- fixtures/quote/runpack.zip",
    "+++ today.zip",
    '  tool_name: "quote.write"',
    "  args:",
    "-   amount: 100",
    "+   amount: 90",
    '    to: "a@example.test"',
    "  result:",
    '-   status: "blocked"',
    '+   status: "ok"',
    '    result: {"reason":"limit"}',
    "written: regress_result.json",
    "next: gait regress run --json",
  ]]);
});

Deno.test("regress run: another order alone shows the calls that stand where the order parts", async () => {
  const swapped = { intents: [QUOTE.intents[1], QUOTE.intents[0], QUOTE.intents[2]] };
  const made = await suiteOf(["quote"], { files: { "today.zip": packOf(quote(swapped)) } });
  edit(made, "quote", { candidate_runpack: "../../today.zip" });
  const [exit, lines] = await made.text("regress", "run");
  assertEquals([exit, lines.slice(1, 7)], [5, [
    "  quote/trajectory: unexpected_tool_sequence: tool 1 is quote.write, expected is crm.lookup",
    "first divergence: fixture quote, step 1, call c2",
    "--- fixtures/quote/runpack.zip",
    "+++ today.zip",
    '- tool_name: "crm.lookup"',
    '+ tool_name: "quote.write"',
  ]]);
});

Deno.test("regress run: the context that differs is shown where no call does", async () => {
  const receipt = { ref_id: "doc", source_type: "w", source_locator: "l", query_digest: "a".repeat(64), redaction_mode: "h" };
  const refs = (content: string) => ({ refs: { receipts: [{ ...receipt, content_digest: content.repeat(64) }] } });
  const made = await suiteOf(["quote"], {
    files: { ...recorded("quote", refs("b")), "today.zip": packOf(quote(refs("c"))) },
  });
  made.disk.put("gait-out/runpack_quote.zip", packOf(quote(refs("b"))));
  await made.json("regress", "init", "--from", "quote");
  edit(made, "quote", { candidate_runpack: "../../today.zip" });
  const [, lines] = await made.text("regress", "run");
  assertEquals(lines.slice(1, 9), [
    "  quote/diff: unexpected_diff: refs.json differs",
    "first divergence: fixture quote",
    "--- fixtures/quote/runpack.zip",
    "+++ today.zip",
    '  manifest: {"capture_mode":"raw","files":["intents.jsonl","refs.json","results.jsonl","run.json"]}',
    "  refs:",
    '    schema_id: "gait.runpack.refs"',
    '    schema_version: "1.0.0"',
  ]);
  assert(lines.includes(`-       content_digest: "${"b".repeat(64)}"`), lines.join("\n"));
});

Deno.test("regress run: two runs on the same inputs write the same bytes, in the order of names, however many there are", async () => {
  const names = Array.from({ length: 30 }, (_, i) => `run${(i * 7) % 30}`);
  const made = await suiteOf(names);
  await made.json("regress", "run", "--output", "a.json", "--junit", "a.xml");
  await made.json("regress", "run", "--output", "b.json", "--junit", "b.xml");
  assertEquals([made.file("a.json"), made.file("a.xml")], [made.file("b.json"), made.file("b.xml")]);
  const graders = JSON.parse(made.file("a.json")).graders.map(({ name }: { name: string }) => name);
  assertEquals(graders, graders.toSorted());
  assertEquals(graders.length, 120);
});

type Break = (made: Awaited<ReturnType<typeof suiteOf>>) => void;

const suite = (change: object): Break => (made) =>
  made.disk.put("gait.yaml", utf8(JSON.stringify({ ...JSON.parse(made.file("gait.yaml")), ...change })));

Deno.test("regress run: what vanished, what disagrees and what is newer is refused by name, and no result is touched", async () => {
  const entry = { name: "quote", run_id: "quote", runpack: "fixtures/quote/runpack.zip" };
  const rows: readonly (readonly [string, Break, string])[] = [
    ["no suite", (made) => made.disk.remove("gait.yaml"), "file_missing"],
    ["no runpack", (made) => made.disk.remove("fixtures/quote/runpack.zip"), "fixture_missing"],
    ["no fixture.json", (made) => made.disk.remove("fixtures/quote/fixture.json"), "fixture_missing"],
    ["newer suite", suite({ schema_version: "1.1.0" }), "schema_newer"],
    ["other document", suite({ schema_id: "gait.runpack.manifest" }), "document_kind"],
    ["no fixtures", suite({ fixtures: [] }), "suite_invalid"],
    ["other run in the suite", suite({ fixtures: [{ ...entry, run_id: "x" }] }), "fixture_mismatch"],
    ["other name in the suite", suite({ fixtures: [{ ...entry, name: "x" }] }), "fixture_mismatch"],
    ["other name", (made) => edit(made, "quote", { name: "x" }), "fixture_mismatch"],
    ["other run", (made) => edit(made, "quote", { run_id: "x" }), "fixture_mismatch"],
    ["bad word", (made) => edit(made, "quote", { expected_verdict_sequence: ["x"] }), "fixture_invalid"],
    ["no zip", (made) => made.disk.put("fixtures/quote/runpack.zip", utf8("x")), "not_a_zip"],
    [
      "other runpack",
      (made) => made.disk.put("fixtures/quote/runpack.zip", packOf(quote({ run: { run_id: "x" } }))),
      "fixture_mismatch",
    ],
  ];
  for (const [what, spoil, fault] of rows) {
    const made = await suiteOf(["quote"]);
    made.disk.put("regress_result.json", utf8("before"));
    spoil(made);
    const [exit, said] = await made.json("regress", "run", "--junit", "j.xml");
    assertEquals([what, exit, said.fault, said.error_code], [what, 6, fault, "invalid_input"]);
    assert(String(said.remedy).length > 10);
    assertEquals([made.file("regress_result.json"), made.disk.bytes("j.xml")], ["before", "nothing"]);
  }
});

Deno.test("regress run: of many faults the first in the order of names is told", async () => {
  const made = await suiteOf(["e", "b", "d", "a", "c"]);
  for (const name of ["d", "b", "e"]) made.disk.put(`fixtures/${name}/runpack.zip`, utf8("x"));
  const [, said] = await made.json("regress", "run");
  assertEquals(said.file, "fixtures/b/runpack.zip");
});

Deno.test("regress run: a newer fixture.json is graded, and spoken of", async () => {
  const made = await suiteOf(["quote"]);
  edit(made, "quote", { schema_version: "3.0.0" });
  const warning = '"fixtures/quote/fixture.json" has version "3.0.0": what is new in it since 1.0.0 is not looked at';
  assertEquals((await made.json("regress", "run"))[1].warnings, [warning]);
});

Deno.test("regress run: no report takes the place of what is read, or of another report", async () => {
  const rows = [
    ["--output", "gait.yaml"],
    ["--output", "fixtures/quote/runpack.zip"],
    ["--junit", "fixtures/quote/fixture.json"],
    ["--sarif", "today.zip"],
    ["--junit", "regress_result.json"],
    ["--sarif", "./regress_result.json"],
  ];
  for (const words of rows) {
    const made = await drifted();
    const before = new Map(made.disk.files());
    assertEquals([words, (await made.json("regress", "run", ...words))[1].fault], [words, "same_file"]);
    assertEquals([...made.disk.files().keys()], [...before.keys()]);
  }
  const made = await drifted();
  const [exit, said] = await made.json("regress", "run", "--output", "no/such/r.json");
  assertEquals([exit, said.fault], [6, "file_missing"]);
});

Deno.test("regress run: cut short at any step of writing, the result is the old one or the new one, whole", async () => {
  const whole = await suiteOf(["quote"]);
  const files = { ...Object.fromEntries(whole.disk.files()), "regress_result.json": "before", "j.xml": "before" };
  const before = machine({ files });
  await before.json("regress", "run", "--junit", "j.xml");
  const [result, junit] = [before.file("regress_result.json"), before.file("j.xml")];
  const steps = before.disk.steps();
  assert(steps > 10, `${steps} steps`);
  const seen = new Set<string>();
  for (const kind of ["crash", "ENOSPC"] as const) {
    for (let step = 1; step <= steps; step++) {
      const made = machine({ files, trouble: { step, kind } });
      const [exit, said] = await made.json("regress", "run", "--junit", "j.xml");
      assertEquals([exit, said.fault], [1, "write_failed"]);
      for (const tree of [made.disk.files(), ...(kind === "crash" ? made.disk.survivors() : [])]) {
        const text = (path: string) => new TextDecoder().decode(tree.get(path));
        assert(["before", result].includes(text("regress_result.json")), `${kind} ${step}: ${text("regress_result.json")}`);
        assert(["before", junit].includes(text("j.xml")), `${kind} ${step}: ${text("j.xml")}`);
        seen.add(`${text("regress_result.json") === "before"} ${text("j.xml") === "before"}`);
      }
    }
  }
  assertEquals([...seen].sort(), ["false false", "false true", "true true"]);
});
