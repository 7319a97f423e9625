// Calls of agents as native calls: names that policies know, targets from the root, one step for each command of a shell.
import { hookCall, shellCommandOf } from "../../core/flow/hook_call.ts";
import type { HookClient } from "../../core/hook/clients.ts";
import type { Json, JsonObject } from "../../core/base/json_value.ts";
import { readShell } from "../../core/shell/read.ts";
import { assertEquals } from "../assert.ts";
import { beforeCall, goodEvent } from "../hook/events.ts";

const NOW = "2026-01-01T00:00:00Z";

const called = (client: HookClient, tool: string, input: Json, more: JsonObject = {}) => {
  const event = goodEvent(client, beforeCall(client, tool, input, more));
  const command = shellCommandOf(event);
  const reading = command?.text === undefined ? undefined : readShell(command.text, { cwd: command.cwd, home: "" });
  const { call, refused_for } = hookCall(event, reading, NOW, "/home/u");
  const { name, args, targets, script, server, context } = call;
  return { name, args, targets, script, server, context, refused_for };
};

const path = (value: string, operation: string) => ({ kind: "path", value, operation });

Deno.test("hook call: files, by the names of every agent", () => {
  const shown = (client: HookClient, tool: string, input: Json) => {
    const { name, targets } = called(client, tool, input);
    return [name, targets];
  };
  assertEquals(shown("claude-code", "Read", { file_path: "/w/a" }), ["tool.read", [path("/w/a", "read")]]);
  assertEquals(shown("claude-code", "MultiEdit", { file_path: "/w/a" }), ["tool.write", [path("/w/a", "write")]]);
  assertEquals(shown("claude-code", "NotebookEdit", { notebook_path: "/w/n" }), ["tool.write", [path("/w/n", "write")]]);
  assertEquals(shown("gemini", "read_file", { absolute_path: "/w/a" }), ["tool.read", [path("/w/a", "read")]]);
  assertEquals(shown("gemini", "replace", { file_path: "src/a" }), ["tool.write", [path("/work/src/a", "write")]]);
  assertEquals(shown("gemini", "write_file", { file_path: "../a" }), ["tool.write", [path("/work/../a", "write")]]);
  assertEquals(shown("cursor", "Delete", { path: "/w/a" }), ["tool.delete", [path("/w/a", "delete")]]);
  assertEquals(shown("cursor", "Unknown Thing", { a: 1 }), ["tool.unknown_thing", []]);
  assertEquals(shown("codex", "apply_patch", { command: "*** Update File: a.ts\n" }), ["tool.write", [
    path("/work/a.ts", "write"),
  ]]);
  assertEquals(called("codex", "apply_patch", { command: "?" }).refused_for, ["patch_unreadable"]);
});

Deno.test("hook call: every member that names a file is a target, and a pattern is the folder that it begins with", async () => {
  const text = await Deno.readTextFile(new URL("../../fixtures/cases/hook/files.json", import.meta.url));
  for (const { client = "claude-code", tool, input, name = "tool.read", paths, why } of JSON.parse(text)) {
    const call = called(client, tool, input);
    const operation = name.slice("tool.".length);
    const expected = paths === "unreadable"
      ? [name, [], ["path_unreadable"]]
      : [name, paths.map((one: string) => path(one, operation)), []];
    assertEquals([call.name, call.targets, call.refused_for], expected, `${tool} ${JSON.stringify(input)}: ${why}`);
  }
});

Deno.test("hook call: where home or folder are not known, nothing is guessed", () => {
  const targets = (cwd: string, input: Json, tool = "Read") => {
    const { call, refused_for } = hookCall(goodEvent("cursor", beforeCall("cursor", tool, input, { cwd })), undefined, NOW);
    return [call["targets"], refused_for];
  };
  assertEquals(targets("/work", { path: "~/x" }), [[], ["path_unreadable"]]);
  assertEquals(targets("", { path: "x" }), [[path("x", "read")], []]);
  assertEquals(targets("", { pattern: "x" }, "Grep"), [[path(".", "read")], []]);
});

Deno.test("hook call: pages are read too, each of them", () => {
  const page = (value: string) => ({ kind: "url", value, operation: "read" });
  assertEquals(called("claude-code", "WebFetch", { url: "https://a", uri: "https://b" }).targets, [
    ...[page("https://a"), page("https://b")],
  ]);
  assertEquals(called("claude-code", "WebFetch", { url: 5 }).refused_for, ["path_unreadable"]);
  assertEquals(called("claude-code", "WebSearch", { query: "x" }).refused_for, []);
});

Deno.test("hook call: the name that a server gives its tool is never that of another one's", () => {
  const server = (json: JsonObject, client: HookClient = "cursor") => {
    const { call } = hookCall(goodEvent(client, { ...beforeCall(client, "", {}), ...json }), undefined, NOW);
    return [call["name"], call["server"], call["targets"]];
  };
  const execution = { hook_event_name: "beforeMCPExecution", mcp_server_name: "evil" };
  const evil = (name: string) => [name, { server_name: "evil" }, []];
  const input = { tool_input: { file_path: "/x" } };
  assertEquals(server({ ...execution, ...input, tool_name: "Read" }), evil("tool.mcp__evil__read"));
  assertEquals(server({ ...execution, ...input, tool_name: "MCP:Read" }), evil("tool.mcp__evil__read"));
  assertEquals(server({ ...execution, ...input, tool_name: "tool.exec:ls" }), evil("tool.mcp__evil__tool.exec:ls"));
  assertEquals(server({ ...execution, ...input, tool_name: "mcp__db__query" }), evil("tool.mcp__evil__mcp__db__query"));
  assertEquals(server({ ...execution, ...input, tool_name: "Shell" }), evil("tool.mcp__evil__shell"));
  assertEquals(server({ ...input, tool_name: "Write", mcp_server_name: "evil" }), evil("tool.mcp__evil__write"));
  assertEquals(server({ ...input, tool_name: "MCP:read_x" }), ["tool.mcp____read_x", undefined, []]);
  assertEquals(server({ ...execution, mcp_server_name: "", tool_name: "Read" }), ["tool.mcp____read", undefined, []]);
  for (const client of ["claude-code", "codex"] as const) {
    assertEquals(server({ ...input, tool_name: "mcp__evil__Read" }, client), evil("tool.mcp__evil__read"));
    assertEquals(server({ ...input, tool_name: "mcp__evil__a.b:c" }, client), evil("tool.mcp__evil__a.b:c"));
    assertEquals(server({ ...input, tool_name: "tool.exec:ls" }, client), ["tool.tool.exec%3als", undefined, []]);
  }
  const told = { ...input, tool_name: "mcp_evil_read_file", mcp_context: { server_name: "evil", tool_name: "read_file" } };
  assertEquals(server(told, "gemini"), evil("tool.mcp__evil__read_file"));
  assertEquals(server({ ...told, mcp_context: {} }, "gemini"), ["tool.mcp____mcp_evil_read_file", undefined, []]);
  // Older versions say nothing of the server, and leave its tool the name that it has there.
  assertEquals(server({ ...input, tool_name: "Read" }, "gemini"), ["tool.%72ead", undefined, []]);
  assertEquals(server({ ...input, tool_name: "mcp__db__query" }, "gemini"), ["tool.%6dcp__db__query", undefined, []]);
});

Deno.test("hook call: who calls, where and from which server", () => {
  const { context, server, name } = called("codex", "mcp__db__query", { sql: "x" });
  assertEquals([name, server], ["tool.mcp__db__query", { server_name: "db" }]);
  assertEquals(context, {
    identity: "codex",
    workspace: "/work",
    session_id: "thread-1",
    auth_context: { adapter: "codex", hook_event_name: "PreToolUse" },
  });
});

Deno.test("hook call: a shell is a script with a step for each command and each file", () => {
  const { script, refused_for, name } = called("gemini", "run_shell_command", {
    command: "git log | rm -r x > out; Bash -c y; bash -c ls",
    description: "tidy",
    background: true,
  });
  const options = { background: true };
  assertEquals([name, refused_for], [undefined, []]);
  assertEquals(script, {
    steps: [
      { name: "tool.exec:git", args: { argv: ["git", "log"], options }, targets: [] },
      {
        name: "tool.exec:rm",
        args: { argv: ["rm", "-r", "x"], options },
        targets: [{ kind: "other", value: "rm -r x", operation: "execute", destructive_hint: true }],
      },
      { name: "tool.exec:%42ash", args: { argv: ["Bash", "-c", "y"], options }, targets: [] },
      { name: "tool.exec:bash -c", args: { argv: ["bash", "-c", "ls"], options }, targets: [] },
      { name: "tool.exec:ls", args: { argv: ["ls"], options }, targets: [] },
      { name: "tool.write", args: { redirected: "/work/out" }, targets: [path("/work/out", "write")] },
    ],
  });
});

Deno.test("hook call: variables and texts that a command is given are part of its step", () => {
  const args = (command: string): readonly Json[] => {
    const { script } = called("claude-code", "Bash", { command });
    return JSON.parse(JSON.stringify(script)).steps.map((step: { readonly args: Json }) => step.args);
  };
  assertEquals(args("npm publish"), [{ argv: ["npm", "publish"] }]);
  assertEquals(args("npm_config_registry=http://x A='b c' npm publish"), [
    { argv: ["npm", "publish"], variables: ["npm_config_registry=http://x", "A=b c"] },
  ]);
  assertEquals(args("env A=1 npm publish"), [
    { argv: ["env", "A=1", "npm", "publish"] },
    { argv: ["npm", "publish"], variables: ["A=1"] },
  ]);
  assertEquals(args("python3 - <<E\nprint(1)\nE\n"), [{ argv: ["python3", "-"], input: ["<<E\nprint(1)\n"] }]);
  assertEquals(args("python3 - <<'E'\nprint($1)\nE\n"), [{ argv: ["python3", "-"], input: ["<<'E'\nprint($1)\n"] }]);
  assertEquals(args("python3 - 0<<<'print(1)' > /dev/null"), [{ argv: ["python3", "-"], input: ["0<<<'print(1)'"] }]);
  assertEquals(args("{ nice python3; ls; } <<-E\n\tx\n\tE\n"), [
    { argv: ["nice", "python3"], input: ["<<-E\n\tx\n"] },
    { argv: ["python3"], input: ["<<-E\n\tx\n"] },
    { argv: ["ls"], input: ["<<-E\n\tx\n"] },
  ]);
});

Deno.test("hook call: what is not known whole is shown whole, and refused", () => {
  const { name, script, args, refused_for } = called("claude-code", "Bash", { command: "ls; rm $x; eval y" });
  assertEquals([name, script, args, refused_for], [
    "tool.exec",
    undefined,
    { command: "ls; rm $x; eval y" },
    ["shell_eval", "shell_expansion"],
  ]);
  assertEquals(called("claude-code", "Bash", { command: "x=1" }).name, "tool.exec");
});

Deno.test("hook call: where a shell runs, and that it runs one text", () => {
  const of = (input: Json) => shellCommandOf(goodEvent("cursor", beforeCall("cursor", "Shell", input)));
  assertEquals(of({ command: "ls" }), { text: "ls", cwd: "/work" });
  assertEquals(of({ command: "ls", working_directory: "/srv" }), { text: "ls", cwd: "/srv" });
  assertEquals(of({ command: "ls", working_directory: "sub" }), { text: "ls", cwd: "/work/sub" });
  assertEquals(of({ command: "ls", working_directory: "", dir_path: null }), { text: "ls", cwd: "/work" });
  assertEquals(of({ command: "ls", working_directory: "/a", cwd: "/b" }), { text: "ls", cwd: "" });
  assertEquals([of({ command: ["rm"] }), of({}), of({ command: "ls", cmd: "rm" })].map((one) => one?.text), [
    ...[undefined, undefined, undefined],
  ]);
  assertEquals(called("cursor", "Shell", { command: "ls > x", working_directory: 5 }).refused_for, ["shell_directory_unknown"]);
  assertEquals(shellCommandOf(goodEvent("cursor", beforeCall("cursor", "Read", { command: "ls" }))), undefined);
});
