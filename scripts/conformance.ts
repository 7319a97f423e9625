// Replays the recorded cases of the areas that are listed, from source or compiled. A case may be excused only while it calls
// a command that there is not yet; an excuse that is not needed, or names no case or no such command, is a failure.
import { SHARED } from "./tools/kit.ts";
import { plus, type Tally } from "./tools/junit.ts";
import { capture, exists, ROOT } from "./tools/run.ts";

/** The lines of a list without comments and blank lines. */
export const listed = (text: string): string[] =>
  text.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));

/** Excused cases and the commands that each waits for, from lines `case: command, command`. */
export const excuses = (text: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    listed(text).map((line) => {
      const [name = "", commands = ""] = line.split(":");
      return [name.trim(), commands.split(",").map((command) => command.trim()).filter((command) => command !== "")];
    }),
  );

/** What a replay printed: the names of failed cases with what differed, and the count of its last line. */
export function replayed(out: string): { failures: ReadonlyMap<string, readonly string[]>; passed: number } | undefined {
  const last = /^(\d+) passed, (\d+) failed$/.exec(out.trim().split("\n").at(-1) ?? "");
  if (last === null) return undefined;
  const failures = new Map<string, string[]>();
  let details: string[] = [];
  for (const line of out.split("\n")) {
    if (line.startsWith("FAIL ")) failures.set(line.slice(5).replace(/\.json$/, ""), details = []);
    else if (line.startsWith("     ")) details.push(line.trim());
  }
  return failures.size === Number(last[2]) ? { failures, passed: Number(last[1]) } : undefined;
}

/**
 * Why an excuse is not a good one, or undefined. `failed` is the command line of the step where the case first failed: it must
 * be a call of a command that is waited for, so that all before it has passed. `known` are the commands that there are.
 */
export function badExcuse(waits: readonly string[], failed: string | undefined, known: readonly string[]): string | undefined {
  if (waits.length === 0) return "it names no command";
  const there = waits.find((command) => known.includes(command));
  if (there !== undefined) return `there is a command "${there}"`;
  if (failed === undefined) return "the case passes";
  const calls = waits.some((command) => `${failed} `.startsWith(`${command} `));
  return calls ? undefined : `the case fails at "${failed}", which calls none of them`;
}

/** The command line of the step that the first complaint about a case is about. */
function failedStep(name: string, complaints: readonly string[]): string {
  const number = /^step (\d+) /.exec(complaints[0] ?? "")?.[1];
  const { steps }: { steps: { argv?: string[] }[] } = JSON.parse(Deno.readTextFileSync(`${SHARED}/conformance/${name}.json`));
  return number === undefined ? complaints[0] ?? "" : steps[Number(number)]?.argv?.join(" ") ?? "";
}

/** The paths of all commands, from the generated list. */
const commands = async (): Promise<string[]> => {
  const { allOf } = await import("../cli/command.ts");
  const { COMMANDS } = await import("../cli/commands.gen.ts");
  return allOf(COMMANDS).map(({ path }) => path.join(" "));
};

// A case waits for the disk about as long as it works.
const JOBS = navigator.hardwareConcurrency * 2;

/** Replays all that is recorded with one command line; prints failures, excused cases and complaints. */
export async function conformance(what: string, gait: string): Promise<Tally> {
  const [told, served] = await Promise.all([cases(what, gait), transcripts(what, gait)]);
  return plus(told, served);
}

/** Replays the cases of all areas. */
async function cases(what: string, gait: string): Promise<Tally> {
  const areas = listed(await Deno.readTextFile(`${ROOT}tests/conformance/areas.txt`));
  const excused = excuses(await Deno.readTextFile(`${ROOT}tests/conformance/excused.txt`));
  const own = ["--gait", gait, "--jobs", String(JOBS), "--verbose", "--only", areas.join(",")];
  const argv = ["python3", `${SHARED}/conformance/replay.py`, ...own];
  const done = await capture(argv, { env: { RUST_BACKTRACE: undefined, NO_COLOR: "1" } });
  const seen = replayed(done.out);
  if (seen === undefined) {
    console.log(`FAIL replay of ${what} ended with ${done.code}\n${done.out}${done.err}`);
    return { passed: 0, failed: 1 };
  }
  let failed = 0;
  const complain = (name: string, lines: readonly string[]) => {
    failed++;
    console.log([`FAIL ${what}: ${name}`, ...lines].join("\n     "));
  };
  for (const [name, lines] of seen.failures) if (!excused.has(name)) complain(name, lines);
  const known = await commands();
  let waived = 0;
  for (const [name, waits] of excused) {
    const there = exists(`${SHARED}/conformance/${name}.json`) && areas.some((area) => `${name}.json`.includes(area));
    const complaints = seen.failures.get(name);
    const failedAt = complaints === undefined ? undefined : failedStep(name, complaints);
    const bad = there ? badExcuse(waits, failedAt, known) : "no area holds such a case";
    if (bad !== undefined) complain(name, [`it must not be excused: ${bad}`, ...complaints ?? []]);
    else {
      waived++;
      console.log(`excused: ${what}: ${name}: waits for ${waits.join(", ")}`);
    }
  }
  console.log(`conformance ${what}: ${seen.passed} passed, ${failed} failed, ${waived} excused`);
  return { passed: seen.passed, failed };
}

/** Replays the transcripts of the server. */
async function transcripts(what: string, gait: string): Promise<Tally> {
  const runner = `${SHARED}/conformance-http/replay_http.py`;
  const argv = ["python3", runner, "--gait", gait, "--verbose", "--only", "serve/"];
  const done = await capture(argv, { env: { RUST_BACKTRACE: undefined, NO_COLOR: "1" } });
  const seen = replayed(done.out);
  if (seen === undefined || seen.failures.size > 0) console.log(`FAIL transcripts of ${what}\n${done.out}${done.err}`);
  const tally = seen === undefined ? { passed: 0, failed: 1 } : { passed: seen.passed, failed: seen.failures.size };
  console.log(`transcripts ${what}: ${tally.passed} passed, ${tally.failed} failed`);
  return tally;
}

// Each call is a program of its own: modules that only other commands need are not loaded for it.
const LAZY = "--unstable-lazy-dynamic-imports";

/** The command line of each form of the program. */
export const FORMS: Readonly<Record<string, string>> = {
  source: `"${Deno.execPath()}" run -A -q ${LAZY} "${ROOT}cli/main.ts"`,
  compiled: `"${ROOT}dist/gait"`,
};

if (import.meta.main) {
  const form = Deno.args[0] ?? "source";
  const gait = FORMS[form];
  if (gait === undefined || Deno.args.length > 1) {
    console.error(`usage: deno task conformance ${Object.keys(FORMS).join("|")}`);
    Deno.exit(1);
  }
  const { passed, failed } = await conformance(form, gait);
  console.log(`${passed} passed, ${failed} failed`);
  Deno.exit(failed === 0 ? 0 : 1);
}
