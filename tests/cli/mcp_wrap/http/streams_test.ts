// Sessions of the older generation: streams that the server opens, that break and are taken up again, and questions on them.
import { assert, assertEquals } from "../../../assert.ts";
import { answerTo, toolCall } from "../world.ts";
import { begun, event, gated, modernCall, modernFields } from "./world.ts";

const NOTE = { jsonrpc: "2.0", method: "notifications/message", params: {} };

Deno.test("wrap http: what the server says of its own accord passes, results that nobody waits for do not", async () => {
  const world = await gated();
  const fields = await begun(world, "s");
  const open = await world.post(toolCall(1, "shelf.peek"), fields);
  const listening = await world.request("GET", undefined, { ...fields, accept: "text/event-stream" });
  const stream = world.last();
  await stream.events();
  await stream.send(event(NOTE, "g1"), event({ jsonrpc: "2.0", id: "s1", method: "roots/list" }), event(answerTo(9), "g2"));
  await stream.send(event(answerTo(1, "stolen")), "event: endpoint\ndata: http://server.test/past\n\n", "data: ping\n\n");
  const { body } = listening.reply();
  assertEquals(
    body,
    `${event(NOTE, "g1")}${event({ jsonrpc: "2.0", id: "s1", method: "roots/list" })}id: g2\n\ndata: ping\n\n`,
  );
  assertEquals([world.strays(), open.reply().status], [3, 0]);
  await listening.leave();
  assertEquals(stream.state.closed, true);
  await world.server[1]?.with(answerTo(1));
  await world.end();
  assertEquals(world.statuses(), ["1 ok"]);
});

Deno.test("wrap http: what is asked for as a stream passes as one, whatever its type says, or not at all", async () => {
  const world = await gated();
  const fields = await begun(world, "s");
  await world.post(toolCall(1, "shelf.peek"), fields);
  const listen = () => world.request("GET", undefined, { ...fields, accept: "text/event-stream" });
  for (const type of ["text/plain", "application/json", "", "text/event-stream, text/plain"]) {
    const sent = await listen();
    await world.last().head(200, type === "" ? {} : { "content-type": type });
    await world.last().send(event(answerTo(1, "stolen")));
    assertEquals([sent.reply().status, sent.reply().body.includes("stolen")], [405, false], type);
    assertEquals(world.last().state.closed, true, "nobody reads on");
  }
  const refused = await listen();
  await world.last().with(event(answerTo(1, "stolen")), 405, { "content-type": "text/event-stream" });
  assertEquals([refused.reply().status, refused.reply().body, refused.reply().whole], [405, "", true]);
  await world.end();
});

Deno.test("wrap http: no reader finds an event within another one, wherever it ends lines", async () => {
  const world = await gated();
  const fields = await begun(world, "s");
  const call = await world.post(toolCall(1, "shelf.peek"), fields);
  await world.last().events();
  await world.last().send(`\ufeff${event(NOTE)}`, `\ufeffdata: ${JSON.stringify(answerTo(1, "stolen"))}\n\n`);
  assertEquals(call.reply().body, `${event(NOTE)}\n`);
  const listening = await world.request("GET", undefined, fields);
  await world.last().events();
  await world.last().send(event(answerTo(9)), `\ufeffdata: ${JSON.stringify(answerTo(1, "stolen"))}\n\n`);
  assertEquals(listening.reply().body, "\n", "the first that passes is not the first that came");
  const hidden = (split: string): string => `${split}${split}data: ${JSON.stringify(answerTo(1, "stolen"))}${split}${split}`;
  for (const split of ["\u2028", "\u2029", "\u0085", "\u000b"]) {
    await world.server[1]?.send(
      `:${hidden(split)}\n\n`,
      `x${hidden(split)}\n${event(NOTE)}`,
      `id: 1\ndata: a${hidden(split)}\n\n`,
    );
  }
  await world.server[1]?.send(event(answerTo(1, "a\u2028b")));
  assertEquals(call.reply().body.split(/[\r\n\v\f\u0085\u2028\u2029]+/).filter((line) => line.startsWith("data: {")).length, 6);
  assertEquals(Object(call.frames().at(-1)?.["result"]).content[0].text, "a\u2028b");
  await world.end();
  assertEquals(world.statuses(), ["1 ok"]);
});

Deno.test("wrap http: a stream that broke is taken up again, and its result is paired with the call", async () => {
  const world = await gated();
  const fields = await begun(world, "s");
  const call = await world.post(toolCall(1, "shelf.peek"), fields);
  const first = world.last();
  await first.events();
  await first.send("id: e1\ndata:\n\n");
  await call.leave();
  assertEquals([first.state.closed, world.statuses()], [true, []]);
  const again = await world.request("GET", undefined, { ...fields, "last-event-id": "e1" });
  const second = world.last();
  assertEquals(second.request.headers["last-event-id"], "e1");
  await second.events();
  await second.send(event(answerTo(1, "late"), "e2"));
  assertEquals([Object(again.frames()[0]?.["result"]).content[0].text, world.statuses()], ["late", ["1 ok"]]);
  // The client has not seen it and asks once more: the same frame passes again, and no other.
  await again.leave();
  const third = await world.request("GET", undefined, { ...fields, "last-event-id": "e1" });
  await world.last().events();
  await world.last().send(event(answerTo(1, "late"), "e2"), event(answerTo(1, "other"), "e3"));
  assertEquals(third.frames().map(({ result }) => Object(result).content[0].text), ["late"]);
  await world.end();
  assertEquals(world.statuses(), ["1 ok"]);
});

Deno.test("wrap http: a stream that the server ends early is taken up again, or the call is given up in time", async () => {
  const world = await gated();
  const fields = await begun(world, "s");
  const call = await world.post(toolCall(1, "shelf.peek"), fields);
  await world.last().events();
  await world.last().send("id: e1\nretry: 10\ndata:\n\n");
  await world.last().end();
  assertEquals([call.reply().whole, call.frames(), world.statuses()], [true, [], []]);
  await world.pass(61_000);
  assertEquals(world.statuses(), ["1 timed_out"]);
  const again = await world.request("GET", undefined, { ...fields, "last-event-id": "e1" });
  await world.last().events();
  await world.last().send(event(answerTo(1), "e2"));
  assertEquals(again.frames(), [], "too late does not count");
  await world.end();
});

Deno.test("wrap http: a stateless stream that ends early is told of on it; one whose client closes it is cancelled", async () => {
  const world = await gated();
  const one = await world.post(modernCall(1, "shelf.peek"), modernFields("shelf.peek"));
  const [first] = world.server;
  await first?.events();
  await first?.send(event(NOTE, "e1"));
  await first?.end("cut");
  assertEquals(one.frames().map(({ error }) => error === undefined ? 0 : Object(error).code), [0, -32603]);
  const two = await world.post(modernCall(2, "shelf.peek"), modernFields("shelf.peek"));
  const second = world.last();
  await second.events();
  await two.leave();
  assertEquals(second.state.closed, true);
  const three = await world.post(modernCall(3, "shelf.peek"), modernFields("shelf.peek"));
  await three.leave();
  assertEquals(world.last().state.closed, true);
  await world.end();
  assertEquals(world.statuses(), ["1 unanswered", "2 cancelled", "3 cancelled"]);
});

Deno.test("wrap http: a stream of changes stays open as long as it likes, and ends with the gate", async () => {
  const world = await gated();
  const listen = { ...modernCall(1, "x"), method: "subscriptions/listen" };
  const sent = await world.post(listen, modernFields("", "subscriptions/listen"));
  await world.last().events();
  await world.pass(120_000);
  await world.last().send(event(NOTE));
  assertEquals([sent.frames().length, sent.reply().whole], [1, false]);
  await world.tell();
  assertEquals([sent.reply().whole, world.last().state.closed], [true, true]);
  await world.end();
});

const refund = toolCall(4, "till.refund");

Deno.test("wrap http: the user is asked on the stream of the call, and answers by another request", async () => {
  const world = await gated();
  const fields = await begun(world, "s", { elicitation: {} });
  const call = await world.post(refund, fields);
  const { status, headers } = call.reply();
  assertEquals([status, headers.get("content-type"), headers.get("x-accel-buffering")], [200, "text/event-stream", "no"]);
  const [question] = call.frames();
  assertEquals([question?.["method"], world.server.length], ["elicitation/create", 1]);
  const result = { action: "accept", content: { decision: "approve" } };
  const answer = await world.post({ jsonrpc: "2.0", id: question?.["id"], result }, fields);
  assertEquals([answer.reply().status, answer.reply().body, answer.reply().whole], [202, "", true]);
  assertEquals(world.last().json.params.name, "till.refund");
  await world.last().with(JSON.stringify(answerTo(4, "paid"), undefined, 2));
  assertEquals(Object(call.frames()[1]?.["result"]).content[0].text, "paid");
  assertEquals(call.reply().whole, true);
  await world.end();
  assertEquals([world.verdicts(), world.statuses()], [["allow"], ["1 ok"]]);
});

Deno.test("wrap http: a question that nobody answers, that is declined, or that another session answers", async () => {
  const world = await gated();
  const fields = await begun(world, "s", { elicitation: {} });
  const other = await begun(world, "other", { elicitation: {} });
  const call = await world.post(refund, fields);
  const id = call.frames()[0]?.["id"];
  const accept = { jsonrpc: "2.0", id, result: { action: "accept", content: { decision: "approve" } } };
  const before = world.server.length;
  await world.post(accept, other);
  assertEquals(world.last().json.result.action, "accept", "it is no answer to a question of the gate there");
  assertEquals([world.server.length, call.reply().whole], [before + 1, false]);
  await world.pass(61_000);
  const stopped = call.frames().at(-1)?.["result"];
  assertEquals([call.reply().whole, Object(stopped).isError], [true, true]);
  const late = await world.post(accept, fields);
  assertEquals([late.reply().status, world.server.length], [202, before + 1]);
  const gone = await world.post({ ...refund, id: 5 }, fields);
  await gone.leave();
  const declined = await world.post({ ...refund, id: 6 }, fields);
  await world.post({ jsonrpc: "2.0", id: declined.frames()[0]?.["id"], result: { action: "decline" } }, fields);
  assertEquals(Object(declined.frames().at(-1)?.["result"]).isError, true);
  assertEquals(world.server.length, before + 1, "nothing has left");
  await world.end();
  assertEquals(world.statuses(), []);
  assert(world.verdicts().every((verdict) => verdict !== "allow"));
});
