// Reading shell commands against GNU bash: of what bash runs nothing may be missing, in the corpus and in texts that are composed of it.
// Skipped nowhere: where there is no bash there are no shell tools to gate.
import fc from "fast-check";
import { readShell } from "../../core/shell/read.ts";
import { shellQuoted } from "../../core/base/shell_quote.ts";
import type { ShellReading } from "../../core/shell/reading.ts";
import { assert, assertEquals } from "../assert.ts";
import { RUNS } from "../properties/run.ts";
import { type BashRun, bashWorld } from "./bash.ts";
import { RESOLVED } from "./cases.ts";

const PATTERN = /[*?[{]/;

/** What bash did and the reading does not have. */
function missing({ ran, files, cwd }: BashRun & { readonly cwd: string }, read: ShellReading): readonly string[] {
  const programs = ran.filter(({ program, args }) =>
    !read.commands.some((command) => {
      const own = command.argv[0] ?? "";
      if (own.slice(own.lastIndexOf("/") + 1) !== program) return false;
      const given = command.argv.slice(1);
      if (given.some((arg) => PATTERN.test(arg) || /^[<>]\(/.test(arg))) return true; // names of files take their place
      return given.every((arg, at) => args[at] === arg) && (command.more || given.length === args.length);
    })
  );
  const opened = new Set(read.files.map(({ value }) => value));
  const made = files.filter((name) => !opened.has(`${cwd}/${name}`));
  return [...programs.map((one) => JSON.stringify(one)), ...made.map((name) => `made ${name}`)];
}

const readAt = (text: string, cwd: string): ShellReading => readShell(text, { cwd, home: cwd.replace(/\/w$/, "/home") });

Deno.test("shell: bash runs nothing of the corpus that is not read", async () => {
  const world = await bashWorld();
  let ran = 0;
  try {
    for (const { command } of RESOLVED) {
      const done = await world.run(command);
      ran += done.ran.length;
      assertEquals(missing(done, readAt(command, done.cwd)), [], command);
    }
  } finally {
    await world.close();
  }
  assert(ran > 100, `bash ran ${ran} recorders: they are not found`);
});

Deno.test("shell: bash runs what the corpus says, so that a step too many is told too", async () => {
  const world = await bashWorld();
  try {
    for (const [text, programs] of [["alpha; beta x", ["alpha", "beta"]], ["bash -c 'gamma'", ["gamma"]]] as const) {
      assertEquals((await world.run(text)).ran.map(({ program }) => program).toSorted(), [...programs]);
    }
  } finally {
    await world.close();
  }
});

const COMBINED: readonly ((a: string, b: string) => string)[] = [
  (a, b) => `${a}\n${b}`,
  (a, b) => `{ ${a}\n}\n${b}`,
  (a, b) => `(${a}\n) && {\n${b}\n}`,
  (a, b) => `x=$(${a}\n)\n${b}`,
  (a, b) => `bash -c ${shellQuoted(a)}; ${b}`,
  (a, b) => `if { ${a}\n}; then\n${b}\nfi`,
  (a, b) => `f() {\n${a}\n}\nf || f\n${b}`,
  (a, b) => `{\n${a}\n} | {\n${b}\n}`,
  (a, b) => `timeout 5 bash -c ${shellQuoted(a)}\n${b}`,
  (a, b) => `for i in 1; do\n${a}\n${b}\ndone`,
  (a, b) => `cat <<< "$(${a}\n)"; ${b}`,
  (a, b) => `! { ${b}\n}\ncase x in x) ${a}\n;; esac`,
];

const piece = fc.constantFrom(...RESOLVED.map(({ command }) => command));

Deno.test("property: shell: nothing of composed commands is missing", async () => {
  const world = await bashWorld();
  const seed = Number(Deno.env.get("GAIT_SEED") ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`shell: ${RUNS} runs, seed ${seed}`);
  let resolved = 0;
  try {
    const texts = fc.tuple(piece, piece, piece, fc.constantFrom(...COMBINED), fc.constantFrom(...COMBINED))
      .map(([a, b, c, outer, inner]) => outer(inner(a, b), c));
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const unread = readAt(text, "/w").unresolved.length > 0;
        if (unread) return;
        resolved++;
        const done = await world.run(text);
        assertEquals(missing(done, readAt(text, done.cwd)), [], text);
      }),
      { numRuns: RUNS, seed },
    );
  } finally {
    await world.close();
  }
  assert(resolved > RUNS / 4, `only ${resolved} of ${RUNS} texts were read`);
});
