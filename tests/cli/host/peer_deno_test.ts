// A program that gait stands before, on the real machine: its streams, what it must not see, and that nothing of it stays.
import { denoPeer } from "../../../cli/host/peer_deno.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import type { RunningPeer } from "../../../core/ports.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";

const start = async (script: string, hidden: readonly string[] = []): Promise<RunningPeer> =>
  assertOk(await denoPeer.start(["sh", "-c", script], { hidden }));

/** All that it prints until its end. */
async function all(peer: RunningPeer): Promise<string> {
  let text = "";
  for (let piece = await peer.read(); piece !== undefined; piece = await peer.read()) text += new TextDecoder().decode(piece);
  return text;
}

Deno.test("peer: what it is handed comes back; its code", async () => {
  const peer = await start("cat; exit 5");
  assertEquals(await peer.write(utf8("one\n")), true);
  assertEquals(await peer.write(utf8("two\n")), true);
  await peer.finish();
  assertEquals([await all(peer), await peer.ended], ["one\ntwo\n", 5]);
  assertEquals(await peer.write(utf8("late")), false);
  await peer.finish();
  await peer.end(100);
});

Deno.test("peer: variables of gait, but for those that it must not see", async () => {
  Deno.env.set("GAIT_TEST_SECRET", "s");
  Deno.env.set("GAIT_TEST_WORD", "w");
  const peer = await start('echo "[$GAIT_TEST_SECRET][$GAIT_TEST_WORD]"', ["GAIT_TEST_SECRET"]);
  assertEquals(await all(peer), "[][w]\n");
  await peer.end(100);
});

Deno.test("peer: one that has gone takes no more, and that is no fault", async () => {
  const peer = await start("exit 0");
  await peer.ended;
  let taken = true;
  for (let i = 0; i < 50 && taken; i++) taken = await peer.write(new Uint8Array(65_536));
  assertEquals(taken, false);
  await peer.finish();
  await peer.end(100);
});

Deno.test("peer: ended with all that it started, also when it does not listen", async () => {
  const peer = await start('trap "" TERM; sleep 60 & echo $!; wait; sleep 60');
  const piece = await peer.read();
  const pid = Number(new TextDecoder().decode(piece).trim());
  assert(pid > 1);
  const began = performance.now();
  await peer.end(200);
  assertEquals(await peer.ended, -1);
  assert(performance.now() - began < 5_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `ps -o stat= -p ${pid} || true`] }).output();
  assert(/^(Z.*)?$/.test(new TextDecoder().decode(stdout).trim()), "the program that it started is gone");
});

Deno.test("peer: what cannot be started is a fault", async () => {
  const fault = assertFault(await denoPeer.start(["/no/such/program"], { hidden: [] }), "child_start_failed");
  assertEquals(fault.message, 'Cannot start "/no/such/program": there is no such file or folder (ENOENT)');
});
