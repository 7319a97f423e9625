// The regression gate of other repositories: one script, and the files by which GitHub, GitLab, CircleCI and Jenkins run it.
import { assert, assertEquals } from "../assert.ts";
import { exists, ROOT } from "../../scripts/tools/run.ts";
import { at, bash, CHECKOUT, type Data, entriesOf, inSample, outputsIn, runSteps, word, yamlFile } from "./ci_world.ts";

const KEPT = "gait-out/adoption_regress";
const SUITE = { FIXTURE_RUNPACK: "fixtures/quote-bot/runpack.zip" };
const FAILING = { ...SUITE, CONFIG_PATH: "failing.yaml" };

// The kits run the script where the repository has it.
const inRepo = async (work: (repo: string, folder: string) => Promise<void>) =>
  await inSample(async (folder) => {
    const repo = `${folder}/repo`;
    await Deno.mkdir(`${repo}/examples/ci`, { recursive: true });
    await Deno.copyFile(`${ROOT}examples/ci/regress.sh`, `${repo}/examples/ci/regress.sh`);
    await Deno.mkdir(`${repo}/examples/policy-test`);
    for (const { name } of Deno.readDirSync(`${ROOT}examples/policy-test`)) {
      await Deno.copyFile(`${ROOT}examples/policy-test/${name}`, `${repo}/examples/policy-test/${name}`);
    }
    await work(repo, folder);
  });

/** What each template runs, what it keeps in any case, and the variables that its system sets. */
async function templates(): Promise<
  readonly {
    readonly name: string;
    readonly scripts: readonly string[];
    readonly kept: string;
    readonly env: Record<string, string>;
  }[]
> {
  const gitlab = at(await yamlFile("examples/ci/gitlab-ci.yml"), "gait-regress");
  assertEquals(at(gitlab, "artifacts", "when"), "always");
  const circle = entriesOf(at(await yamlFile("examples/ci/circleci.yml"), "jobs", "gait-regress", "steps")).map(([, step]) =>
    step
  );
  const named = (name: string): readonly Data[] =>
    circle.flatMap((step) => entriesOf(step)).flatMap(([key, value]) => key === name ? [value] : []);
  const jenkins = await Deno.readTextFile(`${ROOT}examples/ci/Jenkinsfile`);
  const [, kept = ""] = /always \{[^}]*archiveArtifacts artifacts: '([^']*)\/\*\*'/.exec(jenkins) ?? [];
  return [
    {
      name: "gitlab",
      scripts: entriesOf(at(gitlab, "script")).map(([, line]) => word(line)),
      kept: word(at(gitlab, "artifacts", "paths", 0)),
      env: { GITLAB_CI: "true", CI_PIPELINE_SOURCE: "push" },
    },
    {
      name: "circleci",
      scripts: named("run").map((run) => word(at(run, "command"))),
      kept: word(at(named("store_artifacts")[0] ?? "", "path")),
      env: { CIRCLECI: "true" },
    },
    {
      name: "jenkins",
      scripts: [...jenkins.matchAll(/\bsh '([^']*)'/g)].map(([, script = ""]) => script),
      kept,
      env: { JENKINS_URL: "http://127.0.0.1/", BUILD_ID: "1" },
    },
  ];
}

Deno.test("kits: GitLab, CircleCI and Jenkins pass, fail with 5, and keep the same folder", async () => {
  const all = await templates();
  for (const { name, scripts, kept, env } of all) {
    assertEquals([scripts.length, kept.replace(/\/$/, "")], [1, KEPT], name);
    await inRepo(async (repo) => {
      const run = async (suite: Readonly<Record<string, string>>) =>
        await bash(scripts.join("\n"), repo, { ...CHECKOUT, CI: "true", GITHUB_ACTIONS: undefined, ...env, ...suite });
      const pass = await run(SUITE);
      assertEquals([pass.code, pass.out.trimEnd().split("\n").at(-1)], [0, "regress gate: pass"], name + pass.err);
      const fail = await run(FAILING);
      assertEquals([fail.code, exists(`${repo}/${KEPT}/junit.xml`)], [5, true], name);
      assert(fail.out.includes("top_failure_reason=unexpected_diff") && !fail.out.includes("::error"), fail.out);
    });
  }
});

Deno.test("kits: a repository without a suite gets one of the demo", async () => {
  await inRepo(async (repo) => {
    for (const path of ["fixtures", "gait.yaml"]) await Deno.remove(`${repo}/${path}`, { recursive: true });
    const { code, out, err } = await bash("bash examples/ci/regress.sh", repo, { ...CHECKOUT, GITHUB_ACTIONS: undefined });
    assertEquals([code, out.trimEnd().split("\n").at(-1)], [0, "regress gate: pass"], err);
    for (const name of ["regress_init_result.json", "regress_result.json", "junit.xml", "pack_verify_fixture.json"]) {
      assert(exists(`${repo}/${KEPT}/${name}`), name);
    }
    const missing = await bash("bash examples/ci/regress.sh", repo, {
      ...CHECKOUT,
      CONFIG_PATH: "no.yaml",
      SOURCE_RUN: "no_run",
    });
    assertEquals(missing.code, 6, missing.err);
  });
});

Deno.test("kits: a changed fixture is a broken pipeline, and so is a gate that lets everything through", async () => {
  await inRepo(async (repo) => {
    const gate = async () => (await bash("bash examples/ci/regress.sh", repo, { ...CHECKOUT, ...SUITE })).code;
    await Deno.copyFile(`${repo}/examples/policy-test/allow.yaml`, `${repo}/examples/policy-test/block.yaml`);
    assertEquals(await gate(), 1);
    const pack = await Deno.readFile(`${repo}/fixtures/quote-bot/runpack.zip`);
    await Deno.writeFile(`${repo}/fixtures/quote-bot/runpack.zip`, pack.map((byte, i) => i === 60 ? byte ^ 1 : byte));
    assertEquals(await gate(), 6);
  });
});

const WORKFLOW = await yamlFile(".github/workflows/adoption-regress-template.yml");
const JOB = at(WORKFLOW, "jobs", "regress");

Deno.test("workflow: inputs and outputs are the contract; it reads and nothing else; every action is pinned", () => {
  const inputs = at(WORKFLOW, "on", "workflow_call", "inputs");
  assertEquals(entriesOf(inputs).map(([name, input]) => `${name}=${word(at(input, "default"))}`), [
    "fixture_runpack_path=fixtures/run_demo/runpack.zip",
    "config_path=gait.yaml",
    "source_run=run_demo",
    "version=latest",
  ]);
  const outputs = ["regress_status", "regress_exit_code", "top_failure_reason", "next_command", "artifact_root"];
  assertEquals(entriesOf(at(WORKFLOW, "on", "workflow_call", "outputs")).map(([name]) => name), outputs);
  assertEquals(
    entriesOf(at(JOB, "outputs")).map(([name, value]) => [name, word(value)]),
    outputs.map((name) => [name, `\${{ steps.regress.outputs.${name} }}`]),
  );
  assertEquals(at(WORKFLOW, "permissions"), { contents: "read" });
  for (const [key, value] of entriesOf(at(JOB, "steps")).flatMap(([, step]) => entriesOf(step))) {
    assert(key !== "uses" || /@[0-9a-f]{40}$/.test(word(value)), JSON.stringify(value));
    assert(key !== "run" || !word(value).includes("${{"), JSON.stringify(value));
  }
});

Deno.test("workflow: passes, and fails with its outputs, its summary and its upload", async () => {
  const rows = [["gait.yaml", 0, "pass", ""], ["failing.yaml", 5, "fail", "unexpected_diff"]] as const;
  for (const [config_path, exit, status, reason] of rows) {
    await inSample(async (folder) => {
      await Deno.symlink(ROOT, `${folder}/repo/.gait-ci`); // what the second checkout leaves there
      const inputs = {
        version: "checkout",
        config_path,
        fixture_runpack_path: "fixtures/quote-bot/runpack.zip",
        source_run: "run_demo",
      };
      const ran = await runSteps(at(JOB, "steps"), folder, inputs, {});
      assertEquals([ran.code, ran.steps["regress"]], [exit, {
        regress_status: status,
        regress_exit_code: String(exit),
        top_failure_reason: reason,
        next_command: exit === 0 ? "" : "gait regress run --config failing.yaml --json",
        artifact_root: KEPT,
      }], ran.said);
      assert(ran.summary.includes(`exit code ${exit}`) && ran.said.includes("::error file=") === (exit === 5), ran.said);
      const uses = ran.used.map(({ action }) => action.split("@")[0]);
      assertEquals(uses, ["actions/checkout", "actions/checkout", "actions/upload-artifact"]);
      assertEquals(ran.used.at(-1)?.given["path"], KEPT);
    });
  }
  assertEquals(outputsIn("a=b=c\n"), { a: "b=c" });
});
