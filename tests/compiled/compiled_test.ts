// The compiled program, run as a user runs it: all of its parts are inside, it answers as the source does, and it leaves
// nothing behind but what it was asked to write.
import { sameBytes } from "../../core/base/bytes.ts";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { assert, assertEquals } from "../assert.ts";
import { skipped } from "../shared.ts";

const PROGRAM = Deno.env.get("GAIT_COMPILED");
const SOURCE = [Deno.execPath(), "run", "-q", "-A", new URL("../../cli/main.ts", import.meta.url).pathname];

type Run = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a program in a folder, which is its home, with a folder for temporary files that it should leave empty. */
async function run(argv: readonly string[], folder: string): Promise<Run> {
  const [program = "", ...args] = argv;
  await Deno.mkdir(`${folder}/tmp`, { recursive: true });
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: folder,
    clearEnv: true,
    env: { HOME: folder, TMPDIR: `${folder}/tmp`, DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno` },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** A test of the compiled program in an empty folder; one visible line where there is none. */
function compiled(name: string, body: (program: string, folder: string) => Promise<void>): void {
  Deno.test(`compiled: ${name}`, async () => {
    if (PROGRAM === undefined) return skipped("compiled", "GAIT_COMPILED names no program; deno task ok:full makes one");
    const folder = await Deno.makeTempDir();
    try {
      await body(PROGRAM, folder);
      assertEquals([...Deno.readDirSync(`${folder}/tmp`)].map(({ name }) => name), [], "left among the temporary files");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

compiled("every command is inside and can say what it does", async (program, folder) => {
  for (const { path } of COMMANDS) {
    const help = await run([program, ...path, "--help"], folder);
    assertEquals([help.code, help.err], [0, ""], path.join(" "));
    assert(help.out.startsWith(`Usage: gait ${path.join(" ")}`), help.out);
    const explained = await run([program, ...path, "--explain", "--json"], folder);
    assertEquals([explained.code, JSON.parse(explained.out).ok], [0, true], path.join(" "));
  }
});

compiled("a demo verifies with its key, and no longer once a byte is changed", async (program, folder) => {
  const demo = await run([program, "demo", "--json"], folder);
  assertEquals([demo.code, demo.err], [0, ""]);
  const { bundle, public_key_path } = JSON.parse(demo.out);
  const argv = [program, "verify", "run_demo", "--public-key", public_key_path, "--profile", "strict", "--json"];
  const good = await run(argv, folder);
  assertEquals([good.code, JSON.parse(good.out).signature_status], [0, "verified"]);
  const bytes = await Deno.readFile(`${folder}/${bundle}`);
  bytes[60] = (bytes[60] ?? 0) ^ 1;
  await Deno.writeFile(`${folder}/${bundle}`, bytes);
  const bad = await run(argv, folder);
  assertEquals([bad.code, JSON.parse(bad.out).ok], [2, false]);
});

compiled("it records the same bytes as the source does", async (program, folder) => {
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
  const packs: Uint8Array[] = [];
  for (const [name, argv] of [["source", SOURCE], ["compiled", [program]]] as const) {
    const home = `${folder}/${name}`;
    await Deno.mkdir(home);
    await Deno.writeTextFile(`${home}/input.json`, JSON.stringify(input));
    const recorded = await run([...argv, "run", "record", "--input", "input.json", "--json"], home);
    assertEquals(recorded.code, 0, recorded.out + recorded.err);
    packs.push(await Deno.readFile(`${home}/${JSON.parse(recorded.out).bundle}`));
  }
  const [fromSource, fromProgram] = packs;
  assert(fromSource !== undefined && fromProgram !== undefined && sameBytes(fromSource, fromProgram), "the packs differ");
});
