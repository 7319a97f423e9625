// What a gate holds of its conversations: never more than it bears, and none that is lost.
import { MOST_SESSIONS, openGate } from "../../../../cli/mcp_wrap/http/gate.ts";
import { watchBy } from "../../../../cli/http/watch.ts";
import { openBoundary } from "../../../../cli/boundary.ts";
import { pinsOf } from "../../../../cli/mcp_wrap/pins.ts";
import { resultGate } from "../../../../cli/mcp_wrap/result_gate.ts";
import { memoryPorts } from "../../../../cli/host/memory.ts";
import { openExchange, shared } from "../../../../core/mcp/exchange.ts";
import { utf8 } from "../../../../core/base/bytes.ts";
import { nodeHost } from "../../../../host/node.ts";
import { assertEquals, assertOk } from "../../../assert.ts";
import { SHELF } from "../../boundary_world.ts";
import { WRAP } from "../world.ts";
import { PLACE } from "./world.ts";

async function opened() {
  const files = Object.fromEntries(Object.entries(SHELF).map(([path, text]) => [path, utf8(text)]));
  const ports = memoryPorts({ host: nodeHost, files });
  const boundary = openBoundary(WRAP.boundary, ports);
  const ready = assertOk(await boundary.ready());
  const held = { pins: pinsOf(WRAP, ports), results: resultGate(WRAP, ports), watch: watchBy(ports.timer) };
  const gate = openGate({ settings: WRAP, place: PLACE, ports, boundary, ready, ...held });
  const sealed = (): number => [...ports.disk.files().keys()].filter((path) => path.endsWith("/runpack.zip")).length;
  return { gate, sealed };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

Deno.test("wrap gate: calls without a session belong together, and end with the gate", async () => {
  const { gate, sealed } = await opened();
  const { loose } = gate;
  await loose.notes.stray("client", "x");
  const work = loose.works.begin();
  const ended = gate.end();
  assertEquals([work.stopped(), sealed()], ["ending", 0]);
  work.done();
  assertEquals([await ended, sealed()], [[], 1]);
});

Deno.test("wrap gate: the session that was begun first makes room, and one that is named twice is one", async () => {
  const { gate, sealed } = await opened();
  const begin = (id: string) => gate.begin(id, shared(), openExchange());
  const first = begin("s0");
  await first.notes.stray("client", "x");
  assertEquals(begin("s0") === first, true);
  for (let i = 1; i < MOST_SESSIONS; i++) begin(`s${i}`);
  assertEquals([gate.session("s0") === first, gate.session(""), sealed()], [true, undefined, 0]);
  begin("more");
  await settle();
  assertEquals([gate.session("s0"), gate.session("s1") === undefined, sealed()], [undefined, false, 1]);
  await gate.end();
});
