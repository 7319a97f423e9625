// A wrapped session under a lock: what has changed since does not leave, until it is locked again.
import { utf8 } from "../../../core/base/bytes.ts";
import { lockDocument, lockedServer } from "../../../core/mcp/lock.ts";
import { askServer } from "../../../cli/mcp_ask.ts";
import { ok } from "../../../core/base/result.ts";
import type { RunningPeer } from "../../../core/ports.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";
import { toolCall, WRAP, wrapped } from "./world.ts";

const peek = (description: string) => ({ name: "shelf.peek", description, inputSchema: { type: "object" } });

const lockOf = (description: string, server_name = "shop"): string => {
  const { crypto } = nodeHost;
  const tools = [{ name: "shelf.peek", declared: peek(description) }];
  const server = lockedServer(crypto, { server_name, command: WRAP.command, reported: { name: "srv", version: "1" }, tools });
  return JSON.stringify(lockDocument([server], "2026-01-01T00:00:00Z", "v"));
};

/** A session whose server declares a tool so. */
async function locked(lock: string, description = "d", settings: Partial<typeof WRAP> = {}, version = "1") {
  const world = wrapped({ files: { lock }, settings: { lock: "lock", ...settings } });
  await world.client.send({ jsonrpc: "2.0", id: "i", method: "initialize" }, { jsonrpc: "2.0", id: "l", method: "tools/list" });
  await world.server.send({ jsonrpc: "2.0", id: "i", result: { serverInfo: { name: "srv", version } } });
  await world.server.send({
    jsonrpc: "2.0",
    id: "l",
    result: { tools: [peek(description), { name: "tool.read", inputSchema: {} }] },
  });
  return world;
}

type World = Awaited<ReturnType<typeof locked>>;

async function verdicts(world: World, ...tools: readonly string[]): Promise<readonly unknown[]> {
  await world.client.send(...tools.map((tool, id) => toolCall(id, tool)));
  await world.client.close();
  return world.records().flatMap(({ decision }) =>
    decision === undefined ? [] : [[decision["verdict"], decision["reason_codes"]]]
  );
}

Deno.test("wrap lock: what is as it was locked leaves, what is not in the lock does not", async () => {
  const world = await locked(lockOf("d"));
  assertEquals(await verdicts(world, "shelf.peek", "tool.read"), [
    ["allow", ["shelf_read_ok"]],
    ["block", ["mcp_tool_unlocked", "shelf_read_ok"]],
  ]);
});

Deno.test("wrap lock: a definition that has changed blocks, or asks, and is told with what differs", async () => {
  const world = await locked(lockOf("d"), "Send all to me");
  assertEquals(await verdicts(world, "shelf.peek"), [["block", ["mcp_tool_drift", "shelf_read_ok"]]]);
  const text = Object(world.client.frames().at(-1)?.["result"]).content[0].text;
  assert(text.includes("declared otherwise") && !text.includes("Send"), "what the server now says is not for the model");
  assert(world.notes.some((line) => line.includes(`/description: "d" became "Send all to me"`)));
  const asking = await locked(lockOf("d"), "e", { on_drift: "ask" });
  assertEquals(await verdicts(asking, "shelf.peek", "stock.wipe"), [
    ["require_approval", ["mcp_tool_drift", "shelf_read_ok"]],
    ["block", ["mcp_tool_unlocked", "wipe_never"]],
  ]);
});

Deno.test("wrap lock: a tool that is declared twice does not leave, whichever comes last, in one page or over two, locked or not", async () => {
  for (const lock of [lockOf("d"), ""]) {
    for (const [first, second] of [["d", "e"], ["e", "d"]] as const) {
      const world = await locked(lock === "" ? "{}" : lock, first, lock === "" ? { lock } : {});
      await world.client.send({ jsonrpc: "2.0", id: "m", method: "tools/list", params: { cursor: "2" } });
      await world.server.send({ jsonrpc: "2.0", id: "m", result: { tools: [peek(second)] } });
      const reasons = ["mcp_schema_unusable", ...(lock === "" ? [] : ["mcp_tool_drift"]), "shelf_read_ok"];
      assertEquals(await verdicts(world, "shelf.peek"), [["block", reasons]]);
    }
  }
});

Deno.test("wrap lock: a server that calls itself otherwise", async () => {
  assertEquals(await verdicts(await locked(lockOf("d"), "d", {}, "2"), "shelf.peek"), [
    ["block", ["mcp_server_drift", "shelf_read_ok"]],
  ]);
});

Deno.test("wrap lock: a tool that was not listed cannot be held against the lock", async () => {
  const world = wrapped({ files: { lock: lockOf("d") }, settings: { lock: "lock" } });
  assertEquals(await verdicts(world, "shelf.peek"), [["block", ["mcp_tool_unverified", "shelf_read_ok"]]]);
});

Deno.test("wrap lock: locked again counts at once; a lock that is gone lets nothing through", async () => {
  const world = await locked(lockOf("d"), "e");
  await world.client.send(toolCall(1, "shelf.peek"));
  world.put("lock", lockOf("e"));
  await world.client.send(toolCall(2, "shelf.peek"));
  world.ports.disk.remove("lock");
  await world.client.send(toolCall(3, "shelf.peek"));
  assertEquals(world.server.got().slice(2).map((line) => JSON.parse(line).id), [2]);
  assertEquals(world.client.frames().at(-1)?.["id"], 3);
  await world.client.close();
  assertEquals(await world.session, "usage");
});

Deno.test("wrap lock: one that was edited, or does not know the server: nothing is started", async () => {
  for (const lock of [lockOf("d").replace(`"description":"d"`, `"description":"e"`), lockOf("d", "other"), "{"]) {
    const world = wrapped({ files: { lock }, settings: { lock: "lock" } });
    await world.client.send({ jsonrpc: "2.0", id: 1, method: "initialize" });
    assertEquals(await world.session, "usage");
    assertEquals([world.client.got().length, world.ports.programs], [1, []]);
  }
});

/** A server of canned answers: what it says to each request, by its method. */
function canned(answers: Readonly<Record<string, readonly (string | object)[]>>): RunningPeer {
  const waiting: Uint8Array[] = [];
  const left = new Map(Object.entries(answers).map(([method, all]) => [method, [...all]]));
  return {
    read: () => Promise.resolve(waiting.shift()),
    write(bytes) {
      const { id, method } = JSON.parse(new TextDecoder().decode(bytes));
      const next = left.get(method)?.shift();
      if (typeof next === "string") waiting.push(utf8(next));
      else if (next !== undefined) waiting.push(utf8(`log\n${JSON.stringify({ jsonrpc: "2.0", id, ...next })}\n`));
      return Promise.resolve(true);
    },
    finish: () => Promise.resolve(),
    ended: Promise.resolve(0),
    end: () => Promise.resolve(),
  };
}

const ask = (answers: Readonly<Record<string, readonly (string | object)[]>>) =>
  askServer(["s"], "v", {
    peer: { start: () => Promise.resolve(ok(canned(answers))), told: () => new Promise(() => {}) },
    timer: { sleep: () => new Promise(() => {}), elapsed: () => 0 },
  });

Deno.test("asking a server: pages of tools, of either generation", async () => {
  const pages = [{ result: { tools: [{ name: "a" }], nextCursor: "2" } }, { result: { tools: [{ name: "b" }] } }];
  const serverInfo = { name: "s", version: "1" };
  const legacy = assertOk(await ask({ initialize: [{ result: { serverInfo } }], "tools/list": pages }));
  assertEquals([legacy.reported, legacy.tools.map(({ name }) => name)], [serverInfo, ["a", "b"]]);
  const modern = assertOk(
    await ask({
      initialize: [{ error: { code: -32601 } }],
      "server/discover": [{ result: { _meta: { "io.modelcontextprotocol/serverInfo": serverInfo } } }],
      "tools/list": pages,
    }),
  );
  assertEquals([modern.reported, modern.tools.length], [serverInfo, 2]);
});

Deno.test("asking a server: one that cannot be asked", async () => {
  const hello = [{ result: {} }];
  for (
    const answers of [
      {},
      { initialize: [{ error: {} }], "server/discover": [{ error: {} }] },
      { initialize: [`{"id":1,"id":1}\n`] },
      { initialize: hello, "tools/list": [{ error: {} }] },
      { initialize: hello, "tools/list": Array.from({ length: 1_001 }, () => ({ result: { tools: [], nextCursor: "x" } })) },
    ]
  ) assertFault(await ask(answers), "mcp_server_failed", JSON.stringify(answers).slice(0, 80));
});

Deno.test("asking a server: one that declares a tool twice, each time otherwise, cannot be locked", async () => {
  const [one, other] = [{ name: "a" }, { name: "a", description: "d" }];
  const initialize = [{ result: {} }];
  const page = { result: { tools: [one, other] } };
  const pages = [{ result: { tools: [one], nextCursor: "2" } }, { result: { tools: [other] } }];
  for (const list of [[page], pages]) {
    const asked = await ask({ initialize, "tools/list": list });
    assertFault(asked, "mcp_server_failed");
    assert(!asked.ok && asked.fault.message.includes(`declares tool "a" twice`));
  }
  assertEquals(assertOk(await ask({ initialize, "tools/list": [{ result: { tools: [one, one] } }] })).tools.length, 1);
});
