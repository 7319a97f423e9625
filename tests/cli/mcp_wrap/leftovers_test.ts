// What a gate leaves that is killed: the next one with the same folder seals it, all that was acknowledged in it, and touches no session
// that lives.
import { openMark } from "../../../cli/mcp_wrap/journal.ts";
import { verifyAt } from "../../../cli/verify_at.ts";
import { fromUtf8 } from "../../../core/base/bytes.ts";
import { readPublicKey } from "../../../core/base/keys.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { PUBLIC_KEY } from "../commands_world.ts";
import { answerTo, type Change, toolCall, wrapped } from "./world.ts";

type World = ReturnType<typeof wrapped>;

/** A session that was killed: its id, and what its journal held. */
type Killed = { readonly id: string; readonly text: string };

const journalOf = (id: string): string => `wrap/${id}/journal.jsonl`;
const packOf = (id: string): string => `wrap/${id}/runpack.zip`;

/** Of three calls one was answered, one blocked, and one was on its way when the gate was killed. */
async function killed(): Promise<Killed> {
  const world = wrapped();
  await world.client.send(toolCall(1, "shelf.peek"), toolCall(2, "stock.wipe"), toolCall(3, "shelf.peek"));
  await world.server.send(answerTo(1));
  const path = world.paths().find((one) => one.endsWith("/journal.jsonl")) ?? "";
  const text = fromUtf8(world.bytes(path));
  await world.client.close(); // the gate of the test itself is not killed
  await world.session;
  // The clocks of the tests all begin at the same moment: the next session would have the same id.
  return { id: "wrap_gone", text: text.replaceAll(path.split("/")[1] ?? "", "wrap_gone") };
}

const left = ({ id, text }: Killed): Record<string, string> => ({ [journalOf(id)]: text, [openMark("wrap", id)]: "" });

/** What the next gate finds, and how it ends. */
async function next(files: Record<string, string>, change: Omit<Change, "files"> = {}): Promise<World> {
  const world = wrapped({ ...change, files });
  await world.quiet();
  await world.client.send(toolCall(1, "shelf.peek"));
  await world.server.send(answerTo(1));
  await world.client.close();
  await world.session;
  return world;
}

const recordsOf = (world: World, id: string): readonly Record<string, Record<string, unknown>>[] =>
  fromUtf8(world.bytes(journalOf(id))).split("\n").slice(0, -1).map((line) => JSON.parse(line));

async function verified(world: World, id: string): Promise<void> {
  const key = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));
  const report = assertOk(await verifyAt(packOf(id), { key, requireSignature: true, refuseUndeclared: true }, world.ports));
  assertEquals([report.ok, report.signature_status], [true, "verified"]);
}

Deno.test("wrap leftovers: a session whose gate was killed is sealed by the next one, what was on its way told as interrupted", async () => {
  const session = await killed();
  const world = await next(left(session));
  const records = recordsOf(world, session.id);
  const results = records.flatMap(({ result }) => result === undefined ? [] : [[result["call"], result["status"]]]);
  assertEquals(results, [[1, "ok"], [3, "interrupted"]]);
  assertEquals(records.at(-1)?.["end"], { why: "interrupted", calls: 3 });
  await verified(world, session.id);
  assert(!world.paths().some((path) => path.startsWith("wrap/.open/")), "nothing is open any more");
  assertEquals(world.paths().filter((path) => path.endsWith("/runpack.zip")).length, 2, "its own as well");
  assert(world.notes.some((line) => line.includes(`sealed: ${packOf(session.id)}`)));
});

Deno.test("wrap leftovers: a journal that is cut at any byte keeps every record that was whole", async () => {
  const session = await killed();
  const text = session.text.replaceAll("\0", "");
  for (let at = text.indexOf("\n") + 1; at <= text.length; at += 397) {
    const torn = text.slice(0, at) + (at % 2 === 0 ? "\0".repeat(50) : "");
    const world = await next(left({ ...session, text: torn }));
    const whole = text.slice(0, at).split("\n").slice(0, -1);
    const lines = fromUtf8(world.bytes(journalOf(session.id))).split("\n");
    assertEquals(lines.slice(0, whole.length), whole, `cut at ${at}`);
    await verified(world, session.id);
  }
});

Deno.test("wrap leftovers: a session that lives is not touched", async () => {
  const living = wrapped();
  await living.client.send(toolCall(1, "shelf.peek"));
  const before = living.paths().map((path) => [path, fromUtf8(living.bytes(path))]);
  const other = wrapped({ spoil: ({ input, output, peer, timer }) => ({ ...living.ports, input, output, peer, timer }) });
  await other.client.close();
  await other.session;
  assertEquals(living.paths().map((path) => [path, fromUtf8(living.bytes(path))]), before);
  await living.server.send(answerTo(1));
  await living.client.close();
  assertEquals(await living.session, "ok");
  assertEquals(living.records().at(-1)?.["end"], { why: "client_closed", calls: 1 });
});

Deno.test("wrap leftovers: a journal that is damaged stays as it is, and the gate goes on", async () => {
  const session = await killed();
  const text = session.text.replace(`"record_type":"decision"`, `"record_type":"decisiom"`);
  const world = await next(left({ ...session, text }));
  assertEquals(fromUtf8(world.bytes(journalOf(session.id))), text);
  assert(world.notes.some((line) => line.includes(journalOf(session.id))), world.notes.join("\n"));
  assertEquals(await world.session, "ok");
});

Deno.test("wrap leftovers: a gate that was killed when all was sealed, or before its first record, leaves nothing to do", async () => {
  const session = await killed();
  const { [journalOf(session.id)]: _, ...mark } = left(session);
  for (const files of [mark, { ...left(session), [packOf(session.id)]: "sealed" }]) {
    const world = await next(files);
    assert(!world.paths().includes(openMark("wrap", session.id)));
    if (packOf(session.id) in files) assertEquals(fromUtf8(world.bytes(packOf(session.id))), "sealed");
  }
});

Deno.test("wrap leftovers: a disk that fails while they are sealed: the gate after it does it", async () => {
  const session = await killed();
  const whole = wrapped({ files: left(session) });
  await whole.quiet();
  const steps = whole.ports.disk.steps();
  assert(steps > 5);
  for (let step = 1; step <= steps; step++) {
    const failing = wrapped({ files: left(session), trouble: { step, kind: "EIO" } });
    await failing.quiet();
    const files = Object.fromEntries(failing.paths().map((path) => [path, failing.bytes(path)] as const));
    assert(journalOf(session.id) in files, `step ${step}`);
    const text = Object.fromEntries(Object.entries(files).filter(([path]) => path !== packOf(session.id)));
    const world = wrapped({
      files: Object.fromEntries(Object.entries(text).map(([path, bytes]) => [path, fromUtf8(bytes)])),
    });
    if (packOf(session.id) in files) continue; // it was sealed all the same
    await world.quiet();
    await verified(world, session.id);
  }
});
