// Other programs on the real machine: what they print, how they end, and that a time limit ends all that they started.
import { denoProcess } from "../../../cli/host/process_deno.ts";
import { perform } from "../../../cli/real_tools.ts";
import type { Ports } from "../../../core/ports.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";

const run = (script: string, milliseconds = 5000, bytes = 1000) =>
  denoProcess.run(["sh", "-c", script], { milliseconds, bytes });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

Deno.test("process: the output and the exit code; no input, and standard error is dropped", async () => {
  const done = assertOk(await run("cat; echo out; echo err >&2; exit 3"));
  assertEquals([text(done.output), done.code, done.timedOut], ["out\n", 3, false]);
});

Deno.test("process: more output than allowed is cut, and the program still ends by itself", async () => {
  const done = assertOk(await run("i=0; while [ $i -lt 3000 ]; do echo 0123456789; i=$((i+1)); done; exit 4", 10_000, 1005));
  assertEquals([done.output.length, text(done.output).slice(-6), done.code, done.timedOut], [1005, "9\n0123", 4, false]);
});

Deno.test("process: a program that is not there cannot be started", async () => {
  const fault = assertFault(await denoProcess.run(["/no/such/program"], { milliseconds: 9, bytes: 9 }), "process_failed");
  assertEquals(fault.message, 'Cannot start "/no/such/program": there is no such file or folder (ENOENT)');
});

Deno.test("process: after its time it is killed with all that it started, and what it printed is kept", async () => {
  const folder = await Deno.makeTempDir();
  const started = performance.now();
  const done = assertOk(await run(`echo begun; (sleep 1; echo late > ${folder}/late) & wait`, 300));
  assert(performance.now() - started < 10_000);
  assertEquals([text(done.output), done.timedOut, done.code === 0], ["begun\n", true, false]);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assertEquals([...Deno.readDirSync(folder)], [], "the child of the child is gone");
  await Deno.remove(folder, { recursive: true });
});

const refused = () => Promise.reject(new Error("nothing is to be written"));
const PORTS: Pick<Ports, "store" | "process"> = {
  store: { write: refused, writeAll: refused, writePieces: refused, remove: refused },
  process: denoProcess,
};

Deno.test("real tools: a shell command gives both of its outputs in order; its failure is a fault", async () => {
  const both = assertOk(await perform({ kind: "shell", command: "echo 'a b'; echo err >&2; echo c" }, PORTS));
  assertEquals(text(both), "a b\nerr\nc\n");
  const long = assertOk(await perform({ kind: "shell", command: "head -c 70000 /dev/zero" }, PORTS));
  assertEquals(long.length, 65_536);
  const fault = assertFault(await perform({ kind: "shell", command: "exit 9" }, PORTS), "tool_failed");
  assertEquals(fault.message, "Cannot run for real: the command ended with exit code 9");
});
