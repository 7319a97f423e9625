// What an agent is told, in its own form. A refusal never hangs on a document: it is exit code 2 with its reason on standard error, by
// which every agent refuses; the document beside it is for those that read it.
import type { JsonObject } from "../base/json.ts";
import type { HookEvent } from "./event.ts";

/** What an agent is told. Only `allow` and `ask` end with exit code 0. */
export type HookAnswer = "allow" | "ask" | "deny";

/** What a verdict comes to. Only `allow` runs unasked; an approval may be the user's where the agent asks and that is wanted. */
export const answerTo = (verdict: string, mayAsk: boolean): HookAnswer =>
  verdict === "allow" ? "allow" : verdict === "require_approval" && mayAsk ? "ask" : "deny";

/** The document that an agent reads. What is allowed is not said to those that would then not ask their user any more. */
export function answerDocument(
  { client, event, stage }: Pick<HookEvent, "client" | "event" | "stage">,
  answer: HookAnswer,
  reason: string,
): JsonObject {
  if (stage !== "before") return {};
  if (client === "cursor") {
    return { permission: answer, ...(answer === "allow" ? {} : { user_message: reason, agent_message: reason }) };
  }
  return client === "claude-code" && answer === "ask"
    ? { hookSpecificOutput: { hookEventName: event, permissionDecision: "ask", permissionDecisionReason: reason } }
    : {};
}
