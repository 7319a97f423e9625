// From the bytes or the value of a call to its intent and digests, by the functions that the boundary uses.
import { utf8 } from "../../core/base/bytes.ts";
import { type Json, readJson } from "../../core/base/json.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import type { Intent } from "../../core/gate/types.ts";
import { type Adapter, readToolCall } from "../../core/mcp/adapters.ts";
import { intentRequest } from "../../core/mcp/call_intent.ts";
import { checkOauth } from "../../core/mcp/oauth.ts";
import type { Profile } from "../../core/schema/gate_words.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";

/** The intent of a call, in normal form. */
export function intentOfCall(call: Json, adapter: Adapter = "mcp", profile: Profile = "standard"): Result<Intent> {
  const read = readToolCall(adapter, call, "call");
  if (!read.ok) return read;
  const checked = checkOauth(read.value, profile);
  if (!checked.ok) return checked;
  const request = intentRequest(read.value, profile);
  return request.ok ? intentOf(request.value, "call") : request;
}

/** The digest of the intent of a call. */
export function digestOfCall(call: Json, adapter: Adapter = "mcp", profile: Profile = "standard"): string {
  const intent = intentOfCall(call, adapter, profile);
  return intentDigests(nodeHost.crypto, assertOk(intent, JSON.stringify(call))).intent_digest;
}

/** The value of bytes that hold JSON, as files of calls are read. */
export function jsonOf(bytes: Uint8Array | string): Result<Json> {
  const read = readJson(typeof bytes === "string" ? utf8(bytes) : bytes, "call", { text: "replace" });
  return read.ok ? ok(read.value) : read;
}
