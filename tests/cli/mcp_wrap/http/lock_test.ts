// Servers of HTTP under a lock: asked in whichever generation they speak, and held to what they said then.
import lock from "../../../../cli/commands/mcp_lock.ts";
import { parse } from "../../../../cli/flags.ts";
import { askUpstream } from "../../../../cli/mcp_ask_http.ts";
import { kept } from "../../../../cli/power.ts";
import { fromUtf8, utf8 } from "../../../../core/base/bytes.ts";
import { fail, ok } from "../../../../core/base/result.ts";
import { lockDocument, lockedServer, type ServerPlace } from "../../../../core/mcp/lock.ts";
import type { UpstreamRequest } from "../../../../core/ports.ts";
import { nodeHost } from "../../../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../../assert.ts";
import { machine } from "../../commands_world.ts";
import { toolCall, type WRAP } from "../world.ts";
import { begun, event, gated, modernCall, modernFields, type World } from "./world.ts";

type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of a frame, or all of the body. */
  readonly says?: object | string;
  /** On a stream of events. */
  readonly events?: boolean;
  readonly cut?: boolean;
  /** Never. */
  readonly hangs?: boolean;
};

const SERVER = { name: "s", version: "1" };
const META = { "io.modelcontextprotocol/serverInfo": SERVER };

/** What a server of canned answers is asked, and what comes of it; the time is over when `late` says so. */
async function asking(answers: Readonly<Record<string, readonly Answer[]>>, late = false) {
  const seen: UpstreamRequest[] = [];
  const left = new Map(Object.entries(answers).map(([method, all]) => [method, [...all]]));
  let hung: () => void = () => {};
  const hanging = new Promise<void>((resolve) => hung = resolve);
  let closed = 0;
  const send = (request: UpstreamRequest) => {
    seen.push(request);
    const { id, method } = request.body === undefined ? { id: 0, method: request.method } : JSON.parse(fromUtf8(request.body));
    const { status = 200, headers = {}, says = "", events = false, cut = false, hangs } = left.get(method)?.shift() ??
      { status: 404 };
    let gone: () => void = () => {};
    if (hangs) hung();
    const text = typeof says === "string" ? says : JSON.stringify({ jsonrpc: "2.0", id, ...says });
    const pieces = text === "" ? [] : [utf8(events ? event({ jsonrpc: "2.0", method: "x" }) + event(text) : text)];
    const type = { "content-type": events ? "text/event-stream" : "application/json" };
    const answered = ok({
      status,
      headers: Object.entries({ ...type, ...headers }),
      read: () => Promise.resolve(pieces.length === 0 && cut ? fail("network_failed", "cut") : ok(pieces.shift())),
    });
    return {
      answer: hangs
        ? new Promise<ReturnType<typeof fail>>((resolve) => gone = () => resolve(fail("network_failed", "closed")))
        : Promise.resolve(answered),
      close() {
        closed++;
        gone();
      },
    };
  };
  const whom = { address: { origin: "https://h.test", path: "/a/mcp", query: "k=v" }, authorization: "Bearer t" };
  const sleep = (milliseconds: number) => late && milliseconds > 1_000 ? hanging : new Promise<void>(() => {});
  const result = await askUpstream(whom, "v", { upstream: { send }, timer: { sleep, elapsed: () => 0 } });
  const methods = seen.map(({ method, body }) => body === undefined ? method : String(JSON.parse(fromUtf8(body)).method));
  return { result, seen, methods, closed: () => closed };
}

const PAGES = [{ result: { tools: [{ name: "a" }], nextCursor: "2" } }, { result: { tools: [{ name: "b" }] } }];
const pages = (events = false): readonly Answer[] => PAGES.map((says) => ({ says, events }));
const MODERN: readonly Answer[] = [{ says: { result: { supportedVersions: ["2026-07-28"], _meta: META } } }];
const LEGACY: readonly Answer[] = [{
  says: { result: { protocolVersion: "2025-06-18", serverInfo: SERVER } },
  headers: { "mcp-session-id": "one" },
  events: true,
}];
const TOLD: readonly Answer[] = [{ status: 202 }];

Deno.test("lock over http: a server of the newer generation is asked without a session, by fields that agree with the body", async () => {
  const { result, seen, methods } = await asking({ "server/discover": MODERN, "tools/list": pages() });
  const { reported, tools } = assertOk(result);
  assertEquals([reported, tools.map(({ name }) => name)], [SERVER, ["a", "b"]]);
  assertEquals(methods, ["server/discover", "tools/list", "tools/list"]);
  for (const [index, { url, method, headers, body = utf8("") }] of seen.entries()) {
    const { method: asked, params } = JSON.parse(fromUtf8(body));
    assertEquals([url, method, headers], ["https://h.test/a/mcp?k=v", "POST", {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": asked,
      authorization: "Bearer t",
    }]);
    assertEquals([params.cursor, params._meta["io.modelcontextprotocol/protocolVersion"]], [
      index === 2 ? "2" : undefined,
      "2026-07-28",
    ]);
  }
});

Deno.test("lock over http: one of before is asked in a session, on documents or streams, and the session is ended", async () => {
  for (
    const refusal of [
      { status: 400, says: { error: { code: -32000 } } },
      { says: { error: { code: -32601 } } },
      { says: { result: {} } },
    ]
  ) {
    const given = { initialize: LEGACY, "notifications/initialized": TOLD, "tools/list": pages(true), DELETE: [{}] };
    const { result, seen, methods } = await asking({ "server/discover": [refusal], ...given });
    assertEquals(assertOk(result).tools.map(({ name }) => name), ["a", "b"]);
    assertEquals(assertOk(result).reported, SERVER);
    const after = ["notifications/initialized", "tools/list", "tools/list", "DELETE"];
    assertEquals(methods, ["server/discover", "initialize", ...after]);
    const fields = seen.map((
      { headers },
    ) => [headers["mcp-session-id"], headers["mcp-protocol-version"], headers["mcp-method"]]);
    assertEquals(fields, [
      [undefined, "2026-07-28", "server/discover"],
      [undefined, undefined, undefined],
      ...after.map(() => ["one", "2025-06-18", undefined]),
    ]);
    assert(seen.every(({ headers }) => headers["authorization"] === "Bearer t"), "shown each time");
  }
});

Deno.test("lock over http: a server that cannot be asked; a session that it has begun is ended all the same", async () => {
  const begun = { initialize: LEGACY, "notifications/initialized": TOLD };
  const endless = Array.from({ length: 1_001 }, (): Answer => ({ says: { result: { tools: [], nextCursor: "x" } } }));
  const rows: readonly (readonly [words: string, answers: Readonly<Record<string, readonly Answer[]>>, ended?: boolean])[] = [
    ["it refuses both initialize and server/discover", {}],
    ["it answers with a redirect", { "server/discover": [{ status: 307, headers: { location: "http://e.test/" } }] }],
    ["it wants another authorization (status 401)", { "server/discover": [{ status: 401 }] }],
    ["it answers with a frame that cannot be read", { "server/discover": [{ says: `{"id":1,"id":1}` }] }],
    ["it answers something else", { "server/discover": [{ says: { id: 7, result: {} } }] }],
    ["its answer was cut short", { "server/discover": [{ says: "{", cut: true }] }],
    ["its stream has ended before its answer", { "server/discover": [{ events: true }] }],
    ["it gives a session that cannot be named again", { initialize: [{ ...LEGACY[0], headers: { "mcp-session-id": "a b" } }] }],
    ["it speaks no version of the protocol", { initialize: [{ says: { result: { protocolVersion: 1 } } }] }],
    ["it answers with status 404", { initialize: LEGACY }, true],
    ["it does not list its tools", begun, true],
    ["its list of tools has no end", { ...begun, "tools/list": endless }, true],
  ];
  for (const [words, answers, ended = false] of rows) {
    const { result, methods } = await asking(answers);
    assertFault(result, "mcp_server_failed", words);
    assert(!result.ok && result.fault.message.endsWith(`: ${words}`), JSON.stringify(result));
    assertEquals(methods.includes("DELETE"), ended, words);
  }
});

Deno.test("lock over http: one that hangs is given up, and nothing more is asked but to end the session", async () => {
  const hangs = [{ hangs: true }];
  const { result, methods, closed } = await asking(
    { initialize: LEGACY, "notifications/initialized": TOLD, "tools/list": hangs, DELETE: [{}] },
    true,
  );
  assertEquals(assertFault(result, "mcp_server_failed").message.endsWith("it does not answer in time"), true);
  assertEquals([methods.at(-1), methods.length], ["DELETE", 5]);
  assertEquals(closed() >= 5, true, "nothing stays open");
});

Deno.test("lock over http: what cannot be meant is refused before anything is asked; credentials are not repeated", async () => {
  const on = machine({ env: { BLANK: " ", BROKEN: "Bearer a\nb" } });
  const up = ["--upstream", "http://h.test/mcp"];
  const rows: readonly (readonly [fault: string, flags: readonly string[], program?: string])[] = [
    ["missing_argument", []],
    ["usage", ["--authorization-env", "BLANK"], "server"],
    ["usage", up, "server"],
    ["flag_value", ["--upstream", "http://user:word@h.test/mcp"]],
    ["flag_value", ["--upstream", "h.test/mcp"]],
    ["key_source", [...up, "--authorization-env", "NONE"]],
    ["key_source", [...up, "--authorization-env", "BLANK"]],
    ["key_source", [...up, "--authorization-env", "BROKEN"]],
  ];
  for (const [fault, flags, program] of rows) {
    const argv = ["mcp", "lock", "--json", ...flags, ...(program === undefined ? [] : ["--", program])];
    const [exit, [out = ""]] = await on.text(...argv);
    assertEquals([exit, JSON.parse(out)["fault"]], [6, fault], argv.join(" "));
    assert(!out.includes("word"), "not repeated");
  }
  assertEquals((await on.json("mcp", "lock", ...up))[0], 7, "nobody is there");
});

Deno.test("lock over http: it has the network and no programs, and variables only where one is named", () => {
  const keeps = (...argv: readonly string[]): string[] => {
    const parsed = assertOk(parse(lock.flags, lock.positionals, argv));
    return [...kept(lock.needed(parsed.values), false)].sort();
  };
  assertEquals(keeps("--upstream", "http://h.test/mcp"), ["net", "read", "write"]);
  assertEquals(keeps("--upstream", "http://h.test/mcp", "--authorization-env", "T"), ["env", "net", "read", "write"]);
  assertEquals(keeps("--", "server"), ["env", "read", "run", "write"]);
});

const peek = (description: string) => ({ name: "shelf.peek", description, inputSchema: { type: "object" } });

const lockOf = (description: string, place: ServerPlace = { upstream: "http://server.test/mcp" }): string => {
  const tools = [{ name: "shelf.peek", declared: peek(description) }];
  const declared = { server_name: "shop", ...place, reported: { name: "srv", version: "1" }, tools };
  return JSON.stringify(lockDocument([lockedServer(nodeHost.crypto, declared)], "2026-01-01T00:00:00Z", "v"));
};

/** A gate under a lock, whose server declares a tool so in a session and to whoever bears none. */
async function locked(text: string, description = "d", settings: Partial<typeof WRAP> = {}) {
  const world = await gated({ files: { lock: text }, settings: { lock: "lock", ...settings } });
  const session = await begun(world, "one");
  const meta = modernCall(0, "").params._meta;
  const lists = [
    [{ jsonrpc: "2.0", id: 1, method: "tools/list" }, session],
    [{ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: meta } }, modernFields("", "tools/list")],
  ] as const;
  for (const [frame, fields] of lists) {
    await world.post(frame, fields);
    await world.last().with({ jsonrpc: "2.0", id: 1, result: { tools: [peek(description)] } });
  }
  return { world, session };
}

async function decided({ world, session }: { readonly world: World; readonly session: Readonly<Record<string, string>> }) {
  await world.post(toolCall(2, "shelf.peek"), session);
  await world.post(modernCall(2, "shelf.peek"), modernFields("shelf.peek"));
  const left = world.server.filter(({ json }) => json?.method === "tools/call").length;
  await world.end();
  const told = world.journals().flat().flatMap(({ decision }) =>
    decision === undefined ? [] : [`${decision["verdict"]} ${Object(decision["reason_codes"])[0]}`]
  );
  return { left, told: told.toSorted() };
}

Deno.test("wrap http lock: what is as it was locked leaves, in sessions and without", async () => {
  assertEquals(await decided(await locked(lockOf("d"))), {
    left: 2,
    told: ["allow shelf_read_ok", "allow shelf_read_ok"],
  });
});

Deno.test("wrap http lock: what has changed since blocks, or asks; locked again it leaves", async () => {
  const one = await locked(lockOf("d"), "e");
  assertEquals(await decided(one), { left: 0, told: ["block mcp_tool_drift", "block mcp_tool_drift"] });
  assert(one.world.notes.some((line) => line.includes(`/description: "d" became "e"`)), "told to people");
  const asks = await locked(lockOf("d"), "e", { on_drift: "ask", elicit: false });
  assertEquals(await decided(asks), { left: 0, told: ["require_approval mcp_tool_drift", "require_approval mcp_tool_drift"] });
  const again = await locked(lockOf("d"), "e");
  again.world.ports.disk.put("lock", utf8(lockOf("e")));
  assertEquals((await decided(again)).left, 2);
});

Deno.test("wrap http lock: another address is another server, and so is a command that is spelled as one", async () => {
  for (const place of [{ upstream: "http://server.test/mcp2" }, { command: ["http://server.test/mcp"] }]) {
    const { left, told } = await decided(await locked(lockOf("d", place)));
    assertEquals([left, told[0]], [0, "block mcp_server_drift"]);
  }
});

Deno.test("wrap http lock: a tool that nobody has listed since the gate was started does not leave", async () => {
  const world = await gated({ files: { lock: lockOf("d") }, settings: { lock: "lock" } });
  const session = await begun(world, "one");
  assertEquals((await decided({ world, session })).told, ["block mcp_tool_unverified", "block mcp_tool_unverified"]);
});

Deno.test("wrap http lock: one that was edited: nobody is answered", async () => {
  const edited = lockOf("d").replace(`"description":"d"`, `"description":"e"`);
  const world = await gated({ files: { lock: edited }, settings: { lock: "lock" } });
  assertFault(world.opened, "lock_invalid");
});
