// Load for a server of HTTP, in a process of its own: so many connections that are kept, each sending its next call when the last one was
// answered. Plain bytes over TCP, so that the client takes as little as it can of the machine that it shares with the server.
import { dial } from "./serve_client.ts";

/** What is asked of it, as JSON in its one argument. */
export type Load = {
  readonly address: string;
  readonly path: string;
  readonly connections: number;
  /** How long calls are begun, or how many; the other is 0. */
  readonly milliseconds: number;
  readonly calls: number;
  /** The bodies, sent one after the other and again from the first. */
  readonly bodies: readonly string[];
};

/** What it prints: calls, how long they took together, and what one took. */
export type Loaded = {
  readonly calls: number;
  readonly milliseconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
};

const quantile = (ascending: Float64Array, part: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? Number.NaN;

/** Makes the load. */
export async function load({ address, path, connections, milliseconds, calls, bodies }: Load): Promise<Loaded> {
  const clients = await Promise.all(Array.from({ length: connections }, () => dial(address)));
  const times: number[] = [];
  const started = performance.now();
  const ends = calls > 0 ? Infinity : started + milliseconds;
  let begun = 0;
  const work = async (client: Awaited<ReturnType<typeof dial>>): Promise<void> => {
    const requests = bodies.map((body) => client.request(path, body));
    for (;;) {
      const before = performance.now();
      if (before >= ends || (calls > 0 && begun >= calls)) return;
      const request = requests[begun++ % requests.length];
      if (request === undefined) throw new Error("there is no body");
      const status = await client.send(request);
      if (status !== 200) throw new Error(`answered ${status}: ${client.body()}`);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(clients.map(work));
  const all = performance.now() - started;
  for (const { close } of clients) close();
  const ascending = Float64Array.from(times).sort();
  return {
    calls: times.length,
    milliseconds: all,
    p50: quantile(ascending, 0.5),
    p99: quantile(ascending, 0.99),
    longest: ascending.at(-1) ?? Number.NaN,
  };
}

if (import.meta.main) console.log(JSON.stringify(await load(JSON.parse(Deno.args[0] ?? ""))));
