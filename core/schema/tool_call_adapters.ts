// The tool calls of others, as their clients send them (spec 05, section 1.1): only what of them is read.
import { filled, label, object, orZero, payload, payloadOrText } from "../base/shape.ts";

const mark = (doc: string) => filled(label(doc));
const ARGUMENTS = "Its arguments: an object, or the JSON text of one";

export const OpenaiCallShape = object("A tool call as OpenAI's interfaces have it", () => ({
  function: orZero(object("What is called", () => ({ name: mark("The tool"), arguments: payloadOrText(ARGUMENTS) }))),
}));

export const AnthropicCallShape = object("A tool_use block as Anthropic's interfaces have it", () => ({
  name: mark("The tool"),
  input: payload("Its arguments"),
}));

export const LangchainCallShape = object("An action as LangChain has it", () => ({
  tool: mark("The tool"),
  tool_input: payloadOrText(ARGUMENTS),
}));

export const ClaudeCodeCallShape = object("A call as Claude Code hands it to its hooks, or a tool_use block", () => ({
  tool_name: mark("The tool"),
  name: mark("The same in a tool_use block; counts when the other is blank"),
  tool_input: payloadOrText(ARGUMENTS),
  input: payloadOrText("The same in a tool_use block; counts when the other is absent"),
  session_id: mark("Id of the session"),
  hook_event_name: mark("Which hook"),
}));
