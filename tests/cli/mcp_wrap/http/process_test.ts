// The real gate before a real server, over sockets: what is large, what dies, two clients at once, and what it gives up and leaves behind.
import { start, type Started } from "../../../../scripts/tools/started.ts";
import { concatBytes, fromUtf8, utf8 } from "../../../../core/base/bytes.ts";
import { assert, assertEquals } from "../../../assert.ts";
import { GAIT } from "../../../foreign/mcp_world.ts";
import { answerTo, toolCall } from "../world.ts";
import { event } from "./world.ts";

const POLICY =
  "default_verdict: allow\nrules:\n  - { name: n, effect: block, match: { tool_names: [wipe] }, reason_codes: [no] }\n";

type Tool = (id: number | string, conn: Deno.TcpConn) => Promise<unknown>;

const document = (body: Uint8Array): Uint8Array =>
  concatBytes([utf8(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`), body]);

const STREAM = utf8("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");

async function write(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await conn.write(bytes.subarray(done));
}

const large = (size: number) => (id: number | string): Uint8Array => utf8(JSON.stringify(answerTo(id, "x".repeat(size))));

/** What the tools of the server do with the connection that they were called over. */
const TOOLS: Readonly<Record<string, Tool>> = {
  echo: (id, conn) => write(conn, document(large(1)(id))),
  large: (id, conn) => write(conn, document(large(10_000_000)(id))),
  huge: (id, conn) => write(conn, document(large(100_000_000)(id))),
  die: () => Promise.resolve(),
  half: (id, conn) => write(conn, document(large(100)(id)).subarray(0, 150)),
  stream: (id, conn) => write(conn, concatBytes([STREAM, utf8(event({ jsonrpc: "2.0", method: "x" }) + event(answerTo(id)))])),
  broken: (_id, conn) => write(conn, concatBytes([STREAM, utf8(event({ jsonrpc: "2.0", method: "x" }))])),
  hang: (_id, conn) => conn.read(new Uint8Array(1)),
};

/** Serves one request a connection, on sockets, without anything between. */
function serveTools() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const called: string[] = [];
  async function answered(conn: Deno.TcpConn): Promise<void> {
    let text = "";
    const into = new Uint8Array(65_536);
    while (!/\r\n\r\n[^]*\}\}$/.test(text)) {
      const count = await conn.read(into);
      if (count === null) return;
      text += fromUtf8(into.subarray(0, count));
    }
    const { id, params } = JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4));
    called.push(params.name);
    await TOOLS[params.name]?.(id, conn);
  }
  async function one(conn: Deno.TcpConn): Promise<void> {
    try {
      await answered(conn);
    } catch (thrown) {
      assert(thrown instanceof Deno.errors.BrokenPipe || thrown instanceof Deno.errors.ConnectionReset, String(thrown));
    } finally {
      conn.close();
    }
  }
  const serving = (async () => {
    const all: Promise<void>[] = [];
    try {
      for (;;) all.push(one(await listener.accept()));
    } catch (thrown) {
      assert(thrown instanceof Deno.errors.BadResource || thrown instanceof Deno.errors.Interrupted, String(thrown));
    }
    await Promise.all(all);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}/mcp`,
    called,
    async end() {
      listener.close();
      await serving;
    },
  };
}

async function gatedBy(...flags: readonly string[]) {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/p.yaml`, POLICY);
  const server = serveTools();
  const argv = [...GAIT, "mcp", "wrap", "--policy", "p.yaml", "--upstream", server.url, "--listen", "127.0.0.1:0", ...flags];
  const gate: Started = await start(argv, { cwd: folder, says: "stderr" });
  const url = `http://${gate.address}/mcp`;
  return {
    url,
    gate,
    server,
    call: (id: number, name: string, signal?: AbortSignal) =>
      fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
        body: JSON.stringify(toolCall(id, name)),
        ...(signal === undefined ? {} : { signal }),
      }),
    /** Ends it, and gives its exit code and what became of calls. */
    async end(): Promise<readonly [code: number, statuses: readonly string[]]> {
      const { code, err } = await gate.end();
      await server.end();
      const statuses: string[] = [];
      for (const { name } of [...Deno.readDirSync(`${folder}/gait-out/mcp-wrap`)]) {
        if (name === ".open") continue;
        const session = `${folder}/gait-out/mcp-wrap/${name}`;
        assert(Deno.statSync(`${session}/runpack.zip`).isFile, err);
        for (const line of (await Deno.readTextFile(`${session}/journal.jsonl`)).trimEnd().split("\n")) {
          const { decision, result } = JSON.parse(line);
          if (decision !== undefined) statuses.push(`${decision.tool_name} ${decision.verdict}`);
          if (result !== undefined) statuses.push(`${result.call} ${result.status}`);
        }
      }
      await Deno.remove(folder, { recursive: true });
      return [code, statuses];
    },
  };
}

const codeOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  const last = text.split("\n\n").map((one) => one.split("data: ")[1]).findLast((one) => one !== undefined) ?? text;
  return Object(JSON.parse(last).error).code;
};

Deno.test("wrap http process: results of any size, servers that die, and a call that is stopped", async () => {
  const world = await gatedBy("--call-timeout", "20s");
  assertEquals((await (await world.call(1, "echo")).json()).result.content[0].text, "x");
  const large = await (await world.call(2, "large")).arrayBuffer();
  assertEquals(large.byteLength, JSON.stringify(answerTo(2, "")).length + 10_000_000);
  for (const [id, name] of [[3, "huge"], [4, "die"], [5, "half"], [6, "broken"]] as const) {
    assertEquals(await codeOf(await world.call(id, name)), -32603, name);
  }
  const stream = await world.call(7, "stream");
  assertEquals(await stream.text(), event({ jsonrpc: "2.0", method: "x" }) + event(answerTo(7)));
  assertEquals((await (await world.call(8, "wipe")).json()).result.isError, true);
  assertEquals(world.server.called, ["echo", "large", "huge", "die", "half", "broken", "stream"]);
  const [code, statuses] = await world.end();
  assertEquals(code, 0);
  assertEquals(statuses.filter((one) => /^\d/.test(one)), [
    "1 ok",
    "2 ok",
    "3 too_large",
    "4 unanswered",
    "5 unanswered",
    "6 unanswered",
    "7 ok",
  ]);
});

Deno.test("wrap http process: many clients at once with the same ids, one that goes away, one that is told of the end", async () => {
  const world = await gatedBy();
  const ids = Array.from({ length: 40 }, () => 1);
  const texts = await Promise.all(
    ids.map(async (id, i) => await (await world.call(id, i % 2 === 0 ? "echo" : "stream")).text()),
  );
  assertEquals(
    texts.filter((text, i) =>
      text === (i % 2 === 0 ? fromUtf8(large(1)(1)) : event({ jsonrpc: "2.0", method: "x" }) + event(answerTo(1)))
    ).length,
    40,
  );
  const leaving = new AbortController();
  const left = world.call(1, "hang", leaving.signal).then(() => "answered", () => "left");
  while (world.server.called.length < 41) await new Promise((resolve) => setTimeout(resolve, 5));
  leaving.abort();
  assertEquals(await left, "left");
  const open = world.call(2, "hang");
  while (world.server.called.length < 42) await new Promise((resolve) => setTimeout(resolve, 5));
  const ended = world.end();
  assertEquals(await codeOf(await open), -32603);
  const [code, statuses] = await ended;
  assertEquals([
    code,
    statuses.filter((one) => one.endsWith(" ok")).length,
    statuses.filter((one) => one.endsWith(" unanswered")).length,
  ], [
    0,
    40,
    2,
  ]);
});
