// Programs that are waited for, on the real machine: what they get, what is kept of them, and that none outlives its time.
import { denoChild } from "../../../cli/host/child_deno.ts";
import { signalGroup } from "../../../cli/host/process_group.ts";
import type { ChildRules } from "../../../core/ports.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";

const RULES: ChildRules = { folder: ".", variables: {}, milliseconds: 10_000, grace: 2000, bytes: 1000 };
const run = (script: string, rules: Partial<ChildRules> = {}) => denoChild.run(["sh", "-c", script], { ...RULES, ...rules });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Runs a test in a folder of its own. */
const inFolder = (name: string, test: (folder: string) => Promise<void>): void =>
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

/** How long something took, in milliseconds. */
const timed = async <T>(work: Promise<T>): Promise<readonly [T, number]> => {
  const began = performance.now();
  return [await work, performance.now() - began];
};

inFolder("child: its folder, its variables beside those of gait, no input, both outputs, its exit code", async (folder) => {
  const script = 'cat; echo "$WORD:${HOME:+home}"; pwd; echo err >&2; exit 3';
  const end = assertOk(await run(script, { folder, variables: { WORD: "a b" } }));
  const home = Deno.env.get("HOME") ? "home" : "";
  assertEquals([text(end.output), text(end.errors)], [`a b:${home}\n${Deno.realPathSync(folder)}\n`, "err\n"]);
  assertEquals([end.code, end.timedOut, end.whole], [3, false, true]);
});

Deno.test("child: one that a signal ended has no exit code", async () => {
  const end = assertOk(await run("echo x; kill -9 $$"));
  assertEquals([text(end.output), end.code, end.timedOut, end.whole], ["x\n", -1, false, true]);
});

Deno.test("child: more output than is kept is read all the same, and told", async () => {
  const many = "i=0; while [ $i -lt 9000 ]; do echo 0123456789; i=$((i+1)); done";
  const end = assertOk(await run(`${many}; echo e >&2; exit 4`));
  assertEquals([end.output.length, text(end.errors), end.code, end.whole], [1000, "e\n", 4, false]);
});

Deno.test("child: what cannot be started is a fault", async () => {
  const words = async (argv: readonly string[], folder = ".") =>
    assertFault(await denoChild.run(argv, { ...RULES, folder }), "child_start_failed").message;
  assertEquals(
    await words(["/no/such/program"]),
    'Cannot start "/no/such/program" in ".": there is no such file or folder (ENOENT)',
  );
  assertEquals(
    await words(["sh"], "/no/such/folder"),
    'Cannot start "sh" in "/no/such/folder": there is no such file or folder (ENOENT)',
  );
  assertEquals(await words(["/dev/null"]), 'Cannot start "/dev/null" in ".": permission is refused (EACCES)');
});

Deno.test("child: after its time it is told to end, and what it prints and answers then is kept", async () => {
  const [result, took] = await timed(run('trap "echo bye; exit 5" TERM; echo begun; sleep 9 & wait', { milliseconds: 300 }));
  const end = assertOk(result);
  assertEquals([text(end.output), end.code, end.timedOut], ["begun\nbye\n", 5, true]);
  assert(took < 1900, `it waited ${took} ms`);
});

inFolder("child: one that will not end is killed after the grace, with all that it started", async (folder) => {
  const script = 'trap "" TERM; echo begun; (sleep 2; echo late > late) & sleep 9; sleep 9';
  const [result, took] = await timed(run(script, { folder, milliseconds: 200, grace: 300 }));
  const end = assertOk(result);
  assertEquals([text(end.output), end.code, end.timedOut], ["begun\n", -1, true]);
  assert(took >= 490 && took < 1900, `it took ${took} ms`);
  await new Promise((resolve) => setTimeout(resolve, 2200 - took));
  assertEquals([...Deno.readDirSync(folder)], [], "the child of the child is gone");
});

inFolder("child: a child of the child that keeps the pipe, or has left the group, holds nobody up", async (folder) => {
  const kept = await timed(run("sleep 9 & echo $!", { milliseconds: 300, grace: 300 }));
  assertEquals([assertOk(kept[0]).timedOut, kept[1] < 1900], [true, true], "the pipe was open until the time was over");
  const left = await timed(
    run(`setsid sh -c 'trap "" TERM; echo $$ > ${folder}/pid; sleep 9' & sleep 9`, { milliseconds: 400, grace: 300 }),
  );
  assertEquals([assertOk(left[0]).timedOut, left[1] < 1900], [true, true]);
  signalGroup(Number(Deno.readTextFileSync(`${folder}/pid`)), "SIGKILL");
});

Deno.test("child: a group that is gone cannot be signalled, and that is fine", async () => {
  const gone = new Deno.Command("true", { detached: true }).spawn();
  await gone.status;
  signalGroup(gone.pid, "SIGKILL");
});

const MAIN = new URL("../../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;

inFolder("wrappers: gait told to end ends its child, and still says what was decided", async (folder) => {
  const trace = {
    ...{ schema_id: "gait.gate.trace", schema_version: "1.0.0", created_at: "2026-03-01T10:00:00Z", producer_version: "p" },
    ...{ trace_id: "t1", tool_name: "mail.send", verdict: "block" },
    ...{ args_digest: "a".repeat(64), intent_digest: "b".repeat(64), policy_digest: "c".repeat(64) },
  };
  Deno.writeTextFileSync(`${folder}/t.json`, JSON.stringify(trace));
  const child = ["sh", "-c", "echo trace_path=t.json; touch ready; sleep 20; touch late"];
  const gait = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", "--no-check", "--config", CONFIG, MAIN, "enforce", "--json", "--", ...child],
    cwd: folder,
    env: { GAIT_ADOPTION_LOG: `${folder}/log` },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const isReady = (): boolean => [...Deno.readDirSync(folder)].some(({ name }) => name === "ready");
  for (let tries = 0; tries < 500 && !isReady(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  const [{ code, stdout, stderr }, took] = await timed((gait.kill("SIGTERM"), gait.output()));
  const { child_exit_code, trace_paths, verdict_counts, timed_out } = JSON.parse(text(stdout));
  assertEquals([code, child_exit_code, timed_out], [255, -1, undefined], text(stderr));
  assertEquals([trace_paths, verdict_counts], [["t.json"], [{ count: 1, verdict: "block" }]]);
  assert(took < 5000 && ![...Deno.readDirSync(folder)].some(({ name }) => name === "late"));
  const { exit_code, success } = JSON.parse(Deno.readTextFileSync(`${folder}/log`));
  assertEquals([exit_code, success], [255, false]);
});

Deno.test("child: one that ends without reading what it is given", async () => {
  for (const size of [0, 10, 1_000_000]) {
    for (let time = 0; time < 5; time++) {
      const end = assertOk(await run("exec 0<&-; exit 7", { input: new Uint8Array(size) }));
      assertEquals([end.code, end.whole], [7, true]);
    }
  }
});
