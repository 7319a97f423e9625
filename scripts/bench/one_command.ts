// Runs one command line of gait on the real ports, in a process of its own, and prints how long it took, how much work of the processors that
// was (which others on the machine change less), and how much memory beyond what the idle process held: the high-water mark of the system.
import { cpuUsage } from "node:process";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { denoPorts } from "../../cli/host/deno.ts";
import { denoActing } from "../../cli/host/deno_acting.ts";
import { run } from "../../cli/run.ts";
import { ok } from "../../core/base/result.ts";
import { nodeHost } from "../../host/node.ts";

const highWater = (): number => {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"));
  if (line === null) throw new Error("this system does not tell the peak of a process");
  return Number(line[1]) * 1024;
};

const idle = highWater();
const before = cpuUsage();
const started = performance.now();
const reply = await run(Deno.args, {
  program: { version: "bench", commands: COMMANDS },
  colour: false,
  sha256Text: nodeHost.crypto.sha256Text,
  ports: () => Promise.resolve(denoPorts(undefined, { report() {} }, denoActing())),
  say: () => Promise.resolve(true),
  restrict: () => ok(undefined),
});
const seconds = (performance.now() - started) / 1000;
const { user, system } = cpuUsage(before);
if (reply.exit !== "ok") throw new Error(reply.out);
console.log(JSON.stringify({ seconds, work: (user + system) / 1e6, peak: highWater() - idle }));
