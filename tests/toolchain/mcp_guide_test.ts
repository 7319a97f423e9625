// docs/mcp.md and examples/mcp: the entry starts the gate as it is, its policy decides as it says, and every word of the guide is one
// that the program knows.
import wrap from "../../cli/commands/mcp_wrap.ts";
import lock from "../../cli/commands/mcp_lock.ts";
import { parse } from "../../cli/flags.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { readYaml } from "../../core/base/yaml.ts";
import { resultRulesFrom } from "../../core/flow/result_rules.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { toolCall, wrapped } from "../cli/mcp_wrap/world.ts";

const read = (path: string): Promise<string> => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));

const GUIDE = await read("docs/mcp.md");

Deno.test("mcp guide: the entry of the example is a command line that the gate takes", async () => {
  const { mcpServers: { files } } = JSON.parse(await read("examples/mcp/mcp.json"));
  assertEquals([files.command, files.args.slice(0, 2)], ["gait", ["mcp", "wrap"]]);
  const { values } = assertOk(parse(wrap.flags, wrap.positionals, files.args.slice(2)));
  assertEquals(Object(values).positionals.slice(0, 2), ["npx", "-y"]);
});

Deno.test("mcp guide: the entry for HTTP leads to where the gate of the guide listens", async () => {
  const example = JSON.parse(await read("examples/mcp/http.json"));
  const shown = [...GUIDE.matchAll(/```json\n([^`]*)```/g)].map(([, text = ""]) => JSON.parse(text));
  assertEquals(shown.filter(({ mcpServers }) => mcpServers.example !== undefined), [example]);
  const line = /^gait mcp wrap (.*--upstream.*)$/m.exec(GUIDE)?.[1] ?? "";
  const { values } = assertOk(parse(wrap.flags, wrap.positionals, line.split(" ")));
  const { upstream, listen } = Object(values);
  assertEquals(example.mcpServers.example.url, `http://${listen}${new URL(upstream).pathname}`);
});

Deno.test("mcp guide: the policy of the example lets reads through, asks for moves and blocks the rest", async () => {
  const world = wrapped({ files: { "policy.yaml": await read("examples/mcp/policy.yaml") } });
  const tools = ["read_text_file", "list_directory", "move_file", "write_file", "edit_file"];
  await world.client.send(...tools.map((tool, id) => toolCall(id, tool)));
  await world.client.close();
  const verdicts = world.records().flatMap(({ decision }) => decision === undefined ? [] : [decision["verdict"]]);
  assertEquals(verdicts, ["allow", "allow", "require_approval", "block", "block"]);
});

Deno.test("mcp guide: the rules for results and the policy that it shows are ones", () => {
  const blocks = [...GUIDE.matchAll(/```yaml\n([^`]*)```/g)].map(([, text = ""]) => utf8(text));
  const [rules, policy] = blocks;
  assert(rules !== undefined && policy !== undefined && blocks.length === 2);
  assertEquals(assertOk(resultRulesFrom(assertOk(readYaml(rules, "guide")), "guide")).map(({ name }) => name), [
    "keys",
    "pages",
  ]);
  assertEquals(assertOk(readPolicy(policy, "guide")).policy.rules.map(({ name }) => name), ["posts-after-pages"]);
});

Deno.test("mcp guide: it names no flag that neither command has", () => {
  const known = new Set([...Object.keys(wrap.flags), ...Object.keys(lock.flags)]);
  const named = [...GUIDE.matchAll(/`--([a-z][a-z-]*)/g)].map(([, name = ""]) => name);
  assert(named.length > 8);
  for (const name of named) assert(known.has(name), name);
});
