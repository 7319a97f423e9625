// Runs the program on the arguments given and prints, as JSON, how it ended, how long it took (ms) and the most memory that it
// held (MiB; 0 where the system does not tell). A process of its own, since only full permissions may look into /proc.

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;

const peakOf = (pid: number): number => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended, or there is no /proc
  }
};

const started = performance.now();
const args = ["run", "-A", "-q", "--no-prompt", MAIN, ...Deno.args];
const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "null" }).spawn();
let peak = 0;
const watch = setInterval(() => peak = Math.max(peak, peakOf(child.pid)), 20);
const { code, stdout } = await child.output();
clearInterval(watch);
const out = new TextDecoder().decode(stdout);
console.log(
  JSON.stringify({ code, ms: Math.round(performance.now() - started), mib: Math.round(peak), said: out.slice(0, 200) }),
);
