// A wrapped session that goes well: what passes, what is decided, what is left behind.
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { sha256Hex } from "../../../core/base/digest.ts";
import { readPublicKey } from "../../../core/base/keys.ts";
import { verifyAt } from "../../../cli/verify_at.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { PUBLIC_KEY } from "../commands_world.ts";
import { answerTo, toolCall, WRAP, wrapped } from "./world.ts";

const verified = async (world: ReturnType<typeof wrapped>) => {
  const path = world.paths().find((one) => one.endsWith("/runpack.zip")) ?? "no runpack";
  const key = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));
  return assertOk(await verifyAt(path, { key, requireSignature: true, refuseUndeclared: true }, world.ports));
};

const kinds = (world: ReturnType<typeof wrapped>): readonly unknown[] => world.records().map(({ record_type }) => record_type);

Deno.test("wrap: what is no call passes byte by byte, both ways, of both generations", async () => {
  const world = wrapped();
  const said = [
    `{"jsonrpc":"2.0",  "id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\n`,
    `{"method":"notifications/initialized","jsonrpc":"2.0"}\r\n`,
    `\n`,
    `{"jsonrpc":"2.0","id":"d","method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}\n`,
    `{"jsonrpc":"2.0","id":7,"result":{"roots":[]}}\n`,
  ].join("");
  const back = [
    `Starting up...\n`,
    `{"result":{"é": "\\u00e9"},"jsonrpc":"2.0","id":0}\n`,
    `{"jsonrpc":"2.0","id":7,"method":"roots/list"}\r\n`,
    `{"jsonrpc":"2.0","method":"notifications/message","params":{}}\n`,
    `{"jsonrpc":"2.0","id":"d","error":{"code":-32601,"message":"no"}}\n`,
  ].join("");
  for (const byte of utf8(said)) await world.client.send(Uint8Array.of(byte)); // in as many pieces as there are bytes
  await world.server.send(utf8(back));
  assertEquals(fromUtf8(world.server.raw()), said);
  assertEquals(fromUtf8(world.client.raw()), back);
  await world.client.close();
  assertEquals(await world.session, "ok");
  assertEquals(world.paths(), [], "a session without calls leaves nothing");
});

Deno.test("wrap: a call that is allowed leaves as it came, once its decision is on the disk", async () => {
  const world = wrapped();
  const asked = `{"jsonrpc":"2.0","id":1,  "method":"tools/call","params":{"name":"shelf.peek","arguments":{"n":1.0}}}`;
  await world.client.send(asked);
  assertEquals(world.server.got(), [asked]);
  assertEquals(kinds(world), ["header", "decision"]);
  const given = `{"id":1,"jsonrpc":"2.0","result":{"content":[ ]}}`;
  await world.server.send(given);
  assertEquals(world.client.got(), [given]);
  await world.client.close();
  assertEquals(await world.session, "ok");
  const [header, decision, result, end] = world.records();
  assertEquals(world.records().map(({ sequence }) => sequence), [1, 2, 3, 4]);
  assertEquals(header?.["header"]?.["server_name"], "shop");
  assertEquals(header?.["header"]?.["program"], "server");
  assertEquals([decision?.["decision"]?.["verdict"], decision?.["decision"]?.["call"]], ["allow", 1]);
  assertEquals([result?.["result"]?.["status"], result?.["result"]?.["call"]], ["ok", 1]);
  assertEquals(end?.["end"], { why: "client_closed", calls: 1 });
  const report = await verified(world);
  assertEquals([report.ok, report.signature_status, report.sequences?.[0]?.kind], [true, "verified", "wrap"]);
});

Deno.test("wrap: calls that are not allowed never leave; their sender gets a result that is an error, with the reasons", async () => {
  const world = wrapped();
  await world.client.send(
    toolCall(1, "stock.wipe"),
    toolCall("a", "till.refund"),
    toolCall(3, "flyer.blast"),
    toolCall(4, "?"),
  );
  assertEquals(world.server.got(), []);
  const told = world.client.frames().map(({ id, result }) => {
    const { isError, content, _meta } = Object(result);
    return [id, isError, content[0].text.split("\n")[0], _meta["dev.gait/decision"].verdict];
  });
  assertEquals(told, [
    [1, true, "gait: block: wipe_never", "block"],
    ["a", true, "gait: require_approval: refund_needs_signoff", "require_approval"],
    [3, true, "gait: dry_run: rehearsal_only", "dry_run"],
    [4, true, "gait: block: default_block", "block"],
  ]);
  await world.client.close();
  assertEquals(await world.session, "ok");
  assertEquals((await verified(world)).ok, true);
});

Deno.test("wrap: the modern generation gets a result that is complete", async () => {
  const world = wrapped();
  const call = toolCall(1, "stock.wipe");
  const _meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
  await world.client.send({ ...call, params: { ...call.params, _meta } });
  const [frame] = world.client.frames();
  assertEquals(Object(frame?.["result"])["resultType"], "complete");
  await world.client.send(toolCall(2, "stock.wipe"));
  assertEquals("resultType" in Object(world.client.frames()[1]?.["result"]), false);
  await world.client.close();
});

const TOOLS = {
  tools: [
    {
      name: "shelf.peek",
      inputSchema: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    { name: "tool.read", inputSchema: { type: "object", properties: { a: { $ref: "#/$defs/none" } } } },
  ],
};

Deno.test("wrap: arguments that do not have the declared form block, and so does a form that cannot be used", async () => {
  const world = wrapped();
  await world.client.send({ jsonrpc: "2.0", id: 0, method: "tools/list" });
  await world.server.send({ jsonrpc: "2.0", id: 0, result: TOOLS });
  await world.client.send(
    toolCall(1, "shelf.peek", { n: "x" }),
    toolCall(2, "shelf.peek", { n: 1 }),
    toolCall(3, "tool.read", { a: 1 }),
  );
  assertEquals(world.server.got().length, 2); // the list, and the second call
  const reasons = world.client.frames().slice(1).map((
    { id, result },
  ) => [id, Object(result)._meta["dev.gait/decision"].reason_codes]);
  assertEquals(reasons, [[1, ["mcp_arguments_invalid", "shelf_read_ok"]], [3, ["mcp_schema_unusable", "shelf_read_ok"]]]);
  const decisions = world.records().flatMap(({ decision }) => decision === undefined ? [] : [decision["arguments"]]);
  assertEquals(decisions, ["misfit", "fit", "misfit"]);
  await world.client.close();
});

Deno.test("wrap: several calls are decided side by side and leave in the order in which they came", async () => {
  const world = wrapped();
  const ids = Array.from({ length: 40 }, (_, i) => i + 1);
  await world.client.send(utf8(ids.map((id) => `${JSON.stringify(toolCall(id, "shelf.peek"))}\n`).join("")));
  assertEquals(world.server.got().map((line) => JSON.parse(line).id), ids);
  await world.server.send(...ids.toReversed().map((id) => answerTo(id)));
  assertEquals(world.client.frames().map(({ id }) => id), ids.toReversed());
  await world.client.close();
  assertEquals(await world.session, "ok");
  assertEquals((await verified(world)).ok, true);
});

Deno.test("wrap: a key that was made for the session leaves its public half", async () => {
  const world = wrapped({ settings: { boundary: { ...WRAP.boundary, keys: { mode: "dev", signing: {}, approval: {} } } } });
  await world.client.send(toolCall(1, "stock.wipe"));
  await world.client.close();
  assertEquals(await world.session, "ok");
  const signer = world.paths().find((path) => path.endsWith("/signer.pub")) ?? "";
  const key = assertOk(readPublicKey(nodeHost.crypto, fromUtf8(world.bytes(signer))));
  const runpack = world.paths().find((path) => path.endsWith("/runpack.zip")) ?? "";
  const report = assertOk(await verifyAt(runpack, { key, requireSignature: true, refuseUndeclared: true }, world.ports));
  assertEquals(report.ok, true);
  assert(world.notes.some((line) => line.includes("session sealed")));
});

Deno.test("wrap: there is no runpack without the public half of a key that is gone, wherever the disk fails", async () => {
  const dev = { boundary: { ...WRAP.boundary, keys: { mode: "dev", signing: {}, approval: {} } } } as const;
  const run = async (step: number): Promise<ReturnType<typeof wrapped>> => {
    const world = wrapped({ settings: dev, ...(step === 0 ? {} : { trouble: { step, kind: "ENOSPC" } }) });
    await world.client.send(toolCall(1, "stock.wipe"));
    await world.client.close();
    await world.session;
    const has = (name: string): boolean => world.paths().some((path) => path.endsWith(name));
    assert(!has("/runpack.zip") || has("/signer.pub"), `step ${step}`);
    return world;
  };
  const steps = (await run(0)).ports.disk.steps();
  for (let step = 1; step <= steps; step++) await run(step);
});

Deno.test("wrap: a hint can only make a call look more dangerous", async () => {
  const verdict = async (annotations: object): Promise<unknown> => {
    const world = wrapped();
    await world.client.send({ jsonrpc: "2.0", id: 0, method: "tools/list" });
    const tools = ["shelf.peek", "stock.wipe"].map((name) => ({ name, inputSchema: { type: "object" }, annotations }));
    await world.server.send({ jsonrpc: "2.0", id: 0, result: { tools } });
    await world.client.send(toolCall(1, "shelf.peek"), toolCall(2, "stock.wipe"));
    await world.client.close();
    return world.records().flatMap(({ decision }) => decision === undefined ? [] : [decision["verdict"]]);
  };
  assertEquals(await verdict({ readOnlyHint: true, destructiveHint: false, idempotentHint: true }), ["allow", "block"]);
  assertEquals(await verdict({ destructiveHint: true }), ["require_approval", "block"]);
});

Deno.test("wrap: what either end calls something is as long as it likes, and the records stay short", async () => {
  const world = wrapped({ settings: { most: 1_000_000 } });
  const long = "\u{1f4a5}".repeat(50_000);
  await world.client.send(toolCall(long, "shelf.peek"), toolCall(1, "x".repeat(2_000)), toolCall(2, "stock.wipe"));
  await world.client.send(toolCall(long, "shelf.peek"), {
    jsonrpc: "2.0",
    id: long,
    method: "tools/call",
    params: { name: 5 },
  });
  await world.server.send(answerTo(`${long}2`), answerTo(long));
  await world.client.close();
  const records = world.records();
  assert(records.every((record) => JSON.stringify(record).length < 5_000));
  const digest = sha256Hex(nodeHost.crypto, utf8(JSON.stringify(long)));
  const [first] = records.flatMap(({ decision }) => decision === undefined ? [] : [decision]);
  assert(String(first?.["request_id"]).endsWith(`\u{1f4a5}\ufffd... (SHA-256 ${digest})`), "no half of a character");
  const refused = world.client.frames().find(({ id }) => id === 1);
  assertEquals(Object(refused?.["error"]).code, -32602, "a name is written down with each decision");
  assert(world.paths().some((path) => path.endsWith("/runpack.zip")));
});
