// The job of a call on a machine in memory (spec 04, section 7.5): a stop counts wherever it is told, what cannot be told blocks, and a
// machine that dies while a blocked call is being told of leaves a job that is stopped.
import { lookAtJob } from "../../cli/job_stop.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { eventOf, logOf, pendingOf, stateOf, STOPPED } from "../job/jobs.ts";

const [STATE, EVENTS, PENDING, LOCK] = ["state.json", "events.jsonl", "pending_mutation.json", "state.json.lock"].map((name) =>
  `jobs/j/${name}`
) as [string, string, string, string];

const bytesOf = (files: Readonly<Record<string, unknown>>): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(files).map((
      [path, content],
    ) => [path, utf8(typeof content === "string" ? content : JSON.stringify(content))]),
  );

const machine = (files: Readonly<Record<string, unknown>>, trouble?: Trouble) =>
  memoryPorts({ host: nodeHost, files: bytesOf(files), ...(trouble === undefined ? {} : { trouble }) });

const look = (ports: ReturnType<typeof machine>, id = "j", root = "jobs") => lookAtJob(root, id, ports);

const text = (ports: ReturnType<typeof machine>, path: string): string => {
  const found = ports.disk.bytes(path);
  return typeof found === "string" ? found : fromUtf8(found);
};

const types = (ports: ReturnType<typeof machine>): readonly string[] =>
  text(ports, EVENTS).split("\n").slice(0, -1).map((line) => JSON.parse(line).type);

const GOING = { [STATE]: stateOf(1), [EVENTS]: logOf("submitted") };
const HALTED = { [STATE]: stateOf(2, STOPPED), [EVENTS]: logOf("submitted", "emergency_stop_acknowledged") };
const CANCELLED = {
  [STATE]: stateOf(3, { status: "cancelled", stop_reason: "cancelled_by_user" }),
  [EVENTS]: logOf("submitted", "emergency_stop_acknowledged", "cancelled"),
};

Deno.test("job of a call: none is looked for where none is named", async () => {
  const ports = machine({});
  assertEquals(await look(ports, ""), { standing: { status: "none" }, warnings: [] });
  assertEquals(ports.disk.steps(), 0);
});

Deno.test("job of a call: one that was not stopped goes on, and nothing is written, also while another holds its lock", async () => {
  for (
    const files of [GOING, { ...GOING, [LOCK]: "" }, {
      [STATE]: stateOf(2, { status: "paused" }),
      [EVENTS]: logOf("submitted", "paused"),
    }]
  ) {
    const ports = machine(files);
    const { standing, warnings } = await look(ports);
    assertEquals([standing.status, warnings, ports.disk.steps()], ["going", [], 0]);
  }
});

Deno.test("job of a call: stopped as its state says, or as its log says; each call is told, by one event of its own", async () => {
  for (const [files, revision] of [[HALTED, 2], [CANCELLED, 3]] as const) {
    const ports = machine(files);
    const before = JSON.parse(text(ports, STATE));
    let earlier = "";
    for (let calls = 1; calls <= 3; calls++) {
      const { standing, warnings } = await look(ports);
      assert(standing.status === "stopped");
      assertEquals([standing.job.revision, warnings], [revision + calls, []]);
      const { updated_at, ...after } = JSON.parse(text(ports, STATE));
      assertEquals({ ...after, updated_at: before.updated_at }, { ...before, revision: revision + calls });
      assert(updated_at > earlier, `${updated_at} is not after ${earlier}`);
      earlier = updated_at;
      assertEquals(types(ports).slice(revision), Array(calls).fill("dispatch_blocked"));
    }
    const { created_at, ...told } = JSON.parse(text(ports, EVENTS).split("\n").at(-2) ?? "");
    const { created_at: _, ...wanted } = eventOf(revision + 3, "dispatch_blocked");
    assertEquals([told, created_at], [{
      ...wanted,
      actor: "mcp-proxy",
      reason_code: "emergency_stop_preempted",
      payload: { dispatch_path: "mcp.proxy" },
    }, earlier]);
    assertEquals([...ports.disk.files().keys()].sort(), [EVENTS, STATE], "no marker and no lock is left");
  }
});

Deno.test("job of a call: what cannot be read, or does not hold, is unavailable and says why", async () => {
  const unreadable: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "no job": {},
    "no state": { [EVENTS]: logOf("submitted") },
    "no log": { [STATE]: stateOf(1) },
    "a broken state": { ...GOING, [STATE]: "{" },
    "an empty state": { ...GOING, [STATE]: "{}" },
    "the state of another job": { ...GOING, [STATE]: stateOf(1, { job_id: "k" }) },
    "an unknown status": { ...GOING, [STATE]: stateOf(1, { status: "resting" }) },
    "a broken log": { ...GOING, [EVENTS]: "{oops\n" },
    "an empty log": { ...GOING, [EVENTS]: "" },
    "a log that lacks the change which stopped the job": { ...CANCELLED, [EVENTS]: logOf("submitted") },
    "a log from which a change was taken out": {
      ...CANCELLED,
      [EVENTS]: logOf("submitted", "x", "cancelled").split("\n").filter((line) => !line.includes('"x"')).join("\n"),
    },
    "a state that is a folder": { [`${STATE}/x`]: "", [EVENTS]: logOf("submitted") },
    "a broken marker": { ...GOING, [PENDING]: "{" },
    "the marker of another job": { ...GOING, [PENDING]: pendingOf(stateOf(1), stateOf(2), eventOf(2, "x"), { job_id: "k" }) },
  };
  for (const [name, files] of Object.entries(unreadable)) {
    const { standing, warnings } = await look(machine(files));
    assertEquals([standing, warnings.length], [{ status: "unavailable" }, 1], name);
    assert(/jobs\/j|"j"/.test(warnings[0] ?? ""), warnings[0]);
  }
});

Deno.test("job of a call: an id never becomes a path unchecked", async () => {
  const elsewhere = {
    "k/state.json": stateOf(1, { job_id: "../k" }),
    "k/events.jsonl": logOf("submitted").replace(`"j"`, `"../k"`),
  };
  for (const id of ["../k", "..", ".", "a/b", "/jobs/j", "j\0", "j/", " j"]) {
    const ports = machine({ ...GOING, ...elsewhere });
    assertEquals((await look(ports, id)).standing, { status: "unavailable" }, JSON.stringify(id));
    assertEquals(ports.disk.steps(), 0, id);
  }
});

Deno.test("job of a call: nothing is made for a job that is not there", async () => {
  const ports = machine({});
  await look(ports);
  assertEquals([...ports.disk.files().keys()], []);
});

Deno.test("job of a call: a change that was never finished is finished when its event is in the log, else undone, and then counts", async () => {
  const stopping = pendingOf(stateOf(1), stateOf(2, STOPPED), eventOf(2, "emergency_stop_acknowledged"));
  const forward = machine({
    [STATE]: stateOf(1),
    [EVENTS]: logOf("submitted", "emergency_stop_acknowledged"),
    [PENDING]: stopping,
  });
  assertEquals((await look(forward)).standing.status, "stopped");
  assertEquals(types(forward), ["submitted", "emergency_stop_acknowledged", "dispatch_blocked"]);

  const back = machine({ [STATE]: stateOf(2, STOPPED), [EVENTS]: logOf("submitted"), [PENDING]: stopping });
  assertEquals((await look(back)).standing.status, "going");
  assertEquals(JSON.parse(text(back, STATE)), stateOf(1));

  const first = machine({ [STATE]: stateOf(1), [PENDING]: pendingOf(undefined, stateOf(1), eventOf(1, "submitted")) });
  assertEquals((await look(first)).standing.status, "unavailable");
  assertEquals(text(first, STATE), "nothing");

  for (const ports of [forward, back, first]) assertEquals([text(ports, PENDING), text(ports, LOCK)], ["nothing", "nothing"]);
});

Deno.test("job of a call: a half written event of a change that is undone does not count, and the next one is whole", async () => {
  const torn = `${logOf("submitted", "emergency_stop_acknowledged")}{"schema_id": "gait.jo`;
  const [before, after] = [stateOf(2, STOPPED), stateOf(3, STOPPED)];
  const ports = machine({
    [STATE]: after,
    [EVENTS]: torn,
    [PENDING]: pendingOf(before, after, eventOf(3, "dispatch_blocked")),
  });
  const { standing, warnings } = await look(ports);
  assertEquals([standing.status, warnings], ["stopped", []]);
  assertEquals(types(ports), ["submitted", "emergency_stop_acknowledged", "dispatch_blocked"]);
});

Deno.test("job of a call: while another program holds the lock a stopped job is still stopped, and a warning says what is not told", async () => {
  const ports = machine(HALTED);
  const held = await ports.lock.take(LOCK, {
    retry: 1,
    timeout: 1,
    lease: 60_000,
    write: () => utf8("{}"),
    read: () => ({ expired: false, unfinished: false, kernel: "" }),
  });
  assert(held.ok && held.value !== undefined);
  const { standing, warnings } = await look(ports);
  assertEquals([standing.status, warnings.length, types(ports).length], ["stopped", 1, 2]);
  assert(/does not tell of this call.*another process holds/.test(warnings[0] ?? ""), warnings[0]);
  held.value.release();
  assertEquals([(await look(ports)).warnings, types(ports).length], [[], 3]);
});

for (const kind of ["ENOSPC", "EIO", "crash"] as const) {
  Deno.test(`job of a call: ${kind} at every step of telling: stopped now, stopped after, and the log is whole`, async () => {
    const sound = machine(CANCELLED);
    await look(sound);
    const steps = sound.disk.steps();
    assert(steps > 20, `${steps} steps`);
    let silent = 0;
    for (let step = 1; step <= steps; step++) {
      const ports = machine(CANCELLED, { step, kind });
      const { standing, warnings } = await look(ports);
      assertEquals(standing.status, "stopped", `step ${step}`);
      if (warnings.length === 0) silent++;
      const trees = kind === "crash" ? ports.disk.survivors() : [ports.disk.files()];
      for (const tree of trees) {
        const kept = [...tree].filter(([path]) => !path.endsWith(".tmp")); // in memory their names are counted, and come again
        const after = memoryPorts({ host: nodeHost, files: Object.fromEntries(kept) });
        const again = await look(after);
        assertEquals([again.standing.status, again.warnings], ["stopped", []], `after step ${step}`);
        const all = types(after);
        assertEquals(all.slice(0, 3), ["submitted", "emergency_stop_acknowledged", "cancelled"], `after step ${step}`);
        assertEquals(JSON.parse(text(after, STATE)).revision, all.length, `after step ${step}`);
        if (warnings.length === 0) assertEquals(all.length, 5, `what was told is lost after step ${step}`);
      }
    }
    assert(silent < steps, "no step failed");
  });
}
