// The gate: each step that a change has to pass, one after the other, all of them even after a failure; those that wait more than
// they work are taken side by side. `--full` adds what takes longer; `--tested` says that `deno task test` has just passed on this
// very tree, so no test is run again as it was run there, nor properties only because they may be run for longer. CI asks for the full
// gate in two halves: `--needed`, and `--spare`, of which each step is only begun where it will have ended by `--ends=<milliseconds of
// the clock>`.
import { MISSING } from "./compile.ts";
import { plus, type Tally, tallyFile } from "./tools/junit.ts";
import { kit, SHARED } from "./tools/kit.ts";
import { capture, die, exists, type How, ROOT, show } from "./tools/run.ts";

/** One step. With a JUnit report its tests are counted; without one it counts when it fails. */
type Step = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly junit?: string;
  /** A file that the step needs: when an earlier step could not make it, this one is skipped. */
  readonly needs?: string;
  /** Set for what CI can spare: about how long it takes. */
  readonly seconds?: number;
};

/** A step that cannot be taken here, and why. */
type Skip = { readonly name: string; readonly why: string };

const deno = Deno.execPath();
const PROGRAM = `${ROOT}dist/gait`;
// The network of this machine alone: a server is tried over real sockets.
const MAY = ["--no-prompt", "--allow-read", "--allow-write", "--allow-env", "--allow-run", "--allow-net=127.0.0.1"];

const tests = (name: string, program: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): Step => {
  const junit = `.cache/junit-${name.replaceAll(" ", "-")}.xml`;
  // Not quiet: that would swallow the seeds of properties and the lines that say what was skipped.
  const argv = [program, "test", "--no-check", "--parallel", ...MAY, `--junit-path=${junit}`, ...args];
  return { name, argv, env, junit };
};

const DAILY: readonly Step[] = [
  { name: "format", argv: [deno, "fmt", "--check", "-q"] },
  { name: "lint", argv: [deno, "lint", "-q"] },
  { name: "types", argv: [deno, "check", "-q", "."] },
  { name: "pure core", argv: [deno, "task", "-q", "core"] },
  { name: "generated files", argv: [deno, "task", "-q", "gen", "--check"] },
];
const TEST: Step = { name: "tests", argv: [deno, "task", "-q", "test"], junit: ".cache/junit.xml" };

// All of the network, but the servers that it starts listen on this machine alone; and what a browser's driver asks of a system.
const RUNTIMES: Step = {
  name: "runtimes",
  argv: [deno, "test", "--no-check", "--no-prompt", "-A", "--junit-path=.cache/junit-runtimes.xml", "tests/runtimes/all.ts"],
  junit: ".cache/junit-runtimes.xml",
};

// What others made, as far as it can be had here: what is missing is told in a visible line, and is no failure.
const FOREIGN: Step = {
  name: "foreign",
  argv: [deno, "run", "-q", "-A", "tests/foreign/all.ts", "--junit-path=.cache/junit-foreign.xml"],
  env: { GAIT_REQUIRE_ALL: "" },
  junit: ".cache/junit-foreign.xml",
};

/** What is taken at one time. */
type Turn = Step | Skip | readonly Step[];

/** The steps that only the full gate takes. */
async function longer(tested: boolean): Promise<{ readonly needed: readonly Turn[]; readonly spare: readonly Turn[] }> {
  const runs = Deno.env.get("GAIT_RUNS");
  const slow = ["tests/run/big_test.ts", "tests/cli/session_failure_test.ts", "tests/cli/session_processes_test.ts"];
  const pair = await kit();
  const needed = typeof pair === "string" ? [{ name: "compiled", why: pair }] : [
    { name: "compile", argv: [deno, "task", "-q", "compile"], env: { ...pair.env, DENO_COMPILE: pair.deno } },
    { ...tests("compiled", deno, { GAIT_COMPILED: PROGRAM }, "tests/compiled"), needs: PROGRAM },
  ];
  const faults = [deno, "task", "-q", "faults", ...(tested ? ["--tested"] : [])];
  return {
    needed: [[RUNTIMES, FOREIGN], ...needed],
    spare: [
      { name: "faults", argv: faults, seconds: 150 },
      await onOlder(pair),
      ...(tested ? [] : [tests("long properties", deno, { GAIT_RUNS: runs ?? "100" }, "tests/properties")]),
      // They ask for so many runs, or say that they were left out.
      { ...tests("long tests", deno, { GAIT_RUNS: runs ?? "1000" }, ...slow), seconds: 60 },
    ],
  };
}

async function onOlder(pair: Awaited<ReturnType<typeof kit>>): Promise<Step | Skip> {
  const name = "older deno";
  if (typeof pair === "string") return { name, why: pair };
  const older = /^deno (\S+)/.exec((await capture([pair.deno, "--version"])).out)?.[1] ?? "";
  if (older === Deno.version.deno) return { name, why: `the only deno here is ${older}` };
  return { ...tests(name, pair.deno, { DENO_TLS_CA_STORE: "system" }, ...await ofTheRuntime()), seconds: 100 };
}

/**
 * The tests of what meets the runtime. The rest is the core, which the step of the runtimes holds to the same bytes on it; commands
 * on a machine in memory, which the recorded cases try on it with the compiled program; and these scripts, which run on one version.
 */
async function ofTheRuntime(): Promise<readonly string[]> {
  const paths = ["tests/client", "tests/host", "tests/wasm"];
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}tests/cli`)) {
    if (isDirectory || name.endsWith("_test.ts") && !name.startsWith("commands_")) paths.push(`tests/cli/${name}`);
  }
  return paths.toSorted();
}

/** Runs what prints in the order in which it ends, all of its output at once. */
async function showLater(argv: readonly string[], how: How = {}): Promise<number> {
  const { code, out, err } = await capture(argv, how);
  console.log(`${out}${err}`);
  return code;
}

/** Takes a step; gives its tally, or why it could not be taken. */
async function take(step: Step, run: typeof show): Promise<Tally | string> {
  if (step.needs !== undefined && !exists(step.needs)) return `there is no ${step.needs}`;
  console.log(`== ${step.name}`);
  const report = `${ROOT}${step.junit}`;
  if (step.junit !== undefined && exists(report)) await Deno.remove(report);
  const code = await run(step.argv, { env: { ...step.env, RUST_BACKTRACE: undefined } });
  if (step.name === "compile" && code === MISSING) return "there is no runtime to compile with";
  return step.junit === undefined ? { passed: 0, failed: code === 0 ? 0 : 1 } : tallyFile(report, code);
}

const KNOWN = ["--full", "--tested", "--needed", "--spare"];
const ENDS = "--ends=";
const unknown = Deno.args.filter((arg) => !KNOWN.includes(arg) && !arg.startsWith(ENDS));
if (unknown.length > 0) die(`unknown argument ${unknown.join(" ")}; there are ${KNOWN.join(", ")} and ${ENDS}`);
const [full, tested, needed, spare] = KNOWN.map((name) => Deno.args.includes(name));
const ends = Number(Deno.args.find((arg) => arg.startsWith(ENDS))?.slice(ENDS.length) ?? Infinity);
const asked = spare ? [] : [...DAILY, ...(tested ? [] : [TEST])];
const more = full ? await longer(tested === true) : { needed: [], spare: [] };
const turns: readonly Turn[] = [...asked, ...(spare ? [] : more.needed), ...(needed ? [] : more.spare)];
const unskippable = Deno.env.get("GAIT_REQUIRE_ALL") === "1" ? 1 : 0;

/** Whether what can be spared will have ended in time, were it half as long again as it is. What is needed is always in time. */
const inTime = ({ seconds }: Step): boolean => seconds === undefined || Date.now() + seconds * 1_500 <= ends;

let total: Tally = { passed: 0, failed: 0 };
const summary: string[] = [];
async function turn(step: Step | Skip, run: typeof show): Promise<void> {
  const started = performance.now();
  if (!("why" in step) && !inTime(step)) {
    summary.push(`left out: ${step.name}: CI has no time left for it here; \`deno task ok:full\` takes it`);
    return;
  }
  const taken = "why" in step ? step.why : await take(step, run);
  if (typeof taken === "string") {
    summary.push(`skipped: ${step.name}: ${taken}`);
    total = plus(total, { passed: 0, failed: unskippable });
    return;
  }
  total = plus(total, taken);
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  const count = taken.passed === 0 ? "" : ` (${taken.passed} passed, ${taken.failed} failed)`;
  summary.push(`${taken.failed === 0 ? "ok    " : "FAILED"} ${seconds} s  ${step.name}${count}`);
}
for (const one of turns) {
  if ("name" in one) await turn(one, show);
  else await Promise.all(one.map((step) => turn(step, showLater)));
}
console.log(`==\n${summary.join("\n")}`);
if (!exists(SHARED)) console.log("skipped: public vectors: ../shared is not there");
console.log(`${total.passed} passed, ${total.failed} failed`);
await Deno.mkdir(`${ROOT}.cache`, { recursive: true });
await Deno.writeTextFile(`${ROOT}.cache/ok.json`, JSON.stringify(total));
Deno.exit(total.failed === 0 ? 0 : 1);
