// The server of calls under load: eight connections against a bare server that writes and syncs one file a call, on the disk of the run.
import { capture, ROOT } from "../tools/run.ts";
import { start, type Started } from "../tools/started.ts";
import { callOf, TEN_RULES } from "./gate.ts";
import { median, type Row, RUNS } from "./measure.ts";
import type { Load, Loaded } from "./serve_load.ts";

const CONNECTIONS = 8;
const PERIOD = 1_000;
const BODIES = 256;

/** The program of the server, and how it is called in a row. */
export type Served = { readonly argv: readonly string[]; readonly name: string };

const DENO = [Deno.execPath(), "run", "-A", "-q", "--no-check"] as const;

/** The server as it is in the checkout, run by the engine that runs this. */
export const SOURCE: Served = { argv: [...DENO, `${ROOT}cli/main.ts`], name: "from source" };

/** Calls as agents make them through an MCP client, each another one; in a session where one is named. */
export const bodies = (session_id = ""): readonly string[] =>
  Array.from({ length: BODIES }, (_, i) => {
    const { tool_name = "", ...rest } = callOf(i);
    const call = { name: tool_name, ...rest, context: { identity: "agent.lead", workspace: "/srv/app", risk_class: "low" } };
    return JSON.stringify({ call, ...(session_id === "" ? {} : { session_id, run_id: "run_bench" }) });
  });

async function loaded(more: Pick<Load, "address" | "bodies"> & Partial<Load>): Promise<Loaded> {
  const load: Load = { path: "/v1/evaluate", connections: CONNECTIONS, milliseconds: PERIOD, calls: 0, ...more };
  const done = await capture([...DENO, `${ROOT}scripts/bench/serve_load.ts`, JSON.stringify(load)]);
  if (done.code !== 0) throw new Error(done.err);
  return JSON.parse(done.out);
}

/** The time that a process has had of the machine so far, in milliseconds; NaN where the system does not tell. */
function used(pid: number): number {
  if (Deno.build.os !== "linux") return Number.NaN;
  const [, rest = ""] = /\) (.*)/.exec(Deno.readTextFileSync(`/proc/${pid}/stat`)) ?? [];
  const fields = rest.split(" "); // from the third field of proc(5) on; ticks are hundredths of a second
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const rate = ({ calls, milliseconds }: Loaded): number => calls * 1000 / milliseconds;

/** What syncing costs, in milliseconds: a line added to a file, and a file of its own. */
type Cost = { readonly line: number; readonly file: number };

/** What it costs on this disk now, once and again. */
function syncCosts(folder: string, size: number): readonly Cost[] {
  const bytes = new Uint8Array(size).fill(120);
  const timed = (work: () => void): number => {
    const started = performance.now();
    work();
    return performance.now() - started;
  };
  const log = Deno.openSync(`${folder}/sync.log`, { append: true, create: true });
  const costs = Array.from({ length: 20 }, () => ({
    line: timed(() => {
      log.writeSync(bytes);
      log.syncDataSync();
    }),
    file: timed(() => {
      const one = Deno.openSync(Deno.makeTempFileSync({ dir: folder }), { write: true });
      one.writeSync(bytes);
      one.syncSync();
      one.close();
    }),
  }));
  log.close();
  return costs;
}

/** The size of the trace of such a call, as the server writes it. */
function traceSize(folder: string): number {
  const sizes = [...Deno.readDirSync(folder)].map(({ name }) => Deno.statSync(`${folder}/${name}`).size);
  if (sizes.length === 0) throw new Error(`there is no trace in ${folder}`);
  return median(sizes);
}

const KINDS = ["bare", "journal", "files", "session", "sessionFiles"] as const;
type Kind = typeof KINDS[number];

const LABELS: Readonly<Record<Kind, string>> = {
  bare: "bare Deno.serve, a file a call",
  journal: "journal alone",
  files: "a file for each trace",
  session: "journal alone, one session",
  sessionFiles: "a file for each trace, one session",
};

/** A run, and how long the server worked for a call of it. */
type Run = Loaded & { readonly used: number };
type Found = Readonly<Record<Kind, readonly Run[]>>;

/** The middle of all runs of a kind, in words. */
function told(kind: Kind, runs: readonly Run[]): string {
  const of = (what: (one: Run) => number, places: number): string => median(runs.map(what)).toFixed(places);
  return `${LABELS[kind].padEnd(38)} ${of(rate, 0).padStart(5)} calls a second, p50 ${of(({ p50 }) => p50, 2)} ms, p99 ${
    of(({ p99 }) => p99, 2)
  } ms, ${of(({ used }) => used, 2)} ms of a processor a call`;
}

/** Rates and times of a call, run by run; all kinds in turn, after a round that does not count. */
async function rounds(
  of: Readonly<Record<Kind, readonly [Started, session_id?: string]>>,
  cost: () => readonly Cost[],
): Promise<{ readonly found: Found; readonly costs: readonly Cost[] }> {
  const costs: Cost[] = [];
  const found: Record<Kind, Run[]> = {
    bare: [],
    journal: [],
    files: [],
    session: [],
    sessionFiles: [],
  };
  for (let run = -1; run < RUNS; run++) {
    for (const kind of KINDS) {
      const [{ address, pid }, session_id] = of[kind];
      const before = used(pid);
      const one = await loaded({ address, bodies: bodies(session_id) });
      if (run >= 0) found[kind].push({ ...one, used: (used(pid) - before) / one.calls });
    }
    costs.push(...cost());
  }
  return { found, costs };
}

const STEPS = 20;
const STEP = 10_000;
const WARM = 4;

/** The slope of the line that is nearest to all points. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return over / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

/** What the server holds on to: its memory after garbage was collected, again and again over 200,000 calls. */
async function memory(folder: string): Promise<Row> {
  const flags = {
    policy: "policy.yaml",
    listen: "127.0.0.1:0",
    "trace-files": "none",
    "journal-dir": "memory",
    "no-config": true,
  };
  // The engine's room for new objects grows by steps of its own, the last one of 25 MiB, so it is fixed here.
  const engine = "--v8-flags=--expose-gc,--max-semi-space-size=8";
  const argv = [...DENO, engine, `${ROOT}scripts/bench/serve_settled.ts`, JSON.stringify(flags)];
  const server = await start(argv, { cwd: folder });
  const points: (readonly [number, number])[] = [];
  try {
    const more = { address: server.address, bodies: bodies() };
    for (let step = -WARM; step <= STEPS; step++) {
      await loaded({ ...more, calls: STEP });
      const { rss, heapUsed } = JSON.parse(await server.ask("settle"));
      if (step >= 0) points.push([step * STEP, rss]);
      const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1).padStart(7);
      console.log(`       ${String(step * STEP).padStart(7)} calls: ${mib(rss)} MiB resident, ${mib(heapUsed)} MiB of objects`);
    }
  } finally {
    await server.end();
  }
  const what = `memory after settling, over ${STEPS * STEP} calls, by the line nearest to all points (from source)`;
  return { what, by: "1 byte a call", values: [slope(points)], limit: 10 };
}

/** The rows of a server; those about memory can be left out. */
export async function serves({ argv, name }: Served, quick = false): Promise<Row[]> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ dir: "." })); // not in memory, as the folder for temporary files may be
  const running: Started[] = [];
  const begin = async (words: readonly string[]): Promise<Started> => {
    const one = await start(words, { cwd: folder });
    running.push(one);
    return one;
  };
  try {
    await Deno.writeTextFile(`${folder}/policy.yaml`, TEN_RULES);
    await Deno.mkdir(`${folder}/bare`);
    const flags = ["mcp", "serve", "--policy", "policy.yaml", "--listen", "127.0.0.1:0", "--no-config"];
    const own = (at: string) => ["--journal-dir", `${at}/journal`, "--trace-dir", `${at}/traces`, "--session-dir", `${at}/s`];
    const journal = await begin([...argv, ...flags, ...own("alone"), "--trace-files", "none"]);
    const files = await begin([...argv, ...flags, ...own("files")]);
    await loaded({ address: files.address, bodies: bodies(), calls: BODIES });
    const size = traceSize(`${folder}/files/traces`);
    const bare = await begin([...DENO, `${ROOT}scripts/bench/serve_bare.ts`, `${folder}/bare`, String(size)]);
    const { found, costs } = await rounds({
      bare: [bare],
      journal: [journal],
      files: [files],
      session: [journal, "s-bench"],
      sessionFiles: [files, "s-bench"],
    }, () => syncCosts(folder, size));
    const cost = (kind: keyof Cost): string => median(costs.map((one) => one[kind])).toFixed(2);
    console.log(
      `       a trace is ${size} bytes; on this disk it takes ${cost("line")} ms to add it to a file with fdatasync, ` +
        `${cost("file")} ms to make a file of it with fsync (between the runs, median)`,
    );
    for (const kind of KINDS) console.log(`       ${told(kind, found[kind])}`);
    const over = (kind: Kind, under: Kind): number[] => found[kind].map((one, i) => rate(one) / rate(found[under][i] ?? one));
    const tail = (kind: Kind): number[] => found[kind].map(({ p50, p99 }) => p99 / p50);
    const by = "a bare Deno.serve that writes and syncs a file a call";
    const eight = `calls a second on ${CONNECTIONS} connections`;
    const session = { by: "the same without a session", limit: 0.5, least: true } as const;
    const late = { by: "p50", limit: 10 } as const;
    return [
      { what: `${eight}, journal alone (${name})`, by, values: over("journal", "bare"), limit: 1.3, least: true },
      { what: `${eight}, a file for each trace as well (${name})`, by, values: over("files", "bare"), limit: 0.6, least: true },
      { what: `${eight}, journal alone, one session for all`, values: over("session", "journal"), ...session },
      { what: `${eight}, a file for each trace, one session for all`, values: over("sessionFiles", "files"), ...session },
      { what: `p99 of a call on ${CONNECTIONS} connections, journal alone`, values: tail("journal"), ...late },
      { what: `p99 of a call on ${CONNECTIONS} connections, a file for each trace`, values: tail("files"), ...late },
      ...(quick ? [] : [await memory(folder)]),
    ];
  } finally {
    for (const one of running) await one.end();
    await Deno.remove(folder, { recursive: true });
  }
}
