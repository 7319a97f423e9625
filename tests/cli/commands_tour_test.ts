// `gait tour`: the members of its answer, its four steps, and how it ends where a step of them fails.
import { assert, assertEquals } from "../assert.ts";
import { machine } from "./commands_world.ts";
import { edit, suiteOf } from "./regress_world.ts";

Deno.test("tour: the members of its answer, and the files that it leaves", async () => {
  const made = machine();
  const [exit, { branch_hints, duration_ms, ...said }] = await made.json("tour");
  assertEquals([exit, said], [0, {
    ok: true,
    mode: "activation",
    run_id: "run_demo",
    verify_path: "gait-out/runpack_run_demo.zip",
    verify_status: "ok",
    fixture_name: "run_demo",
    fixture_dir: "fixtures/run_demo",
    regress_status: "pass",
    next_commands: ["gait verify run_demo --public-key ./gait-out/demo_public.key", "gait regress run"],
    metrics_opt_in: "export GAIT_ADOPTION_LOG=./gait-out/adoption.jsonl",
  }]);
  assert(Array.isArray(branch_hints) && branch_hints.length === 3 && Number(duration_ms) > 0);
  assertEquals([...made.disk.files().keys()], [
    "fixtures/run_demo/fixture.json",
    "fixtures/run_demo/runpack.zip",
    "gait-out/demo_public.key",
    "gait-out/runpack_run_demo.zip",
    "gait-out/tour_junit.xml",
    "gait-out/tour_regress_result.json",
    "gait.yaml",
  ]);
  for (const line of ["gait verify run_demo --public-key ./gait-out/demo_public.key", "gait regress run"]) {
    assertEquals((await made.json(...line.split(" ").slice(1)))[0], 0, line);
  }
});

Deno.test("tour: people see each step", async () => {
  const [exit, lines] = await machine().text("tour");
  assertEquals([exit, lines.slice(0, 4)], [0, [
    "1. recorded: run run_demo (gait demo)",
    "2. verify ok: gait-out/runpack_run_demo.zip (gait verify)",
    "3. fixture: fixtures/run_demo (gait regress init)",
    "4. regress pass: gait-out/tour_regress_result.json (gait regress run)",
  ]]);
});

Deno.test("tour: an older fixture that fails ends it with 5, a broken one with 6", async () => {
  const made = await suiteOf(["quote"]);
  edit(made, "quote", { expected_replay_exit_code: 2 });
  const [exit, said] = await made.json("tour");
  assertEquals([exit, said.ok, said.regress_status, said.regress_failed], [5, false, "fail", 1]);
  edit(made, "quote", { name: "other" });
  assertEquals((await made.json("tour"))[1].fault, "fixture_mismatch");
});

Deno.test("tour: a disk that changes what is written ends it as a failed verification", async () => {
  const made = machine({
    spoil: (bytes) => bytes.length > 1000 && bytes[0] === 0x50 ? bytes.map((byte, i) => i === 40 ? byte ^ 1 : byte) : bytes,
  });
  const [exit, said] = await made.json("tour");
  assertEquals([exit, said.ok, said.error_code], [2, false, "verification_failed"]);
  assertEquals(made.disk.bytes("gait.yaml"), "nothing");
});
