// The tools that a replay may run for real (spec 01, section 7.3): who may, and what each does. Nothing runs here.
import { utf8 } from "../base/bytes.ts";
import type { JsonObject } from "../base/json.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { lower, lowerSet, trim } from "../base/text.ts";
import type { Intent } from "../schema/runpack.ts";

/** What a tool that runs for real is to do to the world. */
export type Action =
  | { readonly kind: "write"; readonly path: string; readonly content: string }
  | { readonly kind: "shell"; readonly command: string };

/** The three consents to run tools for real, as they were given. */
export type Consent = {
  readonly realTools: boolean;
  readonly unsafe: boolean;
  /** Names of tools, separated by commas. */
  readonly allowed: string;
  /** The value of the variable that has to be `1`, and its name. */
  readonly variable: { readonly name: string; readonly value: string };
};

/**
 * The tools that may run for real, trimmed and in lowercase; undefined when none is asked for. Fault `unsafe_operation` when they
 * are asked for without all three consents.
 */
export function realTools({ realTools, unsafe, allowed, variable }: Consent): Result<ReadonlySet<string> | undefined> {
  if (!realTools) return ok(undefined);
  const tools = new Set(lowerSet(allowed.split(",")));
  if (!unsafe) return unsafeOperation("--unsafe-real-tools is not given");
  if (tools.size === 0) return unsafeOperation("--allow-tools names no tool");
  if (trim(variable.value) !== "1") return unsafeOperation(`variable "${variable.name}" is not 1`);
  return ok(tools);
}

const unsafeOperation = (why: string): Result<never> =>
  fail("unsafe_operation", `Cannot run the tools of a recorded run for real: ${why}`);

/** The tool of a call, as allow lists name it. */
export const toolOf = ({ tool_name }: Intent): string => lower(trim(tool_name));

const textArg = (args: JsonObject | undefined, name: string): string => {
  const value = args?.[name];
  return typeof value === "string" ? trim(value) : "";
};

/** Why a tool could not do its work. */
export const toolFault = (why: string): Result<never> => fail("tool_failed", `Cannot run for real: ${why}`);

/** What a call came to at once, or what is to be done for it. */
export type Called = { readonly result: Result<Uint8Array> } | { readonly action: Action };

/** What one of the tools that gait has itself does; any other is a fault. */
export function calledFor(intent: Intent): Called {
  const tool = toolOf(intent);
  const lacking = (name: string): Called => ({ result: toolFault(`tool "${tool}" needs the text argument ${name}`) });
  switch (tool) {
    case "echo":
    case "tool.echo":
      return { result: ok(utf8(textArg(intent.args, "message") || "echo")) };
    case "file.write":
    case "fs.write":
    case "write_file": {
      const path = textArg(intent.args, "path");
      return path === "" ? lacking("path") : { action: { kind: "write", path, content: textArg(intent.args, "content") } };
    }
    case "shell.exec":
    case "exec":
    case "command.run": {
      const command = textArg(intent.args, "command");
      return command === "" ? lacking("command") : { action: { kind: "shell", command } };
    }
    default:
      return { result: toolFault(`gait has no tool ${JSON.stringify(tool)}`) };
  }
}
