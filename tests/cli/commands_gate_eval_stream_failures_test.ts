// A stream whose disk fails or whose machine dies at the nth step of writing, and real processes that are killed: no verdict was told
// whose trace is not in the log, and every line of the log is whole but for an end that was never finished.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { readTrace } from "../../core/trace/verify.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { RUNS } from "../properties/run.ts";
import { call, FILES, gateMachine, POLICY, SIGNED, STOPPED } from "./gate_world.ts";

const ARGV = ["gate", "eval", "--policy", "p.yaml", "--intents", "-", "--trace-log", "t.jsonl", ...SIGNED];
const INPUT = [call("go"), call("stopped")].map((line) => `${line}\n`);
const OLD = `${JSON.stringify({ trace_id: "old" })}\n`;

const known = new Map([[OLD.trim(), "old"]]);

// Each line is read once, in however many logs it stands.
function idOf(line: string): string {
  const id = known.get(line) ?? assertOk(readTrace(utf8(line), "a line of the log")).trace.trace_id;
  known.set(line, id);
  return id;
}

/** The ids in a log: of all whole lines, each of them a trace. */
function logged(bytes: Uint8Array | undefined): string[] {
  const text = bytes === undefined ? "" : fromUtf8(bytes);
  return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").slice(0, -1).map(idOf);
}

for (const [name, files] of [["a new log", {}], ["a log that is there", { "t.jsonl": OLD }]] as const) {
  Deno.test(`stream failures: ${name}, at every step`, async () => {
    const setup = { input: INPUT, files: { ...files, "s/ks.json": STOPPED } };
    const argv = [...ARGV, "--kill-switch-state", "s/ks.json"];
    const sound = gateMachine(setup);
    assertEquals((await sound.records(...argv)).slice(0, 1), [3]);
    const all = logged(sound.disk.files().get("t.jsonl"));
    assertEquals(all.length, INPUT.length + ("t.jsonl" in files ? 1 : 0));
    let failed = 0;
    for (const kind of ["ENOSPC", "EIO", "crash"] as const) {
      for (let step = 1; step <= sound.disk.steps(); step++) {
        const at = `${kind} at step ${step}`;
        const on = gateMachine({ ...setup, trouble: { step, kind } });
        const [exit, records] = await on.records(...argv);
        const told = records.filter(({ verdict }) => verdict !== undefined).map(({ trace_id }) => String(trace_id));
        const last = records.at(-1);
        if (told.length < INPUT.length) {
          assertEquals([exit, last?.fault, last?.ok], [1, "write_failed", false], at);
          failed++;
        }
        const trees = kind === "crash" ? on.disk.survivors() : [on.disk.files()];
        for (const tree of trees) {
          const ids = logged(tree.get("t.jsonl"));
          assert(told.every((id) => ids.includes(id)), `${at}: a verdict was told without its trace`);
          if ("t.jsonl" in files) assertEquals(ids[0], "old", at);
        }
      }
    }
    assert(failed > 8, `${failed} failed`);
  });
}

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("stream failures: a process that is killed has told no verdict whose trace is not in the log", async () => {
  for (let run = 0; run < (RUNS >= 1000 ? 40 : 2); run++) {
    const folder = await Deno.makeTempDir();
    try {
      Deno.writeTextFileSync(`${folder}/p.yaml`, POLICY);
      Deno.writeTextFileSync(`${folder}/k`, FILES["k"] ?? "");
      Deno.writeTextFileSync(
        `${folder}/c.jsonl`,
        Array.from({ length: 40_000 }, (_, n) => `${call("go", { args: { n } })}\n`).join(""),
      );
      const args = ARGV.map((word) => word === "-" ? "c.jsonl" : word);
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "-q", "--no-check", "--config", CONFIG, MAIN, ...args],
        cwd: folder,
        stdout: "piped",
        stderr: "null",
      }).spawn();
      let text = "";
      const decoder = new TextDecoder();
      const until = 200_000 + Math.floor(Math.random() * 2_000_000);
      for await (const piece of child.stdout) {
        text += decoder.decode(piece, { stream: true });
        if (text.length > until) child.kill("SIGKILL");
      }
      await child.status;
      const told = text.slice(0, text.lastIndexOf("\n") + 1).split("\n").slice(0, -1).map((line) => JSON.parse(line).trace_id);
      const bytes = Deno.readFileSync(`${folder}/t.jsonl`);
      const ids = new Set(logged(bytes));
      assert(told.length > 100, `${told.length} told`);
      assertEquals(told.filter((id) => !ids.has(id)), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
});
