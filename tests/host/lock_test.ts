// The lock between processes on a real disk: exclusive, given up by the dead, and never taken from those who live.
import { ok, type Result } from "../../core/base/result.ts";
import type { HeldLock, LockRules } from "../../core/ports.ts";
import { lockOn } from "../../cli/host/lock.ts";
import { denoLocks } from "../../cli/host/lock_deno.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { rules } from "./lock_rules.ts";

const KERNEL = Deno.build.os === "linux" ? "this one" : "";
const own = lockOn(denoLocks(KERNEL));
const CHILD = new URL("./lock_child.ts", import.meta.url).pathname;

const inFolder = (name: string, test: (path: string) => Promise<void>): void =>
  Deno.test(`lock: ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(`${folder}/s.lock`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

const take = (path: string, changed: Partial<LockRules> = {}): Promise<Result<HeldLock | undefined>> =>
  own.take(path, rules(changed));

async function mine(path: string, changed: Partial<LockRules> = {}): Promise<HeldLock> {
  const held = assertOk(await take(path, changed));
  assert(held !== undefined, "the lock was to be had");
  return held;
}

const there = (path: string): boolean => {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
};

const run = (...args: string[]): Deno.ChildProcess =>
  new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--no-prompt", "--allow-read", "--allow-write", CHILD, ...args],
    stdout: "piped",
  }).spawn();

inFolder("one holds it at a time, and the next has it when it is given back", async (path) => {
  const first = await mine(`${path}/deep/er`.replace("s.lock", "new"));
  first.release();
  const held = await mine(path);
  assert(held.still());
  assertEquals(await take(path), ok(undefined));
  const waiting = take(path, { timeout: 5_000 });
  held.release();
  const second = assertOk(await waiting);
  assert(second !== undefined && second.still() && there(path));
  second.release();
  assert(!there(path));
});

inFolder("what stands there is respected until its time is over", async (path) => {
  const old = `{"pid":1,"created_at":"2020-01-01T00:00:00Z"}`;
  for (const text of ["held", `{"pid":1}`, `{"pid":1,"created_at":"${new Date().toISOString()}"}`, "[]"]) {
    Deno.writeTextFileSync(path, text);
    assertEquals(await take(path), ok(undefined), text);
    assertEquals(Deno.readTextFileSync(path), text);
  }
  Deno.writeTextFileSync(path, old);
  (await mine(path)).release();
  assert(!there(path));
});

inFolder("one that was never finished is nobody's, once it is old", async (path) => {
  for (const text of ["", `{"schema_id":"gait.run`, "\0\0\0\0"]) {
    Deno.writeTextFileSync(path, text);
    assertEquals(await take(path), ok(undefined), `fresh: ${JSON.stringify(text)}`);
    Deno.utimeSync(path, new Date(), new Date(Date.now() - 5_000));
    (await mine(path)).release();
  }
});

inFolder("a holder that lost it knows, and leaves the other's alone", async (path) => {
  const held = await mine(path, { lease: 0 });
  Deno.removeSync(path);
  assert(!held.still());
  const other = await mine(path);
  assert(!held.still());
  held.release();
  assert(other.still() && there(path));
  other.release();
});

inFolder("that of a process killed on this system is free at once, elsewhere only after its time", async (path) => {
  if (KERNEL === "") return;
  for (const [kernel, free] of [[KERNEL, true], ["another one", false], ["", false]] as const) {
    const child = run("hold", path, kernel);
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    assertEquals(new TextDecoder().decode(value).trim(), "held");
    assertEquals(await take(path, { timeout: 150 }), ok(undefined), "its holder lives");
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    const held = assertOk(await take(path, { timeout: 500 }));
    assertEquals(held !== undefined, free, kernel);
    held?.release();
    if (!free) Deno.removeSync(path);
  }
});

inFolder("four processes that now and then die with it never hold it together", async (path) => {
  if (KERNEL === "") return;
  Deno.writeTextFileSync(`${path}.count`, "0");
  const children = Array.from({ length: 4 }, () => run("count", path, KERNEL, "15"));
  for (const child of children) assertEquals((await child.output()).code, 0);
  assertEquals(Deno.readTextFileSync(`${path}.count`), "60");
});

inFolder("a folder that refuses is a fault", async (path) => {
  Deno.writeTextFileSync(path, "");
  const fault = assertFault(await take(`${path}/x.lock`), "write_failed");
  assert(fault.message.startsWith(`Cannot lock "${path}/x.lock": `), fault.message);
});
