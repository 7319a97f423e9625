// Users of official MCP clients, of SDK 1.x and 2.x and both generations, approve a call that the policy asks for: it is executed once, as
// it was called; and not when they decline. `deno run -A tests/foreign/mcp_setup.ts` gets the packages.
import { assert, assertEquals } from "../assert.ts";
import { inFolder } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";
import { gateWith, verified } from "./gate.ts";
import { mcpFolder } from "./mcp_setup.ts";
import { here, observe } from "./mcp_world.ts";

const POLICY = `default_verdict: block
rules:
  - name: sums
    effect: require_approval
    match: { tool_names: [add] }
    reason_codes: [sums_are_asked_for]
`;

const APPROVE = { action: "accept", content: { decision: "approve" } };

for (const sdk of ["1", "2", "auto", "pin"]) {
  Deno.test(`foreign: the user of a client approves a call, SDK ${sdk}`, async () => {
    const packages = mcpFolder();
    if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
    await inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/p.yaml`, POLICY);
      const server = ["--", "node", here("mcp_server.mjs"), packages];
      const gate = gateWith(folder, ["--approval-ledger", `${folder}/ledger.json`, ...server], "p.yaml");
      const calls = [{ name: "add", arguments: { a: 1, b: 2 } }];
      const said = async (answer: object) => {
        const { seen, err } = await observe(packages, sdk, calls, gate, { ANSWER: JSON.stringify(answer) });
        const [question, result, ...more] = seen.slice(3);
        assertEquals(more, [], err);
        assert(String(question?.["asked"]).includes(`arguments: {"a":1,"b":2}`), JSON.stringify(seen));
        return Object(result?.["result"]);
      };
      assertEquals((await said(APPROVE)).content, [{ type: "text", text: "3" }]);
      const declined = await said({ action: "decline" });
      assertEquals([declined.isError, declined.content[0].text.split("\n")[0]], [
        true,
        "gait: block: mcp_elicitation_declined, sums_are_asked_for",
      ]);
      assertEquals((await verified(folder)).length, 2);
    });
  });
}
