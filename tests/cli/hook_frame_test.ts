// A command whose callers take one number for a refusal: it ends with it whatever goes wrong, in words on stderr.
import { command } from "../../cli/command.ts";
import { numberOf } from "../../cli/render.ts";
import { run } from "../../cli/run.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";

type Told = { readonly ok: boolean };

const hook = (what: () => Result<"ok" | "blocked">) =>
  command({
    path: ["hook"],
    summary: "s",
    explain: "e",
    flags: { name: { kind: "text", doc: "d" } },
    needs: [],
    document: { always: true, code: 2, of: (data: Told) => ({ said: data.ok }), refuse: () => ({ said: "no" }) },
    run() {
      const done = what();
      return Promise.resolve(done.ok ? ok({ exit: done.value, data: { ok: done.value === "ok" } }) : done);
    },
    lines: () => ["why"],
  });

const started = async (what: () => Result<"ok" | "blocked">, argv: readonly string[] = [], obeys = true) => {
  const one = hook(what);
  const reply = await run(["hook", ...argv], {
    program: {
      version: "v",
      commands: {
        [one.path[0] ?? ""]: () => [{ path: one.path, summary: one.summary, load: () => Promise.resolve({ default: one }) }],
      },
    },
    colour: false,
    sha256Text: nodeHost.crypto.sha256Text,
    ports: () => Promise.resolve(memoryPorts({ host: nodeHost })),
    say: () => Promise.resolve(true),
    restrict: () => obeys ? ok(undefined) : fail("internal", "Cannot give up permissions"),
  });
  return { code: numberOf(reply), failing: reply.failing, out: reply.out, err: reply.err ?? "" };
};

Deno.test("hook frame: one number for all that is not well, also where its answer cannot be written", async () => {
  assertEquals(await started(() => ok("ok")), { code: 0, failing: 2, out: `{"said":true}\n`, err: "" });
  assertEquals(await started(() => ok("blocked")), { code: 2, failing: 2, out: `{"said":false}\n`, err: "why\n" });
  assertEquals(await started(() => ok("blocked"), ["--json"]), { code: 2, failing: 2, out: `{"said":false}\n`, err: "why\n" });
  const fault = await started(() => fail("store_busy", "Cannot do it"));
  assertEquals([fault.code, fault.out, fault.err.startsWith("hook error: Cannot do it\n")], [2, `{"said":"no"}\n`, true]);
  const usage = await started(() => ok("ok"), ["--nmae", "x"]);
  assertEquals([usage.code, usage.out, usage.err.includes("--nmae")], [2, `{"said":"no"}\n`, true]);
});

Deno.test("hook frame: a bug and a host that does not obey are refusals too", async () => {
  const bug = await started(() => {
    throw new Error("boom");
  });
  assertEquals([bug.code, bug.out, bug.err.includes("boom")], [2, "", true]);
  const power = await started(() => ok("ok"), [], false);
  assertEquals([power.code, power.out], [2, ""]);
  assert(power.err.includes("Cannot give up permissions"));
});
