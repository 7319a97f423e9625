// Properties of hooks of coding agents: settings keep what is not ours, and whatever an agent says is an event or a fault.
import fc from "fast-check";
import { hookCall } from "../../core/flow/hook_call.ts";
import { installHooks, uninstallHooks } from "../../core/hook/settings.ts";
import { lineDiff } from "../../core/hook/line_diff.ts";
import { readToolCall } from "../../core/mcp/adapters.ts";
import { HOOK_CLIENTS } from "../../core/schema/hook.ts";
import { readShell } from "../../core/shell/read.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { beforeCall, eventOf, goodEvent } from "../hook/events.ts";
import { SHELL_CASES } from "../shell/cases.ts";
import { property } from "./run.ts";

const client = fc.constantFrom(...HOOK_CLIENTS);
const name = fc.oneof(
  fc.constantFrom("a", "b c", "permissions", "é", "hooks2", "x/y~z"),
  fc.string({ maxLength: 5 }).filter((one) => one !== "hooks" && one !== "version"),
);
const value = fc.jsonValue({ maxDepth: 3 }).map((one) => JSON.parse(JSON.stringify(one)));
const mine = fc.record({ matcher: fc.string({ maxLength: 4 }), hooks: fc.constant([{ type: "command", command: "mine" }]) });
const hooks = fc.dictionary(
  fc.constantFrom("PreToolUse", "PostToolUse", "BeforeTool", "Stop", "preToolUse"),
  fc.array(mine, { minLength: 1, maxLength: 3 }),
);
const settings = fc.tuple(
  fc.dictionary(name, value, { maxKeys: 4 }),
  fc.option(hooks),
  fc.constantFrom(undefined, 1, 2, "\t"),
  fc.nat(4),
)
  .map(([rest, own, indent, at]) => {
    const members = Object.entries(rest);
    if (own !== null && Object.keys(own).length > 0) members.splice(at, 0, ["hooks", own]);
    return JSON.stringify(Object.fromEntries(members), undefined, indent);
  });

property(
  "hooks: what is installed and taken out again leaves every byte of the settings",
  fc.tuple(settings, client),
  ([text, agent]) => {
    const command = `gait hook run --client ${agent} --policy /p || x`;
    const installed = assertOk(installHooks(text, "s", agent, command), text);
    assertEquals(assertOk(installHooks(installed.text, "s", agent, command)).changed, false, text);
    const back = assertOk(uninstallHooks(installed.text, "s", agent)).text;
    if (agent === "cursor") {
      const { version, ...rest } = JSON.parse(back);
      assertEquals([version, rest], [1, JSON.parse(text)], text);
    } else assertEquals(back, text);
  },
);

property("hooks: a diff holds what came and what went", fc.tuple(settings, settings), ([a, b]) => {
  const lines = lineDiff(a, b);
  assertEquals(lines.length === 0, a === b);
  const count = (text: string): number => text.split("\n").length;
  const came = lines.filter((line) => line.startsWith("+")).length;
  const went = lines.filter((line) => line.startsWith("-")).length;
  assertEquals(came - went, count(b) - count(a));
});

const said = fc.oneof(
  value,
  fc.dictionary(
    fc.constantFrom(
      "session_id",
      "hook_event_name",
      "tool_name",
      "tool_input",
      "tool_use_id",
      "cwd",
      "conversation_id",
      "command",
    ),
    fc.oneof(value, fc.constantFrom("PreToolUse", "BeforeTool", "preToolUse", "beforeShellExecution", "Bash", "s", "{}")),
  ),
);

property("hooks: whatever an agent says is an event or a fault", fc.tuple(client, said), ([agent, json]) => {
  const read = eventOf(agent, json);
  assert(read.ok ? read.value.tool !== "" && read.value.session_id !== "" : read.fault.message !== "");
});

const tool = fc.constantFrom(
  "Bash",
  "Shell",
  "run_shell_command",
  "Read",
  "Glob",
  "read_many_files",
  "apply_patch",
  "mcp__a__b",
  "MCP:x",
  "Task",
  "x.y",
  "Ünknown",
);
const input = fc.oneof(
  fc.constantFrom(...SHELL_CASES).map(({ command }) => ({ command })),
  fc.dictionary(fc.constantFrom("command", "file_path", "path", "paths", "pattern", "url", "prompt", "x"), value, {
    maxKeys: 4,
  }),
);

property(
  "hooks: every call of an agent is a call that the boundary can read",
  fc.tuple(client, tool, input),
  ([agent, name, given]) => {
    const event = goodEvent(agent, beforeCall(agent, name, given));
    const command = "command" in given && typeof given.command === "string" ? given.command : undefined;
    const reading = command === undefined ? undefined : readShell(command, { cwd: "/w", home: "" });
    const { call, refused_for } = hookCall(event, reading, "2026-01-01T00:00:00Z", "/home/u");
    const read = assertOk(readToolCall("mcp", call, "call"), JSON.stringify(call));
    assertEquals([read.context.session_id, read.context.identity], [event.session_id, agent]);
    assert((reading?.unresolved ?? []).every(({ code }) => refused_for.includes(code)));
  },
);
