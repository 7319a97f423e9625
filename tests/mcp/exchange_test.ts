// What the two ends of a session owe each other, line by line.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { openExchange } from "../../core/mcp/exchange.ts";
import { assertEquals } from "../assert.ts";

const line = (frame: object): Uint8Array => utf8(JSON.stringify(frame));
const call = (id: number, name = "t") => line({ id, method: "tools/call", params: { name } });
const answer = (id: number, result: object = {}) => line({ id, result });

Deno.test("exchange: a call is held back until it is sent; an answer before that counts for nothing", () => {
  const exchange = openExchange();
  assertEquals(exchange.fromClient(call(1)).do, "decide");
  assertEquals(exchange.fromServer(answer(1)).do, "drop");
  exchange.sent(1);
  assertEquals(exchange.fromServer(answer(1)).do, "pass");
  assertEquals(exchange.fromServer(answer(1)).do, "drop");
});

Deno.test("exchange: a call that the gate answers is not open any more", () => {
  const exchange = openExchange();
  exchange.fromClient(call(1));
  assertEquals(exchange.close(1)?.call?.tool, "t");
  assertEquals([exchange.close(1), exchange.open()], [undefined, []]);
  assertEquals(exchange.fromClient(call(1)).do, "decide", "its id may be used again");
});

Deno.test("exchange: half a character passes in a result, and in nothing that tools and servers are called", () => {
  for (
    const [method, wanted] of [["tools/call", "pass"], ["prompts/get", "pass"], ["tools/list", "fail"], [
      "initialize",
      "fail",
    ]] as const
  ) {
    const exchange = openExchange();
    exchange.fromClient(line({ id: 1, method, params: { name: "t" } }));
    exchange.sent(1);
    assertEquals(exchange.fromServer(utf8(`{"id":1,"result":{"tools":[],"a":"\\ud83d"}}`)).do, wanted, method);
    assertEquals(exchange.open(), []);
  }
});

Deno.test("exchange: how a call ended", () => {
  const status = (result: object): string => {
    const exchange = openExchange();
    exchange.fromClient(call(1));
    exchange.sent(1);
    const step = exchange.fromServer("error" in result ? line({ id: 1, ...result }) : answer(1, result));
    return step.do === "pass" ? step.status : step.do;
  };
  assertEquals(status({ content: [] }), "ok");
  assertEquals(status({ isError: true }), "tool_error");
  assertEquals(status({ isError: "true" }), "ok");
  assertEquals(status({ resultType: "input_required" }), "input_required");
  assertEquals(status({ resultType: "task", taskId: "1" }), "task");
  assertEquals(status({ task: { taskId: "1" } }), "task");
  assertEquals(status({ error: { code: 1 } }), "error");
});

Deno.test("exchange: a frame that cannot be read and names nobody ends all that waits, and nothing else", () => {
  const exchange = openExchange();
  exchange.fromClient(call(1));
  exchange.sent(1);
  exchange.fromClient(line({ id: 2, method: "resources/list" }));
  exchange.fromClient(call(3)); // not decided yet
  const step = exchange.fromServer(utf8(`{"id":1,"id":2}`));
  assertEquals(step.do === "fail" ? step.open.map(({ id }) => id) : [], [1, 2]);
  assertEquals(exchange.open().map(({ id }) => id), [3]);
});

Deno.test("exchange: tools are learned from lists that somebody asked for, page by page", () => {
  const exchange = openExchange();
  const names = () => exchange.tools.all().map(({ name }) => name);
  exchange.fromServer(answer(1, { tools: [{ name: "forged" }] }));
  assertEquals(names(), []);
  exchange.fromClient(line({ id: 1, method: "tools/list" }));
  exchange.fromServer(answer(1, { tools: [{ name: "a" }], nextCursor: "x" }));
  exchange.fromClient(line({ id: 2, method: "tools/list", params: { cursor: "x" } }));
  exchange.fromServer(answer(2, { tools: [{ name: "b" }] }));
  assertEquals(names(), ["a", "b"]);
});

Deno.test("exchange: who sent what is refused is told by its id, unless that is one of a request that is open", () => {
  const exchange = openExchange();
  const told = () => {
    const step = exchange.fromClient(utf8(`{"id":1,"method":"tools/call","params":{"a":1e400}}`));
    return step.do === "refuse" ? [step.id, step.code] : step.do;
  };
  assertEquals(told(), [1, -32700]);
  exchange.fromClient(line({ id: 1, method: "ping" }));
  assertEquals(told(), [null, -32700]);
});

Deno.test("exchange: numbers and texts are different ids; calls are numbered as they come", () => {
  const exchange = openExchange();
  const steps = [call(1), line({ id: "1", method: "tools/call", params: { name: "u" } })].map((one) =>
    exchange.fromClient(one)
  );
  assertEquals(steps.map((step) => step.do === "decide" ? [step.call.number, step.call.tool] : []), [[1, "t"], [2, "u"]]);
});

Deno.test("exchange: an answer to the gate's own question is its own, also a late one; others are the server's", () => {
  const exchange = openExchange();
  assertEquals(exchange.fromClient(answer(1)), { do: "pass" });
  exchange.asks("own");
  const own = line({ id: "own", result: { action: "accept" } });
  for (const _ of "12") assertEquals(exchange.fromClient(own), { do: "answered", id: "own", result: { action: "accept" } });
  assertEquals(exchange.fromClient(line({ id: "owns", result: {} })), { do: "pass" });
  assertEquals(exchange.fromClient(line({ id: "own", error: {} })), { do: "answered", id: "own", result: undefined });
});

Deno.test("exchange: a call knows its client and what it brings along, and may be taken back while it waits", () => {
  const exchange = openExchange();
  const asked = (id: number, params: object) => {
    const step = exchange.fromClient(line({ id, method: "tools/call", params: { name: "t", ...params } }));
    if (step.do !== "decide") throw new Error(step.do);
    return step.call;
  };
  assertEquals(asked(1, {}).client, { name: "", asks: false });
  const params = { capabilities: { elicitation: {} }, clientInfo: { name: "c" } };
  exchange.fromClient(line({ id: 2, method: "initialize", params }));
  assertEquals([exchange.client(), asked(3, {}).client], [{ name: "c", asks: true }, { name: "c", asks: true }]);
  const _meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
  const modern = asked(4, { _meta, requestState: "s", inputResponses: { a: {} } });
  assertEquals([modern.client.asks, modern.input.state, modern.input.responses], [false, "s", { a: {} }]);
  assertEquals(JSON.parse(fromUtf8(modern.frame)).id, 4);
  asked(5, {});
  asked(6, {});
  const cancelled = line({ method: "notifications/cancelled", params: { requestId: 6 } });
  assertEquals(exchange.fromClient(cancelled), { do: "pass", cancelled: 6 });
});
