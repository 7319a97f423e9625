// A session on a disk that fails, or dies, at every primitive step in turn: nothing acknowledged is lost, nothing is there twice,
// and the next command goes on.
import type { MemoryPorts } from "../../cli/host/memory.ts";
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { assert, assertEquals } from "../assert.ts";
import { RUNS } from "../properties/run.ts";
import { append, fingerprint, memory, type Said, sequences, session, start, tools } from "./sessions.ts";

type Deed = { readonly name: string; readonly act: (ports: MemoryPorts) => Promise<Said> };

const DEEDS: readonly Deed[] = [
  { name: "start", act: start },
  { name: "append a", act: (ports) => append(ports, "a") },
  { name: "append b", act: (ports) => append(ports, "b") },
  { name: "checkpoint", act: (ports) => session(ports, "checkpoint", "--out", "cp/1.zip", "--chain-out", "far/chain.json") },
  { name: "append c", act: (ports) => append(ports, "c") },
  { name: "compact", act: (ports) => session(ports, "compact") },
  { name: "append d", act: (ports) => append(ports, "d") },
];

const LONG = RUNS >= 1000;

type Told = { readonly name: string; readonly said: Said };

async function perform(ports: MemoryPorts): Promise<Told[]> {
  const told: Told[] = [];
  for (const { name, act } of DEEDS) told.push({ name, said: await act(ports) });
  return told;
}

const done = (told: readonly Told[], name: string): boolean => told.some((one) => one.name === name && one.said.exit === 0);

/** Goes on with a session as it was left, and checks that all that was acknowledged is there, once. */
async function goesOn(ports: MemoryPorts, told: readonly Told[], where: string): Promise<void> {
  if (ports.disk.bytes("s.jsonl") === "nothing") {
    assert(!done(told, "start"), `${where}: the journal is gone`);
    return;
  }
  const status = await session(ports, "status");
  assertEquals(status.exit, 0, `${where}: status ${JSON.stringify(status.json)}`);
  const bytes = ports.disk.bytes("s.jsonl");
  assert(typeof bytes !== "string", where);
  const last = sequences(bytes); // throws for a gap or a repeat
  const there = tools(bytes);
  const sealed = Number(Reflect.get(status.json.status ?? {}, "checkpoint_count")) > 0;
  for (const tool of ["a", "b", "c", "d"]) {
    const count = there.filter((one) => one === tool).length;
    assert(count <= 1, `${where}: ${tool} is there ${count} times`);
    const compacted = sealed && tool < "d";
    if (done(told, `append ${tool}`)) assert(count === 1 || compacted, `${where}: ${tool} is lost`);
  }
  if (done(told, "checkpoint")) assert(sealed, `${where}: the checkpoint is lost`);
  const next = await append(ports, "z");
  assertEquals(next.exit, 0, `${where}: append ${JSON.stringify(next.json)}`);
  assertEquals(Reflect.get(Object(next.json.event), "sequence"), last + 1, `${where}: the next sequence`);
  if (!LONG && !where.endsWith("0")) return; // sealing takes longer than all the rest
  const point = await session(ports, "checkpoint", "--out", "cp/9.zip");
  assertEquals(point.exit, 0, `${where}: checkpoint ${JSON.stringify(point.json)}`);
}

async function steps(): Promise<number> {
  const ports = memory();
  const told = await perform(ports);
  assertEquals(told.filter(({ said }) => said.exit !== 0), [], "without trouble all goes well");
  await goesOn(ports, told, "without trouble");
  return memoryStepsOf(told);
}

async function memoryStepsOf(told: readonly Told[]): Promise<number> {
  const ports = memory();
  for (const { act } of DEEDS.slice(0, told.length)) await act(ports);
  return ports.disk.steps();
}

Deno.test("session: a disk that fails at any step loses nothing that was acknowledged", async () => {
  const most = await steps();
  assert(most > 200, `only ${most} steps are counted`);
  for (let step = 1; step <= most; step++) {
    const kind = step % 2 === 0 ? "ENOSPC" : "EIO";
    const ports = memory({ trouble: { step, kind } });
    await goesOn(ports, await perform(ports), `${kind} at step ${step}`);
  }
});

Deno.test("session: a machine that dies at any step leaves a journal that the next command continues", async () => {
  const most = await steps();
  const seen = new Set<string>();
  for (let step = 1; step <= most; step++) {
    const trouble: Trouble = { step, kind: "crash" };
    const ports = memory({ trouble });
    const told = await perform(ports);
    for (const tree of ports.disk.survivors()) {
      const acknowledged = told.filter(({ said }) => said.exit === 0).length;
      const key = `${acknowledged}\n${fingerprint(tree)}`;
      if (seen.has(key)) continue; // found after an earlier step already
      seen.add(key);
      await goesOn(memory({ files: Object.fromEntries(tree) }), told, `crash at step ${step}`);
    }
  }
  assert(seen.size > 100, `only ${seen.size} different trees were tried`);
});

Deno.test("session: what cannot be written is a fault, and the cached state is none", async () => {
  const ports = memory();
  await start(ports);
  const before = ports.disk.steps();
  await append(ports, "a");
  const within = ports.disk.steps() - before;
  const ends = new Set<string>();
  for (let step = 1; step <= within; step++) {
    const other = memory({ trouble: { step: before + step, kind: "ENOSPC" } });
    await start(other);
    const said = await append(other, "a");
    const bytes = other.disk.bytes("s.jsonl");
    assert(typeof bytes !== "string");
    if (said.exit === 0) assertEquals(tools(bytes), ["a"]);
    else assertEquals(tools(bytes), [], `step ${step}: a refused event is not there`);
    ends.add(`${said.exit} ${said.json.fault ?? ""}${said.json.warnings === undefined ? "" : "warned"}`);
  }
  assert(ends.has("1 write_failed") && ends.has("0 warned") && ends.has("0 "), [...ends].join(", "));
});
