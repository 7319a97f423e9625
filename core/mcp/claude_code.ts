// What Claude Code calls its tools, and what such a call touches (spec 05, section 1.3): policies name four tools for all of them.
import type { JsonObject } from "../base/json.ts";
import { lower, trim } from "../base/text.ts";

const MAPPED: ReadonlyMap<string, string> = new Map([
  ...["read", "grep", "glob", "webfetch", "websearch"].map((name) => [name, "tool.read"] as const),
  ...["write", "edit", "notebookedit"].map((name) => [name, "tool.write"] as const),
  ["bash", "tool.exec"],
  ["task", "tool.delegate"],
]);

/** The tool that policies know, for a name that is not blank. */
export function claudeTool(name: string): string {
  const lowered = lower(trim(name));
  const mapped = MAPPED.get(lowered.replace(/[ _-]/g, ""));
  if (mapped !== undefined) return mapped;
  return lowered.includes(".") ? lowered : `tool.${lowered.replace(/[ -]/g, "_")}`;
}

type Found = { readonly kind: string; readonly operation: string; readonly keys: readonly string[] };

const PATH_KEYS = ["path", "file_path", "filepath", "file"] as const;

const TARGETS: ReadonlyMap<string, readonly Found[]> = new Map([
  ["tool.read", [
    { kind: "path", operation: "read", keys: PATH_KEYS },
    { kind: "url", operation: "read", keys: ["url", "uri"] },
  ]],
  ["tool.write", [{ kind: "path", operation: "write", keys: PATH_KEYS }]],
  ["tool.exec", [{ kind: "other", operation: "execute", keys: ["command", "cmd", "script"] }]],
  ["tool.delegate", [{ kind: "other", operation: "delegate", keys: ["task", "prompt", "description"] }]],
]);

/** What a call touches, by its tool as policies know it and its arguments: targets of a native call. */
export function claudeTargets(tool: string, args: JsonObject): readonly JsonObject[] {
  return (TARGETS.get(tool) ?? []).flatMap(({ kind, operation, keys }) => {
    const texts = keys.map((key) => args[key]).filter((value) => typeof value === "string");
    const value = texts.map(trim).find((text) => text !== "");
    return value === undefined ? [] : [{ kind, value, operation }];
  });
}
