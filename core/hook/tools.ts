// What agents call their tools, by the names that Claude Code has for them: policies name four tools for all agents (spec 05, section 1.3).
import { hex, utf8 } from "../base/bytes.ts";
import type { HookClient } from "./clients.ts";

const same = (name: string, names: readonly string[]) => names.map((one) => [one, name] as const);

const NAMES: Readonly<Record<HookClient, ReadonlyMap<string, string>>> = {
  "claude-code": new Map([["MultiEdit", "Edit"], ["LS", "Read"], ["Agent", "Task"]]),
  codex: new Map([...same("Bash", ["shell", "exec_command", "local_shell", "unified_exec"])]),
  cursor: new Map([["Shell", "Bash"], ...same("Edit", ["StrReplace", "MultiEdit"]), ["LS", "Read"]]),
  gemini: new Map([
    ["run_shell_command", "Bash"],
    ...same("Read", ["read_file", "read_many_files", "list_directory"]),
    ["glob", "Glob"],
    ...same("Grep", ["search_file_content", "grep_search"]),
    ["web_fetch", "WebFetch"],
    ["google_web_search", "WebSearch"],
    ["write_file", "Write"],
    ["replace", "Edit"],
  ]),
};

/** The name that Claude Code has for a tool of an agent; that of the agent where it has none. */
export const commonTool = (client: HookClient, tool: string): string => NAMES[client].get(tool) ?? tool;

/** The MCP server that the name of a tool tells of: `mcp__server__tool`. */
export function serverIn(tool: string): string {
  const [, server = ""] = /^mcp__(.+?)__/.exec(tool) ?? [];
  return server;
}

/** The files that a patch of Codex changes, and how; undefined for a text that names none. */
export function patchedFiles(patch: string): readonly { readonly path: string; readonly operation: string }[] | undefined {
  const files = [...patch.matchAll(/^\s*\*\*\* (Add File|Update File|Delete File|Move to): *(.+?)\s*$/gm)]
    .map(([, verb = "", path = ""]) => ({ path, operation: verb === "Delete File" ? "delete" : "write" }));
  return files.length === 0 ? undefined : files;
}

// Policies hold names of tools in lowercase and without blanks at their ends, but programs that differ in these are others.
const PLAIN = /^[a-z0-9._+/@~-]$/;

/** The name that policies have for a program of a shell command: `tool.exec:git`; other signs than usual are written `%41`. */
export function programTool({ program, evaluates }: { readonly program: string; readonly evaluates: boolean }): string {
  const spelled = Array.from(
    program,
    (sign) => PLAIN.test(sign) ? sign : Array.from(utf8(sign), (byte) => `%${hex(Uint8Array.of(byte))}`).join(""),
  );
  return `tool.exec:${spelled.join("")}${evaluates ? " -c" : ""}`;
}
