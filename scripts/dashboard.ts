// A picture of the server at work, docs/serve.svg: it is started, loaded in three steps with calls that get all verdicts, and asked for
// its metrics twice a second; what is drawn is what it answered.
import { bodies, SOURCE } from "./bench/serve.ts";
import { TEN_RULES } from "./bench/gate.ts";
import type { Load } from "./bench/serve_load.ts";
import { curve, gridLine, picture, type Spot, words } from "./tools/draw.ts";
import { families, type Family, quantileOf, type Scrape } from "./tools/metrics.ts";
import { capture, ROOT } from "./tools/run.ts";
import { start } from "./tools/started.ts";

const STEPS = [2, 8, 64] as const;
const STEP = 6_000;
const EVERY = 500;

/** What was seen at a time, in seconds from the start. */
type Sample = { readonly at: number; readonly seen: Scrape; readonly resident: number };

/** Loads a server, and gives what it said of itself meanwhile. */
async function measured(): Promise<readonly Sample[]> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ dir: "." })); // not in memory, as the folder for temporary files may be
  try {
    await Deno.writeTextFile(`${folder}/policy.yaml`, TEN_RULES);
    const flags = ["mcp", "serve", "--policy", "policy.yaml", "--listen", "127.0.0.1:0", "--no-config"];
    const server = await start([...SOURCE.argv, ...flags], { cwd: folder });
    const began = performance.now();
    const samples: Sample[] = [];
    const look = async (): Promise<void> => {
      const text = await (await fetch(`http://${server.address}/metrics`)).text();
      const status = await Deno.readTextFile(`/proc/${server.pid}/status`);
      const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
      samples.push({ at: (performance.now() - began) / 1000, seen: families(text), resident });
    };
    let over = false;
    const looking = (async () => {
      while (!over) {
        await look();
        await new Promise((resolve) => setTimeout(resolve, EVERY));
      }
    })();
    try {
      for (const connections of STEPS) {
        const load: Load = {
          address: server.address,
          path: "/v1/evaluate",
          connections,
          milliseconds: STEP,
          calls: 0,
          bodies: bodies(),
        };
        const argv = [Deno.execPath(), "run", "-A", "-q", "--no-check", `${ROOT}scripts/bench/serve_load.ts`];
        const done = await capture([...argv, JSON.stringify(load)]);
        if (done.code !== 0) throw new Error(done.err);
        const { calls, milliseconds, p50, p99 } = JSON.parse(done.out);
        const rate = Math.round(calls * 1000 / milliseconds);
        console.log(`${connections} connections: ${rate} calls a second, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
      }
    } finally {
      over = true;
      await looking;
      await server.end();
    }
    return samples;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A curve: its name, and a value for each time between two samples where there is one. */
type Line = { readonly name: string; readonly colour: string; readonly values: readonly (number | undefined)[] };
type Panel = { readonly title: string; readonly lines: readonly Line[] };

const [WIDTH, HEIGHT] = [860, 520];
const [BROAD, HIGH] = [300, 170];

/** A round number that is not below the value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

function drawn({ title, lines }: Panel, [left, top]: Spot, times: readonly number[]): string[] {
  const high = roundUp(Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const end = times.at(-1) ?? 1;
  const x = (at: number): number => left + at / end * BROAD;
  const y = (value: number): number => top + HIGH - value / high * HIGH;
  const grid = [0, 0.5, 1].map((part) =>
    words(left - 44, y(part * high) + 4, String(part * high)) + gridLine(left, left + BROAD, y(part * high))
  );
  const ticks = STEPS.map((connections, i) => {
    const from = i * end / STEPS.length;
    return words(x(from).toFixed(1), top + HIGH + 16, `${connections} connections`, "#666");
  });
  // Names stand where their curves end, pushed apart where they would cover each other.
  const ends = lines.map((line) => ({ line, y: y(line.values.findLast((value) => value !== undefined) ?? 0) + 4 }));
  let free = Infinity;
  const names = ends.toSorted((a, b) => b.y - a.y).map(({ line, y }) => {
    free = Math.min(y, free - 13);
    return words(left + BROAD + 6, free.toFixed(1), line.name, line.colour);
  });
  const curves = lines.map(({ values, colour }) =>
    curve(values.flatMap((value, i): Spot[] => value === undefined ? [] : [[x(times[i] ?? 0), y(value)]]), colour)
  );
  return [words(left, top - 10, title), ...grid, ...ticks, ...curves, ...names];
}

const VERDICTS = { allow: "#3c8d40", dry_run: "#1e6fb3", require_approval: "#c78a00", block: "#b3261e" } as const;
const QUANTILES = [["p50", 0.5, "#3c8d40"], ["p90", 0.9, "#c78a00"], ["p99", 0.99, "#b3261e"]] as const;
const VERDICTS_TOTAL = "gait_serve_verdicts_total";
const DURATION = "gait_serve_request_duration_seconds";
const BATCH = "gait_serve_journal_batch_calls";

/** The four panels of what was seen between each two samples. */
export function panels(samples: readonly Sample[]): readonly Panel[] {
  const pairs = samples.slice(1).flatMap((after, i) => {
    const before = samples[i];
    return before === undefined ? [] : [{ before, after, seconds: after.at - before.at }];
  });
  const grown = (name: Family["name"], labels: string) => ({ before, after }: typeof pairs[number]): number =>
    after.seen.value(name, labels) - before.seen.value(name, labels);
  const lines = Object.entries(VERDICTS).map(([verdict, colour]): Line => ({
    name: verdict,
    colour,
    values: pairs.map((pair) => grown(VERDICTS_TOTAL, `adapter="mcp",verdict="${verdict}"`)(pair) / pair.seconds),
  }));
  const latencies = QUANTILES.map(([name, part, colour]): Line => ({
    name,
    colour,
    values: pairs.map(({ before, after }) => {
      const seconds = quantileOf(before.seen.buckets(DURATION), after.seen.buckets(DURATION), part);
      return seconds === undefined ? undefined : seconds * 1000;
    }),
  }));
  const batches = pairs.map((pair) => {
    const writes = grown(`${BATCH}_count`, "")(pair);
    return writes === 0 ? undefined : grown(`${BATCH}_sum`, "")(pair) / writes;
  });
  return [
    { title: "Calls a second, by verdict", lines },
    { title: "Milliseconds from the head of a call to its reply", lines: latencies },
    { title: "Calls that one write of the journal held", lines: [{ name: "mean", colour: "#5b3fa0", values: batches }] },
    {
      title: "Resident memory, MiB",
      lines: [{ name: "server", colour: "#444", values: pairs.map(({ after }) => after.resident) }],
    },
  ];
}

/** The picture of some samples. */
export function dashboard(samples: readonly Sample[]): string {
  const times = samples.slice(1).map(({ at }) => at);
  const places: readonly Spot[] = [[60, 60], [490, 60], [60, 310], [490, 310]];
  return picture(WIDTH, HEIGHT, [
    words(16, 22, "gait mcp serve under a mixed load, from its own metrics"),
    ...panels(samples).flatMap((panel, i) => drawn(panel, places[i] ?? [0, 0], times)),
  ]);
}

if (import.meta.main) {
  await Deno.writeTextFile(`${ROOT}docs/serve.svg`, dashboard(await measured()));
  console.log("wrote docs/serve.svg");
}
