// Lists and results over HTTP: what rules hold back comes through neither as a body nor on a stream, however often it is sent; labels are
// those of a session, or of all who show none.
import { assert, assertEquals } from "../../../assert.ts";
import { answerTo, toolCall } from "../world.ts";
import { begun, event, gated, modernCall, modernFields, type World } from "./world.ts";

const RULES = `rules:
  - {name: keys, effect: block, reason_code: result_holds_key, match: {contains: [PRIVATE KEY]}}
  - {name: pages, effect: label, source: external, labels: [web], match: {tool_names: [shelf.*]}}
`;

const POLICY = `default_verdict: block
rules:
  - {name: tainted, priority: 1, effect: block, match: {tool_names: [tool.write], provenance_sources: [external]}}
  - {name: work, priority: 2, effect: allow, match: {tool_names: [shelf.peek, tool.read, tool.write]}}
`;

const ruled = (): Promise<World> =>
  gated({
    files: { "rules.yaml": RULES, "policy.yaml": POLICY },
    settings: { result_rules: "rules.yaml", hide_blocked: true },
  });

const KEY = "-----BEGIN PRIVATE KEY-----";

Deno.test("wrap http results: what a rule holds back is not in a body", async () => {
  const world = await ruled();
  const sent = await world.post(toolCall(1, "tool.read"));
  await world.last().with(answerTo(1, KEY));
  assert(sent.reply().whole && !sent.reply().body.includes("PRIVATE"), sent.reply().body);
  assertEquals(Object(sent.json()["result"]).isError, true);
  const error = await world.post(toolCall(2, "tool.read"));
  await world.last().with({ jsonrpc: "2.0", id: 2, error: { code: 1, message: KEY } }, 400);
  assert(error.reply().status === 400 && error.reply().whole && !error.reply().body.includes("PRIVATE"), error.reply().body);
  await world.end();
  assertEquals(world.statuses(), ["1 blocked", "2 blocked"]);
});

Deno.test("wrap http results: nor on a stream, nor on one that is taken up again", async () => {
  const world = await ruled();
  const fields = await begun(world, "s");
  const call = await world.post(toolCall(1, "tool.read"), fields);
  await world.last().events();
  await world.last().send("id: e1\ndata:\n\n", event(answerTo(1, KEY), "e2"));
  const again = await world.request("GET", undefined, { ...fields, "last-event-id": "e1" });
  await world.last().events();
  await world.last().send(event(answerTo(1, KEY), "e2"));
  for (const reply of [call.reply(), again.reply()]) assert(!reply.body.includes("PRIVATE"), reply.body);
  for (const sent of [call, again]) assertEquals(sent.frames().map(({ result }) => Object(result).isError), [true]);
  await world.end();
  assertEquals(world.statuses(), ["1 blocked"]);
});

Deno.test("wrap http results: a list leaves out what can never be allowed", async () => {
  const world = await ruled();
  const sent = await world.post({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  await world.last().with({ jsonrpc: "2.0", id: 1, result: { tools: [{ name: "tool.read" }, { name: "stock.wipe" }] } });
  assertEquals(sent.json()["result"], { tools: [{ name: "tool.read" }] });
  await world.end();
});

Deno.test("wrap http results: what a session has read is its own, and of all who show none", async () => {
  const world = await ruled();
  const [one, other] = [await begun(world, "one"), await begun(world, "other")];
  const leaves = async (fields: Readonly<Record<string, string>>): Promise<boolean> => {
    const before = world.server.length;
    await world.post(toolCall(`w${before}`, "tool.write"), fields);
    const left = world.server.length > before;
    if (left) await world.last().with(answerTo(`w${before}`));
    return left;
  };
  const read = async (fields: Readonly<Record<string, string>>): Promise<void> => {
    await world.post(toolCall("r", "shelf.peek"), fields);
    await world.last().with(answerTo("r"));
  };
  await read(one);
  assertEquals([await leaves(one), await leaves(other), await leaves({})], [false, true, true]);
  await world.post(modernCall("m", "shelf.peek"), modernFields("shelf.peek"));
  await world.last().with(answerTo("m"));
  assertEquals([await leaves(other), await leaves({})], [true, false]);
  await world.end();
});
