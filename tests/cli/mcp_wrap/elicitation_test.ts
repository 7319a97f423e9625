// Approvals by the user of a client of the older generation: the gate asks while the call waits, and everything else goes on.
import { readPublicKey } from "../../../core/base/keys.ts";
import { verifyAt } from "../../../cli/verify_at.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { PUBLIC_KEY } from "../commands_world.ts";
import { approvalsIn, greet, questionsTo, reply, resultOf, toldOf } from "./asking_world.ts";
import { answerTo, toolCall, wrapped } from "./world.ts";

const REFUND = ["till.refund", { cents: 5 }] as const;
const CALLS = (world: ReturnType<typeof wrapped>): readonly unknown[] =>
  world.server.got().map((line) => JSON.parse(line)).filter(({ method }) => method === "tools/call").map(({ id }) => id);

async function ended(world: ReturnType<typeof wrapped>): Promise<void> {
  await world.client.close();
  assertEquals(await world.session, "ok");
  const path = world.paths().find((one) => one.endsWith("/runpack.zip")) ?? "no runpack";
  const key = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));
  assertEquals(assertOk(await verifyAt(path, { key, requireSignature: true, refuseUndeclared: true }, world.ports)).ok, true);
}

Deno.test("wrap elicitation: the call waits for its user, others go on, and it leaves as it came", async () => {
  const world = wrapped();
  await greet(world);
  await world.client.send(toolCall(1, ...REFUND), toolCall(2, "shelf.peek"), { jsonrpc: "2.0", id: 3, method: "ping" });
  assertEquals(world.server.got().slice(1).map((line) => JSON.parse(line).id), [2, 3]);
  const [question, ...more] = questionsTo(world);
  assertEquals(more, []);
  assert(question !== undefined && question.message.includes(`"till.refund"`) && question.message.includes(`{"cents":5}`));
  await world.server.send(answerTo(2));
  assertEquals(world.records().map(({ record_type }) => record_type), ["header", "decision", "result"]);
  await world.client.send(reply(question?.id ?? ""));
  assertEquals(CALLS(world), [2, 1], "the answer itself is not for the server");
  assertEquals(world.server.got().length, 4);
  assertEquals(JSON.parse(world.server.got()[3] ?? ""), toolCall(1, ...REFUND));
  await world.server.send(answerTo(1));
  assertEquals(resultOf(world, 1).content, [{ type: "text", text: "done" }]);
  assertEquals(approvalsIn(world), [["allow", undefined, undefined], ["allow", "elicitation", "accepted"]]);
  assertEquals(Object(world.records()[3]?.["decision"]?.["approval"]).approvers, ["elicitation:old probe"]);
  // The same call again is another call.
  await world.client.send(toolCall(4, ...REFUND));
  assertEquals([CALLS(world), questionsTo(world).length], [[2, 1], 2]);
  await world.client.send(reply(questionsTo(world)[1]?.id ?? "", { action: "decline" }));
  await ended(world);
});

Deno.test("wrap elicitation: no other answer is an approval", async () => {
  const answers = [
    [{ result: { action: "decline" } }, "mcp_elicitation_declined", "declined"],
    [{ result: { action: "cancel" } }, "mcp_elicitation_cancelled", "cancelled"],
    [{ result: { action: "accept", content: { decision: "deny" } } }, "mcp_elicitation_declined", "declined"],
    [{ result: { action: "accept", content: {} } }, "mcp_elicitation_malformed", "malformed"],
    [{ result: { action: "accept" } }, "mcp_elicitation_malformed", "malformed"],
    [{ result: "accept" }, "mcp_elicitation_unanswered", "unanswered"],
    [{ error: { code: -32601, message: "no" } }, "mcp_elicitation_unanswered", "unanswered"],
  ] as const;
  for (const [answer, reason, word] of answers) {
    const world = wrapped();
    await greet(world);
    await world.client.send(toolCall(1, ...REFUND));
    await world.client.send({ jsonrpc: "2.0", id: questionsTo(world)[0]?.id, ...answer });
    assertEquals(toldOf(world, 1), ["block", [reason, "refund_needs_signoff"]]);
    assertEquals([CALLS(world), approvalsIn(world)], [[], [["block", "elicitation", word]]]);
    await ended(world);
  }
});

Deno.test("wrap elicitation: nobody answers in time, or the call is taken back: the question is too", async () => {
  const world = wrapped();
  await greet(world);
  await world.client.send(toolCall(1, ...REFUND), toolCall(2, ...REFUND));
  const [first, second] = questionsTo(world).map(({ id }) => id);
  await world.client.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
  const dropped = () =>
    world.client.frames().filter(({ method }) => method === "notifications/cancelled").map(({ params }) =>
      Object(params).requestId
    );
  assertEquals(dropped(), [first]);
  await world.client.send(reply(first ?? ""));
  assertEquals(resultOf(world, 1), {}, "who took it back is not answered");
  assertEquals(world.records().at(-1)?.["stray"]?.["from"], "client");
  await world.pass(60_000);
  assertEquals(dropped(), [first, second]);
  assertEquals(toldOf(world, 2), ["block", ["mcp_elicitation_unanswered", "refund_needs_signoff"]]);
  await world.client.send(reply(second ?? ""), reply(second ?? ""));
  assertEquals(CALLS(world), []);
  assertEquals(world.server.got().some((line) => line.includes("gait-")), false, "late answers are not for the server");
  await ended(world);
});

Deno.test("wrap elicitation: whichever end goes while a call waits, the call does not leave and has its record", async () => {
  for (const end of ["client", "server", "signal"] as const) {
    const world = wrapped();
    await greet(world);
    await world.client.send(toolCall(1, ...REFUND));
    if (end === "client") await world.client.close();
    if (end === "server") await world.server.exit(0);
    if (end === "signal") await world.tell("SIGTERM");
    assertEquals(await world.session, end === "server" ? "dependency" : "ok", end);
    assertEquals(CALLS(world), [], end);
    assertEquals(approvalsIn(world), [["block", "elicitation", "unanswered"]], end);
    assertEquals(world.records().at(-1)?.["record_type"], "end", end);
  }
});

Deno.test("wrap elicitation: what has changed while the user thought is not approved", async () => {
  const world = wrapped({ settings: { pending_dir: "box" } });
  await greet(world);
  await world.client.send(toolCall(1, ...REFUND));
  world.put("policy.yaml", "default_verdict: require_approval\n");
  await world.client.send(reply(questionsTo(world)[0]?.id ?? ""));
  assertEquals([CALLS(world), toldOf(world, 1)], [[], ["require_approval", ["default_require_approval"]]]);
  await world.client.send(toolCall(2, ...REFUND));
  world.put("policy.yaml", "default_verdict: block\n");
  await world.client.send(reply(questionsTo(world)[1]?.id ?? ""));
  assertEquals([CALLS(world), toldOf(world, 2)], [[], ["block", ["default_block"]]]);
  await ended(world);

  const other = wrapped();
  await greet(other);
  for (const description of ["pays back", "pays me"]) {
    await other.client.send({ jsonrpc: "2.0", id: description, method: "tools/list" });
    if (description !== "pays back") await other.client.send(toolCall(1, ...REFUND));
    const tools = [{ name: "till.refund", description, inputSchema: {} }];
    await other.server.send({ jsonrpc: "2.0", id: description, result: { tools } });
  }
  await other.client.send(reply(questionsTo(other)[0]?.id ?? ""));
  assertEquals([CALLS(other), toldOf(other, 1)], [[], ["require_approval", ["refund_needs_signoff"]]]);
  await ended(other);
});

Deno.test("wrap elicitation: only a client that said so is asked, and not more than a few questions at a time", async () => {
  for (const capabilities of [{}, { elicitation: { url: {} } }, undefined]) {
    const world = wrapped();
    if (capabilities !== undefined) await greet(world, capabilities);
    await world.client.send(toolCall(1, ...REFUND));
    assertEquals([questionsTo(world).length, toldOf(world, 1)[0]], [0, "require_approval"]);
    await world.client.close();
  }
  const bytes = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
  const world = wrapped({ spoil: (ports) => ({ ...ports, random: { bytes } }) });
  await greet(world, { elicitation: { form: {} } });
  for (let id = 1; id <= 40; id++) await world.client.send(toolCall(id, ...REFUND));
  assertEquals(questionsTo(world).length, 32);
  assertEquals([toldOf(world, 33)[0], toldOf(world, 40)[0]], ["require_approval", "require_approval"]);
  await ended(world);
});

Deno.test("wrap elicitation: ids of a server that look like those of the gate are the server's", async () => {
  const world = wrapped();
  await greet(world);
  const theirs = { jsonrpc: "2.0", id: "gait-00", method: "elicitation/create", params: { message: "?" } };
  await world.server.send(theirs);
  const answer = reply("gait-00");
  await world.client.send(answer);
  assertEquals(world.server.got().at(-1), JSON.stringify(answer));
  await world.client.close();
});
