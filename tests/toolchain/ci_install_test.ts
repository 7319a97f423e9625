// Bringing a release: the one archive for this machine, and only if it is what checksums.txt says. The releases are files here.
import { assert, assertEquals } from "../assert.ts";
import { capture, exists, ROOT } from "../../scripts/tools/run.ts";
import { at, inSample, runSteps, yamlFile } from "./ci_world.ts";

const PROGRAM = `#!/bin/sh\nexec "${ROOT}scripts/ci/gait.sh" "$@"\n`;

const digest = async (path: string): Promise<string> => (await capture(["sha256sum", path])).out.slice(0, 64);

type Release = { readonly program?: string; readonly checksums?: (right: string) => string; readonly name?: string };

/** A release as a release server has it, below `folder`/releases. */
async function release(folder: string, tag: string, { program = "gait", checksums = (right) => right, name }: Release = {}) {
  const at = `${folder}/releases/${tag}`;
  await Deno.mkdir(at, { recursive: true });
  await Deno.writeTextFile(`${at}/${program}`, PROGRAM);
  const archive = name ?? "gait_1.2.3_linux_amd64.tar.gz";
  const packed = archive.endsWith(".zip")
    ? await capture(["zip", "-q", archive, program], { cwd: at })
    : await capture(["tar", "-czf", archive, program], { cwd: at });
  assertEquals(packed.code, 0, packed.err);
  const other = "0".repeat(64);
  const rows = `${other}  gait_1.2.3_darwin_arm64.tar.gz\n${await digest(
    `${at}/${archive}`,
  )}  ${archive}\n${other}  sbom.spdx.json\n`;
  await Deno.writeTextFile(`${at}/checksums.txt`, checksums(rows));
}

const LINUX = { RUNNER_OS: "Linux", RUNNER_ARCH: "X64" };

const install = async (folder: string, env: Readonly<Record<string, string>>) =>
  await capture(["bash", `${ROOT}scripts/ci/install.sh`], {
    cwd: folder,
    env: {
      GAIT_RELEASE_BASE_URL: `file://${folder}/releases`,
      RUNNER_TEMP: folder,
      GITHUB_OUTPUT: `${folder}/output`,
      ...LINUX,
      ...env,
    },
  });

Deno.test("install: the latest release, and a tag", async () => {
  await inSample(async (folder) => {
    await release(folder, "latest/download");
    await release(folder, "download/v1.2.3", { name: "gait_1.2.3_windows_arm64.zip", program: "gait.exe" });
    assertEquals((await install(folder, {})).out, `gait=${folder}/gait-bin/gait\n`);
    const windows = { GAIT_VERSION: "v1.2.3", RUNNER_OS: "Windows", RUNNER_ARCH: "ARM64" };
    assertEquals((await install(folder, windows)).out, `gait=${folder}/gait-bin/gait.exe\n`);
    const mode = (await Deno.stat(`${folder}/gait-bin/gait`)).mode ?? 0;
    assertEquals(mode & 0o777, 0o755);
    assertEquals(
      await Deno.readTextFile(`${folder}/output`),
      `gait=${folder}/gait-bin/gait\ngait=${folder}/gait-bin/gait.exe\n`,
    );
    // Nothing of the download stays.
    assertEquals([...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith("gait-install")), []);
  });
});

Deno.test("install: what does not hold ends with 2, and nothing is installed", async () => {
  const wrong: readonly (readonly [string, Release, Readonly<Record<string, string>>])[] = [
    ["is not what checksums.txt says", {
      checksums: (right) => right.replaceAll(/^[0-9a-f]/gm, (digit) => digit === "0" ? "1" : "0"),
    }, {}],
    ["not exactly one archive", { checksums: (right) => right.replace("linux_amd64", "linux_arm64") }, {}],
    ["not exactly one archive", { checksums: (right) => right + right }, {}],
    ["not exactly one archive", { name: "other_1.2.3_linux_amd64.tar.gz" }, {}],
    ["holds no gait", { program: "gate" }, {}],
    ["no release for system", {}, { RUNNER_OS: "Plan9" }],
    ["no release for machine", {}, { RUNNER_ARCH: "S390X" }],
    ["there is no checksums.txt", {}, { GAIT_VERSION: "v9" }],
    ["is no tag", {}, { GAIT_VERSION: "../latest" }],
  ];
  for (const [words, made, env] of wrong) {
    await inSample(async (folder) => {
      await release(folder, "latest/download", made);
      const { code, err } = await install(folder, env);
      assertEquals([code, exists(`${folder}/gait-bin`), exists(`${folder}/output`)], [2, false, false], err);
      assert(err.includes(words), err);
    });
  }
});

Deno.test("install: the action runs with a release as with its own checkout", async () => {
  const steps = at(await yamlFile("action.yml"), "runs", "steps");
  await inSample(async (folder) => {
    await release(folder, "latest/download");
    const inputs = { version: "latest", workdir: ".", command: "regress", args: "--config failing.yaml" };
    const { code, said, steps: outputs } = await runSteps(steps, folder, inputs, {
      ...LINUX,
      GITHUB_ACTION_PATH: ROOT.slice(0, -1),
      GAIT_RELEASE_BASE_URL: `file://${folder}/releases`,
    });
    assertEquals([code, outputs["install"]], [5, { gait: `${folder}/gait-bin/gait` }], said);
    assert(said.includes("::error file=fixtures/quote-bot-bad/fixture.json,line=7"), said);
  });
});

Deno.test("install: a checkout runs compiled, else by deno, else by the deno that README names", async () => {
  await inSample(async (folder) => {
    const [root, path] = [`${folder}/gait`, `${folder}/bin`];
    for (const made of [`${root}/scripts/ci`, `${root}/dist`, path]) await Deno.mkdir(made, { recursive: true });
    await Deno.copyFile(`${ROOT}scripts/ci/gait.sh`, `${root}/scripts/ci/gait.sh`);
    const program = async (file: string): Promise<void> =>
      await Deno.writeTextFile(file, `#!/bin/sh\necho ${file.split("/").at(-1)} "$@"\n`, { mode: 0o755 });
    const run = async () =>
      await capture(["/bin/bash", `${root}/scripts/ci/gait.sh`, "version"], { env: { DENO: undefined, PATH: path } });
    await Deno.symlink("/usr/bin/dirname", `${path}/dirname`);
    const source = `run -A -q --no-check --config ${root}/deno.json ${root}/cli/main.ts version\n`;
    assertEquals((await run()).code, 7);
    await program(`${path}/npx`);
    const [, named] = /npx -y (deno@\S+) task demo/.exec(await Deno.readTextFile(`${ROOT}README.md`)) ?? [];
    assertEquals((await run()).out, `npx -y ${named} ${source}`);
    await program(`${path}/deno`);
    assertEquals((await run()).out, `deno ${source}`);
    await program(`${root}/dist/gait`);
    assertEquals((await run()).out, "gait version\n");
  });
});
