// The hooks in the settings of a coding agent: put there and taken out again, and nothing else of the settings touched.
import { utf8 } from "../base/bytes.ts";
import { canonicalText } from "../base/canonical.ts";
import { readJson } from "../base/json.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { prettyText } from "../base/pretty.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { CLIENTS, type HookClient } from "./clients.ts";
import { indexOf, withChild, withoutChild } from "./json_edit.ts";
import { commandIn, entriesOf, entryOf, hooksIn, isOurs, shapeOf } from "./settings_shape.ts";

/** Settings after a change; the same text where nothing was to be done. */
export type Edited = { readonly text: string; readonly changed: boolean };

const fresh = (client: HookClient): JsonObject => CLIENTS[client].form === "flat" ? { version: 1, hooks: {} } : { hooks: {} };

/** Settings with the hooks of an agent that run a command; `text` is undefined where there are none. Faults of JSON, `hook_settings`. */
export function installHooks(text: string | undefined, path: string, client: HookClient, command: string): Result<Edited> {
  const { installed, form } = CLIENTS[client];
  let now = text === undefined || text.trim() === "" ? prettyText(fresh(client)) : text;
  const shape = shapeOf(now, path);
  if (!shape.ok) return shape;
  if (installed.every((event) => isInPlace(shape.value.hooks, event, client, command))) {
    return ok({ text: now, changed: now !== text });
  }
  const cleared = removeHooks(now, path, client, everything);
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

/**
 * Settings without the hooks of an agent. What is empty without them goes too, but for what `earlier` has, which are settings from before
 * they were installed. Faults of JSON, `hook_settings`.
 */
export function uninstallHooks(text: string, path: string, client: HookClient, earlier = "{}"): Result<Edited> {
  const shape = shapeOf(text, path);
  if (!shape.ok) return shape;
  const before = shapeOf(earlier, path);
  const removed = removeHooks(text, path, client, before.ok ? before.value.has : nothing);
  if (!removed.ok) return removed;
  return removed.value.changed ? checked(shape.value.root, removed.value.text, path, client) : removed;
}

/** Whether the list of an event stays when it is empty, or the list of all events where none is named. */
type Stays = (event?: string) => boolean;

const everything: Stays = () => true;
const nothing: Stays = () => false;

// Takes the hooks out from the last to the first, so that what is before stays where it is.
function removeHooks(text: string, path: string, client: HookClient, stays: Stays): Result<Edited> {
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
    if (left === 0 && entries.length > 0 && !stays(event)) {
      now = withoutChild(now, ["hooks"], indexOf(now, ["hooks"], event));
      dropped++;
    }
  }
  if (dropped > 0 && dropped === Object.keys(hooks).length && !stays()) {
    now = withoutChild(now, [], indexOf(now, [], "hooks"));
  }
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
