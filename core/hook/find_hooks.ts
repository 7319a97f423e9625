// What settings of an agent hold of gait's hooks, and whether these are in force: a hook that is there and not run gates nothing.
import { canonicalText } from "../base/canonical.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { ok, type Result } from "../base/result.ts";
import { CLIENTS, type HookClient } from "./clients.ts";
import { mentionsHook, refuses } from "./command.ts";
import { commandIn, entriesOf, hookOf, hooksIn, isOurs, shapeOf } from "./settings_shape.ts";

/** What settings say of gait's hooks. */
export type HooksFound = {
  /** The events that have one that is run for every tool, as it was installed. */
  readonly events: readonly string[];
  /** The commands of all of them. */
  readonly commands: readonly string[];
  /** Why some are not in force, and what looks like one and is none. */
  readonly notes: readonly string[];
};

/** What settings hold of an agent's hooks. Faults of JSON, `hook_settings`. */
export function findHooks(text: string, path: string, client: HookClient): Result<HooksFound> {
  const shape = shapeOf(text, path);
  if (!shape.ok) return shape;
  const { hooks, root } = shape.value;
  const all = Object.keys(hooks).flatMap((event) =>
    entriesOf(hooks, event).flatMap((entry) => [entry, ...hooksIn(entry)].map((hook) => ({ event, entry, hook })))
  ).map((one) => ({ ...one, command: commandIn(one.hook) }));
  const ours = all.filter(({ command }) => isOurs(command, client))
    .map(({ event, entry, hook, command }) => ({
      event,
      command: String(command),
      weak: disabledBy(root, client, String(command)) || weakness(client, event, entry, hook),
    }));
  const foreign = all.filter(({ command }) => typeof command === "string" && mentionsHook(command) && !isOurs(command, client));
  const off = switchedOff(root, client);
  return ok({
    events: off !== "" ? [] : [...new Set(ours.filter(({ weak }) => weak === "").map(({ event }) => event))],
    commands: [...new Set(ours.map(({ command }) => command))],
    notes: [
      ...(off !== "" && ours.length > 0 ? [`${off}: the agent runs no hooks`] : []),
      ...ours.filter(({ weak }) => weak !== "").map(({ event, weak }) => `${event}: ${weak}`),
      ...foreign.map(({ event }) => `${event}: a command speaks of gait and is none that gait installs for this agent`),
    ],
  });
}

const memberAt = (root: JsonObject, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((at, name) => isJsonObject(at) ? at[name] : undefined, root);

// Which member says that a hook is not run; empty where none does. A hook without a name goes by its command.
function disabledBy(root: JsonObject, client: HookClient, command: string): string {
  const list = (CLIENTS[client].disabled ?? []).find((path) => {
    const value = memberAt(root, path);
    return isJsonList(value) && value.includes(command);
  });
  return list === undefined ? "" : `${list.join(".")} lists it: the agent does not run it`;
}

// By which member, and its value, the agent was told to run no hooks; empty where it was not.
function switchedOff(root: JsonObject, client: HookClient): string {
  const { off } = CLIENTS[client];
  const value = off && memberAt(root, off.path);
  return off === undefined || (value ?? off.on) === off.on ? "" : `${off.path.join(".")} is ${JSON.stringify(value)}`;
}

const EVERY_TOOL: readonly Json[] = ["", "*", ".*"];

// Why a hook does not do what an installed one does; empty where it does. Its time limit is for the user to choose.
function weakness(client: HookClient, event: string, entry: Json, hook: Json): string {
  const matcher = isJsonObject(entry) ? entry["matcher"] ?? "" : "";
  if (!EVERY_TOOL.includes(matcher)) return "its matcher leaves tools out";
  const command = String(commandIn(hook));
  const same = canonicalText(essence(hook)) === canonicalText(essence(hookOf(client, event, command)));
  return same && refuses(command) ? "" : "it is not as gait installs it";
}

function essence(hook: Json): JsonObject {
  const { timeout: _limit, matcher: _tools, ...rest } = isJsonObject(hook) ? hook : {};
  return rest;
}
