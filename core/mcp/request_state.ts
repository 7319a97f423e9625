// The requestState of the gate's own questions: made, signed, read back and held against the call that brings it. There is no other form
// of it than the one that was given out, so nothing of it can be changed and still count.
import { base64, fromBase64, utf8 } from "../base/bytes.ts";
import { canonicalText } from "../base/canonical.ts";
import { readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { recordDefect, sealRecord } from "../base/record.ts";
import { writeShape } from "../base/shape.ts";
import type { DigestSigner, VerifyKey } from "../base/sign.ts";
import { byTime } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { MCP_REQUEST_STATE_ID, type McpRequestState, McpRequestStateShape } from "../schema/mcp_request_state.ts";

const PREFIX = "gait1.";
const LONGEST = 256 * 2 ** 10;

/** Whether a state that a client brings is one of a gate; others are between it and the server. */
export const isGateState = (state: string | undefined): state is string => state?.startsWith(PREFIX) === true;

/** What a question is bound to. */
export type StateTerms = Omit<McpRequestState, "schema_id" | "schema_version" | "signature">;

const textOf = (sealed: Parameters<typeof canonicalText>[0]): string => PREFIX + base64(utf8(canonicalText(sealed)));

/** The state of a question, signed, as text. */
export async function writeState(crypto: Crypto, terms: StateTerms, sign: DigestSigner): Promise<string> {
  const state = { ...terms, schema_id: MCP_REQUEST_STATE_ID, schema_version: VERSION_1, signature: undefined } as const;
  return textOf(await sealRecord(crypto, McpRequestStateShape, state, sign));
}

/** Reads a state back; undefined for anything but what `writeState` has made with this key, to the letter. */
export async function readState(crypto: Crypto, text: string, key: VerifyKey): Promise<McpRequestState | undefined> {
  if (!isGateState(text) || text.length > LONGEST) return undefined;
  const bytes = fromBase64(text.slice(PREFIX.length));
  const read = bytes === undefined ? undefined : readDocument(McpRequestStateShape, bytes, "requestState", {});
  if (read?.ok !== true) return undefined;
  const { value } = read.value;
  if (textOf(writeShape(McpRequestStateShape, value)) !== text) return undefined;
  return await recordDefect(crypto, McpRequestStateShape, value, key) === undefined ? value : undefined;
}

/** Why a state does not count. */
export type StateFlaw = `mcp_request_state_${
  | "invalid"
  | "expired"
  | "principal_mismatch"
  | "tool_mismatch"
  | "policy_mismatch"
  | "call_mismatch"
  | "unasked"
  | "replayed"}`;

/** The call that a state is held against. */
export type StateCall = Pick<
  McpRequestState,
  "principal" | "method" | "tool_name" | "definition_digest" | "intent_digest" | "params_digest" | "policy_digest"
>;

/** The first way in which a state does not fit a call, or undefined when it fits; whether it was used is for a ledger to say. */
export function stateFlaw(state: McpRequestState, call: StateCall, now: string): StateFlaw | undefined {
  if (byTime(now, state.expires_at) >= 0) return "mcp_request_state_expired";
  if (state.principal !== call.principal) return "mcp_request_state_principal_mismatch";
  const { method, tool_name, definition_digest } = state;
  if (method !== call.method || tool_name !== call.tool_name || definition_digest !== call.definition_digest) {
    return "mcp_request_state_tool_mismatch";
  }
  if (state.policy_digest !== call.policy_digest) return "mcp_request_state_policy_mismatch";
  const { intent_digest, params_digest } = state;
  return intent_digest === call.intent_digest && params_digest === call.params_digest
    ? undefined
    : "mcp_request_state_call_mismatch";
}
