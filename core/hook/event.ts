// What a coding agent tells a hook, read: which call it is about, whether it is still to come, and what came of it. Total: JSON of any
// kind is an event or a fault, and a fault denies.
import { utf8 } from "../base/bytes.ts";
import { canonicalText } from "../base/canonical.ts";
import type { Crypto } from "../base/host.ts";
import { type Json, type JsonObject, readJson } from "../base/json.ts";
import { isJsonObject } from "../base/json_value.ts";
import { quoted } from "../base/json_words.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { readShape } from "../base/shape.ts";
import { trim } from "../base/text.ts";
import { type HookInput, HookInputShape } from "../schema/hook.ts";
import { CLIENTS, type HookClient, type HookStage } from "./clients.ts";
import { servedTool } from "./served_tool.ts";

/** A call as a hook is told of it. */
export type HookEvent = {
  readonly client: HookClient;
  /** The name of the hook. */
  readonly event: string;
  readonly stage: HookStage;
  readonly session_id: string;
  /** Empty where the agent gives none. */
  readonly call_id: string;
  /** The tool as the agent calls it. */
  readonly tool: string;
  readonly input: JsonObject;
  /** The MCP server of the tool, where the agent names it. */
  readonly server: string;
  /** What the server calls the tool; empty for the tools of no server. */
  readonly server_tool: string;
  /** The agent's folder; empty where it is not told. */
  readonly cwd: string;
  /** Whether the agent can be told to ask its user, and will. */
  readonly asks: boolean;
  /** What the tool gave, once it ran. */
  readonly outcome: Json | undefined;
  /** Whether the agent says that a call that failed was refused, so that it never ran. */
  readonly refused: boolean;
};

const SHELL_HOOK = "Shell";

/** Reads what an agent says; `name` names it in messages. Faults `document_shape`, `hook_event_unknown`, `call_invalid`, those of JSON. */
export function readHookEvent(client: HookClient, json: Json, name: string): Result<HookEvent> {
  const read = readShape(HookInputShape, json, name);
  if (!read.ok) return read;
  const { value } = read;
  const { events, title } = CLIENTS[client];
  const event = value.hook_event_name;
  const stage = Object.hasOwn(events, event) ? events[event] : undefined;
  if (stage === undefined) {
    const words = `${title} has no hook ${quoted(event)} that decides calls; expected one of ${Object.keys(events).join(", ")}`;
    return fail("hook_event_unknown", `Cannot answer the hook: ${words}`, { pointer: "/hook_event_name" });
  }
  const call = calledBy(value, name);
  if (!call.ok) return call;
  const { tool, input } = call.value;
  const session_id = value.session_id || value.conversation_id;
  if (session_id === "") return missing(name, "/session_id", "must name the session");
  if (tool === "") return missing(name, "/tool_name", "must name the tool");
  return ok({
    client,
    event,
    stage,
    session_id,
    call_id: value.tool_use_id,
    tool,
    input,
    ...servedTool(client, event, tool, value),
    cwd: value.cwd,
    asks: asksUser(client, event, value.permission_mode),
    outcome: outcomeIn(json),
    refused: stage === "failed" && value.failure_type === "permission_denied",
  });
}

const missing = (name: string, pointer: string, words: string): Result<never> =>
  fail("call_invalid", `Cannot read ${quoted(name)}: member "${pointer}" ${words}`, { pointer });

// Hooks of Cursor that are about one kind of tool have its arguments as their own members.
function calledBy(
  { hook_event_name: event, tool_name, tool_input, command, file_path }: HookInput,
  name: string,
): Result<{ readonly tool: string; readonly input: JsonObject }> {
  if (/ShellExecution$/.test(event)) {
    return command === "" ? missing(name, "/command", "must be the command") : ok({ tool: SHELL_HOOK, input: { command } });
  }
  if (/ReadFile$/.test(event)) {
    return file_path === "" ? missing(name, "/file_path", "must be the file") : ok({ tool: "Read", input: { file_path } });
  }
  if (tool_input === undefined) return ok({ tool: tool_name, input: {} });
  if (typeof tool_input !== "string") return ok({ tool: tool_name, input: tool_input });
  if (trim(tool_input) === "") return ok({ tool: tool_name, input: {} });
  const read = readJson(utf8(tool_input), `the text in member /tool_input of ${name}`);
  if (!read.ok) return { ok: false, fault: { ...read.fault, at: { pointer: "/tool_input" } } };
  return isJsonObject(read.value)
    ? ok({ tool: tool_name, input: read.value })
    : missing(name, "/tool_input", "must be an object, or the JSON text of one");
}

/** The modes in which Claude Code puts a question to its user. */
const ASKING: ReadonlySet<string> = new Set(["default", "acceptEdits", "plan"]);

// Codex takes `ask` for a failed hook and lets the call run, Cursor does not heed it in preToolUse, and Gemini CLI does not know it.
const asksUser = (client: HookClient, event: string, mode: string): boolean =>
  client === "claude-code" ? ASKING.has(mode) : client === "cursor" && /^before(?:Shell|MCP)Execution$/.test(event);

/** The members in which agents say what came of a call. */
export const OUTCOMES = ["tool_response", "tool_output", "result_json", "output", "error", "error_message"] as const;

function outcomeIn(json: Json): Json | undefined {
  if (!isJsonObject(json)) return undefined;
  const found = OUTCOMES.filter((name) => Object.hasOwn(json, name)).map((name) => [name, json[name] ?? null] as const);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Digests by which what was decided and what ran are held against each other. */
export type HookKeys = { readonly session_key: string; readonly call_key: string; readonly input_digest: string };

/** The digests of an event. A call without an id goes by its tool and arguments. */
export function hookKeys({ sha256Text }: Crypto, { client, session_id, call_id, tool, input }: HookEvent): HookKeys {
  const digest = (parts: readonly Json[]): string => sha256Text(canonicalText(parts));
  const input_digest = digest([tool, input]);
  return {
    session_key: digest([client, session_id]),
    call_key: digest([client, session_id, call_id === "" ? { input_digest } : call_id]),
    input_digest,
  };
}

/** The digest of what a call gave; empty where it gave nothing. */
export const outcomeDigest = ({ sha256Text }: Crypto, outcome: Json | undefined): string =>
  outcome === undefined ? "" : sha256Text(canonicalText(outcome));
