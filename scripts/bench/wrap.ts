// The gate before an MCP server: what it adds to a small call, and how fast a large result passes, beside the same server without it.
import { ROOT } from "../tools/run.ts";
import { start, type Started } from "../tools/started.ts";
import { TEN_RULES } from "./gate.ts";
import { median, type Row, RUNS } from "./measure.ts";
import { dial } from "./serve_client.ts";

const DENO = [Deno.execPath(), "run", "-A", "-q", "--no-check"] as const;
const ECHO = [...DENO, `${ROOT}scripts/bench/wrap_echo.ts`];

/** Calls of a run, made in turns of so many. */
const CALLS = 400;
const TURN = 50;

/** About how far calls through the gate lie apart, in milliseconds. */
const PACE = 1;

const LARGE = 10_000_000;
const LARGE_CALLS = 6;

/** A server with whom one speaks. */
interface Spoken {
  /** Makes a call and gives the milliseconds until its answer was here. */
  call(args: Readonly<Record<string, unknown>>): Promise<number>;
  close(): Promise<void>;
}

const encoder = new TextEncoder();
const LF = 0x0a;

/** Sends a request, gives the first of what answers it, and how long that took. */
type Ask = (method: string, params: object) => Promise<readonly [milliseconds: number, begins: string]>;

/** Speaks with a server that does what it is asked; anything else is a fault of the benchmark. */
async function spoken(ask: Ask, close: () => Promise<void>): Promise<Spoken> {
  const asked = async (method: string, params: object): Promise<number> => {
    const [took, begins] = await ask(method, params);
    if (!begins.includes(`"result"`) || begins.includes("isError")) throw new Error(begins);
    return took;
  };
  const clientInfo = { name: "bench", version: "1.0.0" };
  await asked("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  await asked("tools/list", {});
  return { call: (given) => asked("tools/call", { name: "file.read", arguments: given }), close };
}

/** Starts a server, or a gate before one, on standard streams. */
async function onStreams([program = "", ...args]: readonly string[], cwd: string): Promise<Spoken> {
  const child = new Deno.Command(program, { args, cwd, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.getReader();
  let id = 0;
  const ask: Ask = async (method, params) => {
    const bytes = encoder.encode(`${JSON.stringify({ jsonrpc: "2.0", id: id++, method, params })}\n`);
    const begun = performance.now();
    await writer.write(bytes);
    let first: Uint8Array | undefined;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`${program} ended with ${(await child.status).code}`);
      first ??= value;
      if (value.at(-1) === LF) break;
    }
    return [performance.now() - begun, new TextDecoder().decode(first?.subarray(0, 200))];
  };
  return await spoken(ask, async () => {
    await writer.close();
    await reader.cancel();
    await child.status;
  });
}

/** Speaks with a server of HTTP, or a gate before one, over one connection. */
async function overHttp({ address, end }: Started): Promise<Spoken> {
  const client = await dial(address);
  const more = "accept: application/json, text/event-stream\r\nmcp-protocol-version: 2025-11-25\r\n";
  let id = 0;
  const ask: Ask = async (method, params) => {
    const request = client.request("/mcp", JSON.stringify({ jsonrpc: "2.0", id: id++, method, params }), more);
    const begun = performance.now();
    const status = await client.send(request);
    return [performance.now() - begun, `${status} ${client.body().slice(0, 200)}`];
  };
  return await spoken(ask, async () => {
    client.close();
    await end();
  });
}

const p95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;

/** What one run gave, in milliseconds; `synced` is what the disk takes for a record, without any gate. */
type Run = { readonly direct: number[]; readonly gated: number[]; readonly synced: number[] };

/** A file with room in it, and how long a record takes into it, in milliseconds. */
function syncedFile(folder: string): { write(): number; close(): void } {
  const file = Deno.openSync(`${folder}/synced`, { write: true, create: true });
  const record = new Uint8Array(2_300).fill(120);
  file.writeSync(new Uint8Array(2 ** 22));
  file.syncSync();
  let at = 0;
  return {
    write() {
      const begun = performance.now();
      file.seekSync(at, Deno.SeekMode.Start);
      file.writeSync(record);
      file.syncDataSync();
      at = (at + record.length) % (2 ** 22 - record.length);
      return performance.now() - begun;
    },
    close: () => file.close(),
  };
}

/** Small calls, all in turns, so that whatever else the machine does happens to all. */
async function smallCalls(direct: Spoken, gated: Spoken, sync: () => number): Promise<Run> {
  const run: Run = { direct: [], gated: [], synced: [] };
  const both = [[direct, run.direct], [gated, run.gated]] as const;
  for (let turn = 0; turn < CALLS / TURN; turn++) {
    for (const [server, times] of both) {
      for (let i = 0; i < TURN; i++) times.push(await server.call({ path: `/srv/app/data/${turn}_${i}.txt` }));
    }
    for (let i = 0; i < TURN; i++) {
      await new Promise((wake) => setTimeout(wake, PACE)); // a disk that has nothing to do answers later
      run.synced.push(sync());
    }
  }
  return run;
}

/** Calls whose results are large. */
async function largeCalls(direct: Spoken, gated: Spoken): Promise<Run> {
  const run: Run = { direct: [], gated: [], synced: [] };
  for (let i = 0; i < LARGE_CALLS; i++) {
    run.direct.push(await direct.call({ path: "/srv/app/large", size: LARGE }));
    run.gated.push(await gated.call({ path: "/srv/app/large", size: LARGE }));
  }
  return run;
}

/** So many runs, after one that does not count. */
async function runsOf(one: () => Promise<Run>): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (let run = -1; run < RUNS; run++) {
    const done = await one();
    if (run >= 0) runs.push(done);
  }
  return runs;
}

/** The rows of a way to speak with both. */
async function rowsOf(way: string, limit: number, direct: Spoken, gated: Spoken, sync: () => number): Promise<Row[]> {
  const small = await runsOf(() => smallCalls(direct, gated, sync));
  const large = await runsOf(() => largeCalls(direct, gated)); // later: what they leave to be collected is no part of a small call
  const told = (which: "direct" | "gated"): string => {
    const times = small.flatMap((run) => run[which]);
    const rate = LARGE / 1000 / median(large.flatMap((run) => run[which]));
    return `${median(times).toFixed(2)} ms (p95 ${p95(times).toFixed(2)}) a call, ${rate.toFixed(0)} MB/s of a large result`;
  };
  const synced = small.flatMap((run) => run.synced);
  console.log(`       ${way}: directly ${told("direct")}; through the gate ${told("gated")}`);
  console.log(
    `       fdatasync of a record meanwhile, without a gate: ${median(synced).toFixed(2)} ms (p95 ${p95(synced).toFixed(2)})`,
  );
  return [
    {
      what: `gate on ${way}: p95 of a small call through it less p95 without it, records on`,
      by: "1 ms",
      values: small.map((run) => p95(run.gated) - p95(run.direct)),
      limit,
    },
    {
      what: `gate on ${way}: a 10 MB result through it`,
      by: "1 MB a second",
      values: large.map((run) => LARGE / 1000 / median(run.gated)),
      limit: 50,
      least: true,
    },
  ];
}

/** The rows. `gait` is how the gate is called. */
export async function wraps(gait: readonly string[]): Promise<Row[]> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ dir: ROOT })); // not in memory, as the folder for temporary files may be
  const disk = syncedFile(folder);
  const running: Spoken[] = [];
  const kept = async (coming: Promise<Spoken>): Promise<Spoken> => {
    const one = await coming;
    running.push(one);
    return one;
  };
  try {
    await Deno.writeTextFile(`${folder}/policy.yaml`, TEN_RULES);
    const flags = ["mcp", "wrap", "--policy", "policy.yaml", "--session-dir", "sessions", "--workspace", "/srv/app"];
    const server = await kept(onStreams(ECHO, folder));
    const gate = await kept(onStreams([...gait, ...flags, "--", ...ECHO], folder));
    const rows = await rowsOf("stdio", 1, server, gate, disk.write);
    const far = await start([...ECHO, "http"], { cwd: folder });
    const direct = await kept(overHttp(far));
    const before = ["--upstream", `http://${far.address}/mcp`, "--listen", "127.0.0.1:0"];
    const through = await kept(overHttp(await start([...gait, ...flags, ...before], { cwd: folder, says: "stderr" })));
    return [...rows, ...await rowsOf("HTTP", 2, direct, through, disk.write)];
  } finally {
    for (const one of running.toReversed()) await one.close();
    disk.close();
    await Deno.remove(folder, { recursive: true });
  }
}
