// Approvals by an inbox: a call that waits leaves one request, and what an approver's key has signed lets exactly that call through, once.
import approve from "../../../cli/commands/approvals_approve.ts";
import deny from "../../../cli/commands/approvals_deny.ts";
import { lockDocument, lockedServer } from "../../../core/mcp/lock.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { KEYS } from "../approvals_world.ts";
import { approvalsIn, toldOf } from "./asking_world.ts";
import { answerTo, toolCall, WRAP, wrapped } from "./world.ts";

const REFUND = ["till.refund", { cents: 5 }] as const;

type Change = NonNullable<Parameters<typeof wrapped>[0]>;

const world = (change: Change = {}) =>
  wrapped({
    ...change,
    files: { ...KEYS, ...change.files },
    settings: {
      pending_dir: "box",
      boundary: { ...WRAP.boundary, keys: { ...WRAP.boundary.keys, approval: { "public-key": "ann.pub" } } },
      ...change.settings,
    },
  });

type World = ReturnType<typeof world>;

const requests = ({ ports }: World): readonly string[] =>
  [...ports.disk.files().keys()].flatMap((path) => /^box\/request_(\w+)\.json$/.exec(path)?.[1] ?? []);

const INVOCATION = { version: "9.9.9", json: true, commands: {}, correlationId: () => "" };

const BY = { dir: "box", "reason-code": "fine", "key-mode": "prod", "private-key-env": undefined } as const;

async function decide({ ports }: World, id: string, approver = "ann", key = "ann.key"): Promise<void> {
  const values = { ...BY, id, all: false, set: "", approver, ttl: "30m", "private-key": key, positionals: [] };
  assertOk(await approve.execute(values, ports, INVOCATION));
}

Deno.test("wrap inbox: a call that comes again takes its approval, once; the same call has one request while it waits", async () => {
  const gate = world();
  await gate.client.send(toolCall(1, ...REFUND));
  await gate.client.send(toolCall(2, ...REFUND));
  const [id = "", ...more] = requests(gate);
  assertEquals([more, toldOf(gate, 1), toldOf(gate, 2)[0]], [
    [],
    ["require_approval", ["refund_needs_signoff"]],
    "require_approval",
  ]);
  await decide(gate, id);
  await gate.client.send(toolCall(3, "till.refund", { cents: 6 }));
  assertEquals([gate.server.got(), requests(gate).length], [[], 2], "another call needs its own");
  await gate.client.send(toolCall(4, ...REFUND), toolCall(5, ...REFUND));
  assertEquals(gate.server.got(), [JSON.stringify(toolCall(4, ...REFUND))]);
  assertEquals(toldOf(gate, 5), ["require_approval", ["refund_needs_signoff"]]);
  assertEquals(requests(gate).length, 3, "used up: it has to be asked for anew");
  await gate.server.send(answerTo(4));
  const [, , , decision] = gate.records().filter(({ decision }) => decision !== undefined);
  const approval = Object(decision?.["decision"]?.["approval"]);
  assertEquals([approval.way, approval.answer, approval.approvers], ["inbox", "accepted", ["ann"]]);
  assertEquals([approval.token_ids.length, approval.token_digests.length], [1, 1]);
  await gate.client.close();
  assertEquals(await gate.session, "ok");
});

Deno.test("wrap inbox: what was approved is the call as it was spelled", async () => {
  const gate = world();
  await gate.client.send(toolCall(1, "till.refund", { to: "ann" }));
  const [id = ""] = requests(gate);
  await decide(gate, id);
  await gate.client.send(toolCall(2, "till.refund", { to: " ann\n" }));
  assertEquals([gate.server.got(), toldOf(gate, 2)[0], requests(gate).length], [[], "require_approval", 2]);
  await gate.client.send(toolCall(3, "till.refund", { to: "ann" }));
  assertEquals(gate.server.got().length, 1);
  await gate.client.close();
});

Deno.test("wrap inbox: an approval by another key, a denial, or one of two lets nothing through", async () => {
  const rule =
    "default_verdict: block\nrules:\n  - {name: r, effect: require_approval, match: {tool_names: [till.refund]}, min_approvals: 2, require_distinct_approvers: true}\n";
  for (const how of ["another key", "denial", "one of two"] as const) {
    const gate = world(how === "one of two" ? { files: { "policy.yaml": rule } } : {});
    await gate.client.send(toolCall(1, ...REFUND));
    const [id = ""] = requests(gate);
    if (how === "denial") {
      const values = { ...BY, id, all: false, set: "", approver: "ann", "private-key": "ann.key", positionals: [] };
      assertOk(await deny.execute(values, gate.ports, INVOCATION));
    } else await decide(gate, id, "ann", how === "another key" ? "eve.key" : "ann.key");
    await gate.client.send(toolCall(2, ...REFUND));
    assertEquals([gate.server.got(), toldOf(gate, 2)[0]], [[], "require_approval"], how);
    if (how === "one of two") {
      assertEquals(requests(gate).length, 1, "it still waits");
      await decide(gate, id, "bo");
      await gate.client.send(toolCall(3, ...REFUND));
      assertEquals(gate.server.got().length, 1);
      assertEquals(Object(gate.records().at(-1)?.["decision"]?.["approval"]).approvers, ["ann", "bo"]);
    }
    await gate.client.close();
  }
});

Deno.test("wrap inbox: an approval that was given under another policy, or is over, counts no more", async () => {
  const gate = world();
  await gate.client.send(toolCall(1, ...REFUND));
  const [id = ""] = requests(gate);
  await decide(gate, id);
  gate.put("policy.yaml", "default_verdict: require_approval\n");
  await gate.client.send(toolCall(2, ...REFUND));
  assertEquals([gate.server.got(), toldOf(gate, 2)[0], requests(gate).length], [[], "require_approval", 2]);
  const [second = ""] = requests(gate).filter((one) => one !== id);
  await decide(gate, second);
  for (let i = 0; i < 1_900; i++) gate.ports.clock.now();
  await gate.client.send(toolCall(3, ...REFUND));
  assertEquals(gate.server.got(), []);
  await gate.client.close();
});

Deno.test("wrap inbox: a damaged request, or a forged decision, does not stand in the way of a good one", async () => {
  const gate = world();
  await gate.client.send(toolCall(1, ...REFUND));
  const [id = ""] = requests(gate);
  await decide(gate, id);
  gate.put(`box/request_${"0".repeat(64)}.json`, "{");
  gate.put(`box/decision_${"1".repeat(64)}_1.json`, "{}");
  await gate.client.send(toolCall(2, ...REFUND));
  assertEquals(gate.server.got().length, 1);
  await gate.client.close();
});

const listed = (description: string) => ({ name: "shelf.peek", description, inputSchema: {} });

const lockOf = (description: string): string => {
  const tools = [{ name: "shelf.peek", declared: listed(description) }];
  const reported = { name: "srv", version: "1" };
  const server = lockedServer(nodeHost.crypto, { server_name: "shop", command: WRAP.command, reported, tools });
  return JSON.stringify(lockDocument([server], "2026-01-01T00:00:00Z", "v"));
};

Deno.test("wrap inbox: what was approved of a tool that has drifted is not approved of one that drifted further", async () => {
  const gate = world({ files: { lock: lockOf("looks") }, settings: { lock: "lock", on_drift: "ask" } });
  await gate.client.send({ jsonrpc: "2.0", id: "i", method: "initialize" });
  await gate.server.send({ jsonrpc: "2.0", id: "i", result: { serverInfo: { name: "srv", version: "1" } } });
  const list = async (id: string, description: string): Promise<void> => {
    await gate.client.send({ jsonrpc: "2.0", id, method: "tools/list" });
    await gate.server.send({ jsonrpc: "2.0", id, result: { tools: [listed(description)] } });
  };
  const calls = (): number => gate.server.got().filter((line) => line.includes("tools/call")).length;
  await list("a", "looks and deletes");
  await gate.client.send(toolCall(1, "shelf.peek"));
  const [id = ""] = requests(gate);
  await decide(gate, id);
  await list("b", "looks and sends");
  await gate.client.send(toolCall(2, "shelf.peek"));
  assertEquals([calls(), requests(gate).length], [0, 2]);
  await list("c", "looks and deletes");
  await gate.client.send(toolCall(3, "shelf.peek"));
  assertEquals(calls(), 1, "an approval grants what drift asks for");
  assertEquals(approvalsIn(gate).at(-1), ["allow", "inbox", "accepted"]);
  assert(requests(gate).length === 2);
  await gate.client.close();
});
