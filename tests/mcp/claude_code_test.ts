// What Claude Code's tools are called in policies, and what their calls touch (spec 05, section 1.3).
import { claudeTargets, claudeTool } from "../../core/mcp/claude_code.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { intentOfCall } from "./decide.ts";

const NAMES: readonly (readonly [string, string])[] = [
  ["Read", "tool.read"],
  ["Grep", "tool.read"],
  ["Glob", "tool.read"],
  ["WebFetch", "tool.read"],
  ["web_search", "tool.read"],
  ["Web-Search", "tool.read"],
  ["Write", "tool.write"],
  ["edit", "tool.write"],
  ["Notebook Edit", "tool.write"],
  ["Bash", "tool.exec"],
  ["T a-s_k", "tool.delegate"],
  ["Todo Write-Now", "tool.todo_write_now"],
  ["mcp__shelf__peek", "tool.mcp__shelf__peek"],
  ["Vendor.Thing-Do", "vendor.thing-do"],
  ["tool.read", "tool.read"],
  ["MultiEdit", "tool.multiedit"],
  ["constructor", "tool.constructor"],
  ["-", "tool._"],
];

Deno.test("claude code: names of tools", () => {
  for (const [name, tool] of NAMES) assertEquals(claudeTool(` ${name}\n`), tool, name);
});

const path = (value: string, operation: string) => ({ kind: "path", value, operation });
const other = (value: string, operation: string) => ({ kind: "other", value, operation });

Deno.test("claude code: what a call touches, by the first argument that names something", () => {
  assertEquals(claudeTargets("tool.read", { file: "f", filepath: "p", file_path: "fp" }), [path("fp", "read")]);
  assertEquals(claudeTargets("tool.read", { path: 7, file_path: "  ", filepath: " x ", file: "f" }), [path("x", "read")]);
  assertEquals(claudeTargets("tool.read", { uri: "https://u", path: "/p", url: " " }), [
    path("/p", "read"),
    { kind: "url", value: "https://u", operation: "read" },
  ]);
  assertEquals(claudeTargets("tool.write", { file_path: "n.ipynb", url: "https://u" }), [path("n.ipynb", "write")]);
  assertEquals(claudeTargets("tool.exec", { script: "s", cmd: " ls ", path: "/p" }), [other("ls", "execute")]);
  assertEquals(claudeTargets("tool.delegate", { description: "d", prompt: "p" }), [other("p", "delegate")]);
  assertEquals(claudeTargets("tool.read", { pattern: "x" }), []);
  assertEquals(claudeTargets("tool.todo", { path: "/p", command: "ls" }), []);
});

Deno.test("claude code: a call in the form of a hook has these targets in its intent", () => {
  const call = { tool_name: "Bash", tool_input: '{"command":"rm -rf /srv"}' };
  const { tool_name, targets } = assertOk(intentOfCall(call, "claude_code"));
  assertEquals(tool_name, "tool.exec");
  assertEquals(targets.map(({ kind, value, operation }) => ({ kind, value, operation })), [other("rm -rf /srv", "execute")]);
});
