// Run by lock_test.ts as a process of its own. `hold`: takes the lock, says so, and waits to be killed. `count`: adds to a counter
// under the lock, again and again; every third lock is left behind as by a process that died.
import { lockOn } from "../../cli/host/lock.ts";
import { denoLocks } from "../../cli/host/lock_deno.ts";
import { rules } from "./lock_rules.ts";

const [verb = "", path = "", kernel = "", times = "0"] = Deno.args;
if (verb === "hold") {
  const held = await lockOn(denoLocks(kernel)).take(path, rules());
  console.log(held.ok && held.value !== undefined ? "held" : "failed");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
} else {
  const disk = denoLocks(kernel);
  let leave = false;
  const lock = lockOn({ ...disk, remove: (gone) => leave ? undefined : disk.remove(gone) });
  const patient = rules({ timeout: 60_000, retry: 2 });
  for (let i = 0; i < Number(times); i++) {
    leave = false;
    const held = await lock.take(path, patient);
    if (!held.ok || held.value === undefined) throw new Error("the lock was not to be had");
    const count = Number(Deno.readTextFileSync(`${path}.count`));
    await new Promise((resolve) => setTimeout(resolve, 1));
    Deno.writeTextFileSync(`${path}.count`, String(count + 1));
    leave = i % 3 === 2;
    held.value.release();
  }
}
