// The action at the root, run as a runner runs it: its inputs and outputs, what it shows and keeps, and how it ends.
import { assert, assertEquals } from "../assert.ts";
import { exists, ROOT } from "../../scripts/tools/run.ts";
import { at, bash, CHECKOUT, type Data, entriesOf, inSample, type Ran, runSteps, word, yamlFile } from "./ci_world.ts";

const ACTION = await yamlFile("action.yml");

const DEFAULTS = Object.fromEntries(entriesOf(at(ACTION, "inputs")).map(([name, input]) => [name, word(at(input, "default"))]));

const act = async (folder: string, inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) =>
  await runSteps(at(ACTION, "runs", "steps"), folder, { ...DEFAULTS, version: "checkout", ...inputs }, {
    GITHUB_ACTION_PATH: ROOT.slice(0, -1),
    ...env,
  });

const outputs = ({ steps }: Ran): Readonly<Record<string, string>> =>
  Object.fromEntries(
    entriesOf(at(ACTION, "outputs")).map(([name, output]) => {
      const [, step = "", value = ""] = /^\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}$/.exec(word(at(output, "value"))) ?? [];
      return [name, steps[step]?.[value] ?? ""];
    }),
  );

Deno.test("action: inputs with their defaults, and outputs, are the contract; every foreign action is pinned", () => {
  assertEquals(DEFAULTS, {
    version: "latest",
    workdir: ".",
    command: "regress",
    args: "",
    upload_artifacts: "true",
    artifact_name: "gait-artifacts",
  });
  assertEquals(entriesOf(at(ACTION, "outputs")).map(([name]) => name), ["exit_code", "summary_path", "artifact_path"]);
  const steps = entriesOf(at(ACTION, "runs", "steps")).map(([, step]) => step);
  const uses = steps.flatMap((step) => entriesOf(step)).flatMap(([key, value]) => key === "uses" ? [word(value)] : []);
  assert(uses.length === 1 && uses.every((name) => /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(name)), uses.join());
  // What a user writes reaches bash as a variable alone, never as a part of a script.
  for (const [key, value] of steps.flatMap((step) => entriesOf(step))) assert(key !== "run" || !word(value).includes("${{"));
});

Deno.test("action: the page has its inputs with their defaults, and its outputs; and those of the workflow", async () => {
  const page = await Deno.readTextFile(`${ROOT}docs/ci.md`);
  const [, action = "", workflow = ""] = page.split(/^## The (?:action|reusable workflow)$/m);
  const rows = (part: string, head: string): readonly (readonly string[])[] => {
    const [, table = ""] = part.split(new RegExp(`^\\| ${head} .*\\n\\|.*\\n`, "m"));
    return table.slice(0, table.indexOf("\n\n")).split("\n").map((row) =>
      row.split("|").slice(1, 3).map((cell) => cell.trim().replaceAll("`", ""))
    );
  };
  const call = at(await yamlFile(".github/workflows/adoption-regress-template.yml"), "on", "workflow_call");
  const names = (data: Data) => entriesOf(data).map(([name]) => name);
  const defaults = (data: Data) => entriesOf(data).map(([name, input]) => [name, word(at(input, "default"))]);
  assertEquals(rows(action, "input"), defaults(at(ACTION, "inputs")));
  assertEquals(rows(action, "output").map(([name]) => name), names(at(ACTION, "outputs")));
  assertEquals(rows(workflow, "input"), defaults(at(call, "inputs")));
  assertEquals(rows(workflow, "output").map(([name]) => name), names(at(call, "outputs")));
});

Deno.test("sample: its runpacks are what gait makes of its runs", async () => {
  await inSample(async (folder) => {
    const packs = [
      ["recorded", "quote-bot", ["fixtures/quote-bot/runpack.zip", "fixtures/quote-bot-bad/runpack.zip"]],
      ["good", "quote-bot-good", ["runs/runpack_quote-bot-good.zip"]],
      ["bad", "quote-bot-bad", ["runs/runpack_quote-bot-bad.zip"]],
    ] as const;
    for (const [name, run, paths] of packs) {
      const made = await bash(`"$GAIT_BIN" run record runs/${name}.json --out-dir made`, `${folder}/repo`, CHECKOUT);
      assertEquals(made.code, 0, made.err);
      for (const path of paths) {
        const [now, kept] = await Promise.all([`${folder}/repo/made/runpack_${run}.zip`, `${ROOT}examples/regress-repo/${path}`]
          .map((file) => Deno.readFile(file)));
        assertEquals(now, kept, path);
      }
    }
  });
});

Deno.test("action: the one below .github is the same, from its own folder", async () => {
  const [root, below] = await Promise.all(
    ["action.yml", ".github/actions/gait-regress/action.yml"].map((path) => Deno.readTextFile(`${ROOT}${path}`)),
  );
  assertEquals(below?.replaceAll("$GITHUB_ACTION_PATH/../../../", "$GITHUB_ACTION_PATH/"), root);
});

Deno.test("action: a suite that passes", async () => {
  await inSample(async (folder) => {
    const ran = await act(folder, {});
    assertEquals([ran.failed, outputs(ran)], [false, {
      exit_code: "0",
      summary_path: "./gait-ci/summary.txt",
      artifact_path: "./gait-ci",
    }], ran.said);
    assert(!ran.said.includes("::error"));
    const files = [...Deno.readDirSync(`${folder}/repo/gait-ci`)].map(({ name }) => name).sort();
    assertEquals(files, [
      "gait.sarif",
      "junit.xml",
      "receipt.json",
      "regress_core_result.json",
      "regress_result.json",
      "summary.md",
      "summary.txt",
    ]);
    const summary = (await Deno.readTextFile(`${folder}/repo/gait-ci/summary.txt`)).trimEnd().split("\n");
    assertEquals(summary.slice(0, 6), [
      "command=regress",
      "status=pass",
      "failed_graders=0",
      "top_failure_reason=not_available",
      "next_command=not_available",
      "artifact_paths=gait-ci/regress_core_result.json,gait-ci/junit.xml,gait-ci/gait.sarif",
    ]);
    assert(/^ticket_footer=GAIT run_id=quote-bot manifest=sha256:[0-9a-f]{64} /.test(summary[6] ?? ""), summary[6] ?? "");
    assertEquals(ran.used.map(({ given }) => given), [
      { name: "gait-artifacts", path: "./gait-ci", "if-no-files-found": "warn" },
    ]);
  });
});

Deno.test("action: a suite that fails is shown by file and line, kept, and ends the job with 5", async () => {
  await inSample(async (folder) => {
    const { code, said, summary, used, ...ran } = await act(folder, { args: "--config failing.yaml" });
    assertEquals([ran.failed, code, ran.steps["run"]?.["exit_code"]], [true, 5, "5"]);
    assertEquals(said.split("\n").filter((line) => line.startsWith("::")), [
      "::error file=fixtures/quote-bot-bad/fixture.json,line=7,col=24,title=gait regress%3A unexpected_diff" +
      "::quote-bot-bad/diff: intents.jsonl, results.jsonl differ",
      "::error file=fixtures/quote-bot-bad/fixture.json,line=14,col=32,title=gait regress%3A unexpected_verdict_sequence" +
      "::quote-bot-bad/trajectory: verdict 3 is allow, expected is block",
    ]);
    const fixture = (await Deno.readTextFile(`${folder}/repo/fixtures/quote-bot-bad/fixture.json`)).split("\n");
    assert(fixture[6]?.includes("candidate_runpack") && fixture[13]?.includes("expected_verdict_sequence"));
    assert(summary.startsWith("### gait regress: fail, exit code 5\n"), summary);
    assert(summary.includes("| quote-bot-bad | trajectory | fail | unexpected_verdict_sequence |"), summary);
    assertEquals(used.length, 1);
    assert((await Deno.readTextFile(`${folder}/repo/gait-ci/junit.xml`)).includes('failures="2"'));
  });
});

Deno.test("action: in a folder of the repository, places are those of the repository", async () => {
  await inSample(async (folder) => {
    const { code, said } = await act(folder, { workdir: "policy/..", args: "'--config' fail\\ing.yaml" });
    assertEquals(code, 5);
    assert(said.includes("::error file=fixtures/quote-bot-bad/fixture.json,line=7"), said);
    await Deno.mkdir(`${folder}/repo/agents`);
    for (const name of ["fixtures", "runs", "failing.yaml"]) {
      await Deno.rename(`${folder}/repo/${name}`, `${folder}/repo/agents/${name}`);
    }
    const moved = await act(folder, { workdir: "agents", args: "--config failing.yaml" });
    assert(moved.said.includes("::error file=agents/fixtures/quote-bot-bad/fixture.json,line=7"), moved.said);
    assertEquals(outputs(moved)["summary_path"], "agents/gait-ci/summary.txt");
  });
});

Deno.test("action: a suite that cannot be read is no regression, and says which file; what was there before does not count", async () => {
  await inSample(async (folder) => {
    await act(folder, { args: "--config failing.yaml" });
    await Deno.writeTextFile(`${folder}/repo/fixtures/quote-bot/runpack.zip`, "gone");
    const { code, said, summary, used } = await act(folder, {});
    assertEquals([code, used.length, exists(`${folder}/repo/gait-ci/junit.xml`)], [6, 1, false]);
    assert(!summary.includes("quote-bot-bad"), summary);
    assert(/::error file=fixtures\/quote-bot\/runpack\.zip,title=gait regress::Cannot /.test(said), said);
  });
});

Deno.test("action: policy-test of one call, and of fixtures", async () => {
  await inSample(async (folder) => {
    const intent = `${ROOT}examples/policy-test/intent.json`;
    const one = await act(folder, { command: "policy-test", args: `policy/policy.yaml ${intent}`, upload_artifacts: "false" });
    assertEquals([one.code, one.used], [3, []]);
    const lines = (await Deno.readTextFile(`${folder}/repo/gait-ci/summary.txt`)).trimEnd().split("\n");
    assertEquals(lines, [
      "command=policy-test",
      "verdict=block",
      "reason_codes=default_block",
      "summary=policy test verdict=block reasons=default_block violations=none",
      "ticket_footer=not_available",
    ]);
    const pass = await act(folder, { command: "policy-test", args: "policy/policy.yaml policy/fixtures" });
    assertEquals(pass.failed, false, pass.said);
    assert(pass.summary.includes("| policy/fixtures/mail.json | block | passed | default_block |"), pass.summary);
    const fail = await act(folder, { command: "policy-test", args: "policy/policy.yaml policy/failing" });
    assertEquals(fail.code, 5);
    assert(
      fail.said.includes(
        "::error file=policy/failing/mail.json,line=13,col=16,title=gait policy-test%3A expectation_failed" +
          "::verdict is block, expected is allow",
      ),
      fail.said,
    );
  });
});

Deno.test("action: args are words and never a script; what cannot be split or is no command ends with 2", async () => {
  await inSample(async (folder) => {
    const run = await act(folder, { args: "--config '$(touch ran)' `touch ran` ; touch ran" });
    assertEquals([run.code, exists(`${folder}/repo/ran`)], [6, false]);
    for (const inputs of [{ args: "--config 'open" }, { command: "rm" }, { version: "../x" }, { version: "v1;ls" }]) {
      assertEquals((await act(folder, inputs)).code, 2, JSON.stringify(inputs));
    }
  });
});

Deno.test("action: the workflow that shows a failure fails as it says", async () => {
  const steps = at(await yamlFile("examples/ci/github-failing.yml"), "jobs", "incident", "steps");
  const given = Object.fromEntries(entriesOf(at(steps, 1, "with")).map(([name, value]) => [name, word(value)]));
  assertEquals([word(at(steps, 1, "uses")), given["workdir"]], ["./", "examples/regress-repo"]);
  await inSample(async (folder) => {
    const { code, steps: told, used } = await act(folder, { ...given, workdir: "." }); // the sample is the repository here
    assertEquals([code, used[0]?.given["name"]], [5, "incident"]);
    const { code: last } = await bash(word(at(steps, 2, "run")), folder, { CODE: told["run"]?.["exit_code"] });
    assertEquals(last, 0);
  });
});
