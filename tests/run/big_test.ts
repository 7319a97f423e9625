// Large runs through the whole program: time and memory with generous bounds, and linear. Only in the long gate.
import { runInput } from "../../scripts/bench/packs.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import { demoRun } from "../../core/run/demo.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { RUNS } from "../properties/run.ts";

const PEAK = new URL("./peak.ts", import.meta.url).pathname;

/** Registers a test that runs where GAIT_RUNS asks for long runs, and says so where it does not. */
const long = (name: string, test: () => Promise<void>): void =>
  Deno.test(`long: ${name}`, async () => {
    if (RUNS < 1000) return console.log(`long only: ${name}: it runs where GAIT_RUNS is at least 1000`);
    await test();
  });

type Cost = { readonly ms: number; readonly mib: number };

async function cost(cwd: string, ...argv: readonly string[]): Promise<Cost> {
  const args = ["run", "-A", "-q", "--no-prompt", PEAK, ...argv];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  const { code, said, ...found } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(code, 0, `${argv.join(" ")}: ${said}`);
  return found;
}

const SMALL = 5_000;
const LARGE = 20_000;

// Most milliseconds and MiB of each command at LARGE; a bare Deno process takes 60 to 100 MiB.
const BOUNDS: Readonly<Record<string, Cost>> = {
  record: { ms: 30_000, mib: 1_200 },
  verify: { ms: 10_000, mib: 400 },
  inspect: { ms: 15_000, mib: 900 },
};

long("20,000 calls are recorded, verified and inspected in bounded time and memory, four times 5,000", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const costs: Record<string, Cost>[] = [];
    for (const count of [SMALL, LARGE]) {
      const id = `run_bench_${count}`;
      await Deno.writeFile(`${cwd}/in.json`, runInput(count));
      costs.push({
        record: await cost(cwd, "run", "record", "in.json"),
        verify: await cost(cwd, "verify", id),
        inspect: await cost(cwd, "run", "inspect", id),
      });
    }
    const [small = {}, large = {}] = costs;
    for (const [name, bound] of Object.entries(BOUNDS)) {
      const [few, many] = [small[name], large[name]];
      if (few === undefined || many === undefined) throw new Error(name);
      console.log(`${name}: ${SMALL} calls ${few.ms} ms ${few.mib} MiB, ${LARGE} calls ${many.ms} ms ${many.mib} MiB`);
      assert(many.ms <= bound.ms && many.mib <= bound.mib, `${name} takes ${many.ms} ms and ${many.mib} MiB`);
      // Four times the input; twice that for noise, and half a second of start-up.
      assert(many.ms <= 8 * few.ms + 500, `${name} is not linear: ${few.ms} ms, then ${many.ms} ms`);
      if (many.mib === 0) console.log(`not measured: peak memory of ${name}: this system does not tell`);
    }
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

long("a manifest that comes out longer than its run.json is refused too, not a bug", async () => {
  const { run, ...rest } = assertOk(demoRun(nodeHost.crypto, "1"));
  const bare = { ...run, timeline: null };
  const room = 100 * 2 ** 20 - JSON.stringify({ ...bare, producer_version: "" }).length;
  const seal = (length: number) =>
    sealRunpack(nodeHost.crypto, { ...rest, run: { ...bare, producer_version: "x".repeat(length) } }, "reference");
  assertEquals(assertFault(await seal(room + 1), "file_too_large").at, { entry: "run.json" });
  assertEquals(assertFault(await seal(room), "file_too_large").at, { entry: "manifest.json" });
});
