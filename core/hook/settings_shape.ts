// The parts of an agent's settings in which hooks stand, read. Settings that cannot be read as strict JSON, or hold something else in the
// place of hooks, are refused with that place and left as they are.
import { utf8 } from "../base/bytes.ts";
import { placed } from "../base/document.ts";
import { readJson } from "../base/json.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { pointerStep } from "../base/pointer.ts";
import { located, ok, type Result } from "../base/result.ts";
import { CLIENTS, type HookClient } from "./clients.ts";
import { isHookCommand } from "./command.ts";

/** Settings, read; `has` says whether they have a list for an event, or hooks at all where none is named. */
export type SettingsShape = {
  readonly hooks: JsonObject;
  readonly root: JsonObject;
  readonly has: (event?: string) => boolean;
};

/** The parts of settings that are looked into, checked: anything else in their place is for the user to mend. */
export function shapeOf(text: string, path: string): Result<SettingsShape> {
  const bytes = utf8(text);
  const read = readJson(bytes, path);
  if (!read.ok) return { ok: false, fault: located(read.fault, { file: path }) };
  const refuse = (pointer: string, wanted: string): Result<never> => {
    const message = `Cannot change "${path}": ${pointer === "" ? "the file" : `member "${pointer}"`} must be ${wanted}`;
    return { ok: false, fault: placed({ code: "hook_settings", message, at: { pointer } }, bytes, { file: path }) };
  };
  const root = read.value;
  if (!isJsonObject(root)) return refuse("", "an object");
  const given = Object.hasOwn(root, "hooks");
  const hooks = given ? root["hooks"] : {};
  if (!isJsonObject(hooks)) return refuse("/hooks", "an object");
  for (const [event, entries] of Object.entries(hooks)) {
    if (!isJsonList(entries)) return refuse(`/hooks${pointerStep(event)}`, "a list");
  }
  return ok({ root, hooks, has: (event) => event === undefined ? given : Object.hasOwn(hooks, event) });
}

/** What stands in the list of an event. */
export const entriesOf = (hooks: JsonObject, event: string): readonly Json[] => {
  const entries = hooks[event];
  return isJsonList(entries) ? entries : [];
};

/** The hooks of a group of them. */
export const hooksIn = (entry: Json): readonly Json[] => {
  const inner = isJsonObject(entry) ? entry["hooks"] : undefined;
  return isJsonList(inner) ? inner : [];
};

/** The command of a hook. */
export const commandIn = (entry: Json): Json | undefined => isJsonObject(entry) ? entry["command"] : undefined;

/** Whether the command of a hook is gait's. */
export const isOurs = (command: Json | undefined, client: HookClient): boolean =>
  typeof command === "string" && isHookCommand(command, client);

/** A hook for an event. Only those of one that decides must not fail unseen. */
export const hookOf = (client: HookClient, event: string, command: string): JsonObject => {
  const { events, hook, form } = CLIENTS[client];
  const { timeout, ...refusing } = hook;
  const type = form === "flat" ? {} : { type: "command" };
  return { ...type, command, ...(timeout === undefined ? {} : { timeout }), ...(events[event] === "before" ? refusing : {}) };
};

/** What stands in the list of an event for a command. */
export const entryOf = (client: HookClient, event: string, command: string): JsonObject => {
  const hook = hookOf(client, event, command);
  return CLIENTS[client].form === "flat" ? hook : { hooks: [hook] };
};
