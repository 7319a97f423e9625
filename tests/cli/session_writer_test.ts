// The writer of a session: what waits together is written together, and what others wrote meanwhile is seen.
import { utf8 } from "../../core/base/bytes.ts";
import type { JournalFile } from "../../core/ports.ts";
import { sessionPaths } from "../../core/run/session_paths.ts";
import type { MemoryPorts } from "../../cli/host/memory.ts";
import { openSession, type SessionWriter } from "../../cli/session_writer.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { append, memory, sequences, session, start, tools } from "./sessions.ts";

const PATHS = sessionPaths("s.jsonl");
const event = (tool_name: string) => ({ tool_name, verdict: "allow" });

type Counted = MemoryPorts & { readonly count: { writes: number; together: number; read: number; unsynced: number } };

/** Ports that count what is done to journals. */
function counted(ports: MemoryPorts): Counted {
  const count = { writes: 0, together: 0, read: 0, unsynced: 0 };
  const watch = (file: JournalFile): JournalFile => ({
    ...file,
    read(at, length) {
      count.read += length;
      return file.read(at, length);
    },
    append(bytes, size, until) {
      count.writes++;
      if (until === "system") count.unsynced++;
      return file.append(bytes, size, until);
    },
    appendLater(bytes, size, until) {
      count.together++;
      if (until === "system") count.unsynced++;
      return file.appendLater(bytes, size, until);
    },
  });
  return {
    ...ports,
    count,
    journal: {
      ...ports.journal,
      open(path) {
        const file = ports.journal.open(path);
        return file.ok ? { ok: true, value: watch(file.value) } : file;
      },
    },
  };
}

const open = async (ports: MemoryPorts): Promise<SessionWriter> => assertOk(await openSession(PATHS, ports, "t", "close"));

const journal = (ports: MemoryPorts): Uint8Array => {
  const bytes = ports.disk.bytes("s.jsonl");
  if (typeof bytes === "string") throw new Error("there is no journal");
  return bytes;
};

async function started(): Promise<Counted> {
  const ports = counted(memory());
  assertEquals((await start(ports)).exit, 0);
  return ports;
}

Deno.test("writer: 64 that wait together are one write, in the order in which they came", async () => {
  const ports = await started();
  const writer = await open(ports);
  const names = Array.from({ length: 64 }, (_, i) => `tool_${i}`);
  const events = await Promise.all(names.map((name) => writer.append(event(name))));
  assertEquals(events.map((one) => assertOk(one).sequence), names.map((_, i) => i + 1));
  assertEquals([ports.count.writes, ports.count.together], [0, 1]);
  assertEquals(tools(journal(ports)), names);
  // A loop of 64 that each append again as soon as they may stays together.
  await Promise.all(names.map(async (name) => {
    for (let i = 0; i < 3; i++) assertOk(await writer.append(event(`${name}_${i}`)));
  }));
  assert(ports.count.together <= 4 && ports.count.writes === 0, JSON.stringify(ports.count));
  assertOk(await writer.append(event("lone")));
  assertEquals(ports.count.writes, 1);
  await writer.close();
  assertEquals(sequences(journal(ports)), 64 * 4 + 1);
});

Deno.test("writer: two writers and the commands take turns, and each reads no more than the others added", async () => {
  const ports = await started();
  const [one, two] = [await open(ports), await open(ports)];
  for (let i = 0; i < 5; i++) {
    assertOk(await one.append(event(`one_${i}`)));
    await Promise.all([two.append(event(`two_${i}`)), one.append(event(`both_${i}`)), append(ports, `command_${i}`)]);
  }
  const before = ports.count.read;
  assertOk(await one.append(event("last")));
  assertOk(await one.append(event("very last")));
  assert(ports.count.read - before < 2_000, `${ports.count.read - before} bytes were read`);
  assertEquals((await session(ports, "checkpoint", "--out", "1.zip")).exit, 0);
  assertEquals((await session(ports, "compact")).exit, 0); // another file takes the journal's place
  assertOk(await two.append(event("after")));
  assertEquals(sequences(journal(ports)), 23);
  assertEquals(tools(journal(ports)), ["after"]);
  await Promise.all([one.close(), two.close()]);
  assertEquals((await session(ports, "status")).exit, 0);
});

Deno.test("writer: with a good state an append reads the ends of the journal only, with a forged one all of it", async () => {
  const ports = await started();
  const writer = await open(ports);
  await Promise.all(Array.from({ length: 1_000 }, (_, i) => writer.append(event(`tool_${i}`))));
  await writer.close();
  const size = journal(ports).length;
  assert(size > 300_000, `${size}`);
  ports.count.read = 0;
  assertEquals((await append(ports, "quick")).exit, 0);
  assert(ports.count.read <= 2 * 65_536, `${ports.count.read} bytes were read`);
  const state = ports.disk.bytes("s.jsonl.state.json");
  assert(typeof state !== "string");
  const forged = new TextDecoder().decode(state).replace(`"last_sequence": 1001`, `"last_sequence": 5`);
  assert(forged.includes(`"last_sequence": 5`));
  ports.disk.put("s.jsonl.state.json", utf8(forged));
  ports.count.read = 0;
  const said = await append(ports, "whole");
  assertEquals(Reflect.get(Object(said.json.event), "sequence"), 1_002);
  assert(ports.count.read > size, `${ports.count.read} bytes were read`);
  assertEquals(sequences(journal(ports)), 1_002);
});

Deno.test("writer: an append that fails is a fault, leaves nothing, and the next one works", async () => {
  const calm = await started();
  const base = calm.disk.steps();
  const probe = await open(calm);
  await Promise.all([probe.append(event("a")), probe.append(event("b"))]);
  const most = calm.disk.steps() - base;
  let failed = 0;
  for (let step = 1; step <= most; step++) {
    const ports = memory({ trouble: { step: base + step, kind: "ENOSPC" } });
    await start(ports);
    const writer = await open(ports);
    const both = await Promise.all([writer.append(event("a")), writer.append(event("b"))]);
    for (const one of both) {
      if (one.ok) continue;
      failed++;
      assert(["write_failed", "file_unreadable"].includes(one.fault.code), one.fault.message);
    }
    assertOk(await writer.append(event("c")), `step ${step}`);
    await writer.close();
    const there = tools(journal(ports));
    assertEquals(there, both.every(({ ok }) => ok) ? ["a", "b", "c"] : ["c"], `step ${step}`);
    assertEquals(sequences(journal(ports)), there.length);
  }
  assert(failed >= 10, `${failed}`);
});

Deno.test("writer: an event over 8 MiB is refused alone; without a journal there is no writer", async () => {
  const ports = await started();
  const writer = await open(ports);
  const [small, large, other] = await Promise.all([
    writer.append(event("small")),
    writer.append(event("x".repeat(8 * 2 ** 20))),
    writer.append(event("other")),
  ]);
  assertFault(large, "file_too_large");
  assertEquals([assertOk(small).sequence, assertOk(other).sequence], [1, 2]);
  await writer.close();
  assertFault(await openSession(sessionPaths("none.jsonl"), ports, "t", "close"), "file_missing");
});

Deno.test("writer: under the swarm profile an append does not wait for the disk", async () => {
  const ports = counted(memory({ env: { GAIT_SESSION_LOCK_PROFILE: "swarm" } }));
  await start(ports);
  await append(ports, "a");
  assertEquals([ports.count.writes, ports.count.unsynced], [1, 1]);
});

Deno.test("writer: an actor or a chain of agents makes the edge from agent to tool", async () => {
  const ports = await started();
  const writer = await open(ports);
  const chain = [{ identity: "boss", role: "delegator" }, { identity: "asks", role: "requester" }, {
    identity: "does",
    role: "delegate",
  }];
  const edge = async (draft: object): Promise<unknown> => {
    const made = assertOk(await writer.append({ ...event("t"), ...draft }));
    return made.relationship?.edges.map(({ from }) => from.id);
  };
  assertEquals(await edge({ actor: "me", agent_chain: chain }), ["me"]);
  assertEquals(await edge({ agent_chain: chain }), ["does"]);
  assertEquals(await edge({ agent_chain: chain.slice(0, 2) }), ["asks"]);
  assertEquals(await edge({ agent_chain: chain.slice(0, 1) }), ["boss"]);
  assertEquals(await edge({}), []);
  await writer.close();
});
