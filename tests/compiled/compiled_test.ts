// The compiled program, run as a user runs it: all of its parts are inside, it answers as the source does, and it leaves
// nothing behind but what it was asked to write.
import { sameBytes } from "../../core/base/bytes.ts";
import { allOf } from "../../cli/command.ts";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { assert, assertEquals } from "../assert.ts";
import { skipped } from "../shared.ts";

const PROGRAM = Deno.env.get("GAIT_COMPILED");
const SOURCE = [Deno.execPath(), "run", "-q", "-A", new URL("../../cli/main.ts", import.meta.url).pathname];

type Run = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a program in a folder, which is its home; its temporary files would lie beside that. */
async function run(argv: readonly string[], folder: string, tmp: string): Promise<Run> {
  const [program = "", ...args] = argv;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: folder,
    clearEnv: true,
    env: { HOME: folder, TMPDIR: tmp, DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno` },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Runs the compiled program with these arguments, or the source where it is asked for. */
type Gait = (args: readonly string[], how?: { readonly source: true }) => Promise<Run>;

/** A test of the compiled program in an empty folder; one visible line where there is none. */
function compiled(name: string, body: (gait: Gait, folder: string) => Promise<void>): void {
  Deno.test(`compiled: ${name}`, async () => {
    if (PROGRAM === undefined) return skipped("compiled", "GAIT_COMPILED names no program; deno task ok:full makes one");
    const root = await Deno.makeTempDir();
    const [home, tmp] = [`${root}/home`, `${root}/tmp`];
    try {
      await Deno.mkdir(home);
      await Deno.mkdir(tmp);
      await body((args, how) => run([...how === undefined ? [PROGRAM] : SOURCE, ...args], home, tmp), home);
      assertEquals([...Deno.readDirSync(tmp)].map(({ name }) => name), [], "left among the temporary files");
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  });
}

compiled("every command is inside and can say what it does", async (gait) => {
  for (const { path } of allOf(COMMANDS)) {
    const help = await gait([...path, "--help"]);
    assertEquals([help.code, help.err], [0, ""], path.join(" "));
    assert(help.out.startsWith(`Usage: gait ${path.join(" ")}`), help.out);
    const explained = await gait([...path, "--explain"]); // without --json: with it gate eval explains a decision
    assertEquals([explained.code, explained.out.trim().split("\n").length], [0, 1], path.join(" "));
  }
});

compiled("a demo verifies with its key, and no longer once a byte is changed", async (gait, folder) => {
  const demo = await gait(["demo", "--json"]);
  assertEquals([demo.code, demo.err], [0, ""]);
  const { bundle, public_key_path } = JSON.parse(demo.out);
  const argv = ["verify", "run_demo", "--public-key", public_key_path, "--profile", "strict", "--json"];
  const good = await gait(argv);
  assertEquals([good.code, JSON.parse(good.out).signature_status], [0, "verified"]);
  const bytes = await Deno.readFile(`${folder}/${bundle}`);
  bytes[60] = (bytes[60] ?? 0) ^ 1;
  await Deno.writeFile(`${folder}/${bundle}`, bytes);
  const bad = await gait(argv);
  assertEquals([bad.code, JSON.parse(bad.out).ok], [2, false]);
});

compiled("it records the same bytes as the source does", async (gait, folder) => {
  const head = { created_at: "2026-03-01T10:00:00+02:00", producer_version: "t" };
  const input = {
    run: {
      ...head,
      run_id: "run_same",
      env: { os: "o", arch: "a", runtime: "r" },
      timeline: [{ event: "ä", ts: head.created_at }],
    },
    intents: [{ intent_id: "i1", tool_name: "t", args: { z: 1, a: [1.5, "€"] } }],
    results: [{ intent_id: "i1", status: "ok", result: { b: null } }],
    refs: {},
    capture_mode: "raw",
  };
  await Deno.writeTextFile(`${folder}/input.json`, JSON.stringify(input));
  const record = (name: string) => ["run", "record", "--input", "input.json", "--out-dir", name, "--json"];
  const fromProgram = await gait(record("program"));
  const fromSource = await gait(record("source"), { source: true });
  assertEquals([fromProgram.code, fromSource.code], [0, 0], fromProgram.out + fromSource.out);
  const pack = ({ out }: Run) => Deno.readFile(`${folder}/${JSON.parse(out).bundle}`);
  assert(sameBytes(await pack(fromProgram), await pack(fromSource)), "the packs differ");
});
