// The hooks in the settings of a coding agent: put there, found and taken out again, and nothing else of the settings touched. Settings
// that cannot be read as strict JSON are refused with their place and left as they are.
import { utf8 } from "../base/bytes.ts";
import { canonicalText } from "../base/canonical.ts";
import { placed } from "../base/document.ts";
import { readJson } from "../base/json.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { prettyText } from "../base/pretty.ts";
import { fail, located, ok, type Result } from "../base/result.ts";
import { CLIENTS, type HookClient } from "./clients.ts";
import { indexOf, withChild, withoutChild } from "./json_edit.ts";

/** Settings after a change; the same text where nothing was to be done. */
export type Edited = { readonly text: string; readonly changed: boolean };

/** What settings say of gait's hooks: the events that have one, and the commands that they run. */
export type HooksFound = { readonly events: readonly string[]; readonly commands: readonly string[] };

const OURS = /\bhook run --client ([a-z-]+)(?![\w-])/;

const isOurs = (command: Json | undefined, client: HookClient): boolean =>
  typeof command === "string" && OURS.exec(command)?.[1] === client;

/** Whether the hook of an event is one that decides: only such a one must not fail unseen. */
const hookOf = (client: HookClient, event: string, command: string): JsonObject => {
  const { events, hook } = CLIENTS[client];
  const { timeout, ...refusing } = hook;
  return { command, ...(timeout === undefined ? {} : { timeout }), ...(events[event] === "before" ? refusing : {}) };
};

/** What stands in the list of an event for a command. */
const entryOf = (client: HookClient, event: string, command: string): JsonObject => {
  const hook = hookOf(client, event, command);
  return CLIENTS[client].form === "flat" ? hook : { hooks: [{ type: "command", ...hook }] };
};

const fresh = (client: HookClient): JsonObject => CLIENTS[client].form === "flat" ? { version: 1, hooks: {} } : { hooks: {} };

type Shape = { readonly hooks: JsonObject; readonly root: JsonObject };

// The parts of settings that are looked into, checked: anything else in their place is for the user to mend.
function shapeOf(text: string, path: string): Result<Shape> {
  const bytes = utf8(text);
  const read = readJson(bytes, path);
  if (!read.ok) return { ok: false, fault: located(read.fault, { file: path }) };
  const refuse = (pointer: string, wanted: string): Result<never> => {
    const message = `Cannot change "${path}": ${pointer === "" ? "the file" : `member "${pointer}"`} must be ${wanted}`;
    return { ok: false, fault: placed({ code: "hook_settings", message, at: { pointer } }, bytes, { file: path }) };
  };
  const root = read.value;
  if (!isJsonObject(root)) return refuse("", "an object");
  const hooks = root["hooks"] ?? {};
  if (!isJsonObject(hooks)) return refuse("/hooks", "an object");
  for (const [event, entries] of Object.entries(hooks)) {
    if (!isJsonList(entries)) return refuse(`/hooks/${event.replaceAll("~", "~0").replaceAll("/", "~1")}`, "a list");
  }
  return ok({ root, hooks });
}

const entriesOf = (hooks: JsonObject, event: string): readonly Json[] => {
  const entries = hooks[event];
  return isJsonList(entries) ? entries : [];
};

const hooksIn = (entry: Json): readonly Json[] => {
  const inner = isJsonObject(entry) ? entry["hooks"] : undefined;
  return isJsonList(inner) ? inner : [];
};

const commandIn = (entry: Json): Json | undefined => isJsonObject(entry) ? entry["command"] : undefined;

/** What settings hold of an agent's hooks. Faults of JSON, `hook_settings`. */
export function findHooks(text: string, path: string, client: HookClient): Result<HooksFound> {
  const shape = shapeOf(text, path);
  if (!shape.ok) return shape;
  const { hooks } = shape.value;
  const found = Object.keys(hooks).map((event) => ({
    event,
    commands: entriesOf(hooks, event).flatMap((entry) => [commandIn(entry), ...hooksIn(entry).map(commandIn)])
      .filter((command) => typeof command === "string").filter((command) => isOurs(command, client)),
  })).filter(({ commands }) => commands.length > 0);
  return ok({ events: found.map(({ event }) => event), commands: [...new Set(found.flatMap(({ commands }) => commands))] });
}

/** Settings with the hooks of an agent that run a command; `text` is undefined where there are none. Faults as `findHooks`. */
export function installHooks(text: string | undefined, path: string, client: HookClient, command: string): Result<Edited> {
  const { installed, form } = CLIENTS[client];
  let now = text === undefined || text.trim() === "" ? prettyText(fresh(client)) : text;
  const shape = shapeOf(now, path);
  if (!shape.ok) return shape;
  if (installed.every((event) => isInPlace(shape.value.hooks, event, client, command))) {
    return ok({ text: now, changed: now !== text });
  }
  const cleared = removeHooks(now, path, client, "keep");
  if (!cleared.ok) return cleared;
  now = cleared.value.text;
  if (form === "flat" && indexOf(now, [], "version") === -1) now = withChild(now, [], "version", 1);
  if (indexOf(now, [], "hooks") === -1) now = withChild(now, [], "hooks", {});
  for (const event of installed) {
    if (indexOf(now, ["hooks"], event) === -1) now = withChild(now, ["hooks"], event, []);
    now = withChild(now, ["hooks", event], "", entryOf(client, event, command));
  }
  return checked(shape.value.root, now, path, client);
}

const isInPlace = (hooks: JsonObject, event: string, client: HookClient, command: string): boolean => {
  const wanted = canonicalText(entryOf(client, event, command));
  const ours = entriesOf(hooks, event).filter((entry) =>
    [entry, ...hooksIn(entry)].some((one) => isOurs(commandIn(one), client))
  );
  const [only, ...more] = ours;
  return only !== undefined && more.length === 0 && canonicalText(only) === wanted;
};

/** Settings without the hooks of an agent. Faults as `findHooks`. */
export function uninstallHooks(text: string, path: string, client: HookClient): Result<Edited> {
  const shape = shapeOf(text, path);
  if (!shape.ok) return shape;
  const removed = removeHooks(text, path, client, "drop");
  if (!removed.ok) return removed;
  return removed.value.changed ? checked(shape.value.root, removed.value.text, path, client) : removed;
}

// Takes the hooks out from the last to the first, so that what is before stays where it is. `drop` also takes lists that are then empty.
function removeHooks(text: string, path: string, client: HookClient, empty: "keep" | "drop"): Result<Edited> {
  const shape = shapeOf(text, path);
  if (!shape.ok) return shape;
  const { hooks } = shape.value;
  let now = text;
  let dropped = 0;
  for (const event of Object.keys(hooks)) {
    const entries = entriesOf(hooks, event);
    let left = entries.length;
    for (const [index, entry] of [...entries.entries()].reverse()) {
      const inner = hooksIn(entry);
      const ours = inner.map((one) => isOurs(commandIn(one), client));
      if (isOurs(commandIn(entry), client) || ours.length > 0 && ours.every(Boolean)) {
        now = withoutChild(now, ["hooks", event], index);
        left--;
        continue;
      }
      for (const [at, is] of [...ours.entries()].reverse()) {
        if (is) now = withoutChild(now, ["hooks", event, index, "hooks"], at);
      }
    }
    if (empty === "drop" && left === 0 && entries.length > 0) {
      now = withoutChild(now, ["hooks"], indexOf(now, ["hooks"], event));
      dropped++;
    }
  }
  if (dropped > 0 && dropped === Object.keys(hooks).length) now = withoutChild(now, [], indexOf(now, [], "hooks"));
  return ok({ text: now, changed: now !== text });
}

// INVARIANT: but for gait's hooks, settings say the same before and after.
function checked(before: JsonObject, text: string, path: string, client: HookClient): Result<Edited> {
  const after = readJson(utf8(text), path);
  if (!after.ok) return fail("internal", `Cannot change "${path}": the change would spoil it`);
  const rest = (json: Json): string => canonicalText(without(json, client));
  return rest(before) === rest(after.value)
    ? ok({ text, changed: true })
    : fail("internal", `Cannot change "${path}": the change would touch more than hooks`);
}

// Settings without gait's hooks, and without what is empty or new because of them.
function without(json: Json, client: HookClient): Json {
  if (!isJsonObject(json)) return json;
  const { hooks = {}, version, ...rest } = json;
  const kept = isJsonObject(hooks)
    ? Object.entries(hooks).map(([event, entries]) => [event, isJsonList(entries) ? others(entries, client) : entries] as const)
      .filter(([, entries]) => !isJsonList(entries) || entries.length > 0)
    : [];
  return {
    ...rest,
    ...(kept.length === 0 ? {} : { hooks: Object.fromEntries(kept) }),
    ...(version === undefined || version === 1 && CLIENTS[client].form === "flat" ? {} : { version }),
  };
}

const others = (entries: readonly Json[], client: HookClient): readonly Json[] =>
  entries.filter((entry) => !isOurs(commandIn(entry), client)).flatMap((entry) => {
    const inner = hooksIn(entry);
    const left = inner.filter((one) => !isOurs(commandIn(one), client));
    if (!isJsonObject(entry) || left.length === inner.length) return [entry];
    return left.length === 0 ? [] : [{ ...entry, hooks: left }];
  });
