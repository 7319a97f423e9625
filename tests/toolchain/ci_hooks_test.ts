// The hooks of pre-commit, run as it does: the entry from our checkout, in the repository of the user, with the files that match.
import { assert, assertEquals } from "../assert.ts";
import { capture, exists, ROOT } from "../../scripts/tools/run.ts";
import { at, CHECKOUT, entriesOf, inSample, word, yamlFile } from "./ci_world.ts";

const HOOKS = entriesOf(at(await yamlFile(".pre-commit-hooks.yaml", "hooks"), "hooks")).map(([, hook]) => hook);

const hookNamed = (id: string) => {
  const found = HOOKS.find((hook) => at(hook, "id") === id);
  if (found === undefined) throw new Error(`no hook ${id}`);
  return found;
};

/** Runs a hook on files that changed; undefined where none of them is its business. */
async function run(id: string, repo: string, changed: readonly string[]) {
  const hook = hookNamed(id);
  const pattern = new RegExp(word(at(hook, "files")));
  const files = changed.filter((path) => pattern.test(path));
  if (files.length === 0) return undefined;
  const passes = !entriesOf(hook).some(([name, value]) => name === "pass_filenames" && value === "false");
  const [script = "", ...args] = word(at(hook, "entry")).split(" ");
  return await capture([`${ROOT}${script}`, ...args, ...(passes ? files : [])], {
    cwd: repo,
    env: { DENO: CHECKOUT.DENO, GAIT_BIN: undefined, PATH: "/usr/bin:/bin" },
  });
}

Deno.test("hooks: each has what pre-commit asks for, and a program as its entry", () => {
  assertEquals(HOOKS.map((hook) => at(hook, "id")), ["gait-policy-validate", "gait-policy-fmt", "gait-regress"]);
  for (const hook of HOOKS) {
    const [script = ""] = word(at(hook, "entry")).split(" ");
    assertEquals([at(hook, "language"), word(at(hook, "name")) !== ""], ["script", true]);
    assert(((Deno.statSync(`${ROOT}${script}`).mode ?? 0) & 0o111) !== 0, script);
  }
});

Deno.test("hooks: policies are validated one by one; the first that is refused decides", async () => {
  await inSample(async (folder) => {
    const repo = `${folder}/repo`;
    assertEquals(await run("gait-policy-validate", repo, ["README.md", "gait.yaml"]), undefined);
    assertEquals((await run("gait-policy-validate", repo, ["policy/policy.yaml"]))?.code, 0);
    await Deno.writeTextFile(`${repo}/policy.yaml`, "default_verdict: perhaps\n");
    const told = await run("gait-policy-validate", repo, ["policy.yaml", "policy/policy.yaml"]);
    assertEquals(told?.code, 6);
    assert(told?.out.includes('"perhaps"') && told.out.includes("policy validate ok"), told?.out);
  });
});

Deno.test("hooks: a policy that is not in its form is written in it", async () => {
  await inSample(async (folder) => {
    const path = `${folder}/repo/policy/policy.yaml`;
    const kept = await Deno.readTextFile(path);
    for (const text of [kept, kept.replaceAll("  - ", "      -   ")]) {
      await Deno.writeTextFile(path, text);
      assertEquals((await run("gait-policy-fmt", `${folder}/repo`, ["policy/policy.yaml"]))?.code, 0);
      assertEquals(await Deno.readTextFile(path), kept);
    }
  });
});

Deno.test("hooks: the suite is graded, and nothing is left behind", async () => {
  await inSample(async (folder) => {
    const repo = `${folder}/repo`;
    assertEquals(await run("gait-regress", repo, ["src/agent.ts"]), undefined);
    assertEquals((await run("gait-regress", repo, ["fixtures/quote-bot/fixture.json"]))?.code, 0);
    await Deno.copyFile(`${repo}/failing.yaml`, `${repo}/gait.yaml`);
    const told = await run("gait-regress", repo, ["gait.yaml"]);
    assertEquals([told?.code, exists(`${repo}/regress_result.json`)], [5, false]);
    assert(told?.out.includes("unexpected_verdict_sequence"), told?.out);
  });
});
