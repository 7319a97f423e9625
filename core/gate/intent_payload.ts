// Normal form of what a caller may fill as it likes: the arguments of a call, and what it says of its authority (spec 02, section
// 4.2, rules 1 and 2). Names and texts are trimmed at every depth; lists keep their order; all else stays as it is.
import { isJsonList, type Json, type JsonObject } from "../base/json_value.ts";
import { pointerStep } from "../base/pointer.ts";
import { trim } from "../base/text.ts";
import { looksLikeCredential, suggestsCredential } from "./intent_credentials.ts";
import { type Flaws, note } from "./intent_flaws.ts";

/** Most levels of nesting: as many as the JSON reader bears, for values that no reader has seen. */
const MAX_DEPTH = 512;

/** A container that is looked into: its step of the pointer, and what it stands in. Pointers are only joined for a flaw. */
type Level = { readonly above: Level | undefined; readonly step: string | number; readonly depth: number };

type Walk = { readonly root: string; readonly flaws: Flaws };

/**
 * The object that stands at `pointer`, in normal form: the same object when it is that already. Absent is the empty object. Flaws:
 * names that are blank, or equal another one, when trimmed; texts that look like credentials under names that suggest one.
 */
export const normalPayload = (given: JsonObject | undefined, pointer: string, flaws: Flaws): JsonObject =>
  given === undefined ? {} : inObject(given, { above: undefined, step: "", depth: 1 }, { root: pointer, flaws });

const normal = (value: Json, step: string | number, above: Level, walk: Walk): Json => {
  if (typeof value === "string") return trim(value);
  if (typeof value !== "object" || value === null) return value;
  const level = { above, step, depth: above.depth + 1 };
  if (level.depth > MAX_DEPTH) {
    note(walk.flaws, walk.root, `must nest at most ${MAX_DEPTH} levels deep`, "json_too_deep");
    return value;
  }
  return isJsonList(value) ? inList(value, level, walk) : inObject(value, level, walk);
};

const inList = (values: readonly Json[], level: Level, walk: Walk): readonly Json[] => {
  let same = true;
  const items = values.map((value, index) => {
    const item = normal(value, index, level, walk);
    same &&= item === value;
    return item;
  });
  return same ? values : items;
};

const inObject = (values: JsonObject, level: Level, walk: Walk): JsonObject => {
  let same = true;
  const members: [string, Json][] = [];
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value === undefined) continue;
    const key = trim(name);
    const member = normal(value, name, level, walk);
    // A text in a list has no name of its own, and so none that suggests anything.
    if (typeof member === "string" && suggestsCredential(key) && looksLikeCredential(member)) {
      const words = "must be a reference to a credential, not the credential";
      note(walk.flaws, pointerOf(level, walk) + pointerStep(name), words, "intent_credential");
    }
    same &&= key !== "" && key === name && member === value;
    members.push([key, member]);
  }
  return same ? values : rebuilt(members, values, level, walk);
};

const rebuilt = (members: readonly [string, Json][], given: JsonObject, level: Level, walk: Walk): JsonObject => {
  const out = Object.fromEntries(members); // `__proto__` is a member like any other
  if (Object.hasOwn(out, "") || Object.keys(out).length < members.length) {
    const seen = new Set<string>();
    for (const name of Object.keys(given)) {
      const key = trim(name);
      const words = key === "" ? "must have a name that is not blank" : "must not have the name of another one, when trimmed";
      if (key === "" || seen.has(key)) note(walk.flaws, pointerOf(level, walk) + pointerStep(name), words);
      seen.add(key);
    }
  }
  return out;
};

const pointerOf = (level: Level, walk: Walk): string => {
  let pointer = "";
  for (let at = level; at.above !== undefined; at = at.above) pointer = pointerStep(at.step) + pointer;
  return walk.root + pointer;
};
