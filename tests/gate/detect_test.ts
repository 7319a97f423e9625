// What files say about the agents in a folder, and what follows for a policy (spec 02, section 1.6).
import { detect, type Detection } from "../../core/gate/detect.ts";
import { FRAMEWORK_NAMES } from "../../core/gate/detect_frameworks.ts";
import { signalsOf } from "../../core/gate/signals.ts";
import { assert, assertEquals } from "../assert.ts";

const found = (files: Readonly<Record<string, string>>) => {
  const { frameworks, tools } = detect(Object.entries(files).map(([path, text]) => ({ path, text })));
  return [frameworks.map(({ name }) => name), tools.map(({ name }) => name)];
};

Deno.test("detect: frameworks by imports, manifests and settings of clients", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["autogen", "a.py", "import os\n  from autogen_agentchat.agents import X\n"],
    ["autogen", "pyproject.toml", 'dependencies = ["pyautogen>=0.2"]\n'],
    ["claude_code", ".claude/settings.json", "{}"],
    ["claude_code", "x.ts", 'import { query } from "@anthropic-ai/claude-agent-sdk";\n'],
    ["crewai", "requirements-dev.txt", "# langchain\ncrewai[tools]==1 # mcp\n"],
    ["langchain", "a/b.py", "from langchain_core.tools import tool\n"],
    ["langchain", "package.json", '{"devDependencies":{"@langchain/core":"1"}}'],
    ["mastra", "x.mjs", "import('@mastra/core/agent')\n"],
    ["mcp", "mcp.json", '{"mcpServers":{"files":{"command":"x"}}}'],
    ["mcp", "deno.json", '{"imports":{"sdk":"npm:@modelcontextprotocol/sdk@^1"}}'],
    ["openai_agents", "a.py", "from agents import Runner, Agent\n"],
    ["openai_agents", "x.cjs", 'const a = require("@openai/agents");\n'],
    ["strands_agents", "requirements.txt", "strands_agents\n"],
    ["vercel_ai", "x.tsx", 'import { tool } from "npm:ai@7/rsc";\n'],
  ];
  for (const [name, path, text] of cases) assertEquals(found({ [path]: text })[0], [name], `${path}: ${text}`);
  assertEquals([...new Set(cases.map(([name]) => name))].sort(), [...FRAMEWORK_NAMES], "each is shown");
});

Deno.test("detect: what only looks like it is none", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a.py", "from agents import helper\nimport agentsx, mcpx\nx = 'import langchain'\n"],
    ["a.py", "# from langchain import x\nfrom . import langchain\n"],
    ["x.ts", 'import { a } from "./ai";\nimport b from "aix";\nconst s = "from langchain";\n'],
    ["package.json", '{"name":"ai","dependencies":"langchain","scripts":{"mcp":"x"}}'],
    ["package.json", '{"dependencies":{"ai":1,"ai":2}}'],
    ["mcp.json", '{"mcpServers":{}}'],
    ["settings.json", "{}"],
    ["notes.md", "import langchain\n"],
    ["requirements.txt", "langchainx\n# mcp\n"],
  ];
  for (const [path, text] of cases) assertEquals(found({ [path]: text }), [[], []], `${path}: ${text}`);
});

Deno.test("detect: tools by the usual ways to declare one", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["a.py", "@tool\ndef send_mail(to):\n", ["send_mail"]],
    ["a.py", '@mcp.tool()\n# c\nasync def list_files():\n@server.tool("files.read")\ndef f():\n', ["files.read", "list_files"]],
    ["a.py", "@function_tool(name_override='mail.send', strict=True)\ndef g(): pass\n", ["mail.send"]],
    ["a.py", 'StructuredTool.from_function(func=f, name="db.query")\nTool(\n  name="calc",\n  func=f)\n', ["calc", "db.query"]],
    ["a.py", "def tool(x): pass\nretool()\n@toolbox\ndef y(): pass\n", []],
    ["x.ts", 'server.registerTool("a.b", {}, f);\nserver.tool(\n  "c_d", f);\n', ["a.b", "c_d"]],
    ["x.ts", 'const t = tool({ name: "one", execute });\nconst two = tool({ description: "x" });\n', ["one", "two"]],
    ["x.ts", 'tools: { getWeather: tool({}), other: createTool({ id: "o.p" }) }', ["getWeather", "o.p"]],
    ["x.ts", 'new DynamicStructuredTool({ name: `sql.query` });\ntool(async () => 1, { name: "late" });\n', [
      "late",
      "sql.query",
    ]],
    ["i.json", '{"schema_id":"gait.gate.intent_request","tool_name":"tool.write"}', ["tool.write"]],
    ["i.json", '{"tool_name":"tool.write"}', []],
    ["t.json", '{"tools":[{"name":"x"},{"type":"function","function":{"name":"y.z"}},{"name":"no name"},7]}', ["x", "y.z"]],
  ];
  for (const [path, text, names] of cases) assertEquals(found({ [path]: text })[1], names, `${path}: ${text}`);
});

Deno.test("detect: names in byte order, each with the first files that it is in", () => {
  const text = "@tool\ndef b(): pass\n@tool\ndef A(): pass\n";
  const { tools } = detect(["d.py", "c.py", "a.py", "b.py"].map((path) => ({ path, text })));
  assertEquals(tools, [{ name: "A", paths: ["a.py", "b.py", "c.py"] }, { name: "b", paths: ["a.py", "b.py", "c.py"] }]);
});

Deno.test("detect: no text makes it run long", () => {
  const size = 2 ** 18;
  const started = performance.now();
  for (
    const part of [
      "@tool(",
      "@tool\n",
      "tool(",
      "tool({ name: ",
      "from ",
      "import (",
      "def ",
      "a.",
      '"',
      " ",
      "\t",
      ".tool(  ",
      "Tool(",
      "[",
      "x: tool(",
    ]
  ) {
    const text = part.repeat(size / part.length);
    for (const path of ["a.py", "x.ts", "package.json", "requirements.txt"]) detect([{ path, text }]);
  }
  const seconds = (performance.now() - started) / 1000;
  assert(seconds < 30, `${seconds} s for ${15 * 4} files of ${size} bytes`);
});

const detection = (names: readonly string[], frameworks: readonly string[] = []): Detection => ({
  tools: names.map((name) => ({ name, paths: ["a.py"] })),
  frameworks: frameworks.map((name) => ({ name, paths: ["a.py", "b.py"] })),
});

Deno.test("signals: by the first class that a name fits, in their order", () => {
  const names = ["users.delete", "stripe_refund_create", "sql.write", "save_note", "weather.get", "db_drop", "pause", "X.Y"];
  const { detected, unknown } = signalsOf(detection(names, ["mcp"]));
  assertEquals(detected, [
    { code: "framework.mcp", confidence: "high", evidence: ["a.py", "b.py"] },
    { code: "tool.destructive", confidence: "high", evidence: ["db_drop", "users.delete"] },
    { code: "tool.state_change", confidence: "high", evidence: ["pause", "save_note"] },
    { code: "tool.payment", confidence: "high", evidence: ["stripe_refund_create"] },
    { code: "tool.data_store", confidence: "high", evidence: ["sql.write"] },
  ]);
  assertEquals(unknown, [{ code: "tool.unclassified", confidence: "low", evidence: ["X.Y", "weather.get"] }]);
  assertEquals(signalsOf(detection([])), { detected: [], unknown: [], starters: [] });
});

Deno.test("signals: names without a dot have to look like names of tools", () => {
  const long = `delete_${"x".repeat(48)}`;
  assertEquals(signalsOf(detection(["_delete", "DELETE", long, "fetch", "helper"])), {
    detected: [],
    unknown: [],
    starters: [],
  });
  const dotted = signalsOf(detection(["_x.delete", "A.DELETE", `${long}.x`])).detected;
  assertEquals(dotted.map(({ evidence }) => evidence.length), [3]);
  assertEquals(signalsOf(detection([long.slice(0, 48)])).detected.length, 1);
});

Deno.test("signals: starter rules name six and eight tools at most, as policies compare them", () => {
  const names = (word: string, count: number) => Array.from({ length: count }, (_, i) => `T${i}.${word}`);
  const { starters } = signalsOf(detection([...names("Delete", 7), ...names("Update", 5), ...names("refund", 5)]));
  assertEquals(starters.map(({ name, priority, effect, reason_codes }) => [name, priority, effect, ...reason_codes]), [
    ["starter.block.destructive", 10, "block", "destructive_tool_blocked"],
    ["starter.require_approval.state_change", 20, "require_approval", "approval_required_for_state_change"],
  ]);
  assertEquals(starters.map(({ match }) => match.tool_names.length), [6, 8]);
  assertEquals(starters[0]?.match.tool_names[0], "t0.delete");
});
