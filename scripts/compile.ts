// Compiles the bundle into one program. No code cache: a compiled program would keep that in a shared folder under a name that
// anybody can guess, and read it whoever wrote it.
import { bundle, THREADS } from "./bundle.ts";
import { capture, die, exists, ROOT } from "./tools/run.ts";
import { archive, loader, NOTES, NOTES_OF, type Script, script, TAKEN } from "./tools/translated.ts";

/** The machines that a program can be made for, as `--target` names them. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

// Between the interpreter and the optimizing compiler the engine has two more compilers that translate code after a few runs. For a
// program that ends after 20 ms they cost more (3 ms on two cores) than they give, and what runs for long is optimized without them.
// With room for 4 MiB of new objects a program that is started once for each decision ends before it has to clean up (2 ms).
const ENGINE = "--v8-flags=--no-sparkplug,--no-maglev,--min-semi-space-size=4";

const FLAGS = [
  "--no-check",
  "--no-config",
  "--no-lock",
  "--no-npm",
  "--no-remote",
  "--no-prompt",
  "--no-code-cache",
  "-A",
  ENGINE,
];

/** The variable that names the runtime (denort) for a target: `DENORT_BIN` for this machine, one of its own for another. */
export const runtimeVariable = (target: string): string =>
  target === Deno.build.target ? "DENORT_BIN" : `DENORT_BIN_${target.toUpperCase().replaceAll("-", "_")}`;

/** The exit code that says: nothing is wrong with the program, but there is no runtime to put it into. */
export const MISSING = 2;

/** Where the program for a target is written. */
export const programPath = (target: string): string =>
  `dist/gait${target === Deno.build.target ? "" : `-${target}`}${target.includes("windows") ? ".exe" : ""}`;

/** Compiles one script for one target. A string says what is missing. */
export async function compile(
  script: string,
  output: string,
  target: string,
  include: readonly string[] = [],
): Promise<true | string> {
  const variable = runtimeVariable(target);
  const runtime = Deno.env.get(variable);
  if (runtime !== undefined && !exists(runtime)) return `${variable} names "${runtime}", which is not there`;
  const foreign = target === Deno.build.target ? [] : ["--target", target];
  const includes = include.flatMap((path) => ["--include", path]);
  const deno = Deno.env.get("DENO_COMPILE") ?? Deno.execPath();
  const argv = [deno, "compile", "-q", ...FLAGS, ...foreign, ...includes, "-o", output, script];
  if (exists(`${ROOT}${output}`)) await Deno.remove(`${ROOT}${output}`); // a failure must not leave an older program behind
  const done = await capture(argv, {
    env: { DENORT_BIN: runtime, DENO_TLS_CA_STORE: "system", RUST_BACKTRACE: undefined, NO_COLOR: "1" },
  });
  if (done.code === 0) return true;
  const why = done.err.trim() || done.out.trim();
  return runtime === undefined
    ? `the runtime (denort) for ${target} is missing: set ${variable} to one of the version of ${deno}, or let it be downloaded\n${why}`
    : `deno compile failed with the runtime "${runtime}" of ${variable}\n${why}`;
}

type Call = readonly string[];

const HOOK = ["hook", "run", "--client", "codex", "--policy", `${ROOT}fixtures/policies/baseline-low/policy.yaml`] as const;

const HOOKED = JSON.stringify({
  hook_event_name: "PreToolUse",
  session_id: "s",
  cwd: "/",
  tool_use_id: "c",
  tool_name: "Bash",
  tool_input: { command: "git status | cat && ls -la" },
});

const EVAL = [
  ...["gate", "eval", "--policy", `${ROOT}examples/policy/base_high_risk.yaml`, "--json"],
  ...["--intent", `${ROOT}examples/policy/intents/intent_read.json`],
] as const;

/** The chunks that get the engine's notes: what is started anew for every decision, and what is started most often; by which calls. */
const TRANSLATED: Readonly<Record<string, readonly [...before: Call[], shown: Call]>> = {
  main: [EVAL],
  common: [EVAL],
  gate_eval: [EVAL],
  deno_acting: [EVAL],
  verify: [["demo"], ["verify", "run_demo"]],
  hook_run: [HOOK],
  read: [HOOK], // of shell commands
  lock: [HOOK],
  lock_deno: [HOOK],
  own_document: [HOOK],
};

/** What a call is told on standard input. */
const INPUT = new Map<Call, string>([[HOOK, HOOKED]]);

/** Makes the engine's notes on a chunk, with a program that has its script, and checks them. A string says what went wrong. */
async function annotate(program: string, name: string, calls: readonly Call[]): Promise<Uint8Array | string> {
  const cwd = await Deno.makeTempDir();
  const run = async (args: Call, env: Readonly<Record<string, string>>) => {
    const input = INPUT.get(args);
    const stdin = input === undefined ? "null" : "piped";
    const child = new Deno.Command(program, { args: [...args], cwd, env, stdin, stdout: "null", stderr: "piped" }).spawn();
    if (input !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(input)).then(() => writer.close(), () => {}); // it may end before it reads
    }
    return await child.output();
  };
  const shown = calls.at(-1) ?? [];
  for (const before of calls.slice(0, -1)) await run(before, {});
  const asked = { [NOTES_OF]: name };
  const { stderr, code } = await run(shown, asked);
  const notes = `${cwd}/notes`;
  await Deno.writeFile(notes, stderr);
  const checked = await run(shown, { ...asked, [NOTES]: notes });
  await Deno.remove(cwd, { recursive: true });
  if (checked.code === TAKEN) return stderr;
  const said = new TextDecoder().decode(stderr.subarray(0, 1000));
  return `the engine does not take its notes on "${shown.join(" ")}", which ended with ${code}: ${said}`;
}

const APP = `${ROOT}dist/app`;
const HELD = "gait.scripts";
const ENTRY = "./main.js";

/** Lays out what is compiled: the program that loads, the file of all scripts, and the threads, which the runtime loads by itself. */
async function layOut(scripts: ReadonlyMap<string, Script>, notes: ReadonlyMap<string, Uint8Array>, how: "record" | "use") {
  await Deno.mkdir(APP, { recursive: true });
  const held = archive(scripts, notes);
  await Deno.writeFile(`${APP}/${HELD}`, held.bytes);
  await Deno.writeTextFile(`${APP}/main.js`, loader(held, HELD, ENTRY, how));
  for (const thread of THREADS) await Deno.copyFile(`${ROOT}dist/js/${thread}`, `${APP}/${thread}`);
}

/**
 * Compiles the bundle. For this machine the chunks of `TRANSLATED` get the notes of the engine (tools/translated.ts), made and checked
 * by a program with the same runtime and options; for another machine nobody here could make them. A string says what is missing.
 */
export async function compileBundle(output: string, target: string): Promise<true | string> {
  const names = [...(await bundle()).keys()];
  const scripts = new Map<string, Script>();
  for (const name of names.filter((name) => !THREADS.includes(name))) {
    const made = script(await Deno.readTextFile(`${ROOT}dist/js/${name}`), `./${name}` === ENTRY);
    if (typeof made === "string") die(`${name} cannot be a script: ${made}`);
    scripts.set(`./${name}`, made);
  }
  const notes = new Map<string, Uint8Array>();
  const whole = () => compile("dist/app/main.js", output, target, ["dist/app"]);
  if (target === Deno.build.target) {
    await layOut(scripts, notes, "record");
    const recorder = await whole();
    if (recorder !== true) return recorder;
    for (const [chunk, calls] of Object.entries(TRANSLATED)) {
      const name = [...scripts.keys()].find((name) => name === `./${chunk}.js` || name.startsWith(`./${chunk}-`)) ??
        die(`the bundle holds no chunk of ${chunk}`);
      const annotated = await annotate(`${ROOT}${output}`, name, calls);
      if (typeof annotated === "string") return await whyDead(output) ?? die(annotated);
      notes.set(name, annotated);
    }
  }
  await layOut(scripts, notes, "use");
  return await whole();
}

/** The version in what `deno --version` prints. */
export const versionIn = (said: string): string => /^deno (\d+\.\d+\.\d+)/.exec(said)?.[1] ?? "unknown";

const parts = (version: string): readonly number[] => version.split(".").map(Number);
const newer = (a: string, b: string): number =>
  parts(a).map((part, i) => part - (parts(b)[i] ?? 0)).find((difference) => difference !== 0) ?? 0;

/** The version of a runtime: it prints none, but holds the name that it gives itself over the network, the latest of those there. */
export const runtimeVersion = (runtime: string): string =>
  [...runtime.matchAll(/Deno\/(\d+\.\d+\.\d+)/g)].map(([, version = ""]) => version).sort(newer).at(-1) ?? "unknown";

/**
 * Why a program that was made for this machine does not run, undefined when it does. A runtime of another version than the deno that
 * compiles gives one that is dead, and nobody says so.
 */
export async function whyDead(output: string): Promise<string | undefined> {
  const ran = await capture([`${ROOT}${output}`, "version"]);
  if (ran.code === 0 && ran.out.startsWith("gait ")) return undefined;
  const deno = Deno.env.get("DENO_COMPILE") ?? Deno.execPath();
  const version = versionIn((await capture([deno, "--version"])).out);
  const runtime = Deno.env.get("DENORT_BIN");
  const other = runtime === undefined
    ? "the runtime that it fetched"
    : `"${runtime}" of DENORT_BIN, which is ${runtimeVersion(new TextDecoder("latin1").decode(await Deno.readFile(runtime)))}`;
  return `"${output} version" ends with ${ran.code}: "${deno}" is deno ${version}, and the runtime is ${other}; both have to be of one ` +
    `version (DENO_COMPILE names the deno that compiles)\n${(ran.err || ran.out).trim()}`;
}

if (import.meta.main) {
  const [flag, value, ...rest] = Deno.args.flatMap((arg) => arg.startsWith("--target=") ? ["--target", arg.slice(9)] : [arg]);
  const target = flag === undefined ? Deno.build.target : value ?? "";
  const known: readonly string[] = TARGETS;
  if (rest.length > 0 || (flag !== undefined && flag !== "--target")) die("usage: deno task compile [--target <triple>]");
  if (!known.includes(target)) die(`unknown target "${target}"; the known ones are\n  ${TARGETS.join("\n  ")}`);
  const output = programPath(target);
  const made = await compileBundle(output, target);
  if (made !== true) {
    console.error(`Cannot compile for ${target}: ${made}`);
    Deno.exit(MISSING);
  }
  const dead = target === Deno.build.target ? await whyDead(output) : undefined;
  if (dead !== undefined) {
    await Deno.remove(`${ROOT}${output}`);
    die(`Cannot compile for ${target}: ${dead}`);
  }
  const { size } = await Deno.stat(`${ROOT}${output}`);
  console.log(`${output}: ${(size / 2 ** 20).toFixed(1)} MiB for ${target}`);
}
