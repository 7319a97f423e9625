// What coding agents tell their hooks, and what is kept of it (docs/hooks.md): a journal line for each decision, each result and each
// bypass, and the signed evidence of a call that ran without the decision that it needed.
import {
  filled,
  given,
  type Infer,
  label,
  listOf,
  object,
  oneOf,
  optional,
  payloadOrText,
  strict,
  text,
  time,
} from "../base/shape.ts";
import { matching, notEmptyText } from "../base/shape_rules.ts";
import { digest } from "./digest.ts";
import { fixedHead, heading } from "./heading.ts";
import { ExactSignatureShape } from "./signature.ts";
import { VERDICTS } from "./trace.ts";

export const HOOK_RECORD_ID = "gait.hook.record";
export const HOOK_BYPASS_ID = "gait.hook.bypass";

/** The agents whose hooks are answered. */
export const HOOK_CLIENTS = ["claude-code", "codex", "cursor", "gemini"] as const;

/** Why a call that ran counts as a bypass. */
export const BYPASS_REASONS = ["no_decision", "denied", "other_arguments", "ran_again"] as const;

const mark = (doc: string) => filled(label(doc));

export const HookInputShape = object("What a coding agent hands to a hook: the members of all of them", () => ({
  hook_event_name: mark("Which hook"),
  session_id: mark("Id of the session"),
  conversation_id: mark("The same of Cursor"),
  tool_use_id: mark("Id of the call"),
  tool_name: mark("The tool"),
  tool_input: payloadOrText("Its arguments"),
  cwd: mark("The folder of the agent"),
  permission_mode: mark("How the agent asks its user"),
  command: filled(text("The shell command, where the hook is about shells alone")),
  file_path: filled(text("The file, where the hook is about reading alone")),
  mcp_server_name: mark("The MCP server of the tool"),
  mcp_context: payloadOrText("The same of Gemini CLI, and what the server calls the tool"),
  failure_type: mark("How a call failed"),
}));

/** What an agent hands to a hook, as read. */
export type HookInput = Infer<typeof HookInputShape>;

const word = (doc: string) => filled(text(doc));

export const HookRecordShape = object("One line of the journal of an agent's session: what a hook decided or saw", () => ({
  ...heading(HOOK_RECORD_ID),
  record_type: oneOf(["decision", "result", "bypass"], "decision before a call, result or bypass after it"),
  client: oneOf(HOOK_CLIENTS, "The agent"),
  event: text("Which hook"),
  session_id: text("Id of the session"),
  call_id: word("Id of the call, where the agent gives one"),
  call_key: text("Digest that decision and result of one call share"),
  tool_name: text("The tool, as the agent calls it"),
  input_digest: text("Digest of the tool and its arguments"),
  verdict: word("allow, block, dry_run or require_approval"),
  answer: word("What the agent was told: allow, ask or deny"),
  reason_codes: filled(listOf(text("One of them"), "Why")),
  intent_digest: word("Digest of the intent"),
  policy_digest: word("Digest of the policy"),
  trace_id: word("Id of the trace"),
  trace_path: word("Where the trace is"),
  outcome: word("ran or failed"),
  outcome_digest: word("Digest of what the tool gave"),
  bypass_reason: word("Why the call counts as a bypass"),
  bypass_path: word("Where the evidence is"),
}));

/** A line of the journal. */
export type HookRecord = Infer<typeof HookRecordShape>;

export const HookBypassShape = strict("Signed evidence that an agent ran a call without the decision that it needed", () => ({
  ...fixedHead(HOOK_BYPASS_ID),
  created_at: given(time("When it was noticed")),
  producer_version: given(text("Version of the program that noticed")),
  client: oneOf(HOOK_CLIENTS, "The agent"),
  event: notEmptyText(text("Which hook told of the call")),
  session_id: notEmptyText(text("Id of the session")),
  call_id: filled(text("Id of the call, where the agent gives one")),
  tool_name: notEmptyText(text("The tool, as the agent calls it")),
  input_digest: digest("Digest of the tool and the arguments that it ran with"),
  outcome: matching(text("ran or failed"), /^(?:ran|failed)$/, "ran or failed"),
  outcome_digest: filled(text("Digest of what the tool gave")),
  reason: oneOf(BYPASS_REASONS, "Why the call counts as a bypass"),
  decision_verdict: filled({ ...text("The verdict on the call, where there was one"), words: ["", ...VERDICTS] }),
  decision_trace_id: filled(text("Id of the trace of that decision")),
  decision_input_digest: filled(text("Digest of the tool and the arguments that were decided")),
  signature: optional(ExactSignatureShape),
}));

/** Evidence of a bypass. */
export type HookBypass = Infer<typeof HookBypassShape>;
