// A call that a coding agent is about to make, as the native call that the boundary decides (docs/hooks.md). Where it cannot be told what
// the call would do, it says so: then it is blocked for those reasons, whatever the policy says.
import type { Json, JsonObject } from "../base/json.ts";
import { isAbsolute } from "../base/paths.ts";
import { trimmedSet } from "../base/text.ts";
import type { HookEvent } from "../hook/event.ts";
import { destroys } from "../hook/destroyers.ts";
import { type FilePlace, filesOf, pagesOf, placedPath } from "../hook/files.ts";
import { type BuiltIn, builtInTool, otherTool, patchedFiles, programTool, serverTool } from "../hook/tools.ts";
import { claudeTargets } from "../mcp/claude_code.ts";
import type { ShellCommand, ShellFile, ShellReading } from "../shell/reading.ts";

/** A native call, and why it must not be made in any case; empty where it is for the policy to say. */
export type HookCall = { readonly call: JsonObject; readonly refused_for: readonly string[] };

const builtInOf = ({ client, tool, server_tool }: HookEvent): BuiltIn | undefined =>
  server_tool === "" ? builtInTool(client, tool) : undefined;

/** The tool that policies know for the tool of an event. */
const toolOf = (event: HookEvent): string =>
  event.server_tool === "" ? builtInOf(event)?.name ?? otherTool(event.tool) : serverTool(event.server, event.server_tool);

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

/**
 * The native call of an event; `reading` is its shell command, read, for shell tools. `created_at` is when it came in, `home` the folder
 * of the user, empty where that is not known.
 */
export function hookCall(event: HookEvent, reading: ShellReading | undefined, created_at: string, home = ""): HookCall {
  const { client, session_id, cwd, server: server_name } = event;
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
  const { refused_for = [], ...called } = reading === undefined ? plainCall(event, home) : shellCall(event, reading);
  return { call: { ...about, ...called }, refused_for };
}

type Called = { readonly [name: string]: Json } & { readonly refused_for?: readonly string[] };

function plainCall(event: HookEvent, home: string): Called {
  const { client, tool, input, cwd } = event;
  const place = { cwd, home };
  if (client === "codex" && tool === "apply_patch") return patchCall(input, place);
  const name = toolOf(event);
  const used = builtInOf(event);
  if (used === undefined || used.files === "none") return { name, args: input, targets: claudeTargets(name, input) };
  const operation = name.slice("tool.".length);
  const paths = filesOf(used, input, place);
  const urls = pagesOf(input);
  const targets = [
    ...(paths ?? []).map((value) => ({ kind: "path", value, operation })),
    ...(urls ?? []).map((value) => ({ kind: "url", value, operation })),
  ];
  return { name, args: input, targets, ...(paths === undefined || urls === undefined ? UNREADABLE : {}) };
}

const UNREADABLE = { refused_for: ["path_unreadable"] };

function patchCall(input: JsonObject, place: FilePlace): Called {
  const { command } = input;
  const patched = typeof command === "string" ? patchedFiles(command) : undefined;
  const files = patched?.map(({ path, operation }) => ({ kind: "path", value: placedPath(path, place), operation }));
  const targets = (files ?? []).flatMap(({ value, ...target }) => value === undefined ? [] : [{ ...target, value }]);
  const refused_for = files === undefined ? ["patch_unreadable"] : targets.length < files.length ? ["path_unreadable"] : [];
  return { name: "tool.write", args: input, targets, refused_for };
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
