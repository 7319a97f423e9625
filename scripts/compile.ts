// Compiles the bundle into one program. No code cache: a compiled program would keep that in a shared folder under a name that
// anybody can guess, and read it whoever wrote it.
import { childInput } from "../cli/host/child_input.ts";
import { utf8 } from "../core/base/bytes.ts";
import { bundle, THREADS } from "./bundle.ts";
import { capture, die, exists, ROOT } from "./tools/run.ts";
import {
  type Archive,
  archive,
  type Home,
  insert,
  loader,
  NOTES,
  NOTES_CHECK,
  NOTES_OF,
  type Script,
  script,
  TAKEN,
} from "./tools/translated.ts";

/** The machines that a program can be made for, as `--target` names them. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

// With room for 4 MiB of new objects a program that is started once for each decision ends before it has to clean up (2 ms). And a pattern
// that it looks for a few times is not worth machine code (0.5 ms for all of them), nor is a function that is called ten times (1 ms,
// in a second thread); what runs for long gets its machine code all the same.
const ENGINE = "--v8-flags=--min-semi-space-size=4,--regexp-tier-up-ticks=100,--baseline-batch-compilation-threshold=400000";

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

/** A call of the program, and what it is told on standard input. */
type Call = { readonly args: readonly string[]; readonly input?: string };

const evaluation = (policy: string, intent: string, ...more: readonly string[]): Call => ({
  args: ["gate", "eval", "--policy", `${ROOT}${policy}`, "--intent", `${ROOT}${intent}`, ...more],
});

const hook = (policy: string, tool_name: string, tool_input: object): Call => ({
  args: ["hook", "run", "--client", "codex", "--policy", `${ROOT}${policy}`],
  input: JSON.stringify({ hook_event_name: "PreToolUse", session_id: "s", cwd: "/", tool_use_id: "c", tool_name, tool_input }),
});

const INTENTS = "examples/policy/intents";

// Each kind of verdict, policies as people write them, in blocks and in one line, and what their rules look at.
const EVALS = [
  evaluation("examples/policy/base_high_risk.yaml", `${INTENTS}/intent_read.json`, "--json"),
  evaluation("examples/policy/base_high_risk.yaml", `${INTENTS}/intent_delete.json`),
  evaluation("examples/policy/base_medium_risk.yaml", `${INTENTS}/intent_write.json`, "--trace-out", "trace.json", "--json"),
  evaluation("examples/worker/policy.yaml", `${INTENTS}/intent_tainted_egress.json`, "--json"),
  evaluation("fixtures/policies/prompt-injection/policy.yaml", `${INTENTS}/intent_write.json`, "--json"),
  evaluation("examples/mcp/policy.yaml", `${INTENTS}/intent_tainted_egress.json`, "--json"),
];

const SHELL = hook("fixtures/policies/baseline-low/policy.yaml", "Bash", { command: "git status | cat && ls -la" });
const HOOKS = [SHELL, hook("examples/hooks/policy.yaml", "Read", { file_path: "/srv/x.txt" })];

/** The chunks that get the engine's notes: what is started anew for every decision, and what is started most often; by which calls. */
const TRANSLATED: Readonly<Record<string, { readonly first?: Call; readonly calls: readonly Call[] }>> = {
  main: { calls: [...EVALS, ...HOOKS] },
  common: { calls: [...EVALS, ...HOOKS] },
  gate_eval: { calls: EVALS },
  deno_acting: { calls: [...EVALS, ...HOOKS] },
  verify: { first: { args: ["demo"] }, calls: [{ args: ["verify", "run_demo"] }] },
  hook_run: { calls: HOOKS },
  read: { calls: [SHELL] }, // of shell commands
  lock_deno: { calls: HOOKS },
  own_document: { calls: HOOKS },
};

/** Makes the engine's notes on a chunk, call by call, with a program that has its script, and checks them. A string says what went wrong. */
async function annotate(
  program: string,
  name: string,
  first: Call | undefined,
  calls: readonly Call[],
): Promise<Uint8Array | string> {
  const cwd = await Deno.makeTempDir();
  const file = `${cwd}/notes`;
  const run = async ({ args, input }: Call, env: Readonly<Record<string, string>>) => {
    const stdin = input === undefined ? "null" : "piped";
    const child = new Deno.Command(program, { args: [...args], cwd, env, stdin, stdout: "null", stderr: "piped" }).spawn();
    if (input !== undefined) {
      const given = childInput(child.stdin);
      await given.write(utf8(input)); // a call may end before it reads
      await given.finish();
    }
    return await child.output();
  };
  try {
    if (first !== undefined) await run(first, {});
    let notes: Uint8Array | undefined;
    for (const call of calls) {
      const before: Record<string, string> = notes === undefined ? {} : { [NOTES]: file };
      const { stderr } = await run(call, { ...before, [NOTES_OF]: name });
      await Deno.writeFile(file, stderr);
      const checked = await run(call, { [NOTES]: file, [NOTES_OF]: name, [NOTES_CHECK]: "1" });
      if (checked.code !== TAKEN) {
        const said = new TextDecoder().decode(stderr.subarray(0, 1000));
        return `the engine does not take its notes on "${call.args.join(" ")}", which ended with ${checked.code}: ${said}`;
      }
      notes = stderr;
    }
    return notes ?? `there is no call of ${name}`;
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

const APP = `${ROOT}dist/app`;
const BESIDE: Home = { file: "gait.scripts" };
const ENTRY = "./main.js";

/** Lays out what is compiled: the program that loads, all scripts where they lie beside it, and the threads, which the runtime loads by itself. */
async function layOut(held: Archive, home: Home, how: "record" | "use"): Promise<void> {
  if (exists(APP)) await Deno.remove(APP, { recursive: true });
  await Deno.mkdir(APP, { recursive: true });
  if (home !== "program") await Deno.writeFile(`${APP}/${home.file}`, held.bytes);
  await Deno.writeTextFile(`${APP}/main.js`, loader(held, home, ENTRY, how));
  for (const thread of THREADS) await Deno.copyFile(`${ROOT}dist/js/${thread}`, `${APP}/${thread}`);
}

/** The engine's notes on the chunks of `TRANSLATED`, made by a program that records. A string says what went wrong. */
async function annotations(program: string, scripts: ReadonlyMap<string, Script>): Promise<Map<string, Uint8Array> | string> {
  const notes = new Map<string, Uint8Array>();
  for (const [chunk, { first, calls }] of Object.entries(TRANSLATED)) {
    const name = [...scripts.keys()].find((name) => name === `./${chunk}.js` || name.startsWith(`./${chunk}-`)) ??
      die(`the bundle holds no chunk of ${chunk}`);
    const annotated = await annotate(`${ROOT}${program}`, name, first, calls);
    if (typeof annotated === "string") return annotated;
    notes.set(name, annotated);
  }
  return notes;
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
  const whole = async (held: Archive, home: Home, how: "record" | "use"): Promise<true | string> => {
    await layOut(held, home, how);
    return await compile("dist/app/main.js", output, target, ["dist/app"]);
  };
  const own = target === Deno.build.target;
  const bare = archive(scripts, new Map());
  const first = await whole(bare, BESIDE, own ? "record" : "use");
  if (first !== true) return first;
  const notes = own ? await annotations(output, scripts) : new Map<string, Uint8Array>();
  if (typeof notes === "string") return await whyDead(output) ?? die(notes);
  const held = archive(scripts, notes);
  if (insert(held, await Deno.readFile(`${ROOT}${output}`)) === undefined) return await whole(held, BESIDE, "use");
  const second = await whole(held, "program", "use");
  if (second !== true) return second;
  const filled = insert(held, await Deno.readFile(`${ROOT}${output}`)) ??
    die("two programs of one runtime differ in their kind");
  await Deno.writeFile(`${ROOT}${output}`, filled);
  // A runtime that finds its part in another way than by the end of the program would not find it any more.
  return own && await whyDead(output) !== undefined ? await whole(held, BESIDE, "use") : true;
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
