// What the client gets of an answer: the line as the server sent it, unless a rule for results holds it back or the list of tools is
// shortened.
import { isJsonObject, type JsonObject } from "../../core/base/json_value.ts";
import type { Fault } from "../../core/base/result.ts";
import { trimmedSet } from "../../core/base/text.ts";
import { type Judged, judgeResult, type ResultEffect, type ResultRules } from "../../core/flow/result_rules.ts";
import type { CallStatus, Open } from "../../core/mcp/exchange.ts";
import { errorLine, RPC, stoppedLine } from "../../core/mcp/frames.ts";
import { withoutTools } from "../../core/mcp/hidden_tools.ts";
import { LIST } from "../../core/mcp/protocol.ts";
import { resultTexts } from "../../core/mcp/result_texts.ts";
import type { SessionLabels, TaskedCall } from "../../core/mcp/session_labels.ts";
import type { Deciding } from "./call.ts";

/** What rules said of a result, for its record. */
export type Examined = {
  readonly effect: ResultEffect | "";
  readonly rules: readonly string[];
  readonly labels: readonly string[];
};

/** What an answer came to. */
export type PassedResult = {
  /** What the client gets, without a line break; the same bytes object where nothing acts. */
  readonly line: Uint8Array;
  readonly status: CallStatus;
  readonly reason_codes: readonly string[];
  /** Set where a rule applies. */
  readonly examined?: Examined;
  /** Why it could not be examined: nothing of it passes. */
  readonly fault?: Fault;
};

/**
 * Looks at the answer to an open request before its client is told, and puts labels in force. Neither records nor sends. `frame` is the
 * line as it was read.
 */
export async function passResult(
  answered: Open,
  status: CallStatus,
  line: Uint8Array,
  { settings, results, labels }: Pick<Deciding, "settings" | "results" | "labels">,
  frame: JsonObject,
): Promise<PassedResult> {
  const plain: PassedResult = { line, status, reason_codes: [] };
  if (answered.method === LIST) {
    return settings.hide_blocked ? { ...plain, line: withoutTools(line, await results.hides()) } : plain;
  }
  if (settings.result_rules === "") return plain;
  if (!isAboutCall(answered)) return plain;
  const call = answered.call ?? (answered.task === undefined ? undefined : labels.callOf(answered.task));
  const rules = await results.rules();
  if (!rules.ok) return { ...held(answered, ["mcp_result_rules_unavailable"]), fault: rules.fault };
  const judged = judge(rules.value, frame, call, line.length, labels);
  if (answered.call !== undefined && status === "task") begin(frame, answered.call, labels);
  if (judged.effect === undefined) return plain;
  const examined = {
    effect: judged.effect,
    rules: judged.rules,
    labels: trimmedSet(judged.marks.flatMap((mark) => mark.labels)),
  };
  if (judged.effect === "block") return { ...held(answered, judged.reason_codes), examined };
  labels.mark(call?.number, judged.marks);
  return { ...plain, examined };
}

// A call that goes on as a task is answered to whoever asks about the task.
const isAboutCall = ({ method, call }: Open): boolean =>
  call !== undefined || method.startsWith("tasks/") && method !== "tasks/list";

function judge(
  rules: ResultRules,
  frame: JsonObject,
  call: TaskedCall | undefined,
  bytes: number,
  labels: SessionLabels,
): Judged {
  const { result } = frame;
  let texts: ReturnType<typeof resultTexts> | undefined;
  return judgeResult(rules, {
    tool: call?.tool,
    bytes,
    is_error: !isJsonObject(result) || result["isError"] === true,
    labels: labels.labels(),
    texts: () => texts ??= resultTexts(frame),
  });
}

function begin({ result }: JsonObject, call: TaskedCall, labels: SessionLabels): void {
  if (!isJsonObject(result)) return;
  const task = isJsonObject(result["task"]) ? result["task"] : result;
  if (typeof task["taskId"] === "string") labels.began(task["taskId"], call);
}

// The call was made, and that must be told: who is only told that it was blocked might make it again.
const HELD = "The tool was called, but what it returned is held back";

function held({ id, method, call }: Open, reason_codes: readonly string[]): PassedResult {
  const isTools = call !== undefined || method === "tasks/result";
  const line = isTools
    ? stoppedLine(id, call?.modern ?? false, {
      verdict: "block",
      reason_codes,
      notes: [HELD],
      facts: { held_back: "result" },
    })
    : errorLine(id, RPC.internal, `gait: ${HELD}`, { reason_codes });
  return { line: line.subarray(0, line.length - 1), status: "blocked", reason_codes };
}
