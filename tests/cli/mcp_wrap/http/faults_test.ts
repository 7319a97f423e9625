// A gate before a server of HTTP when something goes wrong: nothing leaves undecided, no record is lost, nobody is left waiting.
import { utf8 } from "../../../../core/base/bytes.ts";
import { assert, assertEquals } from "../../../assert.ts";
import { answerTo, toolCall } from "../world.ts";
import { begun, event, gated, type Hands, modernCall, modernFields, type Sent, type World } from "./world.ts";

const peek = (world: World, id: number): Promise<Sent> => world.post(modernCall(id, "shelf.peek"), modernFields("shelf.peek"));

const code = (frame: Readonly<Record<string, unknown>> | undefined): unknown => Object(frame?.["error"]).code;

/** What the client of one call gets, and what is written down, where the server does that. */
async function whenServer(act: (hands: Hands, world: World) => Promise<void>) {
  const world = await gated();
  const sent = await peek(world, 1);
  await act(world.last(), world);
  const { status, headers, body } = sent.reply();
  const events = headers.get("content-type") === "text/event-stream";
  const frame = body === "" ? undefined : events ? sent.frames().at(-1) : sent.json();
  assertEquals(await world.end(), "ok");
  return [status, frame?.["id"], code(frame), world.statuses(), world.strays()] as const;
}

Deno.test("wrap http: a server that is not there, or dies before, in the middle of or between what it says", async () => {
  const UNANSWERED = [200, 1, -32603, ["1 unanswered"], 0];
  const cut = (...some: readonly (string | object)[]) => async (hands: Hands) => {
    await hands.head(200, { "content-type": "application/json" });
    await hands.send(...some);
    await hands.end("cut");
  };
  assertEquals(await whenServer((hands) => hands.end("cut")), UNANSWERED);
  assertEquals(await whenServer(cut()), UNANSWERED);
  assertEquals(await whenServer(cut(JSON.stringify(answerTo(1)).slice(0, 20))), UNANSWERED);
  assertEquals(await whenServer(cut(answerTo(1))), UNANSWERED, "nobody knows whether more was to come");
  const stream = (...some: readonly string[]) => async (hands: Hands) => {
    await hands.events();
    await hands.send(...some);
    await hands.end("cut");
  };
  assertEquals(await whenServer(stream()), UNANSWERED);
  assertEquals(await whenServer(stream(event({ jsonrpc: "2.0", method: "x" }))), UNANSWERED);
  assertEquals(await whenServer(stream(event(answerTo(1)).slice(0, -1))), UNANSWERED, "an event that is not ended is none");
});

Deno.test("wrap http: a server that hangs, before its answer and within it", async () => {
  const TIMED_OUT = [200, 1, -32603, ["1 timed_out"], 0];
  const wait = (world: World) => world.pass(61_000);
  assertEquals(await whenServer((_, world) => wait(world)), TIMED_OUT);
  assertEquals(
    await whenServer(async (hands, world) => {
      await hands.head(200, { "content-type": "application/json" });
      await wait(world);
      assert(hands.state.closed, "the server is told that nobody waits");
    }),
    TIMED_OUT,
  );
  assertEquals(
    await whenServer(async (hands, world) => {
      await hands.events();
      await hands.send(event({ jsonrpc: "2.0", method: "x" }));
      await wait(world);
    }),
    TIMED_OUT,
  );
});

Deno.test("wrap http: answers that are too large, no text, read in two ways, to something else or to nothing", async () => {
  const large = answerTo(1, "x".repeat(6_000));
  assertEquals(await whenServer((hands) => hands.with(large)), [200, 1, -32603, ["1 too_large"], 0]);
  const broken = utf8(JSON.stringify(answerTo(1, "x?x")));
  broken[broken.indexOf(0x3f)] = 0xff;
  assertEquals(await whenServer((hands) => hands.with(broken)), [200, 1, -32603, ["1 unreadable"], 0]);
  const twice = `{"jsonrpc":"2.0","id":2,"id":1,"result":{}}`;
  assertEquals(await whenServer((hands) => hands.with(twice)), [200, 1, -32603, ["1 unreadable"], 0]);
  assertEquals(await whenServer((hands) => hands.with([answerTo(1)])), [200, 1, -32603, ["1 unreadable"], 0]);
  assertEquals(await whenServer((hands) => hands.with(answerTo(2))), [200, 1, -32603, ["1 unanswered"], 1]);
  assertEquals(await whenServer((hands) => hands.with("hello", 200, { "content-type": "text/html" })), [200, 1, -32603, [
    "1 unanswered",
  ], 1]);
  const marked = `\ufeff${JSON.stringify(answerTo(1))}`;
  assertEquals(
    await whenServer((hands) => hands.with(marked)),
    [200, 1, -32603, ["1 unreadable"], 0],
    "a mark that readers skip",
  );
  assertEquals(await whenServer((hands) => hands.with("", 202)), [202, undefined, undefined, ["1 unanswered"], 0]);
});

Deno.test("wrap http: the same in events", async () => {
  const events = (...some: readonly (string | Uint8Array)[]) => async (hands: Hands) => {
    await hands.events();
    await hands.send(...some);
    await hands.end();
  };
  const large = event(answerTo(1, "x".repeat(6_000)));
  assertEquals(await whenServer(events(large)), [200, 1, -32603, ["1 too_large"], 0]);
  const broken = utf8(event(answerTo(1, "x?x")));
  broken[broken.indexOf(0x3f)] = 0xff;
  assertEquals(await whenServer(events(broken)), [200, 1, -32603, ["1 unreadable"], 0]);
  assertEquals(await whenServer(events(event(answerTo(2)))), [200, 1, -32603, ["1 unanswered"], 1]);
  assertEquals(await whenServer(events(event(`\ndata: ${JSON.stringify(answerTo(1))}`))), [200, 1, undefined, ["1 ok"], 0]);
  assertEquals(await whenServer(events(event(`\ufeff${JSON.stringify(answerTo(1))}`))), [200, 1, -32603, ["1 unanswered"], 1]);
});

Deno.test("wrap http: a second answer on one stream does not pass", async () => {
  const world = await gated();
  const sent = await peek(world, 1);
  await world.last().events();
  await world.last().send(event(answerTo(1, "first")), event(answerTo(1, "second")));
  await world.last().end();
  assertEquals(sent.frames().map(({ result }) => Object(result).content[0].text), ["first"]);
  await world.end();
  assertEquals([world.statuses(), world.strays()], [["1 ok"], 1]);
});

Deno.test("wrap http: errors of the server pass with their status, redirects and results in disguise do not", async () => {
  const world = await gated();
  const refused = await peek(world, 1);
  await world.last().with("no", 401, { "content-type": "text/plain", "www-authenticate": "Bearer resource_metadata=x" });
  assertEquals([refused.reply().status, code(refused.json()), refused.reply().headers.get("www-authenticate")], [
    401,
    -32603,
    "Bearer resource_metadata=x",
  ]);
  const unknown = await peek(world, 2);
  const error = { jsonrpc: "2.0", id: 2, error: { code: -32022, message: "m", data: { supported: ["2025-11-25"] } } };
  await world.last().with(error, 400);
  assertEquals([unknown.reply().status, unknown.json()], [400, error]);
  const away = await peek(world, 3);
  await world.last().with("", 307, { location: "http://server.test/past" });
  assertEquals([away.reply().status, away.reply().headers.get("location"), code(away.json())], [200, undefined, -32603]);
  const bodies = (id: number): readonly (readonly [body: string | object, type: string])[] => [
    [answerTo(3), "application/json"],
    [answerTo(id), "application/json"],
    [[answerTo(id)], "application/json"],
    [`\ufeff${JSON.stringify(answerTo(id))}`, "application/json"],
    [event(answerTo(id)), "text/event-stream"],
    [{ ...answerTo(id), method: "x" }, "application/json"],
    [{ ...answerTo(id), error: { code: 1, message: "m" } }, "application/json"],
    [{ jsonrpc: "2.0", id, error: { code: 1, message: "m" }, result: ["done"] }, "application/json"],
    ["done", "text/plain"],
  ];
  for (const [at] of bodies(0).entries()) {
    const disguised = await peek(world, 4 + at);
    const [body, type] = bodies(4 + at)[at] ?? ["", ""];
    await world.last().with(body, 404, { "content-type": type });
    const { status, headers, body: told } = disguised.reply();
    assertEquals([status, headers.get("content-type"), disguised.json()["id"]], [404, "application/json", 4 + at], told);
    assertEquals([code(disguised.json()), told.includes("done")], [-32603, false], told);
  }
  await world.end();
  assertEquals(new Set(world.statuses().map((status) => status.split(" ")[1])), new Set(["error"]));
});

Deno.test("wrap http: a client that goes away in the middle of a call without a stream to take up again", async () => {
  const world = await gated();
  const fields = await begun(world, "s");
  const sent = await world.post(toolCall(1, "shelf.peek"), fields);
  await sent.leave();
  assertEquals([world.last().state.closed, world.statuses()], [true, ["1 unanswered"]]);
  const taken = await world.post(toolCall(2, "shelf.peek"), fields);
  await world.post({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 2 } }, fields);
  await world.last().head(202);
  await world.last().end();
  await world.server[2]?.events();
  await world.server[2]?.end();
  assertEquals([taken.reply().whole, taken.frames()], [true, []]);
  await world.end();
  assertEquals(world.statuses(), ["1 unanswered", "2 cancelled"]);
});

Deno.test("wrap http: a client that does not read holds up nobody, and its result is recorded", async () => {
  const world = await gated();
  const slow = await peek(world, 1);
  slow.stall();
  await world.last().events();
  await world.last().send(event(answerTo(1)));
  const other = await peek(world, 2);
  await world.last().with(answerTo(2));
  assertEquals([other.reply().status, world.statuses()], [200, ["1 ok", "2 ok"]]);
  await world.pass(31_000);
  assertEquals(world.server[0]?.state.closed, true);
  await world.end();
});

Deno.test("wrap http: told to end, with calls open: they have their time, then their clients are told", async () => {
  const world = await gated();
  const fields = await begun(world, "s");
  const [one, two] = [await world.post(toolCall(1, "shelf.peek"), fields), await peek(world, 2)];
  await world.tell();
  assertEquals((await peek(world, 3)).reply().status, 0, "nobody is taken any more");
  await world.server[1]?.with(answerTo(1));
  assertEquals(one.reply().status, 200);
  assertEquals(await world.end(), "ok");
  assertEquals([code(two.json()), world.statuses().toSorted()], [-32603, ["1 ok", "1 unanswered"]]);
  assertEquals(world.paths().filter((path) => path.endsWith("/runpack.zip")).length, 2);
  assert(world.journals().every((records) => records.at(-1)?.["end"]?.["why"] === "signalled"));
});

Deno.test("wrap http: a policy that cannot be read at the start, and one that vanishes", async () => {
  const early = await gated({ files: { "policy.yaml": "default_verdict: [" } });
  assertEquals([early.opened.ok, early.server.length], [false, 0]);
  const world = await gated();
  world.ports.disk.remove("policy.yaml");
  const sent = await peek(world, 1);
  assertEquals([sent.reply().status, code(sent.json()), world.server.length], [200, -32603, 0]);
  assertEquals(await world.end(), "usage");
  assertEquals(world.journals().flat().flatMap(({ undecided }) => undecided === undefined ? [] : [undecided["fault"]]), [
    "file_missing",
  ]);
});

Deno.test("wrap http: a disk that fails at any step: no call leaves without its decision, no result passes without its record", async () => {
  const run = async (step: number): Promise<World> => {
    const world = await gated(step === 0 ? {} : { trouble: { step, kind: "ENOSPC" } });
    const sent = await peek(world, 1);
    const left = world.server.length;
    const decided = world.verdicts().length;
    assert(left <= decided, `step ${step}: ${left} left, ${decided} decided`);
    await world.server[0]?.with(answerTo(1));
    const passed = sent.reply().body === JSON.stringify(answerTo(1));
    assertEquals(sent.reply().status, 200, `step ${step}: answered`);
    assertEquals(passed, left === 1 && world.statuses().length === 1, `step ${step}: a result passes only with its record`);
    const exit = await world.end();
    const sealed = world.paths().some((path) => path.endsWith("/runpack.zip"));
    assert(exit === "internal" || exit === "ok" && sealed && passed, `step ${step}: ${exit}`);
    return world;
  };
  const steps = (await run(0)).ports.disk.steps();
  assert(steps > 5);
  for (let step = 1; step <= steps; step++) await run(step);
});

Deno.test("wrap http: requests that are none, and such as are not for the gate", async () => {
  const world = await gated();
  const status = async (...given: Parameters<World["request"]>): Promise<readonly unknown[]> => {
    const { status, body } = (await world.request(...given)).reply();
    return [status, body === "" ? "" : Object(JSON.parse(body).error).code];
  };
  const call = JSON.stringify(toolCall(1, "shelf.peek"));
  assertEquals(await status("POST", call, { origin: "https://evil.example" }), [403, -32603]);
  assertEquals(await status("POST", call, { host: "evil.example" }), [403, -32603]);
  assertEquals(await status("POST", call, {}, "/other"), [404, -32600]);
  assertEquals(await status("PUT", call), [405, -32600]);
  assertEquals(await status("POST", call, { "content-type": "text/plain" }), [415, -32600]);
  // A server that decodes it so finds a call in what is a ping to the gate.
  for (const charset of ["utf-7", "utf-16", "latin1"]) {
    const type = `application/json; charset=${charset}`;
    assertEquals(await status("POST", `{"id":1,"method":"ping"}`, { "content-type": type }), [415, -32600], charset);
  }
  assertEquals(await status("POST", call, { "content-encoding": "gzip" }), [415, -32600]);
  assertEquals(await status("POST", "x".repeat(5_000)), [413, -32600]);
  assertEquals(await status("POST", "{"), [400, -32700]);
  assertEquals(await status("POST", " "), [400, -32700]);
  assertEquals(await status("POST", `[${call}]`), [400, -32600]);
  assertEquals(await status("POST", `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}`), [400, -32700]);
  assertEquals(await status("POST", Uint8Array.of(0x7b, 0xff, 0x7d)), [400, -32700]);
  assertEquals(await status("POST", toolCall(1, " shelf.peek")), [200, -32602]);
  assertEquals(await status("POST", call, { "mcp-session-id": "unknown" }), [404, -32001]);
  assertEquals(await status("GET", undefined, { "mcp-session-id": "unknown" }), [404, -32001]);
  assertEquals(await status("GET", "body"), [413, -32600]);
  assertEquals(await status("POST", modernCall(1, "shelf.peek"), modernFields("stock.wipe")), [400, -32020]);
  assertEquals(await status("POST", modernCall(1, "shelf.peek")), [400, -32020]);
  assertEquals(world.server.length, 0, "nothing has left");
  await world.end();
});

Deno.test("wrap http: arguments and the fields that repeat them", async () => {
  const world = await gated();
  await world.post({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const properties = { region: { type: "string", "x-mcp-header": "Region" } };
  await world.last().with({
    jsonrpc: "2.0",
    id: 1,
    result: { tools: [{ name: "shelf.peek", inputSchema: { type: "object", properties } }] },
  });
  const call = modernCall(2, "shelf.peek", { region: "us" });
  const wrong = await world.post(call, { ...modernFields("shelf.peek"), "mcp-param-region": "eu" });
  assertEquals([wrong.reply().status, code(wrong.json()), world.server.length], [400, -32020, 1]);
  await world.post(call, { ...modernFields("shelf.peek"), "mcp-param-region": "us" });
  assertEquals(world.server.length, 2);
  await world.last().with(answerTo(2));
  await world.end();
  assertEquals(world.statuses(), ["1 ok"]);
});

Deno.test("wrap http: beyond this machine requests must bear the token, which the server does not see", async () => {
  const world = await gated({ place: { local: false, token: "secret" } });
  const call = toolCall(1, "shelf.peek");
  assertEquals((await world.post(call)).reply().status, 401);
  assertEquals((await world.post(call, { "gait-token": "Secret" })).reply().status, 401);
  assertEquals((await world.post(call, { "gait-token": "secret", origin: "https://evil.example" })).reply().status, 403);
  await world.post(call, { "gait-token": "secret", host: "gate.example", origin: "https://gate.example" });
  assertEquals(Object.keys(world.last().request.headers).includes("gait-token"), false);
  await world.last().with(answerTo(1));
  await world.end();
});

Deno.test("wrap http: what clients ask beside the protocol passes: who gives tokens, and whether a page may ask", async () => {
  const world = await gated();
  const meta = await world.request("GET", undefined, {}, "/.well-known/oauth-protected-resource/mcp?x=1");
  assertEquals(world.last().request.url, "http://server.test/.well-known/oauth-protected-resource/mcp?x=1");
  await world.last().with({ resource: "r" });
  assertEquals(meta.json(), { resource: "r" });
  const asked = await world.request("OPTIONS", undefined, { origin: "http://localhost:5173" });
  assertEquals(world.last().request.method, "OPTIONS");
  await world.last().head(204, { "access-control-allow-origin": "*" });
  await world.last().end();
  const { status, headers } = asked.reply();
  assertEquals([status, headers.get("access-control-allow-origin"), headers.has("content-length")], [204, "*", false]);
  assertEquals((await world.request("POST", "{}", {}, "/.well-known/oauth-protected-resource")).reply().status, 404);
  await world.end();
});

Deno.test("wrap http: beside the protocol no path leads anywhere else, and nothing is asked of a session", async () => {
  const TOKENS = "/.well-known/oauth-protected-resource";
  const world = await gated();
  const fields = await begun(world, "s");
  for (
    const rest of [
      "/../../mcp",
      "/..",
      "/.",
      "/./mcp",
      "/%2e%2e/%2E%2E/admin/secret",
      "/.%2e/.%2E/mcp",
      "/..%2f..%2Fmcp",
      "/..%5c..%5Cmcp",
      "\\..\\..\\mcp",
      "/..\\..\\mcp",
      "//mcp",
      "/..;/..;/mcp",
      "s",
    ]
  ) {
    const sent = await world.request("GET", undefined, { ...fields, "last-event-id": "e1" }, `${TOKENS}${rest}`);
    assertEquals([sent.reply().status >= 400, world.server.length], [true, 1], rest);
  }
  for (const rest of ["", "/", "/mcp", "/a.b/..c/d"]) {
    await world.request("GET", undefined, { ...fields, "last-event-id": "e1", authorization: "Bearer x" }, `${TOKENS}${rest}`);
    const { url, headers } = world.last().request;
    assertEquals(url, `http://server.test${TOKENS}${rest}`);
    assertEquals(Object.keys(headers).filter((name) => name.startsWith("mcp-") || name === "last-event-id"), []);
    assertEquals(headers["authorization"], "Bearer x");
    await world.last().with({ resource: "r" });
  }
  await world.end();
  const odd = await gated({ place: { upstream: { origin: "http://server.test", path: "/my%20mcp", query: "" } } });
  const meta = await odd.request("GET", undefined, {}, `${TOKENS}/my%20mcp`);
  await odd.last().with({ resource: "r" });
  assertEquals(meta.json(), { resource: "r" });
  await odd.end();
});

Deno.test("wrap http: what passes has the type that the gate has read it by, whatever character set the server names", async () => {
  const world = await gated();
  const one = await peek(world, 1);
  await world.last().with(answerTo(1), 200, { "content-type": "application/json; charset=utf-7" });
  const two = await peek(world, 2);
  await world.last().events({ "content-type": "text/event-stream; charset=utf-16" });
  await world.last().send(event(answerTo(2)));
  const three = await peek(world, 3);
  await world.last().with({ jsonrpc: "2.0", id: 3, error: { code: 1, message: "m" } }, 400, {
    "content-type": "x; charset=latin1",
  });
  const listening = await world.request("GET", undefined, { accept: "text/event-stream" });
  await world.last().events({ "content-type": "text/event-stream; charset=utf-16" });
  assertEquals([one, two, three, listening].map((sent) => sent.reply().headers.get("content-type")), [
    "application/json",
    "text/event-stream",
    "application/json",
    "text/event-stream",
  ]);
  await world.end();
});
