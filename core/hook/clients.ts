// The coding agents whose hooks are answered: what each calls its hooks, where they are configured, and where that is documented
// (docs/hooks.md has the addresses in full).
import { closest } from "../base/closest.ts";
import { quoted } from "../base/json_words.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import { HOOK_CLIENTS } from "../schema/hook.ts";

/** An agent. */
export type HookClient = typeof HOOK_CLIENTS[number];

/** When a hook is run: before a call, after it, after it failed. */
export type HookStage = "before" | "after" | "failed";

/** Whose settings hooks are written to: those of a project, or of its user everywhere. */
export type HookScope = "project" | "user";

/** What is known of an agent. */
export type ClientFacts = {
  readonly title: string;
  /** Its hooks and when they are run. */
  readonly events: Readonly<Record<string, HookStage>>;
  /** Those that are installed; a hook that is about some tools alone is not, since another one is about all. */
  readonly installed: readonly string[];
  /** Its settings, below the folder of the project or the user's home. */
  readonly settings: string;
  /** How settings name a hook: in groups behind a pattern of tools, or one after the other. */
  readonly form: "groups" | "flat";
  /** Members of a hook that make its failing a refusal, and its time limit. */
  readonly hook: Readonly<Record<string, string | number | boolean>>;
  /** The member of its settings by which all hooks are switched off, and what it says where they are run. */
  readonly off?: { readonly path: readonly string[]; readonly on: boolean };
  /** The members of its settings that list hooks, by their commands, which are not run. */
  readonly disabled?: readonly (readonly string[])[];
  /** Whether its formats were confirmed from its documentation; only such ones are installed unasked. */
  readonly verified: boolean;
  readonly documentation: readonly string[];
};

const SECONDS = 60;

/** All of them. */
export const CLIENTS: Readonly<Record<HookClient, ClientFacts>> = {
  "claude-code": {
    title: "Claude Code",
    events: { PreToolUse: "before", PostToolUse: "after", PostToolUseFailure: "failed" },
    installed: ["PreToolUse", "PostToolUse", "PostToolUseFailure"],
    settings: ".claude/settings.json",
    form: "groups",
    hook: { timeout: SECONDS, onFailure: "block" },
    off: { path: ["disableAllHooks"], on: false },
    verified: true,
    documentation: ["https://code.claude.com/docs/en/hooks"],
  },
  codex: {
    title: "Codex",
    events: { PreToolUse: "before", PostToolUse: "after" },
    installed: ["PreToolUse", "PostToolUse"],
    settings: ".codex/hooks.json",
    form: "groups",
    hook: { timeout: SECONDS },
    verified: true,
    documentation: ["https://developers.openai.com/codex/hooks"],
  },
  cursor: {
    title: "Cursor",
    events: {
      preToolUse: "before",
      postToolUse: "after",
      postToolUseFailure: "failed",
      beforeShellExecution: "before",
      afterShellExecution: "after",
      beforeMCPExecution: "before",
      afterMCPExecution: "after",
      beforeReadFile: "before",
    },
    installed: ["preToolUse", "postToolUse", "postToolUseFailure"],
    settings: ".cursor/hooks.json",
    form: "flat",
    hook: { timeout: SECONDS, failClosed: true },
    verified: true,
    documentation: ["https://cursor.com/docs/hooks"],
  },
  gemini: {
    title: "Gemini CLI",
    events: { BeforeTool: "before", AfterTool: "after" },
    installed: ["BeforeTool", "AfterTool"],
    settings: ".gemini/settings.json",
    form: "groups",
    hook: { timeout: SECONDS * 1000 },
    off: { path: ["hooksConfig", "enabled"], on: true },
    disabled: [["hooksConfig", "disabled"], ["hooks", "disabled"]],
    verified: true,
    documentation: ["https://geminicli.com/docs/hooks/reference"],
  },
};

/** The agent that a text names, in any letter case. Fault `hook_client_unknown`. */
export function clientOf(given: string): Result<HookClient> {
  const name = lower(trim(given));
  const found = HOOK_CLIENTS.find((client) => client === name);
  const words = `expected one of ${HOOK_CLIENTS.join(", ")}${closest(name, HOOK_CLIENTS)}`;
  return found === undefined ? fail("hook_client_unknown", `Cannot use client ${quoted(given)}: ${words}`) : ok(found);
}
