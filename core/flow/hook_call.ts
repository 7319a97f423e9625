// A call that a coding agent is about to make, as the native call that the boundary decides (docs/hooks.md). Where it cannot be told what
// the call would do, it says so: then it is blocked for those reasons, whatever the policy says.
import type { Json, JsonObject } from "../base/json.ts";
import { isAbsolute } from "../base/paths.ts";
import { trimmedSet } from "../base/text.ts";
import type { HookEvent } from "../hook/event.ts";
import { destroys } from "../hook/destroyers.ts";
import { commonTool, patchedFiles, programTool, serverIn } from "../hook/tools.ts";
import { claudeTargets, claudeTool } from "../mcp/claude_code.ts";
import type { ShellCommand, ShellFile, ShellReading } from "../shell/reading.ts";

/** A native call, and why it must not be made in any case; empty where it is for the policy to say. */
export type HookCall = { readonly call: JsonObject; readonly refused_for: readonly string[] };

/** The tool that policies know for the tool of an event. */
export const toolOf = ({ client, tool }: Pick<HookEvent, "client" | "tool">): string => claudeTool(commonTool(client, tool));

const SHELL = "tool.exec";

/** The members in which agents name a command, and the folder that it runs in where that is not theirs. */
const COMMANDS = ["command", "cmd", "script"] as const;
const FOLDERS = ["working_directory", "workdir", "cwd", "directory", "dir_path"] as const;

/** The command of a shell tool: undefined where it is no text, or there are two; its folder is empty where it is not known. */
export type ShellCall = { readonly text: string | undefined; readonly cwd: string };

/** What a shell tool is to run, and where; undefined for other tools. */
export function shellCommandOf(event: HookEvent): ShellCall | undefined {
  if (toolOf(event) !== SHELL) return undefined;
  const given = COMMANDS.filter((name) => event.input[name] !== undefined).map((name) => event.input[name]);
  const [text] = given;
  return { text: given.length === 1 && typeof text === "string" ? text : undefined, cwd: folderOf(event) };
}

function folderOf({ input, cwd }: HookEvent): string {
  const given = FOLDERS.filter((name) => input[name] !== undefined && input[name] !== null).map((name) => input[name]);
  const [folder, ...others] = given;
  if (folder === undefined) return cwd;
  if (typeof folder !== "string" || others.length > 0) return "";
  return isAbsolute(folder) || folder === "" ? folder || cwd : cwd === "" ? "" : `${cwd}/${folder}`;
}

/** What is read of a shell tool that was given no text. */
export const NO_COMMAND: ShellReading = { commands: [], files: [], unresolved: [{ code: "shell_parse_error", text: "" }] };

/** The native call of an event; `reading` is its shell command, read, for shell tools. `created_at` is when it came in. */
export function hookCall(event: HookEvent, reading: ShellReading | undefined, created_at: string): HookCall {
  const { client, session_id, cwd, server } = event;
  const server_name = server || serverIn(event.tool);
  const about = {
    created_at,
    context: {
      identity: client,
      workspace: cwd === "" ? "." : cwd,
      session_id,
      auth_context: { adapter: client.replace("-", "_"), hook_event_name: event.event },
    },
    ...(server_name === "" ? {} : { server: { server_name } }),
  };
  const { refused_for = [], ...called } = reading === undefined ? plainCall(event) : shellCall(event, reading);
  return { call: { ...about, ...called }, refused_for };
}

type Called = { readonly [name: string]: Json } & { readonly refused_for?: readonly string[] };

function plainCall(event: HookEvent): Called {
  const { client, tool, input, cwd } = event;
  if (client === "codex" && tool === "apply_patch") return patchCall(event);
  const name = toolOf(event);
  const targets = [...claudeTargets(name, input), ...furtherTargets(name, input)];
  return { name, args: input, targets: targets.map((target) => placed(target, cwd)) };
}

/** The members in which agents name files that spec 05 does not list. */
const FURTHER = ["notebook_path", "absolute_path", "dir_path", "target_file"] as const;

function furtherTargets(name: string, input: JsonObject): readonly JsonObject[] {
  const operation = name === "tool.read" ? "read" : name === "tool.delete" ? "delete" : "write";
  const keys = name === "tool.delete" ? [...FURTHER, "path", "file_path"] : FURTHER;
  if (!["tool.read", "tool.write", "tool.delete"].includes(name)) return [];
  return keys.map((key) => input[key]).filter((value) => typeof value === "string" && value.trim() !== "")
    .map((value) => ({ kind: "path", value: value ?? "", operation }));
}

// A relative path lies in the agent's folder. It is not cleaned: that it climbs is for the gate to see.
function placed(target: JsonObject, cwd: string): JsonObject {
  const { kind, value } = target;
  return kind !== "path" || typeof value !== "string" || cwd === "" || isAbsolute(value)
    ? target
    : { ...target, value: `${cwd}/${value}` };
}

function patchCall({ input, cwd }: HookEvent): Called {
  const { command } = input;
  const files = typeof command === "string" ? patchedFiles(command) : undefined;
  const targets = (files ?? []).map(({ path, operation }) => placed({ kind: "path", value: path, operation }, cwd));
  return { name: "tool.write", args: input, targets, ...(files === undefined ? { refused_for: ["patch_unreadable"] } : {}) };
}

/** Members of the input of a shell tool that do not change what is run. */
const WORDS: ReadonlySet<string> = new Set(["command", "cmd", "script", "description"]);

function shellCall({ input }: HookEvent, { commands, files, unresolved }: ShellReading): Called {
  const options = Object.fromEntries(Object.entries(input).filter(([name]) => !WORDS.has(name)));
  const given = Object.keys(options).length === 0 ? {} : { options };
  const steps: readonly JsonObject[] = [
    ...commands.map((command): JsonObject => ({
      name: programTool(command),
      args: { argv: command.argv, ...beside(command), ...given },
      targets: destroys(command) ? [{ kind: "other", value: command.text, operation: "execute", destructive_hint: true }] : [],
    })),
    ...files.map(fileStep),
  ];
  const refused_for = trimmedSet(unresolved.map(({ code }) => code));
  // What is not known whole is shown whole: the steps that were found would look like all that there are.
  return refused_for.length > 0 || steps.length === 0
    ? { name: SHELL, args: input, targets: claudeTargets(SHELL, input), refused_for }
    : { script: { steps } };
}

// What a command is given beside its words makes it another one; calls without any have the digest that they always had.
const beside = ({ more, variables, input }: ShellCommand): JsonObject => ({
  ...(more ? { more } : {}),
  ...(variables.length === 0 ? {} : { variables }),
  ...(input.length === 0 ? {} : { input }),
});

const fileStep = ({ kind, value, operation }: ShellFile): JsonObject => ({
  name: operation === "read" ? "tool.read" : "tool.write",
  args: { redirected: value },
  targets: [{ kind, value, operation }],
});
