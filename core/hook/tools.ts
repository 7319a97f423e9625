// What agents call their tools, and what policies call them: four names for the tools of all agents (spec 05, section 1.3), one form for
// those of MCP servers, and for all others a name that is none of these. Servers choose the names of their tools, and no rules by them.
import { hex, utf8 } from "../base/bytes.ts";
import { lower, trim } from "../base/text.ts";
import type { HookClient } from "./clients.ts";

/** A tool that is built into agents. */
export type BuiltIn = {
  /** Its name in policies. */
  readonly name: string;
  /** Whether it must name its files, works in a folder that may be that of the agent, may name some, or says nothing of files. */
  readonly files: "named" | "folder" | "some" | "none";
  /** The members that hold patterns of file names, or lists of them. */
  readonly globs: readonly string[];
};

const builtIn = (name: string, files: BuiltIn["files"], globs: readonly string[] = []): BuiltIn => ({ name, files, globs });

const READ = builtIn("tool.read", "named");
const READ_MANY = builtIn("tool.read", "named", ["paths", "include"]);
const LIST = builtIn("tool.read", "folder");
const GLOB = builtIn("tool.read", "folder", ["pattern", "glob_pattern"]);
const GREP = builtIn("tool.read", "folder", ["glob", "include", "include_pattern"]);
const WEB = builtIn("tool.read", "some");
const WRITE = builtIn("tool.write", "named");
const DELETE = builtIn("tool.delete", "named");
const SHELL = builtIn("tool.exec", "none");
const DELEGATE = builtIn("tool.delegate", "none");

const same = (tool: BuiltIn, names: readonly string[]) => names.map((one) => [one, tool] as const);

/** The names of Claude Code in lowercase and without separators; Codex and Cursor have them too. */
const COMMON: ReadonlyMap<string, BuiltIn> = new Map([
  ["read", READ],
  ["grep", GREP],
  ["glob", GLOB],
  ...same(WEB, ["webfetch", "websearch"]),
  ...same(WRITE, ["write", "edit", "notebookedit"]),
  ["bash", SHELL],
  ["task", DELEGATE],
]);

const OWN: Readonly<Record<HookClient, ReadonlyMap<string, BuiltIn>>> = {
  "claude-code": new Map([["MultiEdit", WRITE], ["LS", LIST], ["Agent", DELEGATE]]),
  codex: new Map([...same(SHELL, ["shell", "exec_command", "local_shell", "unified_exec"])]),
  cursor: new Map([["Shell", SHELL], ...same(WRITE, ["StrReplace", "MultiEdit"]), ["LS", LIST], ["Delete", DELETE]]),
  gemini: new Map([
    ["run_shell_command", SHELL],
    ["read_file", READ],
    ["read_many_files", READ_MANY],
    ["list_directory", LIST],
    ["glob", GLOB],
    ...same(GREP, ["search_file_content", "grep_search"]),
    ...same(WEB, ["web_fetch", "google_web_search"]),
    ...same(WRITE, ["write_file", "replace"]),
  ]),
};

/** The built-in tool that an agent means by a name. Gemini CLI also has tools of MCP servers under names that these chose. */
export const builtInTool = (client: HookClient, tool: string): BuiltIn | undefined =>
  OWN[client].get(tool) ?? (client === "gemini" ? undefined : COMMON.get(lower(trim(tool)).replace(/[ _-]/g, "")));

const word = (name: string): string => lower(trim(name)).replace(/[ -]/g, "_");

/** The name that policies have for a tool of an MCP server; the server is empty where the agent does not tell it. */
export const serverTool = (server: string, tool: string): string => `tool.mcp__${word(server)}__${word(tool)}`;

const byte = (value: number): string => `%${hex(Uint8Array.of(value))}`;

const escaped = (sign: string): string => Array.from(utf8(sign), byte).join("");

/** What stands behind `tool.` in the names of built-in tools and of tools of MCP servers. */
const TAKEN = /^(?:(?:read|write|delete|exec|delegate)$|mcp__)/;

/** The name that policies have for any other tool: never one of those above, and never that of a program. */
export function otherTool(tool: string): string {
  const name = word(tool).replace(/[%:]/g, escaped);
  return `tool.${TAKEN.test(name) ? escaped(name.slice(0, 1)) + name.slice(1) : name}`;
}

const PATCHED = /^[*]{3} (Add File|Update File|Delete File|Move to):([^]*)$/;

/**
 * The files that a patch of Codex changes, and how; undefined for a text that names none, and where it is in doubt which. Only a line
 * feed ends a line.
 */
export function patchedFiles(patch: string): readonly { readonly path: string; readonly operation: string }[] | undefined {
  const files = patch.split("\n").flatMap((line) => {
    const [, verb, rest = ""] = PATCHED.exec(trim(line)) ?? [];
    return verb === undefined
      ? []
      : [{ path: rest.startsWith(" ") ? rest.slice(1) : rest, operation: verb === "Delete File" ? "delete" : "write" }];
  });
  return files.length === 0 || files.some(({ path }) => path === "" || trim(path) !== path) ? undefined : files;
}

// Policies hold names of tools in lowercase and without blanks at their ends, but programs that differ in these are others.
const PLAIN = /^[a-z0-9._+/@~-]$/;

/** The name that policies have for a program of a shell command: `tool.exec:git`; other signs than usual are written `%41`. */
export function programTool({ program, evaluates }: { readonly program: string; readonly evaluates: boolean }): string {
  const spelled = Array.from(
    program,
    (sign) => PLAIN.test(sign) ? sign : escaped(sign),
  );
  return `tool.exec:${spelled.join("")}${evaluates ? " -c" : ""}`;
}
