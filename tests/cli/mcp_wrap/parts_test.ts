// A session that becomes long: its records go on in another part, each part is sealed by itself and whole, and none is sealed before all of
// its calls have their results.
import fc from "fast-check";
import { OPEN_MARKS } from "../../../cli/mcp_wrap/journal.ts";
import { verifyAt } from "../../../cli/verify_at.ts";
import { fromUtf8 } from "../../../core/base/bytes.ts";
import { readPublicKey } from "../../../core/base/keys.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { RUNS } from "../../properties/run.ts";
import { PUBLIC_KEY } from "../commands_world.ts";
import { answerTo, toolCall, wrapped } from "./world.ts";

type World = ReturnType<typeof wrapped>;

type Record_ = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

// The first has the id of the session, and the others have their number behind it.
function partsOf(world: World): readonly string[] {
  const ids = world.paths().filter((path) => path.endsWith("/journal.jsonl")).map((path) => path.split("/")[1] ?? "");
  const shortest = Math.min(...ids.map(({ length }) => length));
  const number = (id: string): number => Number(id.slice(shortest + 1) || 1);
  return ids.toSorted((a, b) => number(a) - number(b));
}

const recordsOf = (world: World, part: string): readonly Record_[] =>
  fromUtf8(world.bytes(`wrap/${part}/journal.jsonl`)).replaceAll("\0", "").split("\n").slice(0, -1).map((line) =>
    JSON.parse(line)
  );

const sealed = (world: World, part: string): boolean => world.paths().includes(`wrap/${part}/runpack.zip`);

async function verifies(world: World, part: string): Promise<void> {
  const key = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));
  const trust = { key, requireSignature: true, refuseUndeclared: true };
  const report = assertOk(await verifyAt(`wrap/${part}/runpack.zip`, trust, world.ports));
  assertEquals([report.ok, report.signature_status], [true, "verified"]);
}

Deno.test("wrap parts: a part waits for the results of its calls, and names the one before it", async () => {
  const world = wrapped({ settings: { part_bytes: 1 } });
  await world.client.send(toolCall(1, "shelf.peek"));
  await world.client.send(toolCall(2, "shelf.peek"));
  await world.server.send(answerTo(2));
  await world.client.send(toolCall(3, "stock.wipe"));
  const [first = "", second = "", third = ""] = partsOf(world);
  assertEquals([second, third], [`${first}_2`, `${first}_3`]);
  assertEquals([first, second, third].map((part) => sealed(world, part)), [false, true, false]);
  await world.server.send(answerTo(1));
  assertEquals([first, second, third].map((part) => sealed(world, part)), [true, true, false]);
  await world.client.close();
  await world.session;
  for (const part of [first, second, third]) await verifies(world, part);
  const headers = [first, second, third].map((part) => recordsOf(world, part)[0]?.["header"]);
  assertEquals(headers.map((header) => [header?.["session_id"], header?.["continues"]]), [
    [first, undefined],
    [second, first],
    [third, second],
  ]);
  const ends = [first, second, third].map((part) => recordsOf(world, part).at(-1)?.["end"]);
  assertEquals(ends, [
    { why: "continued", calls: 1 },
    { why: "continued", calls: 1 },
    { why: "client_closed", calls: 1 },
  ]);
  assert(!world.paths().some((path) => path.startsWith(`wrap/${OPEN_MARKS}/`)), "nothing is open any more");
  assertEquals(
    world.notes.filter((line) => line.includes("session sealed")).map((line) => line.split(": ").slice(1).join(": ")),
    [
      `session sealed so far: wrap/${second}/runpack.zip`,
      `session sealed so far: wrap/${first}/runpack.zip`,
      `session sealed: wrap/${third}/runpack.zip`,
    ],
  );
});

Deno.test("wrap parts: what is open at the end is told of in its own part", async () => {
  const world = wrapped({ settings: { part_bytes: 1 } });
  await world.client.send(toolCall(1, "shelf.peek"), toolCall(2, "shelf.peek"));
  await world.client.send(toolCall(3, "shelf.peek"));
  await world.client.close();
  await world.session;
  const parts = partsOf(world);
  assert(parts.length > 1);
  for (const part of parts) await verifies(world, part);
  const results = parts.flatMap((part) => recordsOf(world, part).flatMap(({ result }) => result === undefined ? [] : [result]));
  assertEquals(results.map(({ call, status }) => [call, status]), [[1, "unanswered"], [2, "unanswered"], [3, "unanswered"]]);
});

Deno.test("wrap parts: a part that cannot be sealed is told, and left to the next gate; the others are", async () => {
  let failed = false;
  const world = wrapped({
    settings: { part_bytes: 1 },
    spoil: (ports) => ({
      ...ports,
      store: {
        ...ports.store,
        write(path, bytes, mode) {
          const spoilt = !failed && path.endsWith("/runpack.zip");
          failed ||= spoilt;
          return spoilt
            ? Promise.resolve({ ok: false, fault: { code: "write_failed", message: "no room" } })
            : ports.store.write(path, bytes, mode);
        },
      },
    }),
  });
  await world.client.send(toolCall(1, "stock.wipe"));
  await world.client.send(toolCall(2, "stock.wipe"));
  await world.client.close();
  assertEquals(await world.session, "internal");
  const [first = "", second = ""] = partsOf(world);
  assertEquals([sealed(world, first), sealed(world, second)], [false, true]);
  assert(world.paths().includes(`wrap/${OPEN_MARKS}/${first}`), "the next gate finds it");
  assert(world.notes.some((line) => line.includes("no room")));
});

Deno.test("wrap parts: whatever is called and answered in whatever order, each call is in one part, with its result, and all verify", async () => {
  const step = fc.record({ wipes: fc.boolean(), answers: fc.nat() });
  const holds = async (steps: readonly { readonly wipes: boolean; readonly answers: number }[]): Promise<void> => {
    const world = wrapped({ settings: { part_bytes: 6_000 } });
    const open: number[] = [];
    for (const [index, { wipes, answers }] of steps.entries()) {
      await world.client.send(toolCall(index + 1, wipes ? "stock.wipe" : "shelf.peek"));
      if (!wipes) open.push(index + 1);
      const [answered] = answers % 3 === 0 ? [] : open.splice(answers % Math.max(1, open.length), 1);
      if (answered !== undefined) await world.server.send(answerTo(answered));
    }
    await world.client.close();
    await world.session;
    const told: unknown[] = [];
    for (const part of partsOf(world)) {
      await verifies(world, part);
      told.push(...recordsOf(world, part).flatMap(({ decision }) => decision === undefined ? [] : [decision["call"]]));
    }
    assertEquals(told, steps.map((_, index) => index + 1));
  };
  const numRuns = Math.ceil(RUNS / 10); // a session takes a while
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), holds), { numRuns });
});
