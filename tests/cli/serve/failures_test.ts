// Whatever step of writing fails, and wherever the machine stops: an answer that is a verdict has its record on the disk, and the trace
// that it names is there, or is made again.
import { readSegment } from "../../../cli/serve/journal_segments.ts";
import { fromUtf8 } from "../../../core/base/bytes.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { answersIn, callOf, machineOf, openOn, requestText, serveOn } from "./world.ts";

const DIR = "gait-out/mcp-serve/journal/";

const callsIn = (files: ReadonlyMap<string, Uint8Array>) =>
  [...files].filter(([path]) => path.startsWith(DIR) && path.endsWith(".jsonl")).flatMap(([path, bytes]) =>
    assertOk(readSegment(bytes, path)).calls
  );

Deno.test("serve: a disk that fails at any step gives no verdict without a record", async () => {
  for (const kind of ["ENOSPC", "EIO"] as const) {
    let failures = 0;
    for (let step = 1; step < 400; step++) {
      const machine = machineOf({ trouble: { step, kind } });
      const opened = await openOn(machine);
      if (!opened.ok) {
        failures++;
        continue;
      }
      const { ports } = machine;
      const world = await serveOn(machine, opened.value);
      const told: string[] = [];
      for (let i = 0; i < 3; i++) {
        const { status, json } = await world.post(callOf("go", { run_id: `r${i}` }));
        if (status === 200) told.push(String(json.trace_path));
        else {
          failures++;
          assert(status >= 500 && json.verdict === undefined, `${kind} at ${step}: status ${status}`);
        }
      }
      const files = ports.disk.files();
      const known = callsIn(files).map(({ trace_path }) => trace_path);
      for (const path of told) {
        assert(known.includes(path), `${kind} at ${step}: ${path} is in no journal`);
        assert(files.has(path), `${kind} at ${step}: ${path} is not there`);
      }
      const steps = ports.disk.steps();
      await world.end();
      if (steps < step) {
        assert(failures > 20, `${failures} failures`);
        return;
      }
    }
    throw new Error("the run never ended");
  }
});

Deno.test("serve: a machine that stops at any step keeps what it told", async () => {
  for (let step = 1; step < 400; step++) {
    const machine = machineOf({ trouble: { step, kind: "crash" } });
    const opened = await openOn(machine);
    if (!opened.ok) continue;
    const world = await serveOn(machine, opened.value);
    const told: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { status, json } = await world.post(callOf("go", { run_id: `r${i}` }));
      if (status === 200) told.push(String(json.trace_path));
    }
    const survivors = machine.memory.disk.survivors();
    const steps = machine.memory.disk.steps();
    for (const tree of survivors) {
      const next = machineOf({ files: Object.fromEntries([...tree].map(([path, bytes]) => [path, fromUtf8(bytes)])) });
      const again = assertOk(await openOn(next), `crash at ${step}`);
      const files = next.memory.disk.files();
      const calls = callsIn(files);
      for (const path of told) {
        const call = calls.find(({ trace_path }) => trace_path === path);
        assert(call !== undefined, `crash at ${step}: ${path} is in no journal`);
        assertEquals(fromUtf8(files.get(path) ?? new Uint8Array()), `${JSON.stringify(call.trace)}\n`, `crash at ${step}`);
      }
      await again.close(1_000);
    }
    if (steps < step) return;
  }
  throw new Error("the run never ended");
});

Deno.test("serve: killed at any step, no trace is gone that the journal does not tell of, and none comes back", async () => {
  for (let step = 1; step < 400; step++) {
    const machine = machineOf({ trouble: { step, kind: "crash" } });
    const opened = await openOn(machine, { "trace-max-count": "1" });
    if (!opened.ok) continue;
    const world = await serveOn(machine, opened.value);
    const told: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { status, json } = await world.post(callOf("go", { run_id: `r${i}` }));
      if (status === 200) told.push(String(json.trace_path));
    }
    const steps = machine.memory.disk.steps();
    const left = machine.memory.disk.files(); // the system has all that was written
    const removed = [...left].filter(([path]) => path.startsWith(DIR) && path.endsWith(".jsonl"))
      .flatMap(([path, bytes]) => [...assertOk(readSegment(bytes, path)).removed]);
    for (const path of told) assert(left.has(path) || removed.includes(path), `killed at ${step}: ${path} is gone`);
    const next = machineOf({ files: Object.fromEntries([...left].map(([path, bytes]) => [path, fromUtf8(bytes)])) });
    const again = await serveOn(next, assertOk(await openOn(next), `killed at ${step}`));
    const { body } = await again.send("GET", "/metrics");
    assert(body.includes("gait_serve_recovered_traces_total 0\n"), `killed at ${step}: a trace came back`);
    await again.end();
    if (steps < step) {
      assertEquals(removed, told.slice(0, -1));
      return;
    }
  }
  throw new Error("the run never ended");
});

Deno.test("serve: a journal that cannot be written keeps callers away for a while", async () => {
  for (let step = 1; step < 400; step++) {
    const machine = machineOf({ trouble: { step, kind: "ENOSPC" } });
    const opened = await openOn(machine);
    if (!opened.ok) continue;
    const world = await serveOn(machine, opened.value);
    const { status, json } = await world.post(callOf("go"));
    if (status === 200) continue;
    assertEquals([status, json.fault, json.verdict], [500, "write_failed", undefined]);
    assertEquals((await world.send("GET", "/readyz")).status, 503);
    const events = world.ports.lines.map((line) => JSON.parse(line).event);
    assert(events.includes("journal_failed") && events.includes("request_failed"), events.join(" "));
    await world.move(10_000);
    assertEquals((await world.send("GET", "/readyz")).status, 200);
    assertEquals((await world.post(callOf("go"))).status, 200);
    await world.end();
    return;
  }
  throw new Error("no call failed");
});

Deno.test("serve: a request that is given up on is counted once, as what its caller was told", async () => {
  const machine = machineOf();
  let held: Promise<void> | undefined;
  const { files } = machine.ports;
  const read: typeof files.read = async (path, limit) => {
    await held;
    return await files.read(path, limit);
  };
  const slow = { ...machine, ports: { ...machine.ports, files: { ...files, read } } };
  const world = await serveOn(slow, assertOk(await openOn(slow)));
  const text = requestText("POST", "/v1/evaluate", {}, callOf("go"));
  const told: number[] = [];
  for (const sent of [text.slice(0, -5), text]) { // one that never comes whole, and one that takes too long to decide
    let free: () => void = () => {};
    held = new Promise((resolve) => free = resolve);
    const caller = world.dial(sent);
    await world.move(31_000);
    free();
    await caller.ended();
    told.push(...answersIn(caller.received()).map(({ status }) => status));
    await world.move(5_000);
  }
  assertEquals(told, [408, 503]);
  assertEquals((await world.post(callOf("go"))).status, 200);
  const lines = (await world.send("GET", "/metrics")).body.split("\n");
  assertEquals(lines.filter((line) => line.startsWith("gait_serve_requests_total{")), [
    'gait_serve_requests_total{route="/v1/evaluate",status="200"} 1',
    'gait_serve_requests_total{route="none",status="408"} 1',
    'gait_serve_requests_total{route="none",status="503"} 1',
  ]);
  assert(lines.includes("gait_serve_request_duration_seconds_count 1"));
  assert(lines.includes("gait_serve_in_flight 1"), "the scrape alone");
  await world.end();
});
