// The official conformance suite finds the same in a server through the gate as without it, scenario by scenario.
import { ROOT } from "../../scripts/tools/run.ts";
import { start } from "../../scripts/tools/started.ts";
import { assert, assertEquals } from "../assert.ts";
import { inFolder } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";
import { conformance, countOf, wordsOf } from "./conformance.ts";
import { httpGate, verified } from "./gate.ts";
import { mcpFolder } from "./mcp_setup.ts";

/** The rows of the table in the guide: scenario, without the gate, through it. */
async function toldInGuide(): Promise<readonly (readonly string[])[]> {
  const [, section = ""] = (await Deno.readTextFile(`${ROOT}docs/mcp.md`)).split("\n## The official conformance suite\n");
  return [...(section.split("\n## ")[0] ?? "").matchAll(/^\| ([a-z0-9-]+) +\| (\d[^|]*?) +\| (\d[^|]*?) +\|$/gm)]
    .map(([, ...cells]) => cells);
}

Deno.test("foreign: the conformance suite, through the gate as without it", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
    const server = await start(["node", new URL("conformance_server.mjs", import.meta.url).pathname, packages], {
      cwd: folder,
    });
    try {
      const without = await conformance(packages, `http://${server.address}/mcp`, `${folder}/without`);
      const passed = without.reduce((sum, one) => sum + countOf(one, "SUCCESS"), 0);
      const failed = without.reduce((sum, one) => sum + countOf(one, "FAILURE"), 0);
      assertEquals([without.length, passed, failed], [32, 45, 0], JSON.stringify(without));
      const gate = await httpGate(folder, `http://${server.address}/mcp`);
      const through = await conformance(packages, gate.url, `${folder}/through`);
      const { code, err } = await gate.end();
      assertEquals(through, without, err);
      const told = without.map((one, i) => [one.name, wordsOf(one), wordsOf(through[i] ?? one)]);
      assertEquals(await toldInGuide(), told, "docs/mcp.md");
      assertEquals(code, 0, err);
      assert((await verified(folder)).length > 0, "the calls left records");
    } finally {
      await server.end();
    }
  });
});
