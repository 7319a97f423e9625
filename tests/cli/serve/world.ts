// A server in memory: its port, its disk, its clock and its callers are in the hands of a test.
import { setImmediate } from "node:timers";
import { type Memory, type MemoryPorts, memoryPorts } from "../../../cli/host/memory.ts";
import type { Caller } from "../../../cli/host/memory_serving.ts";
import { type HttpServer, serveHttp } from "../../../cli/http/server.ts";
import { openService } from "../../../cli/serve/open.ts";
import { answering } from "../../../cli/serve/routes.ts";
import type { Service } from "../../../cli/serve/service.ts";
import { serveSettings, type ServeValues } from "../../../cli/serve/settings.ts";
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import type { Result } from "../../../core/base/result.ts";
import type { Ports } from "../../../core/ports.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertOk } from "../../assert.ts";

/** A clock in the hands of a test: nothing sleeps longer than until it is moved. */
export function handClock() {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const timer: Ports["timer"] = {
    sleep: (milliseconds) => new Promise((wake) => sleepers.push({ at: now + milliseconds, wake })),
    elapsed: () => now,
  };
  return {
    timer,
    async move(milliseconds: number): Promise<void> {
      const end = now + milliseconds;
      while (now < end) {
        now = Math.min(end, now + 250);
        const due = sleepers.filter(({ at }) => at <= now);
        sleepers = sleepers.filter(({ at }) => at > now);
        for (const { wake } of due) wake();
        await settle();
      }
    },
  };
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve)); // a timer takes a hundred times as long
}

/** An answer as it came over the connection. */
export type Answer = {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
};

/** The answers in bytes that came, one after the other. */
export function answersIn(bytes: Uint8Array): Answer[] {
  const answers: Answer[] = [];
  let rest = fromUtf8(bytes);
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    assert(end >= 0, `no head in ${JSON.stringify(rest)}`);
    const [first = "", ...lines] = rest.slice(0, end).split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const),
    );
    const length = Number(headers.get("content-length") ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    if (status !== 100) {
      const json: unknown = headers.get("content-type") === "application/json" && body !== "" ? JSON.parse(body) : {};
      assert(typeof json === "object" && json !== null);
      answers.push({ status, headers, body, json: Object.fromEntries(Object.entries(json)) });
    }
    rest = rest.slice(end + 4 + (status === 100 ? 0 : length));
  }
  return answers;
}

/** A request as text. */
export const requestText = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): string => {
  const fields = { host: "127.0.0.1:8787", ...(method === "POST" ? { "content-type": "application/json" } : {}), ...headers };
  const length = body === "" && method !== "POST" ? "" : `content-length: ${utf8(body).length}\r\n`;
  const lines = Object.entries(fields).filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}${length}\r\n${body}`;
};

/** Lets `go` through, asks for `ask`, blocks `no` and everything else. */
export const POLICY = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - {name: go, effect: allow, match: {tool_names: [go, go.write]}, reason_codes: [fine]}
  - {name: ask, effect: require_approval, match: {tool_names: [ask]}, reason_codes: [asked]}
  - {name: two, effect: require_approval, match: {tool_names: [two]}, min_approvals: 2}
  - {name: dry, effect: dry_run, match: {tool_names: [dry]}, reason_codes: [dried]}
`;

/** A request to decide a call of a tool. */
export const callOf = (name: string, more: object = {}, context: object = {}): string =>
  JSON.stringify({ call: { name, args: { n: 1 }, context: { identity: "svc", workspace: "/w", ...context } }, ...more });

/** What a machine is made of. */
export type Setup = Omit<Memory, "host" | "files"> & { readonly files?: Readonly<Record<string, string>> };

/** A machine in memory with a policy `p.yaml`. */
export function machineOf({ files = {}, ...setup }: Setup = {}) {
  const all = Object.entries({ "p.yaml": POLICY, ...files }).map(([path, text]) => [path, utf8(text)] as const);
  const memory = memoryPorts({ host: nodeHost, files: Object.fromEntries(all), ...setup });
  const clock = handClock();
  const ports: MemoryPorts = { ...memory, timer: clock.timer };
  return { memory, clock, ports };
}

/** A server that runs in memory. */
export type World = {
  readonly ports: MemoryPorts;
  readonly service: Service;
  readonly server: HttpServer;
  move(milliseconds: number): Promise<void>;
  dial(text?: string): Caller;
  send(method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Answer>;
  post(body: string, headers?: Readonly<Record<string, string>>, path?: string): Promise<Answer>;
  files(folder: string): readonly string[];
  text(path: string): string;
  end(): Promise<void>;
};

/** Opens a service without its port. */
export async function openOn(machine: ReturnType<typeof machineOf>, flags: ServeValues = {}): Promise<Result<Service>> {
  const settings = await serveSettings({ policy: "p.yaml", ...flags }, machine.ports, "t");
  if (!settings.ok) return settings;
  const opened = await openService(settings.value, machine.ports, 4_096);
  return opened.ok ? { ok: true, value: opened.value.service } : opened;
}

/** A server on a machine, by flags beside `--policy p.yaml`. */
export async function serving(flags: ServeValues = {}, setup: Setup = {}, machine = machineOf(setup)): Promise<World> {
  return await serveOn(machine, assertOk(await openOn(machine, flags)));
}

/** The server of a service that is open. */
export async function serveOn({ ports, memory, clock }: ReturnType<typeof machineOf>, service: Service): Promise<World> {
  const listener = assertOk(await ports.listen.open(service.settings.reach, { alone: true }));
  const server = serveHttp(listener, answering(service), { most: service.settings.max_connections }, ports.timer);
  const send: World["send"] = async (method, path, headers = {}, body = "") => {
    const caller = memory.dial();
    caller.send(utf8(requestText(method, path, { connection: "close", ...headers }, body)));
    await caller.ended();
    const [answer] = answersIn(caller.received());
    caller.finish(); // as a caller does who has his answer
    assert(answer !== undefined, "no answer");
    return answer;
  };
  return {
    ports,
    service,
    server,
    move: clock.move,
    dial(text = "") {
      const caller = memory.dial();
      if (text !== "") caller.send(utf8(text));
      return caller;
    },
    send,
    post: (body, headers = {}, path = "/v1/evaluate") => send("POST", path, headers, body),
    files: (folder) => [...memory.disk.files().keys()].filter((path) => path.startsWith(`${folder}/`)),
    text(path) {
      const bytes = memory.disk.bytes(path);
      assert(typeof bytes !== "string", `${path} is ${String(bytes)}`);
      return fromUtf8(bytes);
    },
    async end() {
      const ended = server.end(1_000);
      await clock.move(5_000);
      await ended;
      await service.close(1_000);
    },
  };
}
