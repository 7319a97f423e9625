// Sessions under real processes: many that append at once, and such as are killed in the midst of it. 32 processes are for the long
// gate.
import { assert, assertEquals } from "../assert.ts";
import { RUNS } from "../properties/run.ts";
import { records, sequences, tools } from "./sessions.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const LONG = RUNS >= 1000;

const gait = (folder: string, args: readonly string[]): Deno.Command =>
  new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "-q",
      "--no-check",
      "--config",
      CONFIG,
      MAIN,
      "run",
      "session",
      ...args,
      "--journal",
      "s.jsonl",
      "--json",
    ],
    cwd: folder,
    env: { GAIT_SESSION_LOCK_TIMEOUT: "60s", GAIT_SESSION_LOCK_RETRY: "5ms", NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });

type Said = { readonly code: number; readonly ok: boolean; readonly sequence: number };

async function said(folder: string, ...args: string[]): Promise<Said> {
  const { code, stdout, stderr } = await gait(folder, args).output();
  const text = new TextDecoder().decode(stdout);
  assert(text !== "", new TextDecoder().decode(stderr));
  const json: unknown = JSON.parse(text);
  const event: unknown = Reflect.get(Object(json), "event");
  return { code, ok: Reflect.get(Object(json), "ok") === true, sequence: Number(Reflect.get(Object(event), "sequence")) };
}

const read = (folder: string): Uint8Array => Deno.readFileSync(`${folder}/s.jsonl`);

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    assert((await said(folder, "start", "--session-id", "s1", "--run-id", "run_s1")).ok);
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const count of [2, 8, ...(LONG ? [32] : [])]) {
  Deno.test(`session: ${count} processes that append at once lose and duplicate nothing`, () =>
    inFolder(async (folder) => {
      const rounds = count > 8 ? 2 : 3;
      const names = (worker: number) => Array.from({ length: rounds }, (_, i) => `tool_${worker}_${i}`);
      const workers = Array.from({ length: count }, async (_, worker) => {
        const given: number[] = [];
        for (const tool of names(worker)) {
          const one = await said(folder, "append", "--tool", tool, "--verdict", "allow");
          assertEquals([one.code, one.ok], [0, true]);
          given.push(one.sequence);
        }
        return given;
      });
      const given = (await Promise.all(workers)).flat();
      const all = count * rounds;
      const bytes = read(folder);
      assertEquals(sequences(bytes), all);
      assertEquals(given.toSorted((a, b) => a - b), Array.from({ length: all }, (_, i) => i + 1));
      const wanted = Array.from({ length: count }, (_, worker) => names(worker)).flat();
      assertEquals([...tools(bytes)].sort(), wanted.sort());
      const own = records(bytes).flatMap(({ event }) => event === undefined ? [] : [event]);
      assert(
        own.every(({ sequence, tool_name }) => given[wantedIndex(tool_name, rounds)] === sequence),
        "each has its own place",
      );
    }));
}

const wantedIndex = (tool: string, rounds: number): number => {
  const [, worker = "", round = ""] = tool.split("_");
  return Number(worker) * rounds + Number(round);
};

/** Kills a command some time after it was started; true when it had answered that all is well by then. */
async function killed(folder: string, after: number, ...args: string[]): Promise<boolean> {
  const child = gait(folder, args).spawn();
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch (thrown) {
      if (!(thrown instanceof TypeError)) throw thrown; // it has just ended by itself
    }
  }, after);
  const { success } = await child.output();
  clearTimeout(timer);
  return success;
}

Deno.test("session: a process killed at any moment of append, checkpoint and compact is no harm to the next", () =>
  inFolder(async (folder) => {
    const begun = performance.now();
    await said(folder, "append", "--tool", "first", "--verdict", "allow");
    const whole = performance.now() - begun; // a command takes about this long, most of it until it begins to write
    const rounds = LONG ? 60 : 12;
    let sealed = 0;
    for (let i = 0; i < rounds; i++) {
      const after = whole * (0.4 + 0.7 * Math.random());
      const tool = `tool_${i}`;
      if (await killed(folder, after, "append", "--tool", tool, "--verdict", "allow")) {
        assert(tools(read(folder)).includes(tool), `round ${i}: what was acknowledged is not there`);
      }
      if (i % 3 === 1) await killed(folder, after, "checkpoint", "--out", `cp_${i}.zip`);
      if (i % 3 === 2) await killed(folder, after, "compact");
      const next = await said(folder, "append", "--tool", `next_${i}`, "--verdict", "allow");
      assertEquals([next.code, next.ok], [0, true], `round ${i}`);
      const bytes = read(folder);
      assertEquals(sequences(bytes), next.sequence, `round ${i}`);
      const there = tools(bytes);
      assert(there.includes(`next_${i}`));
      assertEquals(there.length, new Set(there).size, `round ${i}: an event is there twice`);
      sealed = Math.max(sealed, ...records(bytes).map(({ checkpoint }) => checkpoint?.sequence_end ?? 0));
      const unsealed = records(bytes).flatMap(({ event }) =>
        event !== undefined && event.sequence > sealed ? [event.sequence] : []
      );
      assertEquals(unsealed.length, next.sequence - sealed, `round ${i}: every event that is not sealed is there`);
    }
    const end = await said(folder, "checkpoint", "--out", "end.zip");
    assertEquals([end.code, end.ok], [0, true]);
    const verify = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "-q", "--no-check", "--config", CONFIG, MAIN, "verify", "session-chain", "s_chain.json"],
      cwd: folder,
    });
    assertEquals((await verify.output()).code, 0, "the chain holds, with the runpack of every checkpoint");
  }));
