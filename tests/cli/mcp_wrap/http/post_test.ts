// Calls through a gate before a server of HTTP: decided before they leave, paired with their results, recorded and sealed.
import { verifyAt } from "../../../../cli/verify_at.ts";
import { readPublicKey } from "../../../../core/base/keys.ts";
import { nodeHost } from "../../../../host/node.ts";
import { assert, assertEquals, assertOk } from "../../../assert.ts";
import { PUBLIC_KEY } from "../../commands_world.ts";
import { answerTo, toolCall } from "../world.ts";
import { begun, event, gated, modernCall, modernFields, type World } from "./world.ts";

async function verified(world: World): Promise<readonly boolean[]> {
  const key = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));
  const reports = [];
  for (const path of world.paths().filter((one) => one.endsWith("/runpack.zip"))) {
    reports.push(assertOk(await verifyAt(path, { key, requireSignature: true, refuseUndeclared: true }, world.ports)).ok);
  }
  return reports;
}

Deno.test("wrap http: a call that is allowed leaves with its bytes and fields, and its result passes as it is", async () => {
  const world = await gated({ place: { upstream: { origin: "https://server.test", path: "/mcp", query: "k=1" } } });
  const body = `{ "jsonrpc":"2.0", "id":1,"method":"tools/call","params":{"name":"shelf.peek"} }`;
  const sent = await world.post(body, {
    authorization: "Bearer t",
    connection: "x-own",
    "x-own": "1",
    "x-kept": "\u00e9",
    te: "gzip",
  });
  const { request } = world.last();
  assertEquals([request.method, request.url, new TextDecoder().decode(request.body)], [
    "POST",
    "https://server.test/mcp?k=1",
    body,
  ]);
  assertEquals(request.headers, {
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    authorization: "Bearer t",
    "x-kept": "\u00c3\u00a9", // bytes of one character each
  });
  const result = `{"jsonrpc" : "2.0","id":1,"result":{"content":[]}}\n`;
  await world.last().with(result, 200, {
    "x-made": "by",
    connection: "x-gone",
    "x-gone": "1",
    "alt-svc": "h3",
    "keep-alive": "1",
  });
  const { status, headers, body: got } = sent.reply();
  assertEquals([status, got, headers.get("x-made"), headers.get("content-type")], [200, result, "by", "application/json"]);
  for (const name of ["x-gone", "alt-svc", "keep-alive"]) assert(!headers.has(name), name);
  assertEquals(await world.end(), "ok");
  assertEquals([world.verdicts(), world.statuses(), await verified(world)], [["allow"], ["1 ok"], [true]]);
});

Deno.test("wrap http: records name the server by its origin: paths and queries may hold secrets", async () => {
  const upstream = { origin: "https://server.test", path: "/mcp", query: "k=s3cret" };
  const world = await gated({ place: { upstream } });
  const sent = await world.post(toolCall(1, "shelf.peek"));
  await world.last().with(answerTo(1), 200, {});
  assertEquals(sent.reply().status, 200);
  const [header] = world.journals().flat();
  assertEquals(header?.["header"]?.["program"], upstream.origin);
  assert(world.paths().every((path) => !path.endsWith(".jsonl") || !/s3cret|\/mcp/.test(world.text(path))));
});

Deno.test("wrap http: what the policy stops never leaves, and its sender sees why, in either generation", async () => {
  const world = await gated();
  const older = await world.post(toolCall(1, "stock.wipe"));
  const newer = await world.post(modernCall("a", "stock.wipe"), modernFields("stock.wipe"));
  assertEquals(world.server.length, 0);
  for (const sent of [older, newer]) {
    const { status, headers } = sent.reply();
    assertEquals([status, headers.get("content-type")], [200, "application/json"]);
    const result = Object(sent.json()["result"]);
    assertEquals([result.isError, result.content[0].text.split("\n")[0]], [true, "gait: block: wipe_never"]);
  }
  assertEquals([Object(older.json()["result"]).resultType, Object(newer.json()["result"]).resultType], [undefined, "complete"]);
  await world.end();
  assertEquals([world.verdicts(), world.statuses(), await verified(world)], [["block", "block"], [], [true]]);
});

Deno.test("wrap http: a call of the stateless generation is of no session, for the server as for the gate", async () => {
  const world = await gated();
  const own = await begun(world, "s1");
  await world.post(modernCall(1, "shelf.peek"), { ...own, ...modernFields("shelf.peek") });
  const { headers } = world.last().request;
  assertEquals([headers["mcp-protocol-version"], headers["mcp-session-id"]], ["2026-07-28", undefined]);
  await world.last().with(answerTo(1));
  await world.post(toolCall(2, "shelf.peek"), own);
  assertEquals(world.last().request.headers["mcp-session-id"], "s1");
  await world.last().with(answerTo(2));
  await world.end();
  assertEquals(world.journals().map((records) => records.filter(({ decision }) => decision !== undefined).length), [1, 1]);
});

Deno.test("wrap http: events pass one by one as they come, byte by byte, and the result is recorded before it passes", async () => {
  const world = await gated();
  const sent = await world.post(modernCall(7, "shelf.peek"), modernFields("shelf.peek"));
  const server = world.last();
  await server.events({ "x-accel-buffering": "no", "cache-control": "no-cache" });
  const first = `: hello\r\n\r\nevent: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\r\n\r\n`;
  await server.send(first.slice(0, 30));
  await server.send(first.slice(30));
  assertEquals([sent.reply().body, sent.reply().whole, sent.reply().headers.get("x-accel-buffering")], [first, false, "no"]);
  assertEquals(world.statuses(), []);
  const last = `data: {"jsonrpc":"2.0","id":7,\ndata: "result":{"content":[],"isError":true}}\n\n`;
  await server.send(last);
  assertEquals([sent.reply().body, world.statuses()], [first + last, ["1 tool_error"]]);
  await server.end();
  assertEquals(sent.reply().whole, true);
  await world.end();
  assertEquals(await verified(world), [true]);
});

Deno.test("wrap http: the same id of two clients, at once and crosswise, is each one's own", async () => {
  const world = await gated();
  const one = await world.post(modernCall(1, "shelf.peek"), modernFields("shelf.peek"));
  const two = await world.post(modernCall(1, "tool.read"), modernFields("tool.read"));
  const three = await world.post(toolCall(1, "shelf.peek"));
  const [first, second, third] = world.server;
  await third?.with(answerTo(1, "third"));
  await second?.events();
  await second?.send(event(answerTo(1, "second")));
  await first?.with(answerTo(1, "first"));
  const text = (frame: Readonly<Record<string, unknown>> | undefined): string => Object(frame?.["result"]).content[0].text;
  assertEquals([text(one.json()), text(two.frames()[0]), text(three.json())], ["first", "second", "third"]);
  await second?.end();
  await world.end();
  assertEquals(world.statuses(), ["3 ok", "2 ok", "1 ok"]);
  assertEquals(await verified(world), [true]);
});

Deno.test("wrap http: arguments are held against what the server declares, whoever asked for the list", async () => {
  const world = await gated();
  await world.post({ jsonrpc: "2.0", id: 1, method: "tools/list" }, {});
  const inputSchema = { type: "object", properties: { n: { type: "integer" } } };
  await world.last().with({ jsonrpc: "2.0", id: 1, result: { tools: [{ name: "shelf.peek", inputSchema }] } });
  const sent = await world.post(modernCall(2, "shelf.peek", { n: "x" }), modernFields("shelf.peek"));
  assertEquals(world.server.length, 1);
  assert(Object(sent.json()["result"]).content[0].text.includes("mcp_arguments_invalid"));
  await world.end();
});

Deno.test("wrap http: each session has records of its own, sealed when it ends", async () => {
  const world = await gated();
  const [one, two] = [await begun(world, "s-1"), await begun(world, "s-2")];
  const [first, second] = [await world.post(toolCall(5, "shelf.peek"), one), await world.post(toolCall(5, "shelf.peek"), two)];
  const [, , a, b] = world.server;
  await b?.with(answerTo(5, "b"));
  await a?.with(answerTo(5, "a"));
  assertEquals([first, second].map((sent) => Object(sent.json()["result"]).content[0].text), ["a", "b"]);
  assertEquals(world.journals().length, 2);
  const ended = await world.request("DELETE", undefined, one);
  await world.last().head(200);
  await world.last().end();
  assertEquals([ended.reply().status, (await verified(world)).length], [200, 1]);
  assertEquals(world.journals().map((records) => records.at(-1)?.["end"]?.["why"]).filter((why) => why !== undefined), [
    "client_closed",
  ]);
  const late = await world.post(toolCall(6, "shelf.peek"), one);
  assertEquals([late.reply().status, Object(late.json()["error"]).code, world.server.length], [404, -32001, 5]);
  await world.end();
  assertEquals([world.statuses(), await verified(world)], [["1 ok", "1 ok"], [true, true]]);
});

Deno.test("wrap http: a session that the server has ended, and one that is not allowed to be ended", async () => {
  const world = await gated();
  const one = await begun(world, "s-1");
  const refused = await world.request("DELETE", undefined, one);
  await world.last().with("no", 405, { "content-type": "text/plain" });
  assertEquals([refused.reply().status, refused.reply().body], [405, ""]);
  const call = await world.post(toolCall(1, "shelf.peek"), one);
  await world.last().with({ jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } }, 404);
  assertEquals([call.reply().status, world.statuses(), await verified(world)], [404, ["1 error"], [true]]);
  assertEquals((await world.post(toolCall(2, "shelf.peek"), one)).reply().status, 404);
  await world.end();
});

Deno.test("wrap http: notifications and answers get the status of the server, and nothing that could be a result", async () => {
  const world = await gated();
  const fields = await begun(world, "s-1");
  const noted = await world.post({ jsonrpc: "2.0", method: "notifications/initialized" }, fields);
  await world.last().head(202);
  await world.last().end();
  assertEquals([noted.reply().status, noted.reply().whole, noted.reply().body], [202, true, ""]);
  const answered = await world.post({ jsonrpc: "2.0", id: "srv-1", result: {} }, fields);
  await world.last().with(answerTo(9), 200);
  assertEquals([answered.reply().status, answered.reply().body], [200, ""]);
  const call = await world.post(toolCall(9, "shelf.peek"), fields);
  for (
    const [body, status] of [[event(answerTo(9)), 200], [`\ufeff${JSON.stringify(answerTo(9))}`, 200], [
      [answerTo(9)],
      400,
    ]] as const
  ) {
    const sent = await world.post({ jsonrpc: "2.0", method: "notifications/x" }, fields);
    await world.last().with(body, status, { "content-type": "text/event-stream" });
    const reply = sent.reply();
    assertEquals([reply.status, reply.body, reply.headers.has("content-type"), reply.whole], [status, "", false, true]);
  }
  assertEquals(call.reply().status, 0);
  await world.end();
});
