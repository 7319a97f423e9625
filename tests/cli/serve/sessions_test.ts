// The sessions of a server: each checkpoint that is due is made, whatever comes at once, and what is kept of them follows the limits.
import { readChain } from "../../../core/run/chain.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { callOf, machineOf, POLICY, serving } from "./world.ts";

const RUNPACKS = { "runpack-dir": "rps" } as const;

const warnings = ({ json }: { readonly json: Record<string, unknown> }): readonly string[] =>
  Array.isArray(json.warnings) ? json.warnings.map(String) : [];

const named = (lines: readonly string[]): string | undefined =>
  /^session_checkpoint=(\S+)/.exec(lines.find((line) => line.startsWith("session_checkpoint=")) ?? "")?.[1];

const session = (session_id: string, checkpoint_interval: number, more: object = {}): string =>
  callOf("go", { session_id, run_id: "r", checkpoint_interval, ...more });

for (const [interval, calls] of [[1, 12], [2, 24], [3, 10]] as const) {
  Deno.test(`serve: of ${calls} calls at once every ${interval}. makes its checkpoint`, async () => {
    const world = await serving(RUNPACKS);
    const answers = await Promise.all(Array.from({ length: calls }, () => world.post(session("c", interval))));
    assertEquals(answers.map(({ status }) => status), Array(calls).fill(200));
    const due = Math.floor(calls / interval);
    const wanted = Array.from({ length: due }, (_, i) => `rps/c_cp_${String((i + 1) * interval).padStart(6, "0")}.zip`);
    assertEquals(answers.map((answer) => named(warnings(answer))).filter((path) => path !== undefined).toSorted(), wanted);
    assertEquals(world.files("rps").toSorted(), wanted);
    const chain = utf8(world.text("gait-out/mcp-serve/sessions/c.journal_chain.json"));
    const { checkpoints } = assertOk(readChain(chain, "chain"));
    assertEquals(
      checkpoints.map(({ sequence_start, sequence_end }) => [sequence_start, sequence_end]),
      wanted.map((_, i) => [i * interval + 1, (i + 1) * interval]),
    );
    await world.end();
  });
}

Deno.test("serve: checkpoints go by the session, also where its journal is named; another run of it has a name of its own", async () => {
  const world = await serving({ ...RUNPACKS, "allow-client-artifact-paths": true });
  const names: (string | undefined)[] = [];
  for (
    const [id, run_id, session_journal] of [
      ["s/A:b", "r1", "own/j.jsonl"],
      ["s2", "r1", "own2/j.jsonl"],
      ["s2", "r2", "own3/j.jsonl"],
      ["...", "r1", "own4/k.jsonl"],
    ] as const
  ) {
    const answer = await world.post(session(id, 1, { run_id, session_journal }));
    assertEquals(answer.status, 200, answer.body);
    names.push(named(warnings(answer)));
  }
  assertEquals(names, ["s_A_b", "s2", "s2_run_r2", "k"].map((base) => `rps/${base}_cp_000001.zip`));
  assertEquals(world.files("rps").toSorted(), names.toSorted());
  await world.end();
});

Deno.test("serve: checkpoints of a run whose journal has the other name go by the session too, but never over another file", async () => {
  const world = await serving(RUNPACKS, { files: { "rps/t_cp_000001.zip": "somebody's" } });
  const checkpointOf = async (id: string, run_id: string, interval: number) =>
    named(warnings(await world.post(session(id, interval, { run_id }))));
  assertEquals(await checkpointOf("s", "r1", 0), undefined);
  assertEquals(await checkpointOf("s", "r2", 1), "rps/s_cp_000001.zip");
  assertEquals(await checkpointOf("s", "r3", 1), "rps/s_run_r3_cp_000001.zip");
  assertEquals(await checkpointOf("t", "r", 1), "rps/t_run_r_cp_000001.zip");
  assertEquals(world.text("rps/t_cp_000001.zip"), "somebody's");
  await world.end();
});

Deno.test("serve: the limits of sessions hold with every call, and count the call that was just recorded", async () => {
  const changed = new Map<string, number>();
  const machine = machineOf({ modified: (path) => changed.get(path) ?? 0 });
  const world = await serving({ "session-max-count": "2" }, {}, machine);
  const folder = "gait-out/mcp-serve/sessions";
  for (let i = 0; i < 5; i++) {
    for (const end of ["journal.jsonl", "journal.state"]) changed.set(`${folder}/s${i}.${end}`, i + 1);
    const lines = warnings(await world.post(session(`s${i}`, 0)));
    assertEquals(world.files(folder).filter((path) => !path.endsWith(".lock")).length, 2, world.files(folder).join());
    assertEquals(
      lines.filter((line) => line.startsWith("retention_")),
      i === 0 ? [] : ["retention_session_removed_age=0 removed_count=2"],
    );
  }
  await world.end();
});

Deno.test("serve: a session that others went on with since the folder was looked at is not too old", async () => {
  const folder = "gait-out/mcp-serve/sessions";
  const changed = new Map<string, number>();
  let clock = Date.parse("2026-01-01T00:00:00Z");
  const machine = machineOf({ modified: (path) => changed.get(path) ?? clock });
  const ports = { ...machine.ports, clock: { now: () => new Date(clock).toISOString() } };
  const world = await serving({ "session-max-age": "2s" }, {}, { ...machine, ports });
  await world.post(session("a", 0));
  for (const path of world.files(folder)) changed.set(path, clock);
  clock += 2_500; // the machine's timer stands still, so that what was seen of the folder counts on
  for (const path of world.files(folder)) changed.set(path, clock - 100);
  const lines = warnings(await world.post(session("b", 0)));
  assertEquals(lines.filter((line) => line.startsWith("retention_")), []);
  assert(world.files(folder).some((path) => path.endsWith("a.journal.jsonl")));
  clock += 2_050;
  for (const path of world.files(folder)) if (path.includes("/b.")) changed.set(path, clock);
  const later = warnings(await world.post(session("b", 0)));
  assertEquals(later.filter((line) => line.startsWith("retention_")), ["retention_session_removed_age=2 removed_count=0"]);
  assert(!world.files(folder).some((path) => path.endsWith("a.journal.jsonl")));
  await world.end();
});

Deno.test("serve: a call that is refused for its session, its run or the path of its trace uses nothing up", async () => {
  const policy = POLICY.replace("reason_codes: [fine]", "rate_limit: {requests: 1, scope: tool_identity, window: hour}");
  const REFUSED: readonly (readonly [body: string, client_paths: boolean])[] = [
    [callOf("go", { session_journal: "own/j.jsonl" }, { session_id: "q" }), false],
    [callOf("go", { session_journal: "../j.jsonl" }, { session_id: "q" }), true],
    [callOf("go", { trace_path: "../t.json" }), true],
    [callOf("go", {}, { session_id: ".." }), false],
    [callOf("go", {}, { run_id: "r".repeat(201) }), false],
    [callOf("go", { run_id: "r".repeat(111) }, { session_id: "s".repeat(110) }), false],
  ];
  for (const [refused, client_paths] of REFUSED) {
    const world = await serving({ "allow-client-artifact-paths": client_paths }, { files: { "p.yaml": policy } });
    assertEquals((await world.post(refused)).status, 400);
    const { json } = await world.post(callOf("go"));
    assertEquals(json.verdict, "allow", JSON.stringify(json));
    assertEquals((await world.post(callOf("go"))).json.verdict, "block");
    await world.end();
  }
});

Deno.test("serve: ids are as long as names of files can be", async () => {
  const world = await serving(RUNPACKS);
  const [long, short] = ["x".repeat(170), "y"];
  for (const [session_id, run_id] of [[long, short], [short, long], ["", "z".repeat(190)]] as const) {
    const answer = await world.post(session(session_id, 1, { run_id }));
    assertEquals(answer.status, 200, answer.body);
  }
  for (const run_id of ["other", "z".repeat(46)]) { // its journal has both names, which are as long as they may be together
    const answer = await world.post(session(long, 1, { run_id }));
    assertEquals(answer.status, 200, answer.body);
  }
  const all = ["rps", "gait-out"].flatMap(world.files);
  const longest = Math.max(...all.map((path) => path.slice(path.lastIndexOf("/") + 1).length));
  assert(longest > 240 && longest < 256, `${longest}`);
  await world.end();
});

Deno.test("serve: a journal that a caller names counts with a session, and is nothing without one", async () => {
  const world = await serving({ "allow-client-artifact-paths": true }, { files: { "folder/x": "x" } });
  assertEquals((await world.post(callOf("go", { session_journal: "folder" }))).status, 200);
  assertEquals((await world.post(callOf("go", { session_journal: "folder", session_id: "s" }))).status, 400);
  await world.end();
});
