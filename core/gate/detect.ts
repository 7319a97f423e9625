// What the files of a folder say about the agents in it: which frameworks they use and which tools they define. A guess to begin a
// policy with, never a fact to decide by: it reads imports, manifests and the usual ways to declare a tool, and nothing else.
import { readJson } from "../base/json.ts";
import type { Json } from "../base/json_value.ts";
import { utf8 } from "../base/bytes.ts";
import { byBytes } from "../base/text.ts";
import { type Kind, kindOf, members } from "./detect_kind.ts";
import { frameworksOf } from "./detect_frameworks.ts";
import { toolsInPython, toolsInScript } from "./detect_tools.ts";

/** A file of the folder: its path below it, with `/`, and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

/** A name and the files that it was found in, the first few of them in byte order. */
export type Sighting = { readonly name: string; readonly paths: readonly string[] };

/** What was found, by name in byte order. */
export type Detection = { readonly frameworks: readonly Sighting[]; readonly tools: readonly Sighting[] };

const PATHS_KEPT = 3;

/** What the files say. */
export function detect(files: readonly SourceFile[]): Detection {
  const frameworks = new Map<string, Set<string>>();
  const tools = new Map<string, Set<string>>();
  const note = (found: Map<string, Set<string>>, names: readonly string[], path: string) => {
    for (const name of names) found.set(name, (found.get(name) ?? new Set()).add(path));
  };
  for (const { path, text } of files) {
    const kind = kindOf(path);
    if (kind === undefined) continue;
    const json = kind === "json" ? jsonOf(text) : undefined;
    note(frameworks, frameworksOf(kind, path, text, json), path);
    note(tools, toolsOf(kind, text, json), path);
  }
  return { frameworks: sightings(frameworks), tools: sightings(tools) };
}

const sightings = (found: ReadonlyMap<string, ReadonlySet<string>>): Sighting[] =>
  [...found].sort(([a], [b]) => byBytes(a, b)).map(([name, paths]) => ({
    name,
    paths: [...paths].sort(byBytes).slice(0, PATHS_KEPT),
  }));

// A file that is no JSON tells nothing.
const jsonOf = (text: string): Json | undefined => {
  const read = readJson(utf8(text), "");
  return read.ok ? read.value : undefined;
};

function toolsOf(kind: Kind, text: string, json: Json | undefined): readonly string[] {
  switch (kind) {
    case "python":
      return toolsInPython(text);
    case "script":
      return toolsInScript(text);
    case "json":
      return toolsInJson(json);
    case "requirements":
      return [];
    default:
      return never(kind);
  }
}

// Recorded intents, and lists of tools as MCP servers and model interfaces spell them.
function toolsInJson(json: Json | undefined): string[] {
  const { schema_id, tool_name, tools } = members(json);
  const own = schema_id === "gait.gate.intent_request" ? [tool_name] : [];
  const listed = Array.isArray(tools) ? tools : [];
  return [...own, ...listed.map((tool: Json) => members(tool).name ?? members(members(tool).function).name)]
    .filter((name) => typeof name === "string").filter(isToolName);
}

/** Whether a text can be the name of a tool: what is printed and put into a policy is nothing else. */
export const isToolName = (name: string): boolean => /^[\w.:/-]{1,128}$/.test(name);

const never = (kind: never): never => {
  throw new Error(`unknown kind of file: ${String(kind)}`);
};
