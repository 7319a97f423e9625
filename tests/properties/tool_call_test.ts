// Properties of decoding calls: total, and one call is one intent however it is said and by whichever adapter.
import fc from "fast-check";
import type { Json, JsonObject } from "../../core/base/json_value.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { type Adapter, ADAPTERS, readToolCall } from "../../core/mcp/adapters.ts";
import { intentRequest } from "../../core/mcp/call_intent.ts";
import { changesState } from "../../core/mcp/changes_state.ts";
import { checkOauth } from "../../core/mcp/oauth.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { digestOfCall, intentOfCall, jsonOf } from "../mcp/decide.ts";
import { diceOf, pick } from "../runtimes/dice.ts";
import { drawn } from "./gate_arbitrary.ts";
import { spoiled } from "./gate_intents.ts";
import { property } from "./run.ts";
import { callOf, drawCarried, saidOtherwise, spaced } from "./tool_calls.ts";

const seed = fc.integer({ min: 1, max: 2 ** 31 - 2 });
const request: fc.Arbitrary<JsonObject> = drawn(drawCarried);
const digestOfRequest = (json: JsonObject): string =>
  intentDigests(nodeHost.crypto, assertOk(intentOf(json, "request"))).intent_digest;

property("calls: a native call has the digest of the intent that it says", request, (json) => {
  assertEquals(digestOfCall(callOf(json)), digestOfRequest(json));
});

property(
  "calls: order, spacing, null, spelling of numbers, unknown members and the place of hints make no difference",
  fc.tuple(request, seed),
  ([json, dice]) => {
    const call = callOf(json);
    const roll = diceOf(dice);
    const text = spaced(roll, saidOtherwise(roll, call));
    assertEquals(digestOfCall(assertOk(jsonOf(text), text)), digestOfCall(call), text);
  },
);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map((value): Json => JSON.parse(JSON.stringify(value)));
const args: fc.Arbitrary<JsonObject> = fc.dictionary(fc.string({ unit: "binary", maxLength: 6 }), json, { maxKeys: 5 });
const word = fc.string({ unit: fc.constantFrom(..."abcxyz-_09"), minLength: 1, maxLength: 6 });
// A name that no adapter changes.
const tool = fc.tuple(word, word).map((words) => words.join("."));

/** One call in each form, arguments as an object and as text. */
const forms = (name: string, given: JsonObject): readonly (readonly [Adapter, Json])[] => {
  const text = JSON.stringify(given);
  return [
    ["mcp", { name, args: given }],
    ["openai", { function: { name, arguments: given } }],
    ["openai", { function: { name, arguments: text } }],
    ["anthropic", { name, input: given }],
    ["langchain", { tool: name, tool_input: given }],
    ["langchain", { tool: name, tool_input: text }],
    ["claude_code", { tool_name: name, tool_input: given }],
    ["claude_code", { name, input: text }],
  ];
};

property("calls: one call has one intent digest whichever adapter it comes by", fc.tuple(tool, args), ([name, given]) => {
  const seen = forms(name, given).map(([adapter, call]) => {
    const intent = intentOfCall(call, adapter);
    return intent.ok ? intentDigests(nodeHost.crypto, intent.value) : intent.fault.code;
  });
  for (const other of seen) assertEquals(other, seen[0], JSON.stringify(given));
});

const NAMES = ["function", "name", "arguments", "args", "input", "tool", "tool_input", "tool_name", "session_id"] as const;
const loose = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6 });
const text = fc.oneof(
  fc.constantFrom("", " ", "a.b", "Bash", "{}", "null", "[1]", '{"path":"/x"}', '{"a":1,"a":2}'),
  fc.string(),
);
const nearly = loose(fc.oneof(text, args, json, loose(fc.oneof(text, args, json))));
const odd = drawn((roll) => spoiled(roll, callOf(drawCarried(roll))));

property(
  "calls: decoding is total over JSON",
  fc.tuple(fc.constantFrom(...ADAPTERS), fc.oneof(json, nearly, odd)),
  ([adapter, value]) => {
    const read = readToolCall(adapter, value, "c");
    for (const profile of ["standard", "oss-prod"] as const) {
      const rest = read.ok ? checkOauth(read.value, profile) : read;
      const intent = intentOfCall(value, adapter, profile);
      assertEquals(intent.ok && !rest.ok, false);
      if (intent.ok) changesState(intent.value);
      else {
        const { message } = intent.fault;
        assert(message.startsWith("Cannot ") && !/[.!\n]$/.test(message), message);
      }
    }
    if (read.ok) assertOk(intentRequest(read.value, "standard"));
  },
);

property("calls: what is taken is taken in every form of the same JSON text", fc.tuple(odd, seed), ([value, dice]) => {
  const roll = diceOf(dice);
  const adapter = pick(roll, ADAPTERS);
  const plain = intentOfCall(value, adapter);
  const other = intentOfCall(assertOk(jsonOf(spaced(roll, value))), adapter);
  assertEquals(other.ok ? other.value : other.fault.code, plain.ok ? plain.value : plain.fault.code);
});
