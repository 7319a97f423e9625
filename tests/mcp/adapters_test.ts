// The forms of calls (spec 05, section 1.1): what each takes, what it refuses, by which fault and where.
import type { Json } from "../../core/base/json.ts";
import { type Adapter, adapterOf, ADAPTERS, readToolCall } from "../../core/mcp/adapters.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { digestOfCall, intentOfCall } from "./decide.ts";

Deno.test("adapters: names in any letter case, two spellings of one, and blank for the native form", () => {
  const names: readonly (readonly [string, Adapter])[] = [
    ["", "mcp"],
    [" \t", "mcp"],
    ["MCP", "mcp"],
    [" OpenAI ", "openai"],
    ["Anthropic", "anthropic"],
    ["LANGCHAIN", "langchain"],
    ["claude_code", "claude_code"],
    ["Claude-Code", "claude_code"],
    ["ClaudeCode", "claude_code"],
  ];
  for (const [text, adapter] of names) assertEquals(assertOk(adapterOf(text), text), adapter);
  for (const text of ["gemini", "claude code", "mcp2", "constructor", "open-ai"]) {
    const fault = assertFault(adapterOf(text), "adapter_unknown", text);
    assertEquals(fault.message, `Cannot use adapter "${text}": expected one of ${ADAPTERS.join(", ")}`);
  }
});

const ARGS = { aisle: 4, note: " é " };
const TEXT = JSON.stringify(ARGS);

// Each is the call of the tool shelf.peek with ARGS.
const SAME: readonly (readonly [Adapter, Json])[] = [
  ["mcp", { name: "shelf.peek", args: ARGS }],
  ["openai", { function: { name: "shelf.peek", arguments: TEXT } }],
  ["openai", { function: { name: " Shelf.Peek ", arguments: ARGS }, type: "function", id: 7, context: { identity: "x" } }],
  ["anthropic", { type: "tool_use", id: "toolu_1", name: "shelf.peek", input: ARGS }],
  ["anthropic", { name: "shelf.peek", input: ARGS, args: { other: 1 }, targets: [{ kind: "path", value: "/x" }] }],
  ["langchain", { tool: "shelf.peek", tool_input: ARGS }],
  ["langchain", { tool: "shelf.peek", tool_input: `\n ${TEXT} ` }],
  ["claude_code", { tool_name: "Shelf.Peek", tool_input: ARGS }],
  ["claude_code", { tool_name: "shelf.peek", tool_input: TEXT, input: { other: 1 }, name: "other" }],
  ["claude_code", { tool_name: " ", name: "shelf.peek", tool_input: null, input: ARGS }],
];

Deno.test("adapters: one call in any form is one intent", () => {
  const [first] = SAME;
  assert(first !== undefined);
  const wanted = digestOfCall(first[1], first[0]);
  for (const [adapter, call] of SAME) assertEquals(digestOfCall(call, adapter), wanted, JSON.stringify(call));
});

Deno.test("adapters: arguments that are absent, null, blank or the text null are none", () => {
  const wanted = digestOfCall({ name: "shelf.peek" });
  const none: readonly (readonly [Adapter, Json])[] = [
    ["mcp", { name: "shelf.peek", args: null }],
    ["openai", { function: { name: "shelf.peek" } }],
    ["anthropic", { name: "shelf.peek", input: null }],
    ["anthropic", { name: "shelf.peek" }],
    ["langchain", { tool: "shelf.peek" }],
    ["claude_code", { tool_name: "shelf.peek" }],
    ...[null, "", " \n", "null", " {} "].flatMap((empty): [Adapter, Json][] => [
      ["openai", { function: { name: "shelf.peek", arguments: empty } }],
      ["langchain", { tool: "shelf.peek", tool_input: empty }],
      ["claude_code", { tool_name: "shelf.peek", tool_input: empty }],
      ["claude_code", { tool_name: "shelf.peek", input: empty }],
    ]),
    ["claude_code", { tool_name: "shelf.peek", tool_input: "", input: { not: "looked at" } }],
  ];
  for (const [adapter, call] of none) assertEquals(digestOfCall(call, adapter), wanted, `${adapter} ${JSON.stringify(call)}`);
});

type Refused = readonly [Adapter, Json, code: "document_shape" | "call_invalid" | "json_syntax" | "json_duplicate_key", string];

const REFUSED: readonly Refused[] = [
  ["mcp", [], "document_shape", ""],
  ["mcp", null, "document_shape", ""],
  ["mcp", "shelf.peek", "document_shape", ""],
  ["mcp", {}, "call_invalid", "/name"],
  ["mcp", { name: " " }, "call_invalid", "/name"],
  ["mcp", { NAME: "shelf.peek" }, "call_invalid", "/name"], // names of members count exactly
  ["mcp", { name: 7 }, "document_shape", "/name"],
  ["mcp", { name: "a", args: [] }, "document_shape", "/args"],
  ["mcp", { name: "a", args: "{}" }, "document_shape", "/args"],
  ["mcp", { name: "a", target: {} }, "document_shape", "/target"],
  ["mcp", { name: "a", targets: {} }, "document_shape", "/targets"],
  ["mcp", { name: "a", targets: [{ annotations: [] }] }, "document_shape", "/targets/0/annotations"],
  ["mcp", { name: "a", targets: [{ readOnlyHint: "true" }] }, "document_shape", "/targets/0/readOnlyHint"],
  ["mcp", { name: "a", context: "x" }, "document_shape", "/context"],
  ["mcp", { name: "a", context: { auth_context: 1 } }, "document_shape", "/context/auth_context"],
  ["mcp", { name: "a", context: { credential_scopes: "all" } }, "document_shape", "/context/credential_scopes"],
  ["mcp", { name: "a", context: { oauth_evidence: { audience: "x" } } }, "document_shape", "/context/oauth_evidence/audience"],
  ["mcp", { name: "a", server: "srv" }, "document_shape", "/server"],
  ["mcp", { name: "a", created_at: "yesterday" }, "document_shape", "/created_at"],
  ["mcp", { name: "a", created_at: "" }, "document_shape", "/created_at"],
  ["mcp", { name: "a", created_at: 1_900_000_000 }, "document_shape", "/created_at"],
  ["mcp", { script: { steps: [] } }, "call_invalid", "/name"],
  ["mcp", { script: { steps: [{ name: "a" }, { name: "\t" }] } }, "call_invalid", "/script/steps/1/name"],
  ["mcp", { name: "a", script: { steps: [{}] } }, "call_invalid", "/script/steps/0/name"],
  ["openai", {}, "call_invalid", "/function/name"],
  ["openai", { function: null }, "call_invalid", "/function/name"],
  ["openai", { name: "a", arguments: {} }, "call_invalid", "/function/name"],
  ["openai", { function: "a" }, "document_shape", "/function"],
  ["openai", { function: { name: "a", arguments: 7 } }, "document_shape", "/function/arguments"],
  ["openai", { function: { name: "a", arguments: [] } }, "document_shape", "/function/arguments"],
  ["openai", { function: { name: "a", arguments: "[1]" } }, "document_shape", "/function/arguments"],
  ["openai", { function: { name: "a", arguments: '"{}"' } }, "document_shape", "/function/arguments"],
  ["openai", { function: { name: "a", arguments: "{oops" } }, "json_syntax", "/function/arguments"],
  ["openai", { function: { name: "a", arguments: '{"a":1,"a":2}' } }, "json_duplicate_key", "/function/arguments"],
  ["anthropic", { input: {} }, "call_invalid", "/name"],
  ["anthropic", { name: "a", input: "{}" }, "document_shape", "/input"],
  ["anthropic", { name: "a", input: false }, "document_shape", "/input"],
  ["langchain", { tool_input: {} }, "call_invalid", "/tool"],
  ["langchain", { tool: "a", tool_input: true }, "document_shape", "/tool_input"],
  ["langchain", { tool: "a", tool_input: "plain words" }, "json_syntax", "/tool_input"],
  ["claude_code", { tool_name: " ", name: "", input: {} }, "call_invalid", "/tool_name"],
  ["claude_code", { tool_name: "a", tool_input: 1 }, "document_shape", "/tool_input"],
  ["claude_code", { tool_name: "a", input: "7" }, "document_shape", "/input"],
  ["claude_code", { tool_name: "a", session_id: 7 }, "document_shape", "/session_id"],
];

Deno.test("adapters: what is no call is refused, with the member that is wrong", () => {
  for (const [adapter, call, code, pointer] of REFUSED) {
    const fault = assertFault(readToolCall(adapter, call, "call.json"), code, `${adapter} ${JSON.stringify(call)}`);
    assertEquals(fault.at, { pointer }, JSON.stringify(call));
    assert(fault.message.startsWith('Cannot read "') && fault.message.includes("call.json"), fault.message);
    assert(pointer === "" || fault.message.includes(pointer), fault.message);
  }
});

Deno.test("adapters: arguments that nest without end are a fault", () => {
  let deep: Json = {};
  for (let i = 0; i < 20_000; i++) deep = { a: deep };
  for (const adapter of ["mcp", "anthropic"] as const) {
    assertFault(intentOfCall({ name: "a", args: { deep }, input: { deep } }, adapter), "json_too_deep");
  }
  const text = `${'{"a":'.repeat(600)}1${"}".repeat(600)}`;
  assertFault(intentOfCall({ tool: "a", tool_input: text }, "langchain"), "json_too_deep");
});

Deno.test("adapters: only Claude Code's form carries a session, and its hook is in the intent", () => {
  const call = { tool_name: "shelf.peek", session_id: " cc-1 ", hook_event_name: " PreToolUse " };
  const { context } = assertOk(readToolCall("claude_code", call, "c"));
  assertEquals(context.session_id, "cc-1");
  assertEquals(context.auth_context, { adapter: "claude_code", hook_event_name: "PreToolUse" });
  const plain = { name: "shelf.peek", context: { session_id: "cc-1" } };
  assertEquals(digestOfCall({ ...call, hook_event_name: " " }, "claude_code"), digestOfCall(plain));
  assert(digestOfCall(call, "claude_code") !== digestOfCall(plain));
});
