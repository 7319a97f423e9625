// `gait approvals wait`: it ends when a request is decided, over, or its patience is; and says nothing that a key does not bear out.
import { assert, assertEquals } from "../assert.ts";
import { pendingFile } from "../../core/authority/pending.ts";
import type { MemoryDisk } from "../../cli/host/memory_disk.ts";
import { crypto, filed, mail } from "../authority/requests.ts";
import { approve, BOX, boxMachine, decision, DELETION, deny, KEYS, MAIL } from "./approvals_world.ts";
import { machine } from "./commands_world.ts";

const wait = (id: string, ...more: readonly string[]): readonly string[] => ["approvals", "wait", "--id", id, ...more];

/** A machine on which others copy the files of a second one at the nth time that the command sleeps. */
function meanwhile(nth: number, files: ReadonlyMap<string, Uint8Array>) {
  let slept = 0;
  const asleep = (disk: MemoryDisk) => {
    if (++slept === nth) { for (const [path, bytes] of files) disk.put(path, bytes); }
  };
  return { on: boxMachine({ asleep }), slept: () => slept };
}

/** The decisions that some command lines make. */
async function decided(...lines: readonly (readonly string[])[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const other = boxMachine();
  for (const line of lines) assertEquals((await other.json(...line))[0], 0, line.join(" "));
  return new Map([...other.disk.files()].filter(([path]) => path.includes("decision_")));
}

Deno.test("approvals wait: sleeps until the request is approved, and names the token", async () => {
  const { on, slept } = meanwhile(5, await decided(approve(MAIL)));
  const [exit, said] = await on.json(...wait(MAIL, "--public-key", "ann.pub"));
  const { token_id } = JSON.parse(on.file(decision(MAIL)));
  assertEquals([exit, slept(), said["state"], said["ok"], said["token_paths"], said["warnings"]], [
    0,
    5,
    "approved",
    true,
    [decision(MAIL)],
    undefined,
  ]);
  assert(Array.isArray(said["decisions"]));
  assertEquals(said["decisions"].map((told) => [told.token_id, told.verified]), [[token_id, true]]);
});

Deno.test("approvals wait: ends with a denial, exit 3", async () => {
  const { on } = meanwhile(2, await decided(approve(DELETION), deny(DELETION)));
  const [exit, said] = await on.json(...wait(DELETION));
  assertEquals([exit, said["ok"], said["state"], said["token_paths"]], [3, false, "denied", undefined]);
  const [, lines] = await on.text(...wait(DELETION));
  assertEquals(lines[0], "approvals wait: denied");
});

Deno.test("approvals wait: one approval of two is not enough; the timeout ends it, exit 4", async () => {
  const { on, slept } = meanwhile(1, await decided(approve(DELETION)));
  const [exit, said] = await on.json(...wait(DELETION, "--timeout", "10s"));
  assertEquals([exit, said["ok"], said["state"]], [4, false, "pending"]);
  assert(slept() > 1);
  const { on: both } = meanwhile(3, await decided(approve(DELETION), approve(DELETION, "bo")));
  const [done, told] = await both.json(...wait(DELETION, "--timeout", "1h"));
  assertEquals([done, told["token_paths"]], [0, [decision(DELETION, 1), decision(DELETION, 2)]]);
});

Deno.test("approvals wait: no timeout is until nobody waits any more, exit 3; a timeout of 0 only looks", async () => {
  const { request } = filed(mail());
  const short = pendingFile(crypto, { ...request, expires_at: "2026-01-01T00:00:20Z" });
  let slept = 0;
  const on = machine({ files: { ...KEYS, [`${BOX}/${short.name}`]: short.bytes }, asleep: () => slept++ });
  const [now, early] = await on.json(...wait(short.id, "--timeout", "0s"));
  assertEquals([now, early["state"], slept], [4, "pending", 0]);
  const [exit, said] = await on.json(...wait(short.id));
  assertEquals([exit, said["state"], said["expires_at"]], [3, "expired", "2026-01-01T00:00:20Z"]);
  assert(slept > 3 && slept < 25, `${slept}`);
  const [later, over] = await on.json(...wait(short.id, "--timeout", "1h"));
  assertEquals([later, over["state"]], [3, "expired"]);
});

Deno.test("approvals wait: an approval whose time is over is none", async () => {
  const on = boxMachine();
  await on.json(...approve(MAIL), "--ttl", "2s");
  const [exit, said] = await on.json(...wait(MAIL, "--public-key", "ann.pub"));
  assertEquals([exit, said["state"], said["token_paths"]], [3, "expired", undefined]);
});

Deno.test("approvals wait: without a key it says that nobody has checked; with one a forged decision ends it, exit 2", async () => {
  const forged = boxMachine();
  await forged.json(...approve(MAIL, "ann", "eve"));
  await forged.json(...deny(DELETION, "ann", "eve"));
  const [exit, said] = await forged.json(...wait(MAIL));
  assertEquals([exit, said["warnings"]], [0, [
    "Nobody has checked who decided: give --public-key, or let gait gate eval check the token",
  ]]);
  for (
    const [id, fault, reason] of [
      [MAIL, "token_refused", "approval_token_signature_invalid"],
      [DELETION, "signature_failed", "denial_signature_invalid"],
    ] as const
  ) {
    const [code, refused] = await forged.json(...wait(id, "--public-key", "ann.pub"));
    assertEquals([code, refused["ok"], refused["fault"], refused["error_code"]], [2, false, fault, reason]);
  }
});

Deno.test("approvals wait: files that are not what they should be are no answer", async () => {
  const damaged = boxMachine({ files: { [decision(MAIL)]: "{}" } });
  const [exit, said] = await damaged.json(...wait(MAIL, "--timeout", "1h"));
  assertEquals([exit, said["fault"]], [2, "request_changed"]);
  const [none, missing] = await boxMachine().json(...wait("a".repeat(64), "--timeout", "1h"));
  assertEquals([none, missing["fault"]], [6, "request_missing"]);
});
