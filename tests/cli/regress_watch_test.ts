// `regress run --watch`: graded again for each change of what was read, and for nothing else.
import { utf8 } from "../../core/base/bytes.ts";
import type { MemoryDisk } from "../../cli/host/memory_disk.ts";
import { assert, assertEquals } from "../assert.ts";
import { packOf, quote } from "../regress/worlds.ts";
import { machine } from "./commands_world.ts";
import { suiteOf } from "./regress_world.ts";

const FIXTURE = "fixtures/quote/fixture.json";

/** A suite that is watched while others do these things to it, one at each pause; it is read until `most` answers were given. */
async function watching(most: number, ...happens: ((disk: MemoryDisk) => void)[]) {
  const first = await suiteOf(["quote"]);
  let pauses = 0;
  const made = machine({
    files: Object.fromEntries(first.disk.files()),
    asleep: (disk) => {
      happens[pauses++]?.(disk);
      if (pauses > 50) throw new Error("nothing changes any more");
    },
    reads: (said) => said < most,
  });
  return { ...made, pauses: () => pauses };
}

const expecting = (code: number) => (disk: MemoryDisk): void => {
  const found = disk.bytes(FIXTURE);
  if (typeof found === "string") throw new Error(found);
  disk.put(FIXTURE, utf8(JSON.stringify({ ...JSON.parse(new TextDecoder().decode(found)), expected_replay_exit_code: code })));
};

Deno.test("regress watch: each change is graded, each answer is a line, and what was not read changes nothing", async () => {
  const made = await watching(
    4,
    (disk) => disk.put("other.txt", utf8("x")),
    expecting(2),
    () => {},
    (disk) => disk.put(FIXTURE, utf8("{")),
    expectingAgain,
  );
  const [exit, answers, pieces] = await made.records("regress", "run", "--watch", "--json");
  assertEquals(answers.map(({ ok, status, fault }) => [ok, status ?? fault]), [
    [true, "pass"],
    [false, "fail"],
    [false, "json_syntax"],
    [true, "pass"],
  ]);
  assertEquals([exit, pieces, made.pauses()], [0, 4, 5]);
  assert(answers.every(({ correlation_id }) => typeof correlation_id === "string"));
});

const expectingAgain = (disk: MemoryDisk): void =>
  disk.put(FIXTURE, utf8(JSON.stringify({ name: "quote", run_id: "quote", runpack: "runpack.zip" })));

Deno.test("regress watch: a run to grade that is made, changed and gone", async () => {
  const candidate = (disk: MemoryDisk): void =>
    disk.put(
      FIXTURE,
      utf8(JSON.stringify({ name: "quote", run_id: "quote", runpack: "runpack.zip", candidate_runpack: "../../now.zip" })),
    );
  const made = await watching(
    4,
    candidate,
    (disk) => disk.put("now.zip", packOf(quote())),
    (disk) => disk.put("now.zip", packOf(quote({ intents: [] }))),
  );
  const [exit, answers] = await made.records("regress", "run", "--watch", "--json");
  assertEquals(answers.map(({ top_failure_reason }) => top_failure_reason), [
    undefined,
    "candidate_path_invalid",
    undefined,
    "unexpected_diff",
  ]);
  assertEquals(exit, 5);
});

Deno.test("regress watch: people get the report each time", async () => {
  const made = await watching(2, expecting(2));
  const [exit, out] = await made.raw("regress", "run", "--watch");
  const heads = out.split("\n").filter((line) => line.startsWith("regress run"));
  assertEquals([exit, heads], [5, [
    "regress run pass: fixture set default, 4 graders",
    "regress run fail: fixture set default, 4 graders, 1 failed",
  ]]);
});
