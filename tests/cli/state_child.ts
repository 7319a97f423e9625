// Run by state_test.ts as a process of its own. `count`: counts calls against one limit, and prints a dot for each that is let
// through. `once`: counts one, and says how it went.
import { utf8 } from "../../core/base/bytes.ts";
import { denoActing } from "../../cli/host/deno_acting.ts";
import { countCall } from "../../cli/limit_state.ts";

const [how = "", path = "", kernel = "", requests = "0", times = "0"] = Deno.args;
const { state } = denoActing(kernel);
const clock = { now: () => "2026-03-14T09:26:53Z" }; // no window ends in the midst of a test
const count = () =>
  countCall(path, { requests: Number(requests), window: "hour", scope: "tool" }, { tool: "t", identity: "i", budget: false }, {
    state,
    clock,
  });

// Whoever has to wait for too long is told to try again: on a busy machine that can be any of several that count at once.
const PATIENCE = 20;

async function patientCount(): ReturnType<typeof count> {
  for (let tries = 1;; tries++) {
    const counted = await count();
    if (counted.ok || counted.fault.code !== "store_busy" || tries === PATIENCE) return counted;
  }
}

if (how === "count") {
  for (let i = 0; i < Number(times); i++) {
    const counted = await patientCount();
    if (!counted.ok) throw new Error(counted.fault.message);
    if (!counted.value.exceeded) Deno.stdout.writeSync(utf8("."));
  }
} else {
  const counted = await count();
  console.log(JSON.stringify(counted.ok ? { ok: true, used: counted.value.used } : { ok: false, ...counted.fault }));
}
