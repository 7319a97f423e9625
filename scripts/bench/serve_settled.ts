// The server in a process that can be asked what it holds on to: for each line that it is given it collects all garbage and says how much
// memory it takes. Started with --expose-gc; its arguments are the flags of the server as JSON.
import { denoPorts } from "../../cli/host/deno.ts";
import { denoActing } from "../../cli/host/deno_acting.ts";
import { denoServing } from "../../cli/host/serving_deno.ts";
import { serve } from "../../cli/serve/run.ts";

const collect: unknown = Reflect.get(globalThis, "gc");
if (typeof collect !== "function") throw new Error("expected --v8-flags=--expose-gc");

const ports = denoPorts(undefined, { report: () => {} }, denoActing("", denoServing((bytes) => Deno.stderr.write(bytes))));
const served = await serve(JSON.parse(Deno.args[0] ?? ""), ports, { version: "bench", json: false });
if (!served.ok) throw new Error(served.fault.message);

void (async () => {
  for await (const _ of Deno.stdin.readable) {
    for (let i = 0; i < 4; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { rss, heapUsed, external } = Deno.memoryUsage();
    console.log(JSON.stringify({ rss, heapUsed, external }));
  }
})();

const { records } = served.value;
for (let one = await records.next(true); !one.done; one = await records.next(true)) console.log(one.value.trimEnd());
