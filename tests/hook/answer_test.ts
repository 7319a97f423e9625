// What agents are told: nothing but an allow lets a call run, and nothing widens what the agent would ask for itself.
import { answerDocument, answerTo } from "../../core/hook/answer.ts";
import { HOOK_CLIENTS } from "../../core/schema/hook.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { assertEquals } from "../assert.ts";
import { FORMS } from "./events.ts";

Deno.test("hook answer: by verdict", () => {
  assertEquals(VERDICTS.map((verdict) => answerTo(verdict, true)), ["allow", "deny", "ask", "deny"]);
  assertEquals([...VERDICTS, "", "Allow", "allow "].map((verdict) => answerTo(verdict, false)), [
    ...["allow", "deny", "deny", "deny", "deny", "deny", "deny"],
  ]);
});

Deno.test("hook answer: the documents of every agent", () => {
  const told = (answer: "allow" | "ask" | "deny") =>
    HOOK_CLIENTS.map((client) => answerDocument({ client, event: FORMS[client].before, stage: "before" }, answer, "why"));
  // An "allow" of Claude Code skips its own question, and one of Codex is no answer.
  assertEquals(told("allow"), [{}, {}, { permission: "allow" }, {}]);
  assertEquals(told("deny"), [{}, {}, { permission: "deny", user_message: "why", agent_message: "why" }, {}]);
  assertEquals(told("ask")[0], {
    hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "ask", permissionDecisionReason: "why" },
  });
  for (const client of HOOK_CLIENTS) {
    assertEquals(answerDocument({ client, event: FORMS[client].after, stage: "after" }, "deny", "why"), {});
  }
});
