// What a CI system does with the files that we give it, without the network: reads YAML, fills in expressions, runs each step by bash
// with its variables and files, and keeps what is to be uploaded.
import { readWholeYaml } from "../../core/base/yaml.ts";
import type { YamlNode } from "../../core/base/yaml_tree.ts";
import { capture, type Done, ROOT } from "../../scripts/tools/run.ts";

/** YAML as data; every scalar is text. */
export type Data = string | readonly Data[] | { readonly [name: string]: Data };

const dataOf = (node: YamlNode): Data => {
  switch (node.kind) {
    case "scalar":
      return node.text;
    case "list":
      return node.items.map(dataOf);
    case "mapping":
      return Object.fromEntries(node.members.map(({ key, value }) => [key.text, dataOf(value)]));
    default:
      return node satisfies never;
  }
};

/** A file of the project as data. `under` puts a list below that name. */
export async function yamlFile(path: string, under?: string): Promise<Data> {
  const text = await Deno.readTextFile(`${ROOT}${path}`);
  const read = readWholeYaml(under === undefined ? text : `${under}:\n${text}`, path);
  if (!read.ok) throw new Error(read.fault.message);
  if (read.value.root === undefined) throw new Error(`${path} is empty`);
  return dataOf(read.value.root);
}

/** What stands at a path of names and numbers; throws where nothing does. */
export function at(data: Data, ...path: readonly (string | number)[]): Data {
  let here: Data | undefined = data;
  for (const step of path) {
    here = typeof here === "object" ? Reflect.get(here, step) : undefined;
    if (here === undefined) throw new Error(`nothing at ${path.join(".")}`);
  }
  return here;
}

/** The members of a mapping, the items of a list. */
export const entriesOf = (data: Data): readonly (readonly [string, Data])[] =>
  typeof data === "string" ? [] : Object.entries<Data>(data);

/** Text; throws for anything else. */
export function word(data: Data): string {
  if (typeof data !== "string") throw new Error(`no text: ${JSON.stringify(data)}`);
  return data;
}

/** A folder of its own with a copy of the sample repository, and taken away afterwards. */
export async function inSample(work: (folder: string) => Promise<void>, sample = "examples/regress-repo"): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/repo`);
    const { code, err } = await capture(["cp", "-r", `${ROOT}${sample}/.`, `${folder}/repo`]);
    if (code !== 0) throw new Error(err);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The gait of this checkout, run by the deno that runs the test. */
export const CHECKOUT = { DENO: Deno.execPath(), GAIT_BIN: `${ROOT}scripts/ci/gait.sh` };

/** Runs a script as GitHub does. */
export const bash = async (script: string, cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<Done> =>
  await capture(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], { cwd, env });

/** The `name=value` lines of a file of outputs. */
export const outputsIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split("\n").filter((line) => line !== "").map((
      line,
    ) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

type Steps = Readonly<Record<string, Readonly<Record<string, string>>>>;

// The few forms of expressions that our files use; any other throws.
function valueOf(expression: string, inputs: Readonly<Record<string, string>>, steps: Steps): string {
  const input = /^inputs\.(\w+)$/.exec(expression)?.[1];
  if (input !== undefined) return inputs[input] ?? "";
  const [, id, output] = /^steps\.(\w+)\.outputs\.(\w+)$/.exec(expression) ?? [];
  if (id !== undefined && output !== undefined) return steps[id]?.[output] ?? "";
  const [, tested, against = "", then] = /^inputs\.(\w+) != '(\w+)' && inputs\.(\w+) \|\| ''$/.exec(expression) ?? [];
  if (tested !== undefined && then !== undefined) return inputs[tested] === against ? "" : inputs[then] ?? "";
  throw new Error(`unknown expression: ${expression}`);
}

const filled = (text: string, inputs: Readonly<Record<string, string>>, steps: Steps): string =>
  text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => valueOf(expression, inputs, steps));

function isTaken(
  condition: string | undefined,
  failed: boolean,
  inputs: Readonly<Record<string, string>>,
  steps: Steps,
): boolean {
  if (condition === undefined) return !failed;
  const [first, ...rest] = condition.replace(/^\$\{\{ (.*) \}\}$/, "$1").split(" && ");
  if (first !== "always()") throw new Error(`unknown condition: ${condition}`);
  return rest.every((part) => {
    const [, left = "", sign, right] = /^(\S+) (==|!=) '(\w*)'$/.exec(part) ?? [];
    return (valueOf(left, inputs, steps) === right) === (sign === "==");
  });
}

/** What a job of steps came to. */
export type Ran = {
  readonly failed: boolean;
  readonly said: string;
  readonly summary: string;
  readonly steps: Steps;
  /** What was given to each action that a step uses, by its name without its version. */
  readonly used: readonly { readonly action: string; readonly given: Readonly<Record<string, string>> }[];
  readonly code: number;
};

/** Runs the steps of a composite action or of a job on `folder`/repo, in order, as a runner does. */
export async function runSteps(
  steps: Data,
  folder: string,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const cwd = `${folder}/repo`;
  const summaryFile = `${folder}/summary`;
  await Deno.writeTextFile(summaryFile, "");
  const outputs: Record<string, Readonly<Record<string, string>>> = {};
  const used: { action: string; given: Readonly<Record<string, string>> }[] = [];
  let [failed, said, last] = [false, "", 0];
  for (const [index, step] of entriesOf(steps)) {
    const has = (name: string): boolean => entriesOf(step).some(([key]) => key === name);
    const texts = (name: string): Readonly<Record<string, string>> =>
      Object.fromEntries(
        has(name) ? entriesOf(at(step, name)).map(([key, value]) => [key, filled(word(value), inputs, outputs)]) : [],
      );
    if (!isTaken(has("if") ? word(at(step, "if")) : undefined, failed, inputs, outputs)) continue;
    if (has("uses")) {
      used.push({ action: word(at(step, "uses")), given: texts("with") });
      continue;
    }
    const outputFile = `${folder}/output${index}`;
    await Deno.writeTextFile(outputFile, "");
    const done = await bash(filled(word(at(step, "run")), inputs, outputs), cwd, {
      ...CHECKOUT,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: cwd,
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: summaryFile,
      RUNNER_TEMP: folder,
      ...env,
      ...texts("env"),
    });
    said += done.out + done.err;
    outputs[has("id") ? word(at(step, "id")) : index] = outputsIn(await Deno.readTextFile(outputFile));
    if (done.code !== 0) [failed, last] = [true, done.code];
  }
  return { failed, said, used, steps: outputs, summary: await Deno.readTextFile(summaryFile), code: last };
}
