// The contract of `run diff` (spec 01, section 7.4, and issue additions): members, lines, Markdown, exits, the summary's file.
import { assert, assertEquals } from "../assert.ts";
import { quickPack, recordedTexts } from "../run/packs.ts";
import { sealed, SMALL } from "../run/runs.ts";
import { machine, refusal } from "./commands_world.ts";

const AT = "2026-03-01T10:00:00Z";
const run = (run_id: string, amount: number, more: readonly string[] = [], tool = "ledger.post") =>
  quickPack(recordedTexts({
    run: { run_id, created_at: AT },
    intents: [
      { intent_id: "i1", tool_name: "ledger.read", args: {} },
      { intent_id: "i2", tool_name: tool, args: { amount, to: "acme" } },
      ...more.map((intent_id) => ({ intent_id, tool_name: "t", args: {} })),
    ],
    results: [],
    capture_mode: "raw",
  }));
const FILES = { "a.zip": run("run_a", 1), "b.zip": run("run_b", 2, ["i3"]), "same.zip": run("run_s", 1) };
const EMPTY = {
  summary: {
    run_id_left: "",
    run_id_right: "",
    manifest_changed: false,
    intents_changed: false,
    results_changed: false,
    refs_changed: false,
  },
};
const SUMMARY = {
  run_id_left: "run_a",
  run_id_right: "run_b",
  manifest_changed: false,
  intents_changed: true,
  results_changed: false,
  refs_changed: false,
  right_only_intents: ["i3"],
  context_drift_classification: "none",
};

Deno.test("run diff: exactly these members of a difference, and the summary in a file", async () => {
  const made = machine({ files: FILES });
  const first = { change: "changed", intent_id: "i2", pointers: ["/args/amount", "/args_digest"], record: "intent", step: 2 };
  assertEquals(await made.json("run", "diff", "a.zip", "./b.zip", "--output", "out/./d.json"), [2, {
    ok: false,
    privacy: "full",
    summary: SUMMARY,
    output: "out/d.json",
    first_divergence: { ...first, tool_name_left: "ledger.post", tool_name_right: "ledger.post", why: ["arguments"] },
    changes: [first, { change: "right_only", intent_id: "i3", record: "intent", step: 3 }],
    changes_total: 2,
  }]);
  const text = made.file("out/d.json");
  assertEquals(JSON.parse(text), { privacy: "full", summary: SUMMARY });
  assert(text.startsWith('{\n  "privacy": "full",\n') && text.endsWith("}\n"), text);
});

Deno.test("run diff: exactly these members of no difference", async () => {
  const made = machine({ files: FILES });
  const { right_only_intents: _, ...summary } = SUMMARY;
  assertEquals(await made.json("run", "diff", "a.zip", "same.zip"), [0, {
    ok: true,
    privacy: "full",
    summary: { ...summary, run_id_right: "run_s", intents_changed: false },
  }]);
  assertEquals(await made.text("run", "diff", "a.zip", "same.zip"), [0, [
    "diff ok: run_a vs run_s",
    "privacy full: nothing differs",
  ]]);
});

Deno.test("run diff: lines of text, none longer than 80 columns where words allow it", async () => {
  const made = machine({ files: { ...FILES, "tool.zip": run("run_t", 1, [], "ledger.put") } });
  assertEquals(await made.text("run", "diff", "a.zip", "b.zip"), [2, [
    "diff changed: run_a vs run_b",
    "privacy full: intents differ",
    "first divergent step: 2, intent i2",
    "  tool: ledger.post",
    "  why: other arguments",
    "  members: /args/amount /args_digest",
    "changes:",
    "  step 2 intent i2 changed",
    "    /args/amount /args_digest",
    "  step 3 intent i3 only on the right",
  ]]);
  const [, tools] = await made.text("run", "diff", "a.zip", "tool.zip", "--privacy", "metadata");
  assertEquals(tools.slice(1, 6), [
    "privacy metadata: intents differ",
    "first divergent step: 2, intent i2",
    "  tool: ledger.post and ledger.put",
    "  why: another tool",
    "  members: /tool_name",
  ]);
  const wide = (shift: number) =>
    quickPack(recordedTexts({
      run: { run_id: "run_w", created_at: AT },
      intents: [{
        intent_id: "i",
        tool_name: "t",
        args: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`some_member_${i}`, i + shift])),
      }],
      capture_mode: "raw",
    }));
  const [, lines] = await machine({ files: { "a.zip": wide(0), "b.zip": wide(1) } }).text("run", "diff", "a.zip", "b.zip");
  assertEquals(lines.filter((line) => line.length > 80), []);
  assertEquals(lines.at(-1)?.endsWith("and 21 more"), true);
});

Deno.test("run diff: Markdown, in text and beside JSON; nothing in an id is markup", async () => {
  const made = machine({ files: { ...FILES, "odd.zip": run("run_`b`_<i>", 1, ["*x*\n`"]) } });
  const [exit, lines] = await made.text("run", "diff", "a.zip", "b.zip", "--format", "markdown");
  assertEquals([exit, lines], [2, [
    "## Run diff",
    "",
    "- left: `run_a`",
    "- right: `run_b`",
    "- privacy: full",
    "",
    "**Changed:** intents",
    "",
    "**First divergent step:** 2, intent `i2`",
    "(tool `ledger.post`)",
    "Why: other arguments.",
    "",
    "### Changes",
    "",
    "- step 2: intent `i2` changed",
    "  - `/args/amount`",
    "  - `/args_digest`",
    "- step 3: intent `i3` only on the right",
  ]]);
  const [, json] = await made.json("run", "diff", "a.zip", "b.zip", "--format", "markdown");
  assertEquals(json.markdown, lines.join("\n"));
  const [, odd] = await made.text("run", "diff", "a.zip", "odd.zip", "--format", "markdown");
  assertEquals([odd[3], odd.at(-1)], [
    "- right: `` run_`b`_<i> ``",
    "- step 3: intent `` *x*\\n` `` only on the right",
  ]);
  const [, same] = await made.text("run", "diff", "a.zip", "same.zip", "--format", "markdown");
  assertEquals(same.at(-1), "**Nothing differs.**");
});

Deno.test("run diff: every refusal carries an empty summary, and nothing is written", async () => {
  const made = machine({ files: { ...FILES, "c.json": "{}", "bad.zip": "no zip" } });
  const chain = { session_id: "s", run_id: "r", checkpoints: [{ checkpoint_index: 1, checkpoint_digest: "0" }] };
  made.disk.put("chain.json", new TextEncoder().encode(JSON.stringify(chain)));
  const cases: readonly (readonly [readonly string[], string, number])[] = [
    [["a.zip"], "missing_argument", 6],
    [["a.zip", "b.zip", "b.zip"], "usage", 6],
    [["a.zip", "b.zip", "--privacy", "none"], "flag_value", 6],
    [["a.zip", "b.zip", "--bogus"], "unknown_flag", 6],
    [["a.zip", "zz.zip"], "file_missing", 6],
    [["a.zip", "bad.zip"], "not_a_zip", 6],
    [["a.zip", "c.json"], "document_kind", 6],
    [["chain.json", "a.zip", "--output", "d.json"], "verification_failed", 2],
    [["a.zip", "b.zip", "--output", "../d.json"], "path_refused", 6],
  ];
  for (const [argv, fault, exit] of cases) {
    const [code, { summary, fault: name, ok }] = await made.json("run", "diff", ...argv);
    assertEquals([code, name, ok, { summary }], [exit, fault, false, EMPTY], argv.join(" "));
  }
  assertEquals([...made.disk.files().keys()].filter((path) => path.includes("d.json")), []);
  const [exit, said] = await made.json("run", "diff", "a.zip");
  const words = "Cannot run without <run_id|path>: Run id, looked up in ./gait-out and ~/.gait/runpacks, or a path";
  const remedy = "Run the command with --help to see what it needs";
  assertEquals([exit, said], [6, { ...refusal("missing_argument", words, remedy), ...EMPTY }]);
});

Deno.test("run diff: the summary takes the place of neither side", async () => {
  const { bytes } = await sealed(SMALL);
  const made = machine({ files: { "a.zip": bytes, "b.zip": bytes } });
  for (const output of ["a.zip", "./b.zip"]) {
    const [exit, said] = await made.json("run", "diff", "a.zip", "b.zip", "--output", output);
    assertEquals([exit, said.fault], [6, "same_file"], output);
    assertEquals([made.disk.bytes("a.zip"), made.disk.bytes("b.zip")], [bytes, bytes], output);
  }
});
