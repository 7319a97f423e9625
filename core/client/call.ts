// A call as the boundary reads it (spec 05, section 2.1), for gates that decide themselves or hand over an intent.
import type { Json, JsonObject } from "../base/json.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import { adapterOf, readToolCall } from "../mcp/adapters.ts";
import { intentRequest } from "../mcp/call_intent.ts";
import { checkOauth } from "../mcp/oauth.ts";
import type { Profile } from "../schema/gate_words.ts";
import type { ToolCall } from "../schema/tool_call.ts";

/** What the call is called in messages. */
export const CALL = "the call";

/** A call that was read. */
export type ReadCall = {
  /** As a document, for the reader of intents. */
  readonly request: JsonObject;
  readonly call: ToolCall;
};

/** Reads a call. Faults of adapters, of OAuth evidence, and `path_refused` for a call that names a context envelope. */
export function readCall(json: Json, adapter: string, profile: Profile): Result<ReadCall> {
  const form = adapterOf(lower(trim(adapter)));
  if (!form.ok) return form;
  const read = readToolCall(form.value, json, CALL);
  if (!read.ok) return read;
  const { value: call } = read;
  if (call.context.context_envelope_path !== "") {
    const pointer = "/context/context_envelope_path";
    return fail("path_refused", `Cannot decide the call: member "${pointer}" must not be there`, { pointer });
  }
  const proven = checkOauth(call, profile);
  if (!proven.ok) return proven;
  const request = intentRequest(call, profile);
  return request.ok ? ok({ request: request.value, call }) : request;
}
