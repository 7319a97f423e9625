// Planted faults: applies small wrong changes to copies of the tree, one at a time, and expects a named test to turn red. A
// fault that no test sees is a hole in the tests.
import { tallyFile } from "../tools/junit.ts";
import { SHARED } from "../tools/kit.ts";
import { capture, die, exists, ROOT } from "../tools/run.ts";
import type { Fault } from "./fault.ts";
import { FAULTS } from "./table.ts";

/** How many copies of the tree are worked on at a time. */
const WORKERS = 2;
/** Says that all tests have just passed on this very tree: then a test that is red is red because of the fault. */
const TESTED = "--tested";
const LEAVE = new Set([".git", ".cache", ".ci", "dist", "gait-out", "cov", "node_modules"]);

/** Replaces the one place of `find` in a text; throws when it is not there exactly once. */
export function plant(text: string, fault: Fault): string {
  const parts = text.split(fault.find);
  if (parts.length !== 2) throw new Error(`${fault.name}: ${fault.file} holds its text ${parts.length - 1} times, wanted once`);
  return parts.join(fault.replace);
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const entry of Deno.readDir(from)) {
    if (LEAVE.has(entry.name)) continue;
    if (entry.isDirectory) await copyFolder(`${from}/${entry.name}`, `${to}/${entry.name}`);
    else if (entry.isFile) await Deno.copyFile(`${from}/${entry.name}`, `${to}/${entry.name}`);
  }
}

const plain = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
const inXml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&apos;");

/** What became of some tests: how many ran to their end and how many of them failed, and which of the filters met none. */
type Ran = { readonly ran: number; readonly failed: number; readonly said: string; readonly unmet: readonly string[] };

/** Runs the tests of one file that one of the filters names, in a copy. */
async function runTests(tree: string, file: string, filters: readonly string[]): Promise<Ran> {
  const report = `${tree}/junit.xml`;
  if (exists(report)) await Deno.remove(report);
  const may = ["--no-prompt", "--allow-read", "--allow-write", "--allow-env", "--allow-run"];
  const argv = [
    Deno.execPath(),
    "test",
    "-q",
    "--no-check",
    ...may,
    `--junit-path=${report}`,
    "--filter",
    `/${filters.map(plain).join("|")}/`,
    file,
  ];
  const done = await capture(argv, { cwd: tree, env: { NO_COLOR: "1", RUST_BACKTRACE: undefined } });
  const { passed, failed } = tallyFile(report, done.code);
  // A file that does not load is red too, but by no test: it counts as a fault that is planted wrongly.
  const loaded = !done.out.includes("(uncaught error)") && !done.err.includes("SyntaxError");
  const names = exists(report) ? (await Deno.readTextFile(report)).match(/<testcase name="[^"]*"/g) ?? [] : [];
  const unmet = filters.filter((filter) => !names.some((name) => name.includes(inXml(filter))));
  return { ran: loaded ? passed + failed : 0, failed, said: `${done.out}${done.err}`, unmet };
}

/** Plants one fault in a copy and takes it back; gives a complaint, or undefined when a test caught it. */
async function tryFault(tree: string, fault: Fault): Promise<string | undefined> {
  const path = `${tree}/${fault.file}`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, plant(text, fault));
  const { ran, failed, said } = await runTests(tree, fault.test, [fault.filter]);
  await Deno.writeTextFile(path, text);
  if (ran === 0) return `broke ${fault.test} instead of turning a test red\n${said.trim()}`;
  return failed > 0 ? undefined : `survived ${fault.test} "${fault.filter}"`;
}

/** Does all jobs, each worker on a copy of its own. */
async function inParallel<T>(folder: string, jobs: readonly T[], work: (tree: string, job: T) => Promise<void>): Promise<void> {
  const queue = [...jobs];
  await Promise.all(Array.from({ length: WORKERS }, async (_, worker) => {
    const tree = `${folder}/${worker}`;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await work(tree, job);
  }));
}

if (import.meta.main) {
  const tested = Deno.args.includes(TESTED);
  const words = Deno.args.filter((arg) => arg !== TESTED);
  const chosen = FAULTS.filter(({ name }) => words.every((word) => name.includes(word)));
  const stale = FAULTS.flatMap((fault) => {
    try {
      plant(Deno.readTextFileSync(`${ROOT}${fault.file}`), fault);
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });
  if (stale.length > 0) die(stale.join("\n"));
  if (chosen.length === 0) die("no fault has such a name");
  const folder = await Deno.makeTempDir({ prefix: "gait-faults-" });
  const bad: string[] = [];
  try {
    if (exists(SHARED)) await Deno.symlink(await Deno.realPath(SHARED), `${folder}/shared`);
    for (let worker = 0; worker < WORKERS; worker++) await copyFolder(ROOT.slice(0, -1), `${folder}/${worker}`);
    const files = tested ? [] : [...new Set(chosen.map(({ test }) => test))];
    await inParallel(folder, files, async (tree, file) => {
      const filters = [...new Set(chosen.filter(({ test }) => test === file).map(({ filter }) => filter))];
      const { ran, failed, said, unmet } = await runTests(tree, file, filters);
      for (const filter of unmet) bad.push(`${file} has no test "${filter}"`);
      if (ran === 0 || failed > 0) bad.push(`${file} is not green without a fault\n${said.trim()}`);
    });
    if (bad.length > 0) die(bad.join("\n"));
    await inParallel(folder, chosen, async (tree, fault) => {
      const complaint = await tryFault(tree, fault);
      console.log(`${complaint === undefined ? "caught  " : "SURVIVED"}  ${fault.name}`);
      if (complaint !== undefined) bad.push(`${fault.name}: ${complaint}`);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  console.log(`${chosen.length - bad.length}/${chosen.length} caught`);
  if (bad.length > 0) die(bad.join("\n"));
}
