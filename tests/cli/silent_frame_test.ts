// Commands whose standard output belongs to a client: whatever is not well is told on standard error, with the exit code that it has.
import wrap from "../../cli/commands/mcp_wrap.ts";
import { command } from "../../cli/command.ts";
import { numberOf } from "../../cli/render.ts";
import { run } from "../../cli/run.ts";
import { fail, ok } from "../../core/base/result.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";

const broken = command({
  path: ["broken"],
  summary: "s",
  explain: "e",
  flags: { fault: { kind: "switch", doc: "d" } },
  silent: true,
  needs: [],
  run({ fault }) {
    if (fault) return Promise.resolve(fail("store_busy", "Cannot do it"));
    throw new Error("boom");
  },
  lines: () => [],
});

const table = [wrap, broken].map((one) => ({
  path: one.path,
  summary: one.summary,
  load: () => Promise.resolve({ default: one }),
}));

async function told(...argv: readonly string[]) {
  const reply = await run(argv, {
    program: { version: "v", commands: Object.fromEntries(table.map((entry) => [entry.path[0] ?? "", () => [entry]])) },
    colour: false,
    sha256Text: nodeHost.crypto.sha256Text,
    ports: () => Promise.resolve(memoryPorts({ host: nodeHost })),
    say: () => Promise.resolve(true),
    restrict: () => ok(undefined),
  });
  return [numberOf(reply), reply.out, (reply.err ?? "").split("\n")[0]];
}

Deno.test("silent frame: usage errors go to standard error", async () => {
  for (
    const argv of [
      ["mcp", "wrap", "--", "server"],
      ["mcp", "wrap", "--policy", "p", "--call-timeout", "x", "--", "server"],
      ["mcp", "wrap", "--polcy", "p", "--", "server"],
      ["mcp", "wrap", "--policy", "p"],
    ]
  ) {
    const [exit, out, err] = await told(...argv);
    assertEquals([exit, out, String(err).startsWith("mcp wrap error: ")], [6, "", true], `${argv.join(" ")}: ${err}`);
    const [again, json, line] = await told(...argv.slice(0, 2), "--json", ...argv.slice(2));
    assertEquals([again, json, JSON.parse(String(line)).ok], [6, "", false]);
  }
});

Deno.test("silent frame: faults and bugs too; what was asked for is answered on standard output", async () => {
  assertEquals(await told("broken", "--fault"), [1, "", "broken error: Cannot do it"]);
  const [exit, out, err] = await told("broken");
  assertEquals([exit, out, String(err).includes("boom")], [1, "", true]);
  const [well, help, none] = await told("mcp", "wrap", "--help");
  assertEquals([well, String(help).startsWith("Usage: gait mcp wrap"), none], [0, true, ""]);
});
