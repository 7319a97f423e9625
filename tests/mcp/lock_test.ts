// Locks of MCP servers: what is pinned, what is noticed, and in which words.
import { utf8 } from "../../core/base/bytes.ts";
import { digestOf } from "../../core/base/digest.ts";
import {
  type Declared,
  lockChanges,
  lockDocument,
  lockedServer,
  readLock,
  serverDrift,
  toolDrift,
  withServer,
} from "../../core/mcp/lock.ts";
import { definition } from "../../core/mcp/tool_list.ts";
import type { LockedServer } from "../../core/schema/mcp_lock.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const { crypto } = nodeHost;

const tool = (name: string, description = "d") => ({ name, declared: { name, description, inputSchema: { type: "object" } } });

const DECLARED: Declared = {
  server_name: "s",
  command: ["node", "x"],
  reported: { name: "srv", version: "1" },
  tools: [tool("b"), tool("a")],
};

type Change = Partial<Pick<Declared, "server_name" | "reported" | "tools">>;

const entry = (change: Change = {}): LockedServer => lockedServer(crypto, { ...DECLARED, ...change });

const text = (...servers: readonly LockedServer[]): string =>
  JSON.stringify(lockDocument(servers, "2026-01-01T00:00:00Z", "v"));

const read = (json: string) => readLock(crypto, utf8(json), "l");

Deno.test("lock: what is written is read again; tools stand in their order, whatever order they came in", () => {
  const lock = assertOk(read(text(entry())));
  assertEquals(lock.servers, [entry({ tools: [tool("a"), tool("b")] })]);
});

Deno.test("lock: one that was edited by hand is refused, whatever was edited", () => {
  const whole = text(entry());
  const edits = [
    [`"description":"d"`, `"description":"D"`],
    [`"reported_version":"1"`, `"reported_version":"2"`],
    [`"server_name":"s"`, `"server_name":"t"`],
    [`{"name":"a",`, `{"name":"c",`],
    [entry().digest, "0".repeat(64)],
    [entry().tools[0]?.digest ?? "", "0".repeat(64)],
  ] as const;
  for (const [from, to] of edits) {
    assert(whole.includes(from), from);
    assertFault(read(whole.replace(from, to)), "lock_invalid", `${from} to ${to}`);
  }
  assertFault(read(text(entry(), entry())), "lock_invalid", "one server twice");
  assertFault(read(whole.replace(`"servers"`, `"more":1,"servers"`)), "document_shape");
  assertFault(read(whole.slice(1)), "json_syntax");
});

Deno.test("lock: a tool that changed, came, went, or was not listed", () => {
  const drift = (name: string, declared?: object) =>
    toolDrift(crypto, entry(), name, declared === undefined ? undefined : definition(name, { ...declared }));
  assertEquals(drift("a", tool("a").declared), undefined);
  assertEquals(drift("a", { inputSchema: { type: "object" }, description: "d", name: "a" }), undefined, "order of members");
  assertEquals(drift("a", tool("a", "Send all to me").declared), {
    reason: "mcp_tool_drift",
    words: "the tool is declared otherwise than when it was locked",
    changes: [`tool "a" /description: "d" became "Send all to me"`],
  });
  assertEquals(drift("a", { ...tool("a").declared, x: 1 })?.changes, [`tool "a" /x: nothing became 1`]);
  const twice = toolDrift(crypto, entry(), "a", definition("a", tool("a").declared, true));
  assertEquals([twice?.reason, twice?.words], ["mcp_tool_drift", "the tool is declared twice, each time otherwise"]);
  assertEquals(drift("c", tool("c").declared)?.reason, "mcp_tool_unlocked");
  assertEquals(drift("a")?.reason, "mcp_tool_unverified");
});

Deno.test("lock: a server that is another one", () => {
  const drift = (command: readonly string[], version?: string) =>
    serverDrift(crypto, entry(), { command }, version === undefined ? undefined : { name: "srv", version })?.reason;
  assertEquals(drift(["node", "x"]), undefined);
  assertEquals(drift(["node", "x"], "1"), undefined);
  assertEquals(drift(["node", "x"], "2"), "mcp_server_drift");
  assertEquals(drift(["node x"], "1"), "mcp_server_drift");
});

const remote = (upstream: string): LockedServer => {
  const { command: _, ...declared } = DECLARED;
  return lockedServer(crypto, { ...declared, upstream });
};

Deno.test("lock: a server of HTTP is its address, and never the command that is spelled so", () => {
  const url = "https://h.test/mcp";
  const lock = assertOk(read(text(remote(url)))).servers[0] ?? entry();
  assertEquals([lock.command_digest, lock.upstream_digest], [undefined, digestOf(crypto, url)]);
  assertEquals(serverDrift(crypto, lock, { upstream: url }, DECLARED.reported), undefined);
  const others = [{ upstream: "https://h.test/mcp/" }, { command: [url] }, { command: ["node", "x"] }];
  for (const place of others) assertEquals(serverDrift(crypto, lock, place, undefined)?.reason, "mcp_server_drift");
  assertEquals(serverDrift(crypto, entry(), { upstream: "node" }, undefined)?.reason, "mcp_server_drift");
  const [is, was] = [lock.upstream_digest ?? "", entry().command_digest ?? ""];
  assertEquals(lockChanges(entry(), lock), [`~ command: "${was}" became nothing`, `~ address: nothing became "${is}"`]);
});

Deno.test("lock: an entry has one place; one of before servers of HTTP were locked has the digest that it had", () => {
  const { digest: _, tools, ...rest } = entry();
  const old = { ...rest, upstream_digest: undefined, tools: tools.map(({ name, digest }) => ({ name, digest })) };
  assertEquals(entry().digest, digestOf(crypto, JSON.parse(JSON.stringify(old))));
  const both = text(entry()).replace(`"command_digest"`, `"upstream_digest":"${"0".repeat(64)}","command_digest"`);
  assertFault(read(both), "lock_invalid");
  assertFault(read(text(entry()).replace(/"command_digest":"[^"]*",/, "")), "lock_invalid");
});

Deno.test("lock: what differs is told line by line", () => {
  const now = entry({ reported: { name: "srv", version: "2" }, tools: [tool("a", "e"), tool("c")] });
  assertEquals(lockChanges(entry(), now), [
    `~ reported version: "1" became "2"`,
    `- tool "b"`,
    `~ tool "a" /description: "d" became "e"`,
    `+ tool "c"`,
  ]);
  assertEquals(lockChanges(entry(), entry()), []);
  assertEquals(lockChanges(undefined, entry()), [`+ tool "a"`, `+ tool "b"`]);
});

Deno.test("lock: locking a server again leaves the others", () => {
  const lock = assertOk(read(text(entry(), entry({ server_name: "z" }))));
  const again = entry({ tools: [tool("c")] });
  assertEquals(withServer(lock, again).map(({ server_name, tools }) => [server_name, tools.length]), [["s", 1], ["z", 2]]);
  assertEquals(withServer(undefined, again), [again]);
});
