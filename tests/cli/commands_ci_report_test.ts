// `gait ci report`: what it reads, what it writes, and that no text of a document becomes a command, markup or a second line.
import { assert, assertEquals } from "../assert.ts";
import { machine } from "./commands_world.ts";
import { edit, recorded, suiteOf } from "./regress_world.ts";

/** A machine whose suite fails, and what running it left in `ci`. */
async function failed() {
  const made = await suiteOf(["quote"], {
    files: recorded("today", { results: [{ intent_id: "c1", status: "error", result: {} }] }),
  });
  edit(made, "quote", { candidate_runpack: "../../gait-out/runpack_today.zip" });
  const [exit, said] = await made.json(
    ...["regress", "run", "--output", "result.json", "--sarif", "gait.sarif", "--junit", "junit.xml"],
  );
  assertEquals(exit, 5, JSON.stringify(said));
  made.disk.put("said.json", new TextEncoder().encode(JSON.stringify(said)));
  return made;
}

const FROM = ["ci", "report", "--said", "said.json", "--exit-code", "5", "--result", "result.json", "--sarif", "gait.sarif"];

Deno.test("ci report: the members of its JSON", async () => {
  const made = await failed();
  const [exit, { annotations, summary, table, ...said }] = await made.json(...FROM);
  assertEquals([exit, said], [0, {
    ok: true,
    command: "regress",
    exit_code: 5,
    status: "fail",
    top_failure_reason: "unexpected_diff",
    next_command: "gait regress run --json",
    shown: "none",
  }]);
  assert(Array.isArray(annotations) && annotations.length > 0);
  assertEquals(Object.keys(annotations[0]).sort(), ["column", "file", "level", "line", "message", "title"]);
  assert(Array.isArray(summary) && summary.length === 7, JSON.stringify(summary));
  assert(JSON.stringify(table).includes("unexpected_diff"));
});

Deno.test("ci report: files are written where they are asked for, apart from what is read", async () => {
  const made = await failed();
  const before = made.disk.files().size;
  const [exit] = await made.text(...FROM, "--summary", "ci/s.txt", "--markdown", "ci/s.md", "--outputs", "ci/o.txt");
  assertEquals([exit, made.disk.files().size - before], [0, 3]);
  assertEquals(
    made.file("ci/o.txt"),
    [
      "regress_status=fail",
      "regress_exit_code=5",
      "top_failure_reason=unexpected_diff",
      "next_command=gait regress run --json",
      "",
    ].join("\n"),
  );
  for (const path of ["said.json", "result.json"]) {
    assertEquals((await made.json(...FROM, "--summary", path))[1].fault, "same_file");
  }
  assertEquals((await made.json(...FROM, "--summary", "x", "--outputs", "./x"))[1].fault, "same_file");
});

Deno.test("ci report: reports that a refused command did not write are no fault; ones that cannot be read are", async () => {
  const made = await failed();
  const refused = {
    ok: false,
    error: "Cannot read",
    error_code: "invalid_input",
    fault: "file_missing",
    file: "a.yaml",
    line: 3,
  };
  made.disk.put("refused.json", new TextEncoder().encode(JSON.stringify(refused)));
  const from = ["ci", "report", "--exit-code", "6", "--said", "refused.json", "--annotations", "github", "--folder", "sub"];
  const [exit, lines] = await made.text(...from, "--result", "no.json", "--sarif", "no.sarif", "--receipt", "no");
  assertEquals([exit, lines[1], lines.at(-1)], [
    0,
    "status=error",
    "::error file=sub/a.yaml,line=3,title=gait regress::Cannot read",
  ]);
  for (const flag of ["--sarif", "--result", "--receipt"]) {
    assertEquals((await made.json(...from, flag, "junit.xml"))[0], 6, flag);
  }
  for (const code of ["five", "-1", "256", "300"]) {
    assertEquals((await made.json(...from, "--exit-code", code))[1].fault, "flag_value", code);
  }
  assertEquals((await made.json(...from, "--exit-code", "255"))[0], 0);
});

Deno.test("ci report: a command that left no JSON is told as that", async () => {
  const made = machine({ files: { "said.json": "Segmentation fault\n" } });
  for (const said of ["said.json", "nothing.json"]) {
    const [exit, lines] = await made.text("ci", "report", "--said", said, "--exit-code", "139", "--annotations", "github");
    assertEquals([exit, lines[1], lines[3]], [0, "status=error", "top_failure_reason=output_unreadable"]);
    assert(lines.at(-1)?.startsWith("::error title=gait regress::Cannot read"), lines.at(-1));
  }
});

Deno.test("ci report: texts stay texts", async () => {
  const evil = "a\r\n::set-output name=x::y|`<img>`[l](http://x)%\u2028_b_";
  const said = { ok: false, error: evil, error_code: "invalid_input", fault: evil, file: "f,line=1::x\n", next_command: evil };
  const made = machine({ files: { "said.json": JSON.stringify(said) } });
  const [, lines] = await made.text(
    ...["ci", "report", "--said", "said.json", "--exit-code", "6", "--annotations", "github"],
    ...["--markdown", "s.md", "--outputs", "o.txt", "--summary", "s.txt"],
  );
  assertEquals(lines.filter((line) => line.startsWith("::")).length, 1);
  const [, places = "", words = ""] = /^::error (.*?)::(.*)$/.exec(lines.at(-1) ?? "") ?? [];
  assert(places.startsWith("file=f%2Cline=1%3A%3Ax%0A,title="), places);
  assert(words.startsWith("a%0D%0A::set-output"), words);
  assertEquals(made.file("o.txt").split("\n").length, 5);
  assertEquals(made.file("s.txt").split("\n").length, 8);
  const markdown = made.file("s.md");
  assert(!/<img>|`|\[l\]|http:|\u2028/.test(markdown), markdown);
  // A table row has as many cells as its head, whatever a cell holds.
  for (const row of markdown.split("\n").filter((line) => line.startsWith("|"))) assertEquals(row.split("|").length, 4, row);
});

Deno.test("ci report: a value is one line of at most 180 characters", async () => {
  const said = {
    ok: true,
    verdict: "allow",
    summary: "s".repeat(500),
    reason_codes: Array.from({ length: 9 }, (_, i) => `r${i}`),
  };
  const made = machine({ files: { "said.json": JSON.stringify(said) } });
  const [, lines] = await made.text("ci", "report", "--command", "policy-test", "--said", "said.json", "--exit-code", "0");
  assertEquals(lines, [
    "command=policy-test",
    "verdict=allow",
    "reason_codes=r0,r1,r2,r3,r4,r5",
    `summary=${"s".repeat(177)}...`,
    "ticket_footer=not_available",
  ]);
});
