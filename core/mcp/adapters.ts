// The forms in which calls come, and how each becomes the native one (spec 05, sections 1.1 and 1.3). Total: a value of any kind is
// a call or a fault.
import { utf8 } from "../base/bytes.ts";
import { type Json, type JsonObject, readJson } from "../base/json.ts";
import { isJsonObject } from "../base/json_value.ts";
import { quoted } from "../base/json_words.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { readShape } from "../base/shape.ts";
import { lower, trim } from "../base/text.ts";
import { type ToolCall, ToolCallShape } from "../schema/tool_call.ts";
import { AnthropicCallShape, ClaudeCodeCallShape, LangchainCallShape, OpenaiCallShape } from "../schema/tool_call_adapters.ts";
import { claudeTargets, claudeTool } from "./claude_code.ts";

/** The forms of calls, the native one first. */
export const ADAPTERS = ["mcp", "openai", "anthropic", "langchain", "claude_code"] as const;

/** A form of calls. */
export type Adapter = typeof ADAPTERS[number];

const SPELLINGS: ReadonlyMap<string, Adapter> = new Map([
  ...ADAPTERS.map((name) => [name, name] as const),
  ["", "mcp"],
  ["claude-code", "claude_code"],
  ["claudecode", "claude_code"],
]);

/** The form that a text names, in any letter case; blank is the native one. Fault `adapter_unknown`. */
export function adapterOf(text: string): Result<Adapter> {
  const adapter = SPELLINGS.get(lower(trim(text)));
  if (adapter !== undefined) return ok(adapter);
  return fail("adapter_unknown", `Cannot use adapter ${quoted(text)}: expected one of ${ADAPTERS.join(", ")}`);
}

/**
 * Reads a call of a form; `name` names it in messages, and faults have the JSON pointer of what is wrong. Faults: `document_shape`
 * for members of another type, `call_invalid` for a tool without a name, those of `readJson` for arguments that are text.
 */
export function readToolCall(adapter: Adapter, json: Json, name: string): Result<ToolCall> {
  switch (adapter) {
    case "mcp":
      return native(json, name);
    case "openai": {
      const read = readShape(OpenaiCallShape, json, name);
      if (!read.ok) return read;
      const { function: called } = read.value;
      return plain(
        named(called.name, "/function/name", name),
        argumentsOf(called.arguments, "/function/arguments", name),
        name,
      );
    }
    case "anthropic": {
      const read = readShape(AnthropicCallShape, json, name);
      return read.ok ? plain(named(read.value.name, "/name", name), ok(read.value.input ?? {}), name) : read;
    }
    case "langchain": {
      const read = readShape(LangchainCallShape, json, name);
      if (!read.ok) return read;
      const { tool, tool_input } = read.value;
      return plain(named(tool, "/tool", name), argumentsOf(tool_input, "/tool_input", name), name);
    }
    case "claude_code":
      return ofClaudeCode(json, name);
    default:
      return adapter satisfies never;
  }
}

function native(json: Json, name: string): Result<ToolCall> {
  const read = readShape(ToolCallShape, json, name);
  if (!read.ok) return read;
  const steps = read.value.script?.steps ?? [];
  if (steps.length === 0) {
    const tool = named(read.value.name, "/name", name);
    return tool.ok ? read : tool;
  }
  for (const [index, step] of steps.entries()) {
    const tool = named(step.name, `/script/steps/${index}/name`, name);
    if (!tool.ok) return tool;
  }
  return read;
}

function ofClaudeCode(json: Json, name: string): Result<ToolCall> {
  const read = readShape(ClaudeCodeCallShape, json, name);
  if (!read.ok) return read;
  const { tool_name, tool_input, input, session_id, hook_event_name } = read.value;
  const given = named(tool_name || read.value.name, "/tool_name", name);
  if (!given.ok) return given;
  const args = tool_input === undefined ? argumentsOf(input, "/input", name) : argumentsOf(tool_input, "/tool_input", name);
  if (!args.ok) return args;
  const tool = claudeTool(given.value);
  const auth_context = hook_event_name === "" ? null : { adapter: "claude_code", hook_event_name };
  const targets = claudeTargets(tool, args.value);
  return native({ name: tool, args: args.value, targets, context: { session_id, auth_context } }, name);
}

// A call that carries no more than its tool and its arguments.
function plain(tool: Result<string>, args: Result<JsonObject>, name: string): Result<ToolCall> {
  if (!tool.ok) return tool;
  return args.ok ? native({ name: tool.value, args: args.value }, name) : args;
}

const named = (tool: string, pointer: string, name: string): Result<string> =>
  tool === ""
    ? fail("call_invalid", `Cannot read ${quoted(name)}: member "${pointer}" must name the tool`, { pointer })
    : ok(tool);

function argumentsOf(given: JsonObject | string | undefined, pointer: string, name: string): Result<JsonObject> {
  if (given === undefined) return ok({});
  if (typeof given !== "string") return ok(given);
  if (trim(given) === "") return ok({});
  const read = readJson(utf8(given), `the text in member ${pointer} of ${name}`, { text: "replace" });
  // Its line and column count in the text, not in what the text is a member of.
  if (!read.ok) return { ok: false, fault: { ...read.fault, at: { pointer } } };
  if (read.value === null) return ok({});
  if (isJsonObject(read.value)) return ok(read.value);
  const message = `Cannot read ${quoted(name)}: member "${pointer}" must be an object, or the JSON text of one`;
  return fail("document_shape", message, { pointer });
}
