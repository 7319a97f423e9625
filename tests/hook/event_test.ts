// Reading what agents tell their hooks.
import { CLIENTS } from "../../core/hook/clients.ts";
import { hookKeys, outcomeDigest } from "../../core/hook/event.ts";
import { HOOK_CLIENTS } from "../../core/schema/hook.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault } from "../assert.ts";
import { afterCall, beforeCall, eventOf, goodEvent } from "./events.ts";

Deno.test("hook event: the documented form of every agent", () => {
  for (const client of HOOK_CLIENTS) {
    const before = goodEvent(client, beforeCall(client, "T", { a: 1 }));
    assertEquals([before.stage, before.tool, before.input, before.cwd, before.outcome], [
      "before",
      "T",
      { a: 1 },
      "/work",
      undefined,
    ]);
    assertEquals(before.call_id === "", client === "gemini", client); // Gemini CLI gives its calls no id
    const after = goodEvent(client, afterCall(client, "T", { a: 1 }));
    assertEquals([after.stage, after.outcome !== undefined], ["after", true]);
  }
});

Deno.test("hook event: hooks of Cursor about one kind of tool", () => {
  const common = { conversation_id: "c", hook_event_name: "beforeShellExecution", command: "ls", cwd: "/w" };
  const shell = goodEvent("cursor", common);
  assertEquals([shell.tool, shell.input, shell.asks, shell.call_id], ["Shell", { command: "ls" }, true, ""]);
  const mcp = goodEvent("cursor", {
    ...common,
    hook_event_name: "beforeMCPExecution",
    tool_name: "query",
    tool_input: `{"sql":"select 1"}`,
    mcp_server_name: "db",
  });
  assertEquals([mcp.tool, mcp.input, mcp.server, mcp.server_tool], ["query", { sql: "select 1" }, "db", "query"]);
  const read = goodEvent("cursor", { ...common, hook_event_name: "beforeReadFile", file_path: "/w/x", content: "secret" });
  assertEquals([read.tool, read.input], ["Read", { file_path: "/w/x" }]);
  assertFault(eventOf("cursor", { conversation_id: "c", hook_event_name: "beforeShellExecution" }), "call_invalid");
  assertFault(eventOf("cursor", { conversation_id: "c", hook_event_name: "beforeReadFile" }), "call_invalid");
});

Deno.test("hook event: what is no event of the agent is a fault", () => {
  const good = beforeCall("codex", "Bash", {});
  for (const name of ["", "Stop", "preToolUse", "BeforeTool", "toString", "__proto__"]) {
    assertFault(eventOf("codex", { ...good, hook_event_name: name }), "hook_event_unknown", name);
  }
  for (const member of ["session_id", "tool_name"]) {
    const fault = assertFault(eventOf("codex", { ...good, [member]: " " }), "call_invalid", member);
    assertEquals(fault.at?.pointer, `/${member}`);
  }
  for (const json of [null, [], "x", 1, { ...good, tool_input: 5 }, { ...good, tool_name: {} }]) {
    assertFault(eventOf("codex", json), "document_shape");
  }
  assertFault(eventOf("codex", { ...good, tool_input: "[1]" }), "call_invalid");
  assertFault(eventOf("codex", { ...good, tool_input: "{" }), "json_syntax");
});

Deno.test("hook event: only where the agent will ask its user is there anybody to ask", () => {
  const asks = (client: typeof HOOK_CLIENTS[number], mode: string): boolean =>
    goodEvent(client, beforeCall(client, "T", {}, { permission_mode: mode })).asks;
  assertEquals(["default", "acceptEdits", "plan"].map((mode) => asks("claude-code", mode)), [true, true, true]);
  assertEquals(["bypassPermissions", "dontAsk", "auto", "", "new"].map((mode) => asks("claude-code", mode)), [
    ...[false, false, false, false, false],
  ]);
  assertEquals((["codex", "cursor", "gemini"] as const).map((client) => asks(client, "default")), [false, false, false]);
});

Deno.test("hook event: only a call that failed can have been refused", () => {
  const told = (hook_event_name: string) =>
    goodEvent(
      "claude-code",
      afterCall("claude-code", "Bash", { command: "rm x" }, { hook_event_name, failure_type: "permission_denied" }),
    );
  assertEquals(["PreToolUse", "PostToolUse", "PostToolUseFailure"].map((event) => told(event).refused), [false, false, true]);
});

Deno.test("hook event: digests tell sessions, calls and arguments apart", () => {
  const keys = (json: Parameters<typeof goodEvent>[1], client: typeof HOOK_CLIENTS[number] = "codex") =>
    hookKeys(nodeHost.crypto, goodEvent(client, json));
  const one = keys(beforeCall("codex", "Bash", { command: "a", n: 1 }));
  assertEquals(keys(beforeCall("codex", "Bash", { n: 1, command: "a" })), one);
  assertEquals(keys(afterCall("codex", "Bash", { command: "a", n: 1 })), one);
  for (
    const other of [
      beforeCall("codex", "Bash", { command: "b", n: 1 }),
      beforeCall("codex", "bash", { command: "a", n: 1 }),
    ]
  ) {
    assertEquals([keys(other).call_key === one.call_key, keys(other).input_digest === one.input_digest], [true, false]);
  }
  assert(keys(beforeCall("codex", "Bash", {}, { tool_use_id: "x" })).call_key !== one.call_key);
  assert(keys(beforeCall("codex", "Bash", {}, { session_id: "x" })).session_key !== one.session_key);
  const gemini = (command: string) => keys(beforeCall("gemini", "run_shell_command", { command }), "gemini").call_key;
  assert(gemini("a") !== gemini("b"), "a call without an id goes by its arguments");
  // An id cannot be spelled like the digest that stands for none.
  const forged = keys(beforeCall("gemini", "T", {}, { tool_use_id: `{"input_digest":"x"}` }), "gemini");
  assert(forged.call_key !== keys(beforeCall("gemini", "T", {}), "gemini").call_key);
  assertEquals(outcomeDigest(nodeHost.crypto, undefined), "");
});

Deno.test("hook clients: what is installed is known, and every agent names its documentation", () => {
  for (const client of HOOK_CLIENTS) {
    const { installed, events, documentation } = CLIENTS[client];
    assert(installed.every((event) => event in events) && installed.some((event) => events[event] === "before"), client);
    assert(documentation.length > 0 && documentation.every((page) => page.startsWith("https://")), client);
  }
});
