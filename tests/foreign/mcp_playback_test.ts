// Official MCP clients of both generations take a recording for a server; a session of theirs through the gate is played back to them as it
// was. `deno run -A tests/foreign/mcp_setup.ts` gets the packages.
import { canonicalText } from "../../core/base/canonical.ts";
import type { Json } from "../../core/base/json.ts";
import { assert, assertEquals } from "../assert.ts";
import { recorded } from "../cli/regress_world.ts";
import { inFolder, run } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";
import { mcpFolder } from "./mcp_setup.ts";
import { dist, GAIT, observe } from "./mcp_world.ts";

const SDKS = ["1", "2", "auto", "pin"] as const;

const serve = (...flags: readonly string[]): readonly string[] => [...GAIT, "regress", "serve", ...flags];

const resultOf = (seen: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> => {
  const { _meta, ...result } = Object(seen?.["result"]);
  return result;
};

/** The tools that a client has seen, each as one text. */
const toolsOf = (seen: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  Object(seen[2]?.["tools"]).map(({ name, description, inputSchema }: Record<string, Json>) =>
    canonicalText({ name: name ?? null, description: description ?? null, inputSchema: inputSchema ?? null })
  );

Deno.test("foreign: a recording is a server to clients of SDK 1.x and 2.x, of either generation", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    const pack = `${folder}/quote.zip`;
    await Deno.writeFile(pack, Object.values(recorded("quote"))[0] ?? new Uint8Array());
    const calls = [
      { name: "crm.lookup", arguments: { customer: "acme" } },
      { name: "quote.write", arguments: { to: "a@example.test", amount: 100 } },
      { name: "mail.send", arguments: { to: "b@example.test" } },
    ];
    for (const sdk of SDKS) {
      const report = `${folder}/${sdk}.json`;
      const { seen, err } = await observe(packages, sdk, calls, serve("--from", pack, "--report", report));
      assertEquals(seen.length, 6, `SDK ${sdk}: ${err}${JSON.stringify(seen)}`);
      assertEquals(Object(seen[0]?.["server"]).name, "gait-regress-serve");
      if (sdk !== "1") assertEquals(seen[1]?.["version"], sdk === "2" ? "2025-11-25" : "2026-07-28");
      assertEquals(Object(seen[2]?.["tools"]).map(({ name }: { name: string }) => name), [
        "crm.lookup",
        "quote.write",
        "mail.send",
      ]);
      const [first, second, third] = seen.slice(3).map(resultOf);
      assertEquals([first?.["structuredContent"], first?.["isError"] ?? false], [{ id: 7 }, false]);
      assertEquals([second?.["structuredContent"], second?.["isError"]], [{ reason: "limit" }, true]);
      assertEquals(third?.["isError"], true);
      assert(JSON.stringify(third).includes(`+   to: \\"b@example.test\\"`), JSON.stringify(third));
      const { status, ended, divergences } = JSON.parse(await Deno.readTextFile(report));
      assertEquals([status, ended, divergences.length], ["fail", true, 1], `SDK ${sdk}: ${err}`);
    }
  });
});

Deno.test("foreign: a session with an official server through the gate is played back as it was, from what the server has said", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
    const calls = [
      { name: "echo", arguments: { message: "héllo \u2028" } },
      { name: "get-sum", arguments: { a: 1, b: 2.5 } },
      { name: "get-sum", arguments: { a: 1, b: 2.5 } },
      { name: "get-tiny-image", arguments: {} },
      { name: "get-structured-content", arguments: { location: "New York" } },
    ];
    const server = ["node", dist(packages, "server-everything"), "stdio"];
    const said = `${folder}/said.jsonl`;
    const sessions = `${folder}/sessions`;
    const wrapped = [...GAIT, "mcp", "wrap", "--policy", `${folder}/allow.yaml`, "--session-dir", sessions, "--"];
    const live = await observe(packages, "1", calls, [...wrapped, "sh", "-c", `${server.join(" ")} | tee ${said}`]);
    const [session] = [...Deno.readDirSync(sessions)].filter(({ name }) => name.startsWith("wrap_"));
    const pack = `${sessions}/${session?.name}/runpack.zip`;
    const lock = `${folder}/gait.mcp.lock`;
    const locked = await run(GAIT[0] ?? "", [...GAIT.slice(1), "mcp", "lock", "--lock", lock, "--", ...server]);
    assertEquals(locked.code, 0, locked.err);

    for (const sdk of SDKS) {
      const flags = ["--from", pack, "--results", said, "--lock", lock, "--order", "strict", "--report", `${folder}/r.json`];
      const { seen, err } = await observe(packages, sdk, calls, serve(...flags));
      assertEquals(seen.slice(3).map(resultOf), live.seen.slice(3).map(resultOf), `SDK ${sdk}: ${err}`);
      const { status, answered } = JSON.parse(await Deno.readTextFile(`${folder}/r.json`));
      assertEquals([status, answered], ["pass", 5]);
      assertEquals(toolsOf(seen).length, 4);
      for (const tool of toolsOf(seen)) assert(toolsOf(live.seen).includes(tool), tool);
    }
    const { seen } = await observe(packages, "2", calls.slice(0, 1), serve("--from", pack));
    assert(JSON.stringify(seen[3]).includes("playback_result_not_kept"), "digests alone give no results");
  });
});
