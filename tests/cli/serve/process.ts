// Real servers in folders of their own, and callers over real sockets.
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { assert } from "../../assert.ts";
import { type Answer, answersIn, POLICY, requestText } from "./world.ts";

const MAIN = new URL("../../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;

/** A server that runs. */
export type Running = {
  readonly process: Deno.ChildProcess;
  readonly port: number;
  readonly ready: Readonly<Record<string, unknown>>;
  /** All that it said on standard error, once it has ended. */
  errors(): Promise<string>;
};

/** Does something in a fresh folder that holds a policy. */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/p.yaml`, POLICY);
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Starts a server in a folder and waits until it listens. */
export async function start(folder: string, ...flags: readonly string[]): Promise<Running> {
  const listen = flags.includes("--unix-socket") ? [] : ["--listen", "127.0.0.1:0"];
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", "--no-check", "--config", CONFIG, MAIN, "mcp", "serve", "p.yaml", ...listen, ...flags, "--json"],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(process.stderr).text();
  const reader = process.stdout.getReader();
  let said = "";
  while (!said.includes("\n")) {
    const { value, done } = await reader.read();
    assert(!done, `it ended: ${said} ${done ? await errors : ""}`);
    said += fromUtf8(value);
  }
  reader.releaseLock();
  void process.stdout.cancel();
  const ready: unknown = JSON.parse(said);
  assert(typeof ready === "object" && ready !== null);
  const members = Object.fromEntries(Object.entries(ready));
  return { process, port: Number(/:(\d+)$/.exec(String(members.listen))?.[1] ?? 0), ready: members, errors: () => errors };
}

/** All that comes over a connection until it ends. */
export async function readAll(conn: Deno.Conn): Promise<Uint8Array> {
  const pieces: number[] = [];
  const into = new Uint8Array(65_536);
  try {
    for (let count = await conn.read(into); count !== null; count = await conn.read(into)) {
      pieces.push(...into.subarray(0, count));
    }
  } catch (thrown) {
    assert(thrown instanceof Deno.errors.ConnectionReset, String(thrown));
  }
  return Uint8Array.from(pieces);
}

/** Sends one request over a connection of its own; undefined when no whole answer came. */
export async function post(port: number, body: string, path = "/v1/evaluate", method = "POST"): Promise<Answer | undefined> {
  let conn: Deno.Conn;
  try {
    conn = await Deno.connect({ hostname: "127.0.0.1", port });
  } catch (thrown) {
    assert(thrown instanceof Deno.errors.ConnectionRefused, String(thrown));
    return undefined;
  }
  try {
    return await over(conn, requestText(method, path, { connection: "close" }, body));
  } finally {
    conn.close();
  }
}

/** Sends a text over a connection and gives the one answer; undefined when no whole one came. */
export async function over(conn: Deno.Conn, text: string): Promise<Answer | undefined> {
  try {
    await conn.write(utf8(text));
  } catch (thrown) {
    if (thrown instanceof Deno.errors.BrokenPipe || thrown instanceof Deno.errors.ConnectionReset) return undefined;
    throw thrown;
  }
  const bytes = await readAll(conn);
  const end = fromUtf8(bytes).indexOf("\r\n\r\n");
  const length = Number(/content-length: (\d+)/.exec(fromUtf8(bytes))?.[1] ?? 0);
  return end < 0 || bytes.length < end + 4 + length ? undefined : answersIn(bytes)[0];
}
