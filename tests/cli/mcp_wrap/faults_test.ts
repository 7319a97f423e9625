// A wrapped session in which something goes wrong: nothing leaves undecided, no record is lost, nobody is left waiting.
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { digestOf } from "../../../core/base/digest.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals } from "../../assert.ts";
import { answerTo, toolCall, WRAP, wrapped } from "./world.ts";

type World = ReturnType<typeof wrapped>;

const statuses = (world: World): readonly unknown[] =>
  world.records().flatMap(({ result }) => result === undefined ? [] : [`${result["call"]} ${result["status"]}`]);

const errors = (world: World): readonly unknown[] =>
  world.client.frames().flatMap(({ id, error }) => error === undefined ? [] : [[id, Object(error)["code"]]]);

const strays = (world: World): number => world.records().filter(({ stray }) => stray !== undefined).length;

const asking = async (world: World, ...ids: readonly number[]): Promise<World> => {
  await world.client.send(...ids.map((id) => toolCall(id, "shelf.peek")));
  return world;
};

Deno.test("wrap: a server that dies during a call, and before one", async () => {
  const world = await asking(wrapped(), 1);
  await world.client.send({ jsonrpc: "2.0", id: 2, method: "resources/list" });
  await world.server.exit(3);
  assertEquals(await world.session, "dependency");
  assertEquals(errors(world), [[1, -32603], [2, -32603]]);
  assertEquals(statuses(world), ["1 unanswered"]);
  assert(world.paths().some((path) => path.endsWith("/runpack.zip")), "sealed all the same");
  const early = wrapped();
  await early.server.exit(1);
  await early.client.send(toolCall(1, "shelf.peek"));
  assertEquals(await early.session, "dependency");
  assertEquals(early.server.got(), []);
});

Deno.test("wrap: a server that takes no more: the call that was allowed is told of as not sent", async () => {
  const world = wrapped();
  await world.server.deaf();
  await asking(world, 1);
  assertEquals(errors(world), [[1, -32603]]);
  assertEquals(statuses(world), ["1 not_sent"]);
  await world.client.close();
  await world.session;
});

Deno.test("wrap: a server that hangs: whoever waits is told, and an answer that comes later does not count", async () => {
  const world = await asking(wrapped(), 1);
  await world.pass(250);
  assertEquals(errors(world), []);
  await world.pass(60_000);
  assertEquals(errors(world), [[1, -32603]]);
  await world.server.send(answerTo(1));
  assertEquals(world.client.got().length, 1);
  await world.client.close();
  assertEquals(await world.session, "ok");
  assertEquals([statuses(world), strays(world)], [["1 timed_out"], 1]);
});

Deno.test("wrap: a subscription stays open as long as it likes; one that is taken back is forgotten like any request", async () => {
  const listen = { jsonrpc: "2.0", id: 1, method: "subscriptions/listen" };
  const world = wrapped();
  await world.client.send(listen);
  for (let i = 0; i < 4; i++) await world.pass(60_000);
  assertEquals(errors(world), []);
  await world.server.send({ jsonrpc: "2.0", id: 1, result: {} });
  assertEquals(world.client.frames().map(({ id, error }) => [id, error]), [[1, undefined]], "its answer is not a stray");
  await world.client.send(listen, { jsonrpc: "2.0", id: 2, method: "resources/list" });
  await world.pass(60_000);
  assertEquals(errors(world), [[2, -32603]], "others beside it are not waited for");
  await world.client.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
  for (let i = 0; i < 2; i++) await world.pass(60_000);
  await world.client.send(listen);
  assertEquals(errors(world).length, 1, "its id is free again");
  await world.client.close();
  assertEquals(await world.session, "ok");
});

Deno.test("wrap: a server that neither answers nor ends is ended", async () => {
  const world = await asking(wrapped({ stubborn: true }), 1);
  await world.client.close();
  await world.pass(1_000);
  assertEquals(await world.session, "ok");
  assertEquals(statuses(world), ["1 unanswered"]);
});

Deno.test("wrap: a server that does not even read", async () => {
  const world = await asking(wrapped({ stuck: true }), 1, 2);
  await world.client.close();
  await world.pass(1_000);
  await world.pass(1_000);
  assertEquals(await world.session, "ok");
  assertEquals([statuses(world), errors(world).length], [["1 not_sent", "2 not_sent"], 2]);
});

Deno.test("wrap: answers twice, with a wrong id, too early: held back and noted", async () => {
  const world = await asking(wrapped(), 1);
  await world.server.send(answerTo(9), answerTo("1"), answerTo(1, "first"), answerTo(1, "second"), answerTo(2, "early"));
  assertEquals(world.client.got(), [JSON.stringify(answerTo(1, "first"))]);
  await asking(world, 2);
  await world.server.send(answerTo(2, "in time"));
  assertEquals(world.client.got().length, 2);
  await world.client.close();
  await world.session;
  assertEquals([statuses(world), strays(world)], [["1 ok", "2 ok"], 4]);
});

Deno.test("wrap: out of order", async () => {
  const world = await asking(wrapped(), 1, 2, 3);
  await world.server.send(answerTo(3), answerTo(1), answerTo(2));
  await world.client.close();
  await world.session;
  assertEquals(statuses(world), ["3 ok", "1 ok", "2 ok"]);
});

Deno.test("wrap: a result over the limit never arrives; all that may wait for it are told", async () => {
  const world = await asking(wrapped(), 1, 2);
  await world.server.send(answerTo(1, "x".repeat(5_000)));
  assertEquals(errors(world), [[1, -32603], [2, -32603]]);
  await world.server.send(answerTo(2, "late"));
  await asking(world, 3);
  await world.server.send(answerTo(3));
  await world.client.close();
  assertEquals(await world.session, "ok");
  assertEquals(statuses(world), ["1 too_large", "2 too_large", "3 ok"]);
  assertEquals(world.client.got().length, 3);
});

Deno.test("wrap: a result that is no text is held back, and only that", async () => {
  const world = await asking(wrapped(), 1, 2);
  const bytes = utf8(`${JSON.stringify(answerTo(1, "x?x"))}\n`);
  bytes[bytes.indexOf(0x3f)] = 0xff;
  await world.server.send(bytes, answerTo(2));
  assertEquals(world.client.frames().map(({ id, error }) => [id, error !== undefined]), [[1, true], [2, false]]);
  await world.client.close();
  await world.session;
  assertEquals(statuses(world), ["1 unreadable", "2 ok"]);
});

Deno.test("wrap: a frame that two readers may read as two never arrives", async () => {
  const world = await asking(wrapped(), 1);
  await world.server.send(`{"jsonrpc":"2.0","id":2,"id":1,"result":{}}`);
  assertEquals(errors(world), [[1, -32603]]);
  await world.client.send(
    `{"jsonrpc":"2.0","id":5,"method":"ping","method":"tools/call","params":{"name":"shelf.peek"}}`,
    `[{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"shelf.peek"}}]`,
    `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"shelf.peek"}}`,
    `{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"shelf.peek"}}`,
    `{"jsonrpc":"2.0","id":1e400,"method":"tools/call"}`,
    `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":" shelf.peek"}}`,
    `{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"shelf.peek","arguments":[]}}`,
    Uint8Array.of(0x7b, 0xff, 0x7d, 0x0a),
  );
  assertEquals(world.server.got().length, 1, "only the first call has left");
  assertEquals(errors(world).slice(1).map((error) => Object(error)[0]), [5, null, null, null, null, 7, 8, null]);
  await world.client.close();
});

Deno.test("wrap: a call that no intent can be made of fails alone", async () => {
  const world = wrapped();
  await world.client.send(toolCall(1, "shelf.peek", { path: 1, " path": 2 }), toolCall(2, "shelf.peek", { "": 1 }));
  assertEquals([world.server.got(), errors(world)], [[], [[1, -32603], [2, -32603]]]);
  await asking(world, 3);
  await world.server.send(answerTo(3));
  await world.client.close();
  assertEquals(await world.session, "ok");
  const undecided = world.records().flatMap(({ undecided }) => undecided === undefined ? [] : [undecided["fault"]]);
  assertEquals([undecided, statuses(world)], [["intent_invalid", "intent_invalid"], ["3 ok"]]);
  const digests = world.records().flatMap(({ undecided }) => undecided === undefined ? [] : [undecided["args_digest"]]);
  assertEquals(digests, [{ path: 1, " path": 2 }, { "": 1 }].map((args) => digestOf(nodeHost.crypto, args)), "as they came");
});

Deno.test("wrap: a frame that a CR cuts in two passes neither way", async () => {
  const world = await asking(wrapped(), 1);
  const hidden = JSON.stringify(toolCall(9, "shelf.wipe"));
  await world.client.send(
    `{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":\r${hidden}\r}}`,
    `{"jsonrpc":"2.0","id":8,"method":"ping"}\r`,
  );
  assertEquals(world.server.got().length, 2, "the call, and what ends with CR and LF");
  assertEquals(errors(world).length, 1);
  const forged = JSON.stringify(answerTo(1, "forged"));
  await world.server.send(`log\r${forged}`, `{"jsonrpc":"2.0","method":"x","params":{"a":\r${forged}\r}}`);
  assertEquals(world.client.got().length, 1);
  await world.server.send(`{"jsonrpc":"2.0","id":8,"result":{"a":\r${forged}\r}}`, answerTo(1));
  assertEquals(errors(world).slice(1), [[8, -32603]]);
  assertEquals(world.client.got().at(-1), JSON.stringify(answerTo(1)));
  await world.client.close();
  assertEquals(await world.session, "ok");
  assertEquals([statuses(world), strays(world)], [["1 ok"], 3]);
});

Deno.test("wrap: an id that is open already is not taken for another request", async () => {
  const world = await asking(wrapped(), 1);
  await world.client.send({ jsonrpc: "2.0", id: 1, method: "resources/list" });
  assertEquals([world.server.got().length, errors(world)], [1, [[null, -32600]]]);
  await world.client.close();
});

Deno.test("wrap: what the client does not end by a line break is no frame", async () => {
  const world = wrapped();
  await world.client.send(utf8(JSON.stringify(toolCall(1, "shelf.peek"))));
  await world.client.close();
  assertEquals([await world.session, world.server.raw().length], ["ok", 0]);
});

Deno.test("wrap: a call that is cancelled and never answered; nobody is told of it any more", async () => {
  const world = await asking(wrapped(), 1);
  await world.client.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
  assertEquals(world.server.got().length, 2);
  await world.client.close();
  assertEquals(await world.session, "ok");
  assertEquals([statuses(world), world.client.got().length], [["1 cancelled"], 0]);
});

Deno.test("wrap: a client that goes away without a word", async () => {
  const world = await asking(wrapped(), 1);
  await world.client.vanish();
  await world.server.send(answerTo(1));
  assertEquals(await world.session, "ok");
  assertEquals(statuses(world), ["1 ok"]);
  assertEquals(world.records().at(-1)?.["end"]?.["why"], "client_gone");
});

Deno.test("wrap: told to end, with a call open", async () => {
  const world = await asking(wrapped({ stubborn: true }), 1);
  await world.tell("SIGTERM");
  assertEquals(await world.session, "ok");
  assertEquals(statuses(world), ["1 unanswered"]);
  assertEquals(world.records().at(-1)?.["end"], { why: "signalled", calls: 1 });
});

Deno.test("wrap: a policy that is not there: nothing is started, and who asks is told in the form of the protocol", async () => {
  const world = wrapped({ files: { "policy.yaml": "default_verdict: [" } });
  await world.client.send({ jsonrpc: "2.0", method: "notifications/x" }, { jsonrpc: "2.0", id: 0, method: "initialize" });
  assertEquals(await world.session, "usage");
  assertEquals([world.ports.programs, errors(world)], [[], [[0, -32603]]]);
});

Deno.test("wrap: an inbox or a key of approvers that cannot be used: nothing is started", async () => {
  const keys = { ...WRAP.boundary.keys, approval: { "public-key": "nope.pub" } };
  const CASES = [
    [{ boundary: { ...WRAP.boundary, keys } }, "file_missing"],
    [{ pending_dir: "policy.yaml" }, "path_refused"],
  ] as const;
  for (const [settings, fault] of CASES) {
    const world = wrapped({ settings });
    await world.client.send({ jsonrpc: "2.0", id: 0, method: "initialize" });
    assertEquals(await world.session, "usage");
    const [frame] = world.client.frames();
    assertEquals([world.ports.programs, Object(frame?.["error"])["data"]["fault"]], [[], fault]);
  }
});

Deno.test("wrap: a program that cannot be started: exit 7, and who asks is told", async () => {
  const world = wrapped({ missing: true });
  await world.client.send({ jsonrpc: "2.0", id: "i", method: "initialize" });
  assertEquals(await world.session, "dependency");
  const [frame] = world.client.frames();
  assertEquals(Object(frame?.["error"])["data"]["fault"], "child_start_failed");
});

Deno.test("wrap: a policy that vanishes while calls come: none leaves, each is told and recorded", async () => {
  const world = await asking(wrapped(), 1);
  world.ports.disk.remove("policy.yaml");
  await asking(world, 2);
  assertEquals([world.server.got().length, errors(world)], [1, [[2, -32603]]]);
  await world.server.send(answerTo(1));
  await world.client.close();
  assertEquals(await world.session, "usage");
  const undecided = world.records().flatMap((record) =>
    record["undecided"] === undefined ? [] : [record["undecided"]["fault"]]
  );
  assertEquals(undecided, ["file_missing"]);
});

Deno.test("wrap: an edit of the policy counts at the next call", async () => {
  const world = await asking(wrapped(), 1);
  world.put("policy.yaml", "default_verdict: block\n");
  await asking(world, 2);
  assertEquals([world.server.got().length, world.client.got().length], [1, 1]);
  await world.client.close();
});

Deno.test("wrap: a disk that fails at any step: no call leaves without its decision on the disk, and all are answered", async () => {
  const whole = await asking(wrapped(), 1);
  await whole.server.send(answerTo(1));
  await whole.client.close();
  await whole.session;
  const steps = whole.ports.disk.steps();
  assert(steps > 5);
  for (let step = 1; step <= steps; step++) {
    const world = await asking(wrapped({ trouble: { step, kind: "ENOSPC" } }), 1);
    const left = world.server.got().length;
    const decided = world.records().filter(({ decision }) => decision !== undefined).length;
    assert(left <= decided, `step ${step}: ${left} left, ${decided} decided`);
    await world.server.send(answerTo(1));
    assertEquals(world.client.got().length, 1, `step ${step}: answered`);
    const passed = fromUtf8(world.client.raw()) === `${JSON.stringify(answerTo(1))}\n`;
    assertEquals(passed, left === 1 && statuses(world).length === 1, `step ${step}: a result passes only with its record`);
    await world.client.close();
    const exit = await world.session;
    assert(exit === "ok" || exit === "internal", `step ${step}: ${exit}`);
    const sealed = world.paths().some((path) => path.endsWith("/runpack.zip"));
    assert(exit === "internal" || sealed && passed, `step ${step}: ends well only when all is there`);
  }
});

Deno.test("wrap: a call that could not be recorded is none of the session, which is sealed all the same", async () => {
  const told: unknown[] = [];
  for (let step = 1; step <= 40; step++) {
    const world = await asking(wrapped({ trouble: { step, kind: "EIO" } }), 1);
    await asking(world, 2);
    for (const line of world.server.got()) await world.server.send(answerTo(JSON.parse(line).id));
    await world.client.close();
    await world.session;
    const records = world.records();
    const decided = records.filter(({ decision }) => decision !== undefined).length;
    const calls = records.at(-1)?.["end"]?.["calls"];
    if (calls === undefined) continue;
    assertEquals(calls, decided, `step ${step}`);
    told.push(decided);
    const sealed = world.paths().some((path) => path.endsWith("/runpack.zip"));
    assert(sealed || decided === 2, `step ${step}: trouble comes once: ${world.notes.join("; ")}`);
  }
  assert(told.includes(1) && told.includes(2), `one call of two was not recorded, and both were: ${told.join(" ")}`);
});
