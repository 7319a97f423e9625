// Sessions of official clients over HTTP, with streams that can be taken up again: each leaves records of its own; and their users approve
// calls, in a session and without one.
import { start } from "../../scripts/tools/started.ts";
import { assert, assertEquals } from "../assert.ts";
import { inFolder } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";
import { httpGate, verified } from "./gate.ts";
import { mcpFolder } from "./mcp_setup.ts";
import { here, observe } from "./mcp_world.ts";

/** A server of SDK 1.x with sessions. */
const withSessions = (packages: string): readonly string[] => ["node", here("conformance_server.mjs"), packages];

/** One of SDK 2.x without. */
const without = (packages: string): readonly string[] => {
  const deno = ["run", "-q", "-A", "--no-config", "--no-lock", "--node-modules-dir=manual"];
  return [Deno.execPath(), ...deno, here("mcp_server.mjs"), packages, "http"];
};

const CALLS = ["test_simple_text", "test_image_content", "test_tool_with_logging", "test_error_handling", "none"].map((
  name,
) => ({
  name,
  arguments: {},
}));

Deno.test("foreign: sessions over HTTP, through the gate as without it, each with its own records", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
    const server = await start(withSessions(packages), { cwd: folder });
    try {
      const url = `http://${server.address}/mcp`;
      const gate = await httpGate(folder, url);
      const sdks = ["1", "2", "auto"];
      for (const sdk of sdks) {
        const { seen } = await observe(packages, sdk, CALLS, [url]);
        assertEquals(seen.length, 3 + CALLS.length, JSON.stringify(seen));
        assertEquals((await observe(packages, sdk, CALLS, [gate.url])).seen, seen, `SDK ${sdk}`);
      }
      const { code, err } = await gate.end();
      assertEquals(code, 0, err);
      assertEquals((await verified(folder)).length, sdks.length);
    } finally {
      await server.end();
    }
  });
});

const ASK = `default_verdict: block
rules:
  - { name: sums, effect: require_approval, match: { tool_names: [add, test_simple_text] }, reason_codes: [asked_for] }
`;

for (
  const [server, sdk, tool] of [
    [withSessions, "1", "test_simple_text"],
    [withSessions, "2", "test_simple_text"],
    [without, "pin", "add"],
  ] as const
) {
  Deno.test(`foreign: the user of a client approves a call over HTTP, SDK ${sdk}`, async () => {
    const packages = mcpFolder();
    if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
    await inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/p.yaml`, ASK);
      const running = await start(server(packages), { cwd: folder });
      try {
        const gate = await httpGate(folder, `http://${running.address}/mcp`, "p.yaml");
        const asked = async (answer: object) => {
          const calls = [{ name: tool, arguments: { a: 1, b: 2 } }];
          const { seen } = await observe(packages, sdk, calls, [gate.url], { ANSWER: JSON.stringify(answer) });
          assert(seen[3]?.["asked"] !== undefined, JSON.stringify(seen));
          return Object(seen[4]?.["result"]).isError ?? false;
        };
        assertEquals(await asked({ action: "accept", content: { decision: "approve" } }), false);
        assertEquals(await asked({ action: "decline" }), true);
        const { code, err } = await gate.end();
        assertEquals(code, 0, err);
        await verified(folder);
      } finally {
        await running.end();
      }
    });
  });
}
