// What the agents tell their hooks, in the forms of their documentation (docs/hooks.md names the pages).
import { type HookEvent, readHookEvent } from "../../core/hook/event.ts";
import type { HookClient } from "../../core/hook/clients.ts";
import type { Json, JsonObject } from "../../core/base/json_value.ts";
import type { Result } from "../../core/base/result.ts";
import { assertOk } from "../assert.ts";

/** The members that every hook of an agent is told, and the names of its hooks. */
export const FORMS: Readonly<
  Record<HookClient, { readonly common: JsonObject; readonly before: string; readonly after: string }>
> = {
  "claude-code": {
    common: {
      session_id: "abc123",
      transcript_path: "/home/u/.claude/projects/x.jsonl",
      cwd: "/work",
      permission_mode: "default",
      prompt_id: "7f0c",
      tool_use_id: "toolu_01",
    },
    before: "PreToolUse",
    after: "PostToolUse",
  },
  codex: {
    common: {
      session_id: "thread-1",
      transcript_path: null,
      cwd: "/work",
      model: "gpt-5",
      permission_mode: "default",
      turn_id: "turn-1",
      tool_use_id: "call_1",
    },
    before: "PreToolUse",
    after: "PostToolUse",
  },
  cursor: {
    common: {
      conversation_id: "conv-1",
      generation_id: "gen-1",
      model: "m",
      cursor_version: "3.1.0",
      workspace_roots: ["/work"],
      user_email: null,
      transcript_path: null,
      cwd: "/work",
      tool_use_id: "tool_1",
    },
    before: "preToolUse",
    after: "postToolUse",
  },
  gemini: {
    common: { session_id: "s", transcript_path: "/t.json", cwd: "/work", timestamp: "2026-01-01T00:00:00Z" },
    before: "BeforeTool",
    after: "AfterTool",
  },
};

/** The names that the agents have for a shell, for reading and for writing a file. */
export const TOOLS: Readonly<Record<HookClient, { readonly shell: string; readonly read: string; readonly write: string }>> = {
  "claude-code": { shell: "Bash", read: "Read", write: "Write" },
  codex: { shell: "Bash", read: "Read", write: "Write" },
  cursor: { shell: "Shell", read: "Read", write: "Write" },
  gemini: { shell: "run_shell_command", read: "read_file", write: "write_file" },
};

/** A call that is to come. */
export const beforeCall = (client: HookClient, tool_name: string, tool_input: Json, more: JsonObject = {}): JsonObject => ({
  ...FORMS[client].common,
  hook_event_name: FORMS[client].before,
  tool_name,
  tool_input,
  ...more,
});

/** The same call when it has run. */
export const afterCall = (client: HookClient, tool_name: string, tool_input: Json, more: JsonObject = {}): JsonObject => ({
  ...beforeCall(client, tool_name, tool_input),
  hook_event_name: FORMS[client].after,
  ...(client === "cursor" ? { tool_output: `{"exitCode":0}`, duration: 12 } : { tool_response: { output: "done" } }),
  ...more,
});

/** An event, read. */
export const eventOf = (client: HookClient, json: Json): Result<HookEvent> => readHookEvent(client, json, "-");

/** One that must be readable. */
export const goodEvent = (client: HookClient, json: Json): HookEvent => assertOk(eventOf(client, json));
